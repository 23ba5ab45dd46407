import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { eraseCase } from "../../bot/erasing";
import { People } from "../../bot/people";
import { checkStore } from "../../bot/store/chainCheck";
import { openEmbedded } from "../../bot/store/embedded";
import { refold } from "../../bot/store/refold";
import { livingCards, notePosted } from "../../bot/teams/live";
import type { Case, MaybeCase } from "../../src/case/case";
import { evolve, type FoldedEvent, initial } from "../../src/case/decider";
import { indexOf } from "../../src/caseIndex";
import { canonical, chainStart, hashOf, seal } from "../../src/chain";
import { casePk, handle, type Ports } from "../../src/handle";
import type { Recorded, Store } from "../../src/ports";
import type { Pack } from "../../src/rules/pack";
import { temporaryFolder } from "../store/folder";
import { actorOf, gq, type Journey, journey, people as parts, tquk } from "../support/case";
import { lives } from "../wording/lives";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const LATER = "2040-01-02T09:00:00Z";

/** A case in a store as it came about, each event appended by itself, with every word in it another. */
class Kept {
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

/** Closed cases of many kinds. */
const closed: Journey[] = [gq, tquk].flatMap((pack) =>
  [...lives(pack), journey(pack).upTo("released"), journey(pack).upTo("booked")].flatMap((j) => {
    const { stage, challenges } = j.case;
    if (stage === "erased" || challenges.some((x) => x.outcome === "toDecide")) return [];
    if (stage === "released" || stage === "withdrawn") return [j];
    try {
      return [j.do("case.withdraw", { reason: "Left the firm" })];
    } catch {
      return [];
    }
  }),
);

let n = 0;
const unique = (length = 40) => {
  const mark = randomUUID();
  return `${mark}-${++n} é `.repeat(Math.ceil(length / 40));
};

describe("erasing a case", () => {
  it("given any closed case with any words, then none of them is left in the store's files, the chain holds, and replay gives the tombstone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(closed.length - 1),
        fc.array(fc.integer({ min: 40, max: 9000 }), { minLength: 1, maxLength: 12 }),
        async (which, lengths) => {
          const j = closed[which] as Journey;
          const kept = new Kept(j.pack, () => unique(lengths[n % lengths.length]));
          try {
            await kept.put(j);
            await kept.name();
            const pk = casePk(j.id);
            const before = await kept.store.events(pk);
            expect(await kept.left()).toEqual(kept.given);

            expect(await kept.erased(j.case)).toMatchObject({ kind: "done", state: { stage: "erased" } });
            await kept.clean(pk);

            expect(await kept.left()).toEqual([]);
            const events = await kept.store.events(pk);
            expect(events.map((e) => e.hash).slice(0, -1)).toEqual(before.map((e) => e.hash));
            expect(await checkStore(kept.store, digest, refold)).toMatchObject({ ok: true, events: events.length });
            const replayed = events.reduce<MaybeCase>((c, e) => evolve(c, j.id, e), initial);
            expect(replayed).toEqual((await kept.store.head<Case>(pk))?.state);
          } finally {
            await kept.store.close();
          }
          expect(await kept.left()).toEqual([]);
        },
      ),
      { numRuns: 12, interruptAfterTimeLimit: 20_000 },
    );
  });

  describe("given a released case", () => {
    const j = journey(gq).upTo("released").do("case.correct", {
      what: "programmeStart",
      value: "2024-09-09",
      reason: "A slip",
    });
    const pk = casePk(j.id);
    let kept: Kept;
    beforeEach(async () => {
      kept = new Kept(gq, unique);
      await kept.put(j);
      await kept.name();
    });
    afterEach(() => kept.store.close());

    it("then its markers go, and of its notices all but the one that does it", async () => {
      await kept.erased(j.case);
      expect(await kept.store.marker(pk, "c-3")).toBeDefined();
      await kept.clean(pk);
      expect(await kept.store.marker(pk, "c-3")).toBeUndefined();
      expect((await kept.store.notices(pk)).map((x) => x.kind)).toEqual(["erase"]);
    });

    it("then who has no part in anything any more is found neither by address nor account nor code", async () => {
      const mail = (await kept.people.find(parts.apprentice))?.mail ?? "";
      const { code } = await kept.people.issueCode(parts.employer);
      await kept.erased(j.case);
      await kept.clean(pk);
      expect(await kept.people.find(parts.apprentice)).toBeUndefined();
      expect(await kept.people.byMail(mail)).toBeUndefined();
      expect(await kept.people.byBinding("tenant-1", `account-${parts.apprentice}`)).toBeUndefined();
      expect(await kept.people.redeem(code, { tenantId: "tenant-1", objectId: "x" })).toEqual({ kind: "unknown" });
    });

    it("then who is in another case stays", async () => {
      const other = journey(gq, "case-2").registered({ ref: "EX-2026-0999" });
      await kept.put(other);
      await kept.erased(j.case);
      await kept.clean(pk);
      const person = await kept.people.find(parts.provider);
      expect(person?.bindings).toHaveLength(1);
      expect((await kept.people.byMail(person?.mail ?? ""))?.id).toBe(parts.provider);
    });

    it("then who works for an awarding body stays", async () => {
      kept.partiesWork();
      await kept.erased(j.case);
      await kept.clean(pk);
      expect(await kept.people.find(parts.provider)).toBeDefined();
    });

    it("then its chat is free again", async () => {
      const bound = new Kept(gq, unique);
      const withChat = journey(gq).upTo("staffed").do("chat.bind", { conversation: "19:c@thread.v2" });
      const gone = withChat.do("case.withdraw", { reason: "Left" });
      await bound.put(gone);
      const chat = { serviceUrl: "https://example.org", conversationId: "19:c@thread.v2" };
      await bound.store.putDoc("chat:19:c@thread.v2", "chat", { ...chat, caseId: gone.id }, undefined);
      await bound.erased(gone.case);
      await bound.clean(casePk(gone.id));
      expect((await bound.store.doc("chat:19:c@thread.v2", "chat"))?.body).toEqual(chat);
      await bound.store.close();
    });

    it("then it may be done again, also after it ended at any step, with the same outcome", async () => {
      await kept.erased(j.case);
      const rejecting = (method: "erase" | "removeDoc" | "scrub", after: number) => {
        let calls = 0;
        const failing = { ...kept.store };
        Object.assign(failing, {
          [method]: async (...args: never[]) => {
            if (calls++ >= after) throw new Error("power cut");
            return (kept.store[method] as (...a: never[]) => Promise<void>)(...args);
          },
        });
        return failing;
      };
      for (const [method, after] of [
        ["erase", 0],
        ["removeDoc", 0],
        ["removeDoc", 1],
        ["removeDoc", 3],
        ["removeDoc", 5],
        ["scrub", 0],
      ] as const) {
        const store = rejecting(method, after);
        const people = new People(store, { now: () => LATER });
        await eraseCase(pk, { store, people, isStaff: async () => false }).catch(() => undefined);
        expect(await checkStore(kept.store, digest, refold)).toMatchObject({ ok: true });
      }
      await kept.clean(pk);
      await kept.clean(pk);
      expect(await kept.left()).toEqual([]);
    });

    it("given it is not erased, then nothing is taken away", async () => {
      await kept.clean(pk);
      expect(await kept.people.find(parts.apprentice)).toBeDefined();
      expect((await kept.store.events(pk)).some((e) => JSON.stringify(e).includes('"text"'))).toBe(true);
    });

    it("given the same press again, also after the marker went, then it says that it stands", async () => {
      await kept.erased(j.case);
      expect(await kept.erased(j.case)).toMatchObject({ kind: "done", repeat: true });
      await kept.clean(pk);
      expect(await kept.erased(j.case)).toMatchObject({ kind: "already", at: LATER });
    });

    it("given somebody reads an older state, then it is not called done, and is the next time", async () => {
      await kept.erased(j.case);
      const reader = new Database(path.join(kept.folder, "epilogue.db"));
      reader.exec("BEGIN");
      reader.prepare("SELECT count(*) FROM heads").get([]);
      await expect(kept.clean(pk)).rejects.toThrow("older state");
      reader.exec("COMMIT");
      reader.close();
      await kept.clean(pk);
      expect(await kept.left()).toEqual([]);
    });

    it("then a posted card is still known, to be blanked", async () => {
      const conversation = { serviceUrl: "https://example.org", conversationId: "a:1" };
      await notePosted(kept.store, j.id, { kind: "case", conversation, activityId: "1", person: parts.apprentice });
      await kept.erased(j.case);
      await kept.clean(pk);
      expect(await livingCards(kept.store, j.id)).toHaveLength(1);
    });
  });
});

describe("a corrected name or address", () => {
  it("given it was corrected, then the former one is in no file of the store, nor its digest, nor in a code sent before", async () => {
    const kept = new Kept(gq, unique);
    try {
      await kept.name();
      expect((await kept.left()).length).toBeGreaterThan(5);
      for (const id of [parts.apprentice, parts.employer, parts.provider]) {
        await kept.people.correct(id, "name", "Ada Newname");
        await kept.people.correct(id, "mail", `${id}@example.org`);
      }
      expect(await kept.left()).toEqual([]);
    } finally {
      await kept.store.close();
    }
  });
});
