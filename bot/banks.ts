import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { inForce } from "../src/body";
import { canonical } from "../src/chain";
import type { Store } from "../src/ports";
import type { Bank, Question } from "../src/rules/bank";
import { highest } from "../src/rules/bankImport";
import type { Pack } from "../src/rules/pack";
import type { Bodies } from "./identity";

/**
 * The question banks: the sample that comes with a pack, and versions that coordinators brought in. A version is a document of its
 * own, written once and never changed; which one is in force stands in the body's own record, with who brought it in and when.
 */

/** A version as it is written: nothing in it ever changes. */
export const KeptBank = z.strictObject({
  pack: z.string(),
  version: z.string(),
  questions: z.array(
    z.strictObject({ method: z.string(), id: z.string(), text: z.string(), criteria: z.array(z.string()) }),
  ),
  /** The highest number that a question ever had, by method. */
  numbers: z.record(z.string(), z.int()),
});
export type KeptBank = z.infer<typeof KeptBank>;

/** A bank, and the highest number that a question of each method ever had. */
export interface Numbered {
  bank: Bank;
  numbers: Readonly<Record<string, number>>;
}

const bankPk = (packId: string) => `bank:${packId}`;
const mostCached = 50;

/** What a version is known by, whatever it is called: SHA-256 over pack, questions and numbers. */
export const bankDigest = ({ pack, questions, numbers }: Omit<KeptBank, "version">): string =>
  createHash("sha256").update(canonical({ pack, questions, numbers })).digest("hex");

/** The name of a version that is brought in: the day, and the beginning of its digest. */
const versionOf = (day: string, digest: string): string => `${day}-${digest.slice(0, 12)}`;

/** Whether the name is of such a kind and of another content: what bears a digest must be what it says. */
export const misnamed = (bank: KeptBank): boolean => {
  const named = /^\d{4}-\d{2}-\d{2}-([0-9a-f]{12})$/.exec(bank.version)?.[1];
  return named !== undefined && !bankDigest(bank).startsWith(named);
};

const rowsOf = (questions: Bank["questions"]): KeptBank["questions"] =>
  [...questions].flatMap(([method, all]) => all.map(({ id, text, criteria }) => ({ method, id, text, criteria })));
const numbersOf = (bank: Bank): Record<string, number> =>
  Object.fromEntries([...bank.questions].map(([method, all]) => [method, highest(all)]));

/** A version in the form in which it is kept: the pack's sample, or one that was brought in; undefined where neither is. */
export async function keptBank(
  store: Pick<Store, "doc">,
  packId: string,
  version: string,
  sample: Bank | undefined,
): Promise<KeptBank | undefined> {
  if (sample?.version === version)
    return { pack: packId, version, questions: rowsOf(sample.questions), numbers: numbersOf(sample) };
  const doc = await store.doc<KeptBank>(bankPk(packId), version);
  return doc && KeptBank.parse(doc.body);
}

/** Writes a version where there is none of its name. Never over another; safe to repeat. */
export const putBank = (store: Pick<Store, "putDoc">, kept: KeptBank): Promise<boolean> =>
  store.putDoc(bankPk(kept.pack), kept.version, kept, undefined);

export class Banks {
  /** Versions never change: what was read once is right for good. */
  private readonly cache = new Map<string, Numbered>();

  constructor(
    private readonly store: Pick<Store, "doc" | "putDoc" | "remote">,
    private readonly bodies: Pick<Bodies, "get">,
    private readonly samples: ReadonlyMap<string, Bank>,
  ) {}

  /** The pack's bank in that version, else the one in force; undefined where there is none. `now`: as the store has it now. */
  async get(pack: Pack, version?: string, how?: "now"): Promise<Bank | undefined> {
    return (await this.numbered(pack, version, how))?.bank;
  }

  async numbered(pack: Pack, version?: string, how?: "now"): Promise<Numbered | undefined> {
    const sample = this.samples.get(pack.id);
    const wanted = version ?? inForce(await this.bodies.get(pack.body.id, how), pack.id)?.version;
    if (wanted === undefined || wanted === sample?.version) {
      return sample && { bank: sample, numbers: numbersOf(sample) };
    }
    const key = `${pack.id} ${wanted}`;
    const before = this.cache.get(key);
    if (before) return before;
    const kept = await this.written(pack.id, wanted);
    if (!kept) return undefined;
    const of = (method: string): Question[] =>
      kept.questions.filter((q) => q.method === method).map(({ id, text, criteria }) => ({ id, text, criteria }));
    const questions = new Map(pack.methods.map((m) => [m.id, of(m.id)]));
    const found = { bank: { version: kept.version, questions }, numbers: kept.numbers };
    if (this.cache.size >= mostCached) this.cache.clear();
    this.cache.set(key, found);
    return found;
  }

  /** It was written before anything named it: where copies lag, it is looked for again for a fraction of a second. */
  private async written(packId: string, version: string): Promise<KeptBank | undefined> {
    for (const wait of this.store.remote ? [50, 100, 200] : []) {
      const kept = await keptBank(this.store, packId, version, undefined);
      if (kept) return kept;
      await sleep(wait);
    }
    return keptBank(this.store, packId, version, undefined);
  }

  /**
   * Writes a version that nobody goes by yet, named by the day and what is in it. Safe to repeat.
   * @returns its name, and the digest of what was written.
   */
  async keep(
    pack: Pack,
    questions: ReadonlyMap<string, readonly Question[]>,
    numbers: Readonly<Record<string, number>>,
    day: string,
  ): Promise<{ version: string; digest: string }> {
    const content = { pack: pack.id, questions: rowsOf(questions), numbers: { ...numbers } };
    const digest = bankDigest(content);
    const version = versionOf(day, digest);
    await putBank(this.store, { ...content, version });
    return { version, digest };
  }
}
