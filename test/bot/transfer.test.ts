import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { eraseCase } from "../../bot/erasing";
import { People } from "../../bot/people";
import { sessionOfChat } from "../../bot/sessionChats";
import { checkStore } from "../../bot/store/chainCheck";
import { openEmbedded } from "../../bot/store/embedded";
import { refold } from "../../bot/store/refold";
import { BrokenBundle, type Bundle, readBundle, writeBundle } from "../../bot/transfer/bundle";
import { gather, StateDiffers } from "../../bot/transfer/gather";
import { readable } from "../../bot/transfer/readable";
import { type Restored, restore } from "../../bot/transfer/restore";
import { casePk, handle } from "../../src/handle";
import type { Append, Index, Notice, Store } from "../../src/ports";
import { readBanks } from "../../src/rules/banks";
import { published, readPacks } from "../../src/rules/packs";
import { accountDouble } from "../store/account";
import { bundled } from "../store/bundle";
import { temporaryFolder } from "../store/folder";
import { actorOf, bookingOn, gq, type Journey, journey, people as parts } from "../support/case";
import { digest, Kept, LATER, unique } from "../support/kept";

const packs = readPacks(published);
const samples = readBanks(packs);
const released = journey(gq).upTo("released");
const pk = casePk(released.id);
const { ref } = released.case;

const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** A store that holds the case, with its people. */
async function holding(j: Journey = released): Promise<Kept> {
  const kept = new Kept(j.pack, unique);
  opened.push(kept.store);
  await kept.put(j);
  await kept.name();
  return kept;
}

function empty(): Store {
  const store = openEmbedded(temporaryFolder());
  opened.push(store);
  return store;
}

async function exported(kept: Kept, purpose: "record" | "move" = "move"): Promise<Bundle> {
  const found = await gather(ref, { store: kept.store, packs, samples, now: LATER, purpose });
  if (!found) throw new Error("No such case");
  return found.bundle;
}
const into = (store: Store, bundle: Bundle, now = LATER): Promise<Restored> =>
  restore(bundle, { store, packs, samples, now });

/** What a store has of the case, apart from what each write makes anew. */
const allOf = async (store: Store) => ({
  head: await store.head(pk),
  events: await store.events(pk),
  notices: (await store.notices(pk)).map(({ version: _each, leaseUntil: _own, ...n }) => n),
});

describe("a bundle", () => {
  it("given it is written and read, then it is the same", async () => {
    const bundle = await exported(await holding());
    expect(readBundle(writeBundle(bundle))).toEqual(JSON.parse(JSON.stringify(bundle)));
    expect(bundle.head).toMatchObject({ ref, revision: released.log.length, pack: { id: gq.id }, stage: "released" });
    expect(bundle.head.counts).toEqual({
      people: bundle.people.length,
      events: released.log.length,
      notices: released.log.length,
      files: 0,
    });
  });

  it("given its purpose is the record, then it holds names and neither addresses nor accounts; to move, those of the parties", async () => {
    const kept = await holding();
    const record = await exported(kept, "record");
    expect(record.people.map((p) => Object.keys(p))).toEqual(record.people.map(() => ["kind", "id", "name"]));
    const move = await exported(kept);
    expect(move.people.find((p) => p.id === parts.apprentice)).toMatchObject({
      mail: expect.stringContaining("@"),
      accounts: [{ tenantId: "tenant-1", objectId: `account-${parts.apprentice}` }],
    });
    expect(writeBundle(record)).not.toContain("@example.org");
  });

  it("given any record in it is altered, then that record is named", async () => {
    const bundle = await exported(await holding());
    for (const at of [0, 7, bundle.events.length - 1]) {
      const events = bundle.events.map((e, i) => (i === at ? { ...e, at: "2020-01-01T00:00:00Z" } : e));
      expect(() => readBundle(writeBundle({ ...bundle, events }))).toThrow(
        expect.objectContaining({ fault: { code: "altered", record: at + 1, why: "hash" } }),
      );
    }
    const short = { ...bundle, events: bundle.events.slice(0, -2) };
    expect(() => readBundle(writeBundle(short))).toThrow(
      expect.objectContaining({ fault: { code: "altered", record: bundle.events.length - 1, why: "tail" } }),
    );
    const others = { ...bundle, head: { ...bundle.head, pk: "case:other" } };
    expect(() => readBundle(writeBundle(others))).toThrow(
      expect.objectContaining({ fault: { code: "altered", record: 1, why: "origin" } }),
    );
  });

  it("given any one character of it is altered, or any part cut off, then it is not read", async () => {
    const text = writeBundle(await exported(await holding(journey(gq).upTo("staffed"))));
    fc.assert(
      fc.property(fc.nat(text.length - 2), fc.constantFrom("0", "1", "x", " ", "\n", "}"), (at, character) => {
        fc.pre(text[at] !== character);
        expect(() => readBundle(text.slice(0, at) + character + text.slice(at + 1))).toThrow(BrokenBundle);
        expect(() => readBundle(text.slice(0, at))).toThrow(BrokenBundle);
      }),
      { numRuns: 300 },
    );
    expect(() => readBundle("")).toThrow(BrokenBundle);
    expect(() => readBundle(`${text}${text}`)).toThrow(BrokenBundle);
  });

  it("given the store was altered, then it is not exported, and the first altered record is named", async () => {
    const kept = await holding();
    const altered = async (pkAsked: string, range?: { from?: number; to?: number }) =>
      (await kept.store.events(pkAsked, range)).map((e) => (e.seq === 5 ? { ...e, at: "2020-01-01T00:00:00Z" } : e));
    await expect(
      gather(ref, { store: { ...kept.store, events: altered }, packs, samples, now: LATER, purpose: "record" }),
    ).rejects.toMatchObject({ fault: { code: "altered", record: 5 } });
    const head = async <S>(which: string) => {
      const h = await kept.store.head<S>(which);
      return h && { ...h, state: { ...h.state, programmeStart: "2020-01-01" } };
    };
    await expect(
      gather(ref, { store: { ...kept.store, head }, packs, samples, now: LATER, purpose: "record" }),
    ).rejects.toThrow(StateDiffers);
  });

  it("given there is no such case, then there is nothing to export", async () => {
    expect(await gather("EX-0000", { store: empty(), packs, samples, now: LATER, purpose: "record" })).toBeUndefined();
  });
});

describe("restoring a bundle", () => {
  it("given an empty store, then the case is there as it was: record, head, lists, people, and what was sent", async () => {
    const kept = await holding();
    const store = empty();
    expect(await into(store, await exported(kept))).toEqual({ kind: "restored", events: released.log.length });

    const { head, events } = await allOf(store);
    expect({ head, events }).toEqual({ head: await kept.store.head(pk), events: await kept.store.events(pk) });
    expect(await checkStore(store, digest, refold)).toMatchObject({ ok: true, partitions: 1 });
    expect(await store.byRef(ref)).toBe(pk);
    const rows = await store.casesOf({ person: parts.apprentice }, { limit: 5, closed: true });
    expect(rows.rows.map((r) => r.ref)).toEqual([ref]);
    const people = new People(store, { now: () => LATER });
    const ada = await kept.people.find(parts.apprentice);
    expect(await people.byMail(ada?.mail ?? "")).toMatchObject({ id: parts.apprentice, name: ada?.name });
    expect((await people.byBinding("tenant-1", `account-${parts.apprentice}`))?.id).toBe(parts.apprentice);
  });

  it("then nothing that was sent, or was to be by then, is ever sent from there; what is still to come is, if the case was moved", async () => {
    const kept = await holding();
    const all = await kept.store.notices(pk);
    const become = (n: Notice | undefined, state: Notice["state"], dueAt: string) =>
      n && kept.store.mark(n, { state, dueAt, outcome: state === "dead" ? "gone" : null, tries: 1 });
    await become(all[0], "sent", all[0]?.dueAt ?? "");
    await become(all[1], "dead", all[1]?.dueAt ?? "");
    await become(all[2], "sending", all[2]?.dueAt ?? "");
    await become(all[3], "waiting", "2041-01-01T09:00:00Z");
    const states = async (store: Store) =>
      Object.fromEntries((await store.notices(pk)).map((n) => [n.id, `${n.state} ${n.dueAt.slice(0, 4)}`]));
    const [first, second, third, fourth, fifth] = all.map((n) => n.id) as [string, string, string, string, string];

    const moved = empty();
    await into(moved, await exported(kept));
    expect(await states(moved)).toMatchObject({
      [first]: "sent 2026",
      [second]: "dead 2026",
      [third]: "unconfirmed 2026",
      [fourth]: "waiting 2041",
      [fifth]: "dropped 2026",
    });
    const claimed = await moved.claim({ now: "2040-12-31T00:00:00Z", leaseUntil: "2040-12-31T00:01:00Z", limit: 100 });
    expect(claimed).toEqual([]);

    const copy = empty();
    await into(copy, await exported(kept, "record"));
    const ever = { now: "9999-12-30T00:00:00Z", leaseUntil: "9999-12-30T00:01:00Z", limit: 100 };
    expect(await copy.claim(ever)).toEqual([]);
  });

  it("given it is repeated, then nothing changes; given the case went on, then it stays as it is", async () => {
    const kept = await holding();
    const bundle = await exported(kept);
    const store = empty();
    await into(store, bundle);
    const before = await allOf(store);
    expect(await into(store, bundle)).toEqual({ kind: "there", events: bundle.events.length });
    expect(await allOf(store)).toEqual(before);
    expect(await into(kept.store, bundle)).toMatchObject({ kind: "there" });

    await kept.erased(released.case);
    expect(await into(kept.store, bundle)).toEqual({ kind: "further", revision: bundle.events.length + 1 });
  });

  it("given a session with a meeting's link, then the meeting's chat finds it where it was imported", async () => {
    const chat = "19:meeting_ZXhhbXBsZQ@thread.v2";
    const link = `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(chat)}/0`;
    const booked = journey(gq).upTo("booked");
    const [method = ""] = gq.methods.map((m) => m.id);
    const booking = { ...bookingOn(gq, method, "2026-04-20"), where: "Online", link, reason: "Snow" };
    // Whatever was written in the case becomes the link: so is that of the booking.
    const kept = new Kept(gq, () => link);
    opened.push(kept.store);
    await kept.put(booked.do("session.move", booking));
    await kept.name();
    const store = empty();
    expect(await into(store, await exported(kept))).toMatchObject({ kind: "restored" });
    expect(await sessionOfChat(store, packs, chat, LATER)).toEqual({ caseId: booked.id, method });
  });

  it("given the case was erased, then an older export brings back nobody and nothing", async () => {
    const kept = await holding();
    const bundle = await exported(kept);
    await kept.erased(released.case);
    await kept.clean(pk);
    expect(await into(kept.store, bundle)).toMatchObject({ kind: "further" });
    expect(await kept.left()).toEqual([]);
    expect(await kept.people.find(parts.apprentice)).toBeUndefined();
  });

  it("given an erased case, also one whose words are not yet taken away, then it is exported and restored as a tombstone", async () => {
    const kept = await holding();
    await kept.erased(released.case);
    const bundle = await exported(kept);
    expect(writeBundle(bundle)).not.toContain('"salt"');
    const store = empty();
    expect(await into(store, bundle)).toMatchObject({ kind: "restored" });
    expect((await store.head(pk))?.state).toMatchObject({ stage: "erased" });
    await eraseCase(pk, { store, people: new People(store, { now: () => LATER }), isStaff: async () => false });
    expect(await checkStore(store, digest, refold)).toMatchObject({ ok: true });
  });

  it("given it was interrupted anywhere, then it goes on where it was, to the same end", async () => {
    const bundle = await exported(await holding());
    const whole = empty();
    await into(whole, bundle);
    const wanted = await allOf(whole);
    for (const method of ["append", "mark", "putDoc"] as const)
      for (const after of [0, 1, 4, 7]) {
        const store = empty();
        let calls = 0;
        const failing = {
          ...store,
          [method]: async (...args: never[]) => {
            if (calls++ >= after) throw new Error("power cut");
            return (store[method] as (...a: never[]) => Promise<unknown>)(...args);
          },
        } as Store;
        await expect(into(failing, bundle)).rejects.toThrow("power cut");
        const partly = await store.casesOf({ bodyId: gq.body.id }, { limit: 5 });
        if (method === "append") expect(partly.rows).toEqual([]);
        expect(["restored", "finished"]).toContain((await into(store, bundle)).kind);
        expect(await allOf(store)).toEqual(wanted);
      }
  });

  it("given a press of then comes once more, then its id is known to be used", async () => {
    const bundle = await exported(await holding());
    const store = empty();
    await into(store, bundle);
    for (const e of bundle.events) expect(await store.marker(pk, e.commandId)).toBeDefined();
  });

  it.each<[string, (store: Store, bundle: Bundle) => Promise<unknown> | unknown, object]>([
    [
      "its reference is another case's",
      async (store, { events, head }) => {
        const [first] = events;
        const index: Index = {
          kind: "case",
          bodyId: "b",
          ref: head.ref,
          closed: false,
          people: [],
          row: null,
          due: [],
        };
        await store.append({
          pk: "case:rival",
          expected: 0,
          command: { id: "c", digest: "d" },
          events: [first],
          head: { pk: "case:rival", revision: 1, hash: "h", state: {}, index },
          notices: [],
        } as Append);
      },
      { code: "refTaken", ref },
    ],
    [
      "a person's id is somebody else's",
      (store) =>
        store.putDoc(
          `person:${parts.apprentice}`,
          "person",
          { id: parts.apprentice, name: "Another", bindings: [] },
          undefined,
        ),
      { code: "person", person: parts.apprentice, clash: "id" },
    ],
    [
      "a person's address is somebody else's",
      (store, { people }) =>
        new People(store, { now: () => LATER }).ensure({
          name: "Another",
          mail: people.find((p) => p.id === parts.employer)?.mail ?? "",
        }),
      { code: "person", person: parts.employer, clash: "mail" },
    ],
    [
      "a person's account is somebody else's",
      (store) =>
        store.putDoc(`binding:tenant-1:account-${parts.provider}`, "binding", { person: "p-other" }, undefined),
      { code: "person", person: parts.provider, clash: "account" },
    ],
    [
      "the rules are not known",
      (_, bundle) => Object.assign(bundle.head.pack, { id: "unknown-v1" }),
      { code: "packUnknown", pack: "unknown-v1" },
    ],
    [
      "the rules are others of that name",
      (_, bundle) => Object.assign(bundle.head.pack, { digest: digest("other") }),
      { code: "packDiffers", pack: gq.id },
    ],
    [
      "its records make another state",
      (_, bundle) => Object.assign(bundle.head, { state: digest("other") }),
      { code: "stateDiffers" },
    ],
  ])("given %s, then it is refused and nothing is written", async (_, beforehand, refusal) => {
    const bundle = await exported(await holding());
    const store = empty();
    await beforehand(store, bundle);
    expect(await into(store, bundle)).toEqual({ kind: "refused", refusal });
    expect(await store.events(pk)).toEqual([]);
    expect(await store.doc(`person:${parts.assessor}`, "person")).toBeUndefined();
  });

  it("given the store has the case otherwise, then the first record that differs is named, and nothing is written", async () => {
    const bundle = await exported(await holding());
    const other = await holding();
    const before = await allOf(other.store);
    expect(await into(other.store, bundle)).toEqual({ kind: "refused", refusal: { code: "recordDiffers", record: 1 } });
    expect(await allOf(other.store)).toEqual(before);
  });

  it("given somebody writes to it meanwhile, then it is refused", async () => {
    const store = empty();
    const rival = { ...store, append: async () => "conflict" as const };
    expect(await into(rival, await exported(await holding()))).toEqual({
      kind: "refused",
      refusal: { code: "changedMeanwhile" },
    });
  });
});

describe("between two kinds of store", () => {
  it("given a case goes from the embedded store to Cosmos DB and on, then it is the same at each", async () => {
    const account = await accountDouble({ ranges: 4 });
    try {
      const kept = await holding();
      const cosmos = await account.open();
      expect(await into(cosmos, await exported(kept))).toMatchObject({ kind: "restored" });
      expect(await checkStore(cosmos, digest, refold)).toMatchObject({ ok: true, partitions: 1 });
      expect(await cosmos.head(pk)).toEqual(await kept.store.head(pk));
      expect(await into(cosmos, await exported(kept))).toMatchObject({ kind: "there" });

      const again = await gather(ref, { store: cosmos, packs, samples, now: LATER, purpose: "move" });
      const back = empty();
      expect(await into(back, again?.bundle as Bundle)).toMatchObject({ kind: "restored" });
      expect(await allOf(back)).toEqual(await allOf(cosmos));
    } finally {
      await account.end();
    }
  });

  it("given a case is erased on Cosmos DB, then no document there holds a word or name that was given", async () => {
    const account = await accountDouble({ ranges: 4 });
    try {
      const kept = await holding();
      const cosmos = await account.open();
      const bundle = await exported(kept);
      await into(cosmos, bundle);
      const people = new People(cosmos, { now: () => LATER });
      const request = { id: "erase", caseId: released.id, command: { type: "case.erase", data: { ref } } } as const;
      const coordinator = actorOf(gq, parts.coordinator, "coordinator");
      expect(await handle(request, coordinator, { ...kept.ports, store: cosmos })).toMatchObject({ kind: "done" });
      await eraseCase(pk, { store: cosmos, people, isStaff: async () => false });
      const left = JSON.stringify([await allOf(cosmos), await cosmos.docs(`person:${parts.apprentice}`)]);
      expect(kept.given.filter((word) => left.includes(word.slice(0, 36)))).toEqual([]);
      expect(await cosmos.marker(pk, bundle.events[3]?.commandId ?? "")).toBeUndefined();
      expect(await people.find(parts.apprentice)).toBeUndefined();
      expect(await checkStore(cosmos, digest, refold)).toMatchObject({ ok: true });
    } finally {
      await account.end();
    }
  });
});

describe("the page for people", () => {
  it("holds every event, every word and name, the anchor, and no markup of anybody's", async () => {
    const kept = new Kept(gq, () => `<b onclick="x">${unique()}</b>`);
    opened.push(kept.store);
    await kept.put(released);
    for (const [id, name] of Object.entries({
      [parts.assessor]: "Dev <i>Fiction</i>",
      [parts.apprentice]: "Ada Example",
    }))
      await kept.store.putDoc(`person:${id}`, "person", { id, name, bindings: [] }, undefined);
    const bundle = await exported(kept);
    const page = readable(bundle, released.case, gq);
    expect(page).not.toMatch(/<b |<i>|<script/);
    for (const e of bundle.events) expect(page).toContain(e.hash.slice(0, 16));
    for (const word of kept.given) expect(page).toContain(word.slice(15, 51));
    for (const text of ["Ada Example", "Dev &lt;i&gt;Fiction", bundle.head.anchor, ref, gq.body.name, "Distinction"])
      expect(page).toContain(text);
  });
});

describe("the programs", () => {
  let programs: Record<"export" | "import" | "verify", Awaited<ReturnType<typeof bundled>>>;
  beforeAll(async () => {
    const folder = temporaryFolder();
    programs = {
      export: await bundled("bot/transfer/export.ts", folder),
      import: await bundled("bot/transfer/import.ts", folder),
      verify: await bundled("bot/store/verify.ts", folder),
    };
  });
  const run = (name: keyof typeof programs, data: string, ...args: string[]) =>
    spawnSync(process.execPath, [programs[name].file, ...args], {
      env: { ...programs[name].env, EPILOGUE_DATA: data },
      encoding: "utf8",
    });

  it("given a store in use, then one case goes out to a folder and into another store, and both verify", async () => {
    const kept = await holding();
    const to = path.join(temporaryFolder(), "out");
    const out = run("export", kept.folder, ref.toLowerCase(), "--to", to, "--move");
    expect(out).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(to).sort()).toEqual(["case.jsonl", "record.html"]);
    expect(statSync(path.join(to, "case.jsonl")).mode & 0o077).toBe(0);
    expect(readFileSync(path.join(to, "record.html"), "utf8")).toContain(ref);
    // Never over something that is there.
    expect(run("export", kept.folder, ref, "--to", to)).toMatchObject({ status: 2 });

    const other = temporaryFolder();
    expect(run("import", other, "--check", to)).toMatchObject({ status: 0 });
    expect(readdirSync(other)).toEqual([]);
    expect(run("import", other, to)).toMatchObject({ status: 0, stderr: "" });
    expect(run("import", other, path.join(to, "case.jsonl")).stdout).toContain("already");
    expect(run("verify", other).stdout).toContain(`${released.log.length} events`);
    // The service has its folder to itself.
    expect(run("import", kept.folder, to)).toMatchObject({ status: 2, stderr: expect.stringContaining("in use") });

    const page = path.join(to, "record.html");
    const written = readFileSync(page, "utf8");
    writeFileSync(page, written.replace(ref, "EX-2026-0000"));
    expect(run("import", other, "--check", to)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("record.html"),
    });
    writeFileSync(page, written);

    const file = path.join(to, "case.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace('"role":"assessor"', '"role":"coordinator"'));
    const altered = run("import", temporaryFolder(), to);
    expect(altered).toMatchObject({ status: 1, stderr: expect.stringMatching(/record \d+ \(hash\)/) });
  });

  it("given no such case, no such file, or words they do not know, then they say so and end with 2", async () => {
    const kept = await holding();
    expect(run("export", kept.folder, "EX-0000")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("EX-0000"),
    });
    expect(run("export", kept.folder)).toMatchObject({ status: 2 });
    expect(run("export", kept.folder, ref, "--elsewhere")).toMatchObject({ status: 2 });
    expect(run("export", temporaryFolder(), ref)).toMatchObject({ status: 2 });
    expect(run("import", temporaryFolder())).toMatchObject({ status: 2 });
    const empty = temporaryFolder();
    const lacking: [string, string][] = [
      ["nowhere.jsonl", "nowhere.jsonl"],
      [empty, path.join(empty, "case.jsonl")],
    ];
    for (const [named, file] of lacking)
      expect(run("import", temporaryFolder(), named)).toMatchObject({
        status: 2,
        stderr: `There is no file ${file}\n`,
      });
  });
});
