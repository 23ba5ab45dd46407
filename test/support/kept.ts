import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { eraseCase } from "../../bot/erasing";
import { People } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import type { Case, MaybeCase } from "../../src/case/case";
import { evolve, type FoldedEvent, initial } from "../../src/case/decider";
import { indexOf } from "../../src/caseIndex";
import { canonical, chainStart, hashOf, seal } from "../../src/chain";
import { casePk, handle, type Ports } from "../../src/handle";
import type { Recorded, Store } from "../../src/ports";
import type { Pack } from "../../src/rules/pack";
import { temporaryFolder } from "../store/folder";
import { actorOf, type Journey, people as parts } from "./case";

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
export const LATER = "2040-01-02T09:00:00Z";

/** A case in a store as it came about, each event appended by itself, with every word in it another. */
export class Kept {
  readonly folder = temporaryFolder();
  readonly store: Store = openEmbedded(this.folder);
  readonly people = new People(this.store, { now: () => LATER });
  /** Every word and name that was given. */
  readonly given: string[] = [];
  readonly ports: Ports;
  private staff = false;

  constructor(
    readonly pack: Pack,
    private readonly word: () => string,
  ) {
    this.ports = {
      store: this.store,
      clock: { now: () => LATER },
      chance: { id: randomUUID, draw: () => 0.5, digest },
      packs: new Map([[pack.id, pack]]),
      settings: async () => ({ sampling: { usual: 0, byAssessor: {} }, retentionMonths: 72 }),
    };
  }

  say(): string {
    const word = this.word();
    this.given.push(word);
    return word;
  }

  /** The same thing, with other words wherever somebody wrote some. */
  private otherwise(thing: unknown): unknown {
    if (Array.isArray(thing)) return thing.map((one) => this.otherwise(one));
    if (typeof thing !== "object" || thing === null) return thing;
    if ("text" in thing && Object.keys(thing).length === 1) return { text: this.say() };
    return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, this.otherwise(value)]));
  }

  async put(j: Journey): Promise<void> {
    const pk = casePk(j.id);
    let state: MaybeCase = initial;
    let link = chainStart(pk, digest);
    for (const e of j.log) {
      const told = this.otherwise(e) as FoldedEvent;
      const open = seal({ ...told, commandId: `c-${e.seq}`, packId: j.pack.id, prev: link.head }, randomUUID);
      const event = { ...open, hash: hashOf(open as Recorded, digest) } as Recorded;
      state = evolve(state, j.id, event);
      const after = { head: event.hash, revision: event.seq };
      await this.store.append({
        pk,
        expected: link.revision,
        command: { id: event.commandId, digest: digest(canonical(told.data)) },
        events: [event],
        head: { pk, revision: after.revision, hash: after.head, state, index: indexOf(state, j.pack) },
        notices: [
          { id: `n-${e.seq}`, kind: "told", to: parts.apprentice, dueAt: e.at, repeat: "never", data: { from: e.seq } },
        ],
      });
      link = after;
    }
  }

  /** Names and addresses for the case's parties, an account and a code for each. */
  async name(): Promise<void> {
    for (const id of [parts.apprentice, parts.employer, parts.provider]) {
      const mail = `${randomUUID()}@example.org`;
      this.given.push(mail);
      await this.store.putDoc(`person:${id}`, "person", { id, name: this.say(), mail, bindings: [] }, undefined);
      await this.people.holdMail(id, mail);
      const { code } = await this.people.issueCode(id);
      await this.people.issueCode(id);
      await this.people.redeem(code, { tenantId: "tenant-1", objectId: `account-${id}` });
    }
  }

  erased = (c: Case) =>
    handle(
      { id: "erase-1", caseId: c.id, command: { type: "case.erase", data: { ref: c.ref } } },
      actorOf(this.pack, parts.coordinator, "coordinator"),
      this.ports,
    );
  clean = (pk: string) => eraseCase(pk, { store: this.store, people: this.people, isStaff: async () => this.staff });
  partiesWork() {
    this.staff = true;
  }

  /** Those of the given words whose bytes are in any file of the store. */
  async left(): Promise<string[]> {
    const bytes = readdirSync(this.folder).map((file) => readFileSync(path.join(this.folder, file)));
    // A long text is parted among pages: it is one mark repeated, so that every piece of it is found.
    return this.given.filter((word) => bytes.some((b) => b.includes(word.slice(0, 36)) || b.includes(digest(word))));
  }
}

let n = 0;
/** A text that nobody wrote before, one mark over and over. */
export const unique = (length = 40) => {
  const mark = randomUUID();
  return `${mark}-${++n} é `.repeat(Math.ceil(length / 40));
};
