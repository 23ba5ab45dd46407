import fc from "fast-check";
import { chainStart, erase, verifyChain } from "../../src/chain";
import type { CaseRow, DueRow, Index, Notice, Page, Recorded, Store } from "../../src/ports";
import { appendTo, digest, due, minute, notice, type Wanted } from "./appends";

/** A store with data of its own, made for one test. */
export interface StoreUnderTest {
  store: Store;
  /** A second instance on the same data where a store allows one; else the same again. */
  rival: Store;
  /** Closes it and opens the same data again. */
  reopen(): Promise<Store>;
  end(): Promise<void>;
}

/** What every store promises, whatever it is made of. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`the store's contract: ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    let rival: Store;
    beforeEach(async () => {
      under = await make();
      ({ store, rival } = under);
    });
    afterEach(() => under.end());

    /** Appends to what stands; the append, so that it can be tried again. */
    async function appended(pk: string, wanted: Wanted = {}) {
      const before = (await store.events(pk)).at(-1);
      const append = appendTo(pk, before, wanted);
      expect(await store.append(append)).toBe("appended");
      return append;
    }

    /** Everything a partition holds, to see that nothing was written. */
    const everything = async (pk: string) => ({
      head: await store.head(pk),
      events: await store.events(pk),
      notices: await store.notices(pk),
    });

    describe("an append", () => {
      it("given a new partition, then its events, head, marker and notices stand", async () => {
        const append = appendTo("case:1", undefined, {
          words: ["first", "second"],
          index: { ref: "EX-1", people: ["ada"] },
          notices: [notice("n-1", minute(5))],
        });

        expect(await store.append(append)).toBe("appended");

        expect(await store.head("case:1")).toEqual(append.head);
        expect(await store.events("case:1")).toEqual(append.events);
        expect(await store.marker("case:1", append.command.id)).toEqual({ digest: append.command.digest, revision: 2 });
        expect(await store.notices("case:1")).toMatchObject([{ ...append.notices[0], pk: "case:1", state: "waiting" }]);
      });

      it("given nothing, then a partition has no head, events, marker or notices", async () => {
        expect(await store.head("case:none")).toBeUndefined();
        expect(await store.events("case:none")).toEqual([]);
        expect(await store.marker("case:none", "c")).toBeUndefined();
        expect(await store.notices("case:none")).toEqual([]);
      });

      it("given several, then the events of a range are read, its ends included", async () => {
        await appended("case:1", { words: ["1", "2", "3"] });
        await appended("case:1", { words: ["4", "5"] });
        const seqs = async (range?: { from?: number; to?: number }) =>
          (await store.events("case:1", range)).map((event) => event.seq);

        expect(await seqs()).toEqual([1, 2, 3, 4, 5]);
        expect(await seqs({ from: 3 })).toEqual([3, 4, 5]);
        expect(await seqs({ to: 2 })).toEqual([1, 2]);
        expect(await seqs({ from: 2, to: 4 })).toEqual([2, 3, 4]);
        expect(await seqs({ from: 6 })).toEqual([]);
      });

      it("given the same command again, then it is a repeat and nothing is written", async () => {
        const append = await appended("case:1", { notices: [notice("n-1", minute(5))] });
        const before = await everything("case:1");

        expect(await store.append(append)).toBe("repeat");
        expect(await everything("case:1")).toEqual(before);
      });

      it("given the same command after others, then it is still a repeat: a marker stands for good", async () => {
        const first = await appended("case:1");
        for (let n = 0; n < 5; n++) await appended("case:1");
        const before = await everything("case:1");

        expect(await store.append(first)).toBe("repeat");
        // Decided again on the present state, as a handler does after a reload.
        const again = appendTo("case:1", before.events.at(-1), { commandId: first.command.id });
        expect(await store.append(again)).toBe("repeat");
        expect(await store.marker("case:1", first.command.id)).toMatchObject({ revision: 1 });
        expect(await everything("case:1")).toEqual(before);
      });

      it("given a command's id with another payload, then it is reused and nothing is written", async () => {
        const first = await appended("case:1");
        const before = await everything("case:1");
        const fresh = appendTo("case:1", before.events.at(-1), { commandId: first.command.id, payload: "another" });
        const stale = appendTo("case:1", undefined, { commandId: first.command.id, payload: "another" });

        expect(await store.append(fresh)).toBe("reused");
        expect(await store.append(stale)).toBe("reused");
        expect(await everything("case:1")).toEqual(before);
      });

      it("given a command's id in another partition, then it is a command of its own", async () => {
        await appended("case:1", { commandId: "c" });

        await appended("case:2", { commandId: "c", payload: "another" });
      });

      it("given a rival was first, then it conflicts and nothing is written, its marker neither", async () => {
        const mine = appendTo("case:1", undefined, { commandId: "mine", notices: [notice("n-1", minute(1))] });
        await appended("case:1", { commandId: "rival" });
        const before = await everything("case:1");

        expect(await store.append(mine)).toBe("conflict");
        expect(await everything("case:1")).toEqual(before);
        expect(await store.marker("case:1", "mine")).toBeUndefined();
        // Decided again, it goes.
        expect(await store.append(appendTo("case:1", before.events[0], { commandId: "mine" }))).toBe("appended");
      });

      it("given a revision that is not there yet, then it conflicts", async () => {
        const first = appendTo("case:1", undefined, { words: ["1", "2"] });
        expect(await store.append(appendTo("case:1", first.events[1]))).toBe("conflict");
        expect(await everything("case:1")).toEqual({ head: undefined, events: [], notices: [] });
      });

      it("given a reference that another case has, then it conflicts and nothing is written", async () => {
        await appended("case:1", { index: { ref: "EX-1" } });

        expect(await store.append(appendTo("case:2", undefined, { index: { ref: "EX-1" } }))).toBe("conflict");
        expect(await store.head("case:2")).toBeUndefined();
        expect(await store.byRef("EX-1")).toBe("case:1");
      });

      it("given rivals at once, then one wins each revision and no event is lost", async () => {
        const people = [store, rival, store, rival].map((instance, who) => ({ instance, who }));
        const run = async ({ instance, who }: (typeof people)[number]) => {
          for (let n = 0; n < 5; ) {
            const before = (await instance.events("case:1")).at(-1);
            await new Promise((resolve) => setImmediate(resolve));
            const done = await instance.append(appendTo("case:1", before, { commandId: `p${who}-${n}` }));
            expect(["appended", "conflict"]).toContain(done);
            if (done === "appended") n++;
          }
        };
        await Promise.all(people.map(run));

        const events = await store.events("case:1");
        expect(new Set(events.map((event) => event.commandId)).size).toBe(20);
        expect(verifyChain(events, digest, chainStart("case:1", digest))).toMatchObject({ ok: true, revision: 20 });
        expect(await store.head("case:1")).toMatchObject({ revision: 20, hash: events.at(-1)?.hash });
      });

      it("given the same command twice at once, then it is appended once and repeated once", async () => {
        const append = appendTo("case:1", undefined);
        const done = await Promise.all([store.append(append), rival.append(append)]);

        expect(done.sort()).toEqual(["appended", "repeat"]);
        expect(await store.events("case:1")).toHaveLength(1);
      });

      it("given events that do not follow on, or a head elsewhere, then it is refused as a fault", async () => {
        const good = appendTo("case:1", undefined, { words: ["1", "2"] });

        await expect(store.append({ ...good, events: good.events.slice(1) })).rejects.toThrow(RangeError);
        await expect(store.append({ ...good, head: { ...good.head, revision: 7 } })).rejects.toThrow(RangeError);
        await expect(store.append({ ...good, pk: "case:2" })).rejects.toThrow(RangeError);
        expect(await store.head("case:1")).toBeUndefined();
      });

      it("given a body that JSON cannot carry, then it throws, nothing is written, and the next one goes", async () => {
        const bad = appendTo("case:1", undefined, { notices: [notice("n", minute(1), { data: { n: 1n } })] });

        await expect(store.append(bad)).rejects.toThrow(TypeError);
        expect(await everything("case:1")).toEqual({ head: undefined, events: [], notices: [] });
        expect(await store.marker("case:1", bad.command.id)).toBeUndefined();
        await appended("case:1");
      });

      it("given any order of appends, repeats and reuses, then it answers as a plain model does", async () => {
        const step = fc.record({
          command: fc.integer({ min: 0, max: 4 }),
          payload: fc.integer({ min: 0, max: 1 }),
          lag: fc.integer({ min: 0, max: 2 }),
          size: fc.integer({ min: 1, max: 3 }),
        });
        let run = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
            const pk = `case:model-${run++}`;
            const log: Recorded[] = [];
            const markers = new Map<string, number>();
            for (const { command, payload, lag, size } of steps) {
              const seen = Math.max(0, log.length - lag);
              const append = appendTo(pk, log[seen - 1], {
                commandId: `c${command}`,
                payload: `p${payload}`,
                words: Array.from({ length: size }, (_, i) => `word ${i}`),
              });
              const known = markers.get(append.command.id);
              const wanted =
                known !== undefined
                  ? known === payload
                    ? "repeat"
                    : "reused"
                  : seen === log.length
                    ? "appended"
                    : "conflict";
              expect(await store.append(append)).toBe(wanted);
              if (wanted === "appended") {
                log.push(...append.events);
                markers.set(append.command.id, payload);
              }
            }
            expect(await store.events(pk)).toEqual(log);
            expect((await store.head(pk))?.revision).toBe(log.length || undefined);
          }),
          { numRuns: 25 },
        );
      });

      it("given large and foreign texts, then they come back to the letter", async () => {
        const texts = [
          "x".repeat(200_000),
          "Zażółć gęślą jaźń 👩‍🏫 \u202eright to left",
          'a\0b \ud800 \u2028 " \\ ${x}',
          "",
        ];
        const append = await appended("case:1", { words: texts, state: { texts, "__proto__ ": 1 } });

        expect(await store.events("case:1")).toEqual(append.events);
        expect((await store.head<{ texts: string[] }>("case:1"))?.state.texts).toEqual(texts);
        expect(verifyChain(await store.events("case:1"), digest, chainStart("case:1", digest))).toMatchObject({
          ok: true,
        });
      });
    });

    describe("ids", () => {
      const odd = [
        "a/b\\c?d#e",
        "ü 😀",
        "'; DROP TABLE events; --",
        "%_*",
        "a\0b",
        "a\0c",
        "\u0001x",
        "\ud800",
        "A",
        "a",
        "a ",
      ];

      it("given any characters, then each is itself and no other", async () => {
        for (const [n, id] of odd.entries()) {
          await appended(`case:${id}`, {
            commandId: id,
            payload: `${n}`,
            index: { ref: `REF ${id}`, bodyId: id, people: [id], due: [due(id, id, minute(n))] },
            notices: [notice(id, minute(n))],
          });
          expect(await store.putDoc(`doc:${id}`, id, { n }, undefined)).toBe(true);
        }
        for (const [n, id] of odd.entries()) {
          const pk = `case:${id}`;
          expect(await store.head(pk)).toMatchObject({ pk, index: { ref: `REF ${id}` } });
          expect(await store.marker(pk, id)).toEqual({ digest: digest(`${n}`), revision: 1 });
          expect(await store.doc(`doc:${id}`, id)).toMatchObject({ pk: `doc:${id}`, id, body: { n } });
          expect(await store.byRef(`REF ${id}`)).toBe(pk);
          expect((await store.casesOf({ person: id }, { limit: 9 })).rows).toMatchObject([{ pk, ref: `REF ${id}` }]);
          expect((await store.dueOf({ bodyId: id }, { limit: 9 })).rows).toMatchObject([{ pk, key: id, who: id }]);
          expect(await store.notices(pk)).toMatchObject([{ pk, id }]);
        }
        expect(await pks()).toEqual(odd.map((id) => `case:${id}`).sort());
      });

      const pks = async () => {
        const found: string[] = [];
        for await (const pk of store.partitions()) found.push(pk);
        return found.sort();
      };

      it("given documents only, then they are no partition of events", async () => {
        await appended("case:1");
        await appended("case:2");
        await store.putDoc("person:1", "p", {}, undefined);

        expect(await pks()).toEqual(["case:1", "case:2"]);
      });
    });

    describe("a notice that no event causes", () => {
      it("given it is owed, then it falls due like any other; owed again, it starts again", async () => {
        await appended("case:1");
        const owed = notice("looks-again|1", minute(5), { to: "cards", kind: "cards" });
        const written = await store.owe("case:1", owed);
        expect(await store.notices("case:1")).toEqual([written]);
        expect(await store.notices("case:1")).toMatchObject([{ ...owed, pk: "case:1", state: "waiting", tries: 0 }]);

        const [claimed] = await store.claim({ now: minute(6), leaseUntil: minute(7), limit: 5 });
        expect(claimed).toMatchObject({ id: owed.id, state: "claimed" });
        await store.owe("case:1", { ...owed, dueAt: minute(9) });
        expect(await store.mark(claimed as Notice, { state: "sent" })).toBeUndefined();
        expect(await store.claim({ now: minute(8), leaseUntil: minute(20), limit: 5 })).toEqual([]);
        expect(await store.claim({ now: minute(9), leaseUntil: minute(20), limit: 5 })).toMatchObject([
          { id: owed.id, state: "claimed", tries: 0 },
        ]);
      });

      it("given whoever owed it did it, then it is marked under the version that was written", async () => {
        await appended("case:1");
        const owed = await store.owe("case:1", notice("looks-again|1", minute(5)));
        expect(await store.mark(owed, { state: "sent" })).toBeDefined();
        expect(await store.claim({ now: minute(9), leaseUntil: minute(20), limit: 5 })).toEqual([]);
      });
    });

    describe("a document", () => {
      it("given none, then it is written once, and only once", async () => {
        expect(await store.doc("person:1", "profile")).toBeUndefined();
        expect(await store.putDoc("person:1", "profile", { name: "Ada Example" }, undefined)).toBe(true);
        expect(await store.putDoc("person:1", "profile", { name: "Ben Sample" }, undefined)).toBe(false);
        expect(await store.doc("person:1", "profile")).toMatchObject({ body: { name: "Ada Example" } });
      });

      it("given a version, then it is replaced only while that stands", async () => {
        await store.putDoc("p", "d", 1, undefined);
        const first = (await store.doc("p", "d"))?.version;
        expect(await store.putDoc("p", "d", 2, first)).toBe(true);
        expect(await store.putDoc("p", "d", 3, first)).toBe(false);
        expect(await store.doc("p", "d")).toMatchObject({ body: 2 });
      });

      it("given none, then a version does not stand", async () => {
        expect(await store.putDoc("p", "d", 1, "some version")).toBe(false);
        expect(await store.doc("p", "d")).toBeUndefined();
      });

      it("given it was removed and made again, then its old version does not stand", async () => {
        await store.putDoc("p", "d", 1, undefined);
        const old = (await store.doc("p", "d"))?.version;
        await store.removeDoc("p", "d");
        expect(await store.doc("p", "d")).toBeUndefined();
        await store.putDoc("p", "d", 1, undefined);
        expect(await store.putDoc("p", "d", 2, old)).toBe(false);
      });

      it('given "any", then whatever stands is replaced', async () => {
        expect(await store.putDoc("p", "d", 1, "any")).toBe(true);
        const old = (await store.doc("p", "d"))?.version;
        expect(await store.putDoc("p", "d", 2, "any")).toBe(true);
        expect(await store.putDoc("p", "d", 3, old)).toBe(false);
        expect(await store.doc("p", "d")).toMatchObject({ body: 2 });
      });

      it("given several, then a partition lists its own", async () => {
        for (const id of ["b", "a", "c"]) await store.putDoc("p", id, { id }, undefined);
        await store.putDoc("q", "z", {}, undefined);

        const found = await store.docs<{ id: string }>("p");
        expect(found.map((one) => [one.id, one.body.id]).sort()).toEqual([
          ["a", "a"],
          ["b", "b"],
          ["c", "c"],
        ]);
        expect(await store.docs("none")).toEqual([]);
      });

      it("given rivals at once, then each version is replaced by one of them", async () => {
        await store.putDoc("p", "count", { n: 0 }, undefined);
        const add = async (instance: Store) => {
          for (let done = 0; done < 10; ) {
            const doc = await instance.doc<{ n: number }>("p", "count");
            await new Promise((resolve) => setImmediate(resolve));
            if (await instance.putDoc("p", "count", { n: (doc?.body.n ?? 0) + 1 }, doc?.version)) done++;
          }
        };
        await Promise.all([store, rival, store].map(add));

        expect(await store.doc("p", "count")).toMatchObject({ body: { n: 30 } });
      });

      it("given none, then removing it is no fault", async () => {
        await expect(store.removeDoc("p", "none")).resolves.toBeUndefined();
      });
    });

    describe("lists", () => {
      it("given cases, then a person's come open first, by reference descending, closed ones only when asked", async () => {
        const at = (ref: string, closed: boolean, people: string[]) =>
          appended(`case:${ref}`, { index: { ref, closed, people, row: { ref } } });
        await at("EX-1", false, ["ada", "ben"]);
        await at("EX-2", true, ["ada"]);
        await at("EX-3", false, ["ada"]);
        await at("EX-4", true, ["ada"]);
        await at("EX-5", false, ["ben"]);

        const refs = async (closed?: boolean) =>
          (await store.casesOf({ person: "ada" }, { limit: 9, closed })).rows.map((row) => row.ref);
        expect(await refs()).toEqual(["EX-3", "EX-1"]);
        expect(await refs(true)).toEqual(["EX-3", "EX-1", "EX-4", "EX-2"]);
        expect((await store.casesOf({ person: "ada" }, { limit: 1 })).rows).toEqual([
          { pk: "case:EX-3", ref: "EX-3", closed: false, row: null },
        ]);
      });

      it("given a body's own record, then it is no case, but has its reference", async () => {
        await appended("body:x", { index: { kind: "body", ref: "BODY-X", bodyId: "x", people: ["cora"] } });

        expect(await store.casesOf({ person: "cora" }, { limit: 9 })).toEqual({ rows: [], next: null });
        expect(await store.casesOf({ bodyId: "x" }, { limit: 9 })).toEqual({ rows: [], next: null });
        expect(await store.byRef("BODY-X")).toBe("body:x");
      });

      it("given no reference, then nothing is found by it, and several may have none", async () => {
        await appended("body:x", { index: { kind: "body" } });
        await appended("body:y", { index: { kind: "body" } });
        expect(await store.byRef("")).toBeUndefined();
        expect(await store.byRef("EX-404")).toBeUndefined();
      });

      it("given what is due, then it comes soonest first, up to the instant asked", async () => {
        // As texts these would sort otherwise: "…00.500Z" before "…00Z".
        const [first, second, third] = [
          "2026-05-01T12:00:00Z",
          "2026-05-01T12:00:00.500Z",
          "2026-05-01T13:00:01+01:00",
        ];
        await appended("case:1", { index: { ref: "EX-1", due: [due("c", "ada", third), due("a", "ada", first)] } });
        await appended("case:2", { index: { ref: "EX-2", due: [due("b", "ada", second), due("b", "ben", first)] } });

        const mine = await store.dueOf({ person: "ada" }, { limit: 9 });
        expect(mine.rows).toEqual([
          { ...due("a", "ada", first), pk: "case:1", ref: "EX-1" },
          { ...due("b", "ada", second), pk: "case:2", ref: "EX-2" },
          { ...due("c", "ada", third), pk: "case:1", ref: "EX-1" },
        ]);
        const until = await store.dueOf({ person: "ada" }, { limit: 9, until: second });
        expect(until.rows.map((row) => row.key)).toEqual(["a", "b"]);
        expect((await store.dueOf({ bodyId: "body" }, { limit: 9 })).rows).toHaveLength(4);
      });

      it("given what is a person's own, then it is in their list and not in the body's", async () => {
        const own = { ...due("own", "ada", minute(1)), own: true as const };
        await appended("case:1", { index: { ref: "EX-1", due: [own, due("a", "ben", minute(2))] } });
        expect((await store.dueOf({ person: "ada" }, { limit: 9 })).rows).toMatchObject([{ key: "own" }]);
        expect((await store.dueOf({ bodyId: "body" }, { limit: 9 })).rows).toMatchObject([{ key: "a" }]);
        await appended("case:1", { index: { ref: "EX-1", due: [] } });
        expect((await store.dueOf({ person: "ada" }, { limit: 9 })).rows).toEqual([]);
      });

      it("given a cursor that no page gave, then the list starts at its start", async () => {
        await appended("case:1", { index: { ref: "EX-1", people: ["ada"], due: [due("a", "ada", minute(1))] } });
        for (const after of ["nonsense", "", "e30", "W10", "WzEsMl0", null]) {
          expect((await store.casesOf({ person: "ada" }, { limit: 9, after })).rows).toHaveLength(1);
          expect((await store.dueOf({ person: "ada" }, { limit: 9, after })).rows).toHaveLength(1);
        }
      });

      it("given a page of no rows, then it is refused as a fault", async () => {
        await expect(store.casesOf({ person: "ada" }, { limit: 0 })).rejects.toThrow(RangeError);
        await expect(store.dueOf({ person: "ada" }, { limit: 0.5 })).rejects.toThrow(RangeError);
      });

      it("given any history of changing cases, then every list, in pages of any size, is what a plain model gives", async () => {
        const step = fc.record({
          which: fc.integer({ min: 0, max: 5 }),
          closed: fc.boolean(),
          people: fc.uniqueArray(fc.integer({ min: 0, max: 2 })),
          body: fc.integer({ min: 0, max: 1 }),
          due: fc.array(fc.record({ key: fc.integer({ min: 0, max: 2 }), who: fc.nat(2), at: fc.nat(4) }), {
            maxLength: 4,
          }),
        });
        let run = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), async (steps, limit) => {
            const r = run++;
            const heads = new Map<string, { last: Recorded; index: Index }>();
            for (const [n, one] of steps.entries()) {
              const pk = `case:r${r}-${one.which}`;
              const index = {
                kind: "case" as const,
                bodyId: `body-${r}-${one.body}`,
                ref: `EX-${r}-${one.which}`,
                closed: one.closed,
                people: one.people.map((p) => `person-${r}-${p}`),
                row: { n },
                // A key and person once: the last of several.
                due: [
                  ...new Map(
                    one.due.map((d) => [`${d.key}/${d.who}`, due(`k${d.key}`, `person-${r}-${d.who}`, minute(d.at))]),
                  ).values(),
                ],
              };
              const append = appendTo(pk, heads.get(pk)?.last, { index });
              expect(await store.append(append)).toBe("appended");
              heads.set(pk, { last: append.events[0] as Recorded, index });
            }

            const all = [...heads].map(([pk, head]) => ({ pk, ...head }));
            for (const n of [0, 1, 2]) {
              const person = `person-${r}-${n}`;
              const bodyId = `body-${r}-${n}`;
              for (const closed of [false, true]) {
                const rows = (own: typeof all, summary: boolean) =>
                  own
                    .filter((one) => closed || !one.index.closed)
                    .sort(
                      (a, b) => Number(a.index.closed) - Number(b.index.closed) || (a.index.ref < b.index.ref ? 1 : -1),
                    )
                    .map(({ pk, index }): CaseRow => {
                      return { pk, ref: index.ref, closed: index.closed, row: summary ? index.row : null };
                    });
                expect(await pages(limit, (page) => store.casesOf({ person }, { ...page, closed }))).toEqual(
                  rows(
                    all.filter((one) => one.index.people.includes(person)),
                    false,
                  ),
                );
                expect(await pages(limit, (page) => store.casesOf({ bodyId }, { ...page, closed }))).toEqual(
                  rows(
                    all.filter((one) => one.index.bodyId === bodyId),
                    true,
                  ),
                );
              }
              const dues = all.flatMap(({ pk, index }) =>
                index.due.map((one): DueRow & { body: string } => ({ ...one, pk, ref: index.ref, body: index.bodyId })),
              );
              const until = n === 0 ? undefined : minute(2);
              const wanted = (own: typeof dues) =>
                own.filter((one) => !until || one.at <= until).map(({ body: _, ...row }) => row);
              inOrderOfTime(
                await pages(limit, (page) => store.dueOf({ person }, { ...page, until })),
                wanted(dues.filter((one) => one.who === person)),
              );
              inOrderOfTime(
                await pages(limit, (page) => store.dueOf({ bodyId }, { ...page, until })),
                wanted(dues.filter((one) => one.body === bodyId)),
              );
            }
          }),
          { numRuns: 20 },
        );
      });

      /** Every page of a list, one after another; none longer than asked, none but the last shorter. */
      async function pages<R>(
        limit: number,
        read: (page: { limit: number; after: string | null }) => Promise<Page<R>>,
      ): Promise<R[]> {
        const rows: R[] = [];
        for (let after: string | null = null; ; ) {
          const page: Page<R> = await read({ limit, after });
          rows.push(...page.rows);
          if (page.next === null) {
            expect(page.rows.length).toBeLessThanOrEqual(limit);
            return rows;
          }
          expect(page.rows).toHaveLength(limit);
          after = page.next;
        }
      }

      /** Equal instants may come in any order. */
      function inOrderOfTime(found: DueRow[], wanted: DueRow[]): void {
        const times = found.map((row) => row.at);
        expect(times).toEqual([...times].sort());
        const byKey = (rows: DueRow[]) => rows.map((row) => JSON.stringify([row.pk, row.key, row.who, row.at])).sort();
        expect(byKey(found)).toEqual(byKey(wanted));
      }
    });

    describe("erasing", () => {
      const erasedOf = (events: readonly Recorded[]) => events.map((event) => erase(event, digest));

      it("given words are erased, then digests stand in their place, the chain holds, and the head is as it was", async () => {
        await appended("case:1", { words: ["secret one", "secret two"] });
        await appended("case:1", { words: ["secret three"] });
        await appended("case:2", { words: ["another's"] });
        const [head, before] = [await store.head("case:1"), await store.events("case:1")];

        await store.erase("case:1", erasedOf(before), "none");

        const events = await store.events("case:1");
        expect(JSON.stringify(events)).not.toContain("secret");
        expect(verifyChain(events, digest, chainStart("case:1", digest))).toMatchObject({ ok: true, revision: 3 });
        expect(await store.head("case:1")).toEqual(head);
        expect(JSON.stringify(await store.events("case:2"))).toContain("another's");
      });

      it("given markers and notices, then the partition's go, but the notice that is kept", async () => {
        const { command } = await appended("case:1", {
          notices: [notice("n-1", minute(5)), notice("keep", minute(5))],
        });
        const other = await appended("case:2", { notices: [notice("n-1", minute(5))] });

        await store.erase("case:1", erasedOf(await store.events("case:1")), "keep");

        expect(await store.marker("case:1", command.id)).toBeUndefined();
        expect((await store.notices("case:1")).map((one) => one.id)).toEqual(["keep"]);
        expect(await store.marker("case:2", other.command.id)).toBeDefined();
        expect(await store.notices("case:2")).toHaveLength(1);
      });

      it("given it is asked in parts, again, or for events that are not there, then nothing else changes", async () => {
        await appended("case:1", { words: ["one", "two", "three"] });
        const events = await store.events("case:1");
        await store.erase("case:1", erasedOf(events.slice(0, 2)), "none");
        expect(await store.events("case:1")).toEqual([...erasedOf(events.slice(0, 2)), events[2]]);
        for (let n = 0; n < 2; n++) await store.erase("case:1", erasedOf(events), "none");
        await store.erase("case:none", erasedOf(events), "none");
        expect(await store.events("case:1")).toEqual(erasedOf(events));
        expect(await store.events("case:none")).toEqual([]);
        await store.scrub();
        expect(await (await under.reopen()).events("case:1")).toEqual(erasedOf(events));
      });

      it("given a long partition with long words, then all of it is erased", async () => {
        const words = Array.from({ length: 150 }, (_, i) => `word ${i} ${"x".repeat(3_000)}`);
        for (let from = 0; from < words.length; from += 30)
          await appended("case:1", {
            words: words.slice(from, from + 30),
            notices: Array.from({ length: 30 }, (_, i) => notice(`n-${from + i}`, minute(5))),
          });
        await store.erase("case:1", erasedOf(await store.events("case:1")), "n-7");
        expect(JSON.stringify(await store.events("case:1"))).not.toContain("xxx");
        expect((await store.notices("case:1")).map((one) => one.id)).toEqual(["n-7"]);
        expect(await store.events("case:1")).toHaveLength(150);
      });
    });

    describe("notices", () => {
      const claimAt = (at: number, more: { limit?: number; pk?: string; lease?: number; by?: Store } = {}) =>
        (more.by ?? store).claim({
          now: minute(at),
          leaseUntil: minute(at + (more.lease ?? 1)),
          limit: more.limit ?? 10,
          pk: more.pk,
        });
      const ids = (claimed: Notice[]) => claimed.map((one) => one.id);

      it("given some that are due, then they are claimed soonest first, up to the limit, each whole", async () => {
        const written = notice("b", minute(1), { to: "chat", repeat: "never", data: { grade: "pass" } });
        await appended("case:1", { notices: [notice("c", minute(2)), written, notice("later", minute(60))] });
        await appended("case:2", { notices: [notice("a", minute(0))] });

        const first = await claimAt(5, { limit: 2 });
        expect(ids(first)).toEqual(["a", "b"]);
        expect(first[1]).toMatchObject({
          ...written,
          pk: "case:1",
          state: "claimed",
          tries: 0,
          leaseUntil: minute(6),
          outcome: null,
        });
        expect(ids(await claimAt(5))).toEqual(["c"]);
        expect(ids(await claimAt(5))).toEqual([]);
        expect(ids(await claimAt(60))).toContain("later");
      });

      it("given a partition is named, then only its own are claimed", async () => {
        await appended("case:1", { notices: [notice("a", minute(0))] });
        await appended("case:2", { notices: [notice("b", minute(0))] });

        expect(ids(await claimAt(1, { pk: "case:2" }))).toEqual(["b"]);
        expect(ids(await claimAt(1, { pk: "case:2" }))).toEqual([]);
      });

      it("given many claimers at once, then no notice is claimed by two", async () => {
        const many = Array.from({ length: 60 }, (_, n) => notice(`n${n}`, minute(0)));
        await appended("case:1", { notices: many });

        const claims = await Promise.all(
          Array.from({ length: 12 }, (_, n) => claimAt(1, { limit: 7, by: n % 2 ? rival : store })),
        );
        const claimed = ids(claims.flat());
        expect(new Set(claimed).size).toBe(claimed.length);
        expect(claimed).toHaveLength(60);
      });

      it("given a lease has run out, then another takes it over, and the first can mark it no more", async () => {
        await appended("case:1", { notices: [notice("a", minute(0))] });
        const [first] = await claimAt(0, { lease: 5 });

        expect(await claimAt(4)).toEqual([]);
        const [second] = await claimAt(5, { by: rival });
        // It has been tried once: whoever had it ended, perhaps because of it.
        expect(second).toMatchObject({ id: "a", state: "claimed", tries: 1 });
        expect(await store.mark(first as Notice, { state: "sent" })).toBeUndefined();
        expect(await store.notices("case:1")).toMatchObject([{ state: "claimed" }]);
        expect(await store.mark(second as Notice, { state: "sent" })).toEqual(expect.any(String));
      });

      it("given its claimer ended while sending, then it is taken over as sending, once", async () => {
        await appended("case:1", { notices: [notice("a", minute(0), { repeat: "never" })] });
        const [claimed] = await claimAt(0, { lease: 5 });
        await store.mark(claimed as Notice, { state: "sending", tries: 1 });

        expect(await claimAt(4)).toEqual([]);
        expect(await claimAt(5)).toMatchObject([{ id: "a", state: "sending", tries: 1, repeat: "never" }]);
        expect(await claimAt(5)).toEqual([]);
      });

      it("given marks in turn, then each names the version before it, and what it does not change stays", async () => {
        await appended("case:1", { notices: [notice("a", minute(0))] });
        const [claimed] = (await claimAt(1)) as [Notice];

        const sending = await store.mark(claimed, { state: "sending", tries: 1 });
        expect(sending).toEqual(expect.any(String));
        expect(sending).not.toBe(claimed.version);
        expect(await store.mark(claimed, { state: "sent" })).toBeUndefined();
        const [stands] = (await store.notices("case:1")) as [Notice];
        expect(stands).toEqual({ ...claimed, state: "sending", tries: 1, version: sending });

        const sent = await store.mark(stands, { state: "sent", outcome: "delivered", leaseUntil: null });
        expect(await store.notices("case:1")).toMatchObject([{ state: "sent", outcome: "delivered", version: sent }]);
        expect(await claimAt(9999)).toEqual([]);
      });

      it.each(["sent", "unconfirmed", "dead", "dropped"] as const)(
        "given %s, then it is never claimed",
        async (state) => {
          await appended("case:1", { notices: [notice("a", minute(0))] });
          const [claimed] = (await claimAt(1)) as [Notice];
          await store.mark(claimed, { state });

          expect(await claimAt(9999)).toEqual([]);
          expect(await store.nextDue()).toBeUndefined();
        },
      );

      it("given it is to be tried later, then it is free from then", async () => {
        await appended("case:1", { notices: [notice("a", minute(0))] });
        const [claimed] = (await claimAt(1)) as [Notice];
        await store.mark(claimed, { state: "waiting", dueAt: minute(30), leaseUntil: null, tries: 1 });

        expect(await claimAt(29)).toEqual([]);
        expect(await claimAt(30)).toMatchObject([{ id: "a", tries: 1, dueAt: minute(30) }]);
      });

      it("given one of the same id is written again, then it starts anew as the new one", async () => {
        await appended("case:1", { notices: [notice("a", minute(0)), notice("b", minute(0))] });
        const [claimed] = (await claimAt(1)) as [Notice];
        await store.mark(claimed, { state: "sent", tries: 3, outcome: "delivered" });
        const renewed = notice("a", minute(20), { kind: "other", data: { second: true } });
        await appended("case:1", { notices: [renewed] });

        const stands = await store.notices("case:1");
        expect(stands).toHaveLength(2);
        expect(stands.find((one) => one.id === "a")).toMatchObject({
          ...renewed,
          state: "waiting",
          tries: 0,
          outcome: null,
          leaseUntil: null,
        });
        expect(await claimAt(20, { pk: "case:1" })).toMatchObject([{ id: "b" }, { id: "a" }]);
      });

      it("given it is written again while it is being sent, then whoever sends it can mark it no more", async () => {
        await appended("case:1", { notices: [notice("a", minute(0))] });
        const [claimed] = (await claimAt(1)) as [Notice];
        await appended("case:1", { notices: [notice("a", minute(2))] });

        expect(await store.mark(claimed, { state: "sent" })).toBeUndefined();
        expect(await claimAt(2)).toMatchObject([{ id: "a", dueAt: minute(2) }]);
      });

      it("given notices, then the next free one's instant is known, claimed ones by their lease", async () => {
        expect(await store.nextDue()).toBeUndefined();
        await appended("case:1", { notices: [notice("a", minute(3)), notice("b", minute(9))] });
        const next = async () => Date.parse((await store.nextDue()) ?? "");

        expect(await next()).toBe(Date.parse(minute(3)));
        await claimAt(3, { lease: 4 });
        expect(await next()).toBe(Date.parse(minute(7)));
        const [claimed] = (await claimAt(7, { lease: 60 })) as [Notice];
        expect(await next()).toBe(Date.parse(minute(9)));
        await store.mark(claimed, { state: "sent" });
        expect(await next()).toBe(Date.parse(minute(9)));
      });
    });

    describe("its time", () => {
      it("given it is asked again and again, then it gives instants, and they do not go back", async () => {
        // Two instances may be apart by as much as each may be behind; neither goes back.
        for (const instance of [store, rival]) {
          const asked: string[] = [];
          for (let n = 0; n < 5; n++) asked.push(await instance.now());

          for (const at of asked) expect(new Date(at).toISOString()).toBe(at);
          expect([...asked].sort()).toEqual(asked);
        }
      });

      it("given leases counted by it, then they hold among instances, whatever the instances' clocks say", async () => {
        const at = Date.parse(await store.now());
        const secondsOn = (seconds: number) => new Date(at + seconds * 1000).toISOString();
        await appended("case:1", { notices: [notice("a", secondsOn(-1))] });
        const [first] = await store.claim({ now: secondsOn(0), leaseUntil: secondsOn(3_600), limit: 1 });
        expect(first).toMatchObject({ id: "a" });

        const now = await rival.now();
        expect(await rival.claim({ now, leaseUntil: secondsOn(3_600), limit: 1 })).toEqual([]);
      });
    });

    describe("its life", () => {
      it("given it is opened again, then everything is there and work goes on", async () => {
        const append = await appended("case:1", {
          index: { ref: "EX-1", people: ["ada"], due: [due("a", "ada", minute(1))] },
          notices: [notice("n", minute(1))],
        });
        await store.putDoc("person:1", "p", { name: "Ada Example" }, undefined);
        const held = await everything("case:1");

        store = await under.reopen();

        expect(await everything("case:1")).toEqual(held);
        expect(await store.append(append)).toBe("repeat");
        expect(await store.doc("person:1", "p")).toMatchObject({ body: { name: "Ada Example" } });
        expect((await store.casesOf({ person: "ada" }, { limit: 1 })).rows).toHaveLength(1);
        expect((await store.dueOf({ person: "ada" }, { limit: 1 })).rows).toHaveLength(1);
        await appended("case:1");
      });

      it("given it works, then it is ready, however often it is asked", async () => {
        for (let n = 0; n < 3; n++) await expect(store.ready()).resolves.toBeUndefined();
      });

      it("given it is closed, then it is not ready, and refuses to read and write", async () => {
        await store.close();

        await expect(store.ready()).rejects.toThrow();
        await expect(store.head("case:1")).rejects.toThrow();
        await expect(store.append(appendTo("case:1", undefined))).rejects.toThrow();
        await expect(store.close()).resolves.toBeUndefined();
      });
    });
  });
}
