import { createHash } from "node:crypto";
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

const Kept = z.strictObject({
  pack: z.string(),
  version: z.string(),
  questions: z.array(
    z.strictObject({ method: z.string(), id: z.string(), text: z.string(), criteria: z.array(z.string()) }),
  ),
  /** The highest number that a question ever had, by method. */
  numbers: z.record(z.string(), z.int()),
});
type Kept = z.infer<typeof Kept>;

/** A bank, and the highest number that a question of each method ever had. */
export interface Numbered {
  bank: Bank;
  numbers: Readonly<Record<string, number>>;
}

const bankPk = (packId: string) => `bank:${packId}`;
const mostCached = 50;

export class Banks {
  /** Versions never change: what was read once is right for good. */
  private readonly cache = new Map<string, Numbered>();

  constructor(
    private readonly store: Pick<Store, "doc" | "putDoc">,
    private readonly bodies: Pick<Bodies, "get">,
    private readonly samples: ReadonlyMap<string, Bank>,
  ) {}

  /** The pack's bank in that version, else the one in force; undefined where there is none. */
  async get(pack: Pack, version?: string): Promise<Bank | undefined> {
    return (await this.numbered(pack, version))?.bank;
  }

  async numbered(pack: Pack, version?: string): Promise<Numbered | undefined> {
    const sample = this.samples.get(pack.id);
    const wanted = version ?? inForce(await this.bodies.get(pack.body.id), pack.id)?.version;
    if (wanted === undefined || wanted === sample?.version) {
      const numbers = Object.fromEntries([...(sample?.questions ?? [])].map(([m, all]) => [m, highest(all)]));
      return sample && { bank: sample, numbers };
    }
    const key = `${pack.id} ${wanted}`;
    const before = this.cache.get(key);
    if (before) return before;
    const doc = await this.store.doc<Kept>(bankPk(pack.id), wanted);
    if (!doc) return undefined;
    const kept = Kept.parse(doc.body);
    const of = (method: string): Question[] =>
      kept.questions.filter((q) => q.method === method).map(({ id, text, criteria }) => ({ id, text, criteria }));
    const questions = new Map(pack.methods.map((m) => [m.id, of(m.id)]));
    const found = { bank: { version: kept.version, questions }, numbers: kept.numbers };
    if (this.cache.size >= mostCached) this.cache.clear();
    this.cache.set(key, found);
    return found;
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
    const rows = [...questions].flatMap(([method, all]) => all.map((q) => ({ method, ...q })));
    const digest = createHash("sha256")
      .update(canonical({ pack: pack.id, questions: rows, numbers }))
      .digest("hex");
    const version = `${day}-${digest.slice(0, 12)}`;
    const kept: Kept = { pack: pack.id, version, questions: rows, numbers: { ...numbers } };
    await this.store.putDoc(bankPk(pack.id), version, kept, undefined);
    return { version, digest };
  }
}
