import path from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { eraseCase } from "../../bot/erasing";
import { People } from "../../bot/people";
import { checkStore } from "../../bot/store/chainCheck";
import { refold } from "../../bot/store/refold";
import { livingCards, notePosted } from "../../bot/teams/live";
import type { Case, MaybeCase } from "../../src/case/case";
import { evolve, initial } from "../../src/case/decider";
import { casePk } from "../../src/handle";
import { gq, type Journey, journey, people as parts, tquk } from "../support/case";
import { digest, Kept, LATER, unique } from "../support/kept";
import { lives } from "../wording/lives";

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

describe("erasing a case", () => {
  it("given any closed case with any words, then none of them is left in the store's files, the chain holds, and replay gives the tombstone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(closed.length - 1),
        fc.array(fc.integer({ min: 40, max: 9000 }), { minLength: 1, maxLength: 12 }),
        async (which, lengths) => {
          const j = closed[which] as Journey;
          let turn = 0;
          const kept = new Kept(j.pack, () => unique(lengths[turn++ % lengths.length]));
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
      { numRuns: 12 },
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
