import { randomUUID } from "node:crypto";
import { Banks } from "../../bot/banks";
import { openEmbedded } from "../../bot/store/embedded";
import { caseIdOf } from "../../bot/teams/caseChat";
import {
  BrokenBundle,
  type Bundle,
  bundledBank,
  checkFiles,
  readBundle,
  withFiles,
  writeBundle,
} from "../../bot/transfer/bundle";
import { gather } from "../../bot/transfer/gather";
import { readable } from "../../bot/transfer/readable";
import { restore } from "../../bot/transfer/restore";
import { hashOf } from "../../src/chain";
import { casePk } from "../../src/handle";
import type { Recorded, Store } from "../../src/ports";
import { readBanks } from "../../src/rules/banks";
import { published, readPacks } from "../../src/rules/packs";
import { accountDouble } from "../store/account";
import { temporaryFolder } from "../store/folder";
import { bankOf, type Journey, journey, tquk } from "../support/case";
import { digest, Kept, LATER, unique } from "../support/kept";

/** What a case needs beside its own record travels with it: the questions that its sessions went by, and the tie to its chat. */

const packs = readPacks(published);
const samples = readBanks(packs);
const method = "discussion";
const conversation = "19:9f1c7d5e@thread.v2";
const serviceUrl = "https://smba.trafficmanager.net/uk/";

const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
function empty(): Store {
  const store = openEmbedded(temporaryFolder());
  opened.push(store);
  return store;
}
const banksIn = (store: Store) =>
  new Banks(store, { get: async () => Promise.reject(new Error("not asked")) }, samples);

/** A body's own questions, brought into that store. */
async function broughtIn(store: Store): Promise<{ version: string; bank: ReturnType<typeof bankOf> }> {
  const own = [...bankOf(tquk).questions].map(
    ([m, all]) => [m, all.map((q) => ({ ...q, text: `${q.text} In our words.` }))] as const,
  );
  const { version } = await banksIn(store).keep(tquk, new Map(own), {}, "2026-01-05");
  return { version, bank: { version, questions: new Map(own) } };
}

/** A case with a chat, whose session was broken off after its questions were drawn, and is drawn for again. */
async function holding(): Promise<{ kept: Kept; version: string; j: Journey }> {
  const kept = new Kept(tquk, unique);
  opened.push(kept.store);
  const { version, bank } = await broughtIn(kept.store);
  const j = journey(tquk)
    .upTo("booked")
    .do("chat.bind", { conversation })
    .do("session.draw", { method }, { bank })
    .do("session.notHeld", { method, why: "technical", detail: "No line" })
    .booked()
    .do("session.draw", { method });
  await kept.put(j);
  await kept.name();
  await kept.store.putDoc(
    `chat:${conversation}`,
    "chat",
    { serviceUrl, conversationId: conversation, caseId: j.id },
    undefined,
  );
  for (const n of await kept.store.notices(casePk(j.id))) await kept.store.mark(n, { state: "sent", tries: 1 });
  return { kept, version, j };
}
async function out(store: Store, { case: { ref } }: Journey, purpose: "record" | "move" = "move"): Promise<Bundle> {
  const found = await gather(ref, { store, packs, samples, now: LATER, purpose });
  if (!found) throw new Error("No such case");
  return found.bundle;
}
const into = (store: Store, bundle: Bundle) => restore(bundle, { store, packs, samples, now: LATER });

describe("the questions", () => {
  it("given a session drew from a body's own bank, and another from the sample, then both travel whole, also of one broken off", async () => {
    const { kept, version, j } = await holding();
    const bundle = readBundle(writeBundle(await out(kept.store, j)));
    expect(bundle.head.banks).toEqual([version, "1"]);
    expect(bundle.banks.map((b) => b.version)).toEqual([version, "1"]);

    const store = empty();
    expect(await into(store, bundle)).toMatchObject({ kind: "restored" });
    expect(await banksIn(store).numbered(tquk, version)).toEqual(await banksIn(kept.store).numbered(tquk, version));
    // What comes with the pack is there already, and is not written a second time.
    expect(await store.doc(`bank:${tquk.id}`, "1")).toBeUndefined();
    const drawn = j.log.find((e) => e.type === "QuestionsDrawn")?.data as { ids: string[] };
    const [id = ""] = drawn.ids;
    const words = bundle.banks[0]?.questions.find((q) => q.id === id)?.text ?? "";
    expect(words).toContain("In our words");
    expect(readable(bundle, j.case, tquk)).toContain(words);
  });

  it("given the version stands there with the same questions, then it is kept; with others, then the case is refused and nothing is written", async () => {
    const { kept, version, j } = await holding();
    const bundle = await out(kept.store, j);
    const same = empty();
    await broughtIn(same);
    const before = await same.doc(`bank:${tquk.id}`, version);
    expect(await into(same, bundle)).toMatchObject({ kind: "restored" });
    expect(await same.doc(`bank:${tquk.id}`, version)).toEqual(before);

    const other = empty();
    const { kind: _line, digest: _of, ...body } = bundle.banks[0] as Bundle["banks"][number];
    const differs = { ...body, questions: body.questions.slice(1) };
    await other.putDoc(`bank:${tquk.id}`, version, differs, undefined);
    expect(await into(other, bundle)).toEqual({ kind: "refused", refusal: { code: "bankDiffers", version } });
    expect(await other.events(casePk(j.id))).toEqual([]);
    expect(await other.doc(`bank:${tquk.id}`, version)).toMatchObject({ body: differs });
  });

  it("given the sample of that version is another here, then it is refused", async () => {
    const { kept, j } = await holding();
    const bundle = await out(kept.store, j);
    const [own, sample] = bundle.banks as [Bundle["banks"][number], Bundle["banks"][number]];
    const { kind: _line, digest: _of, ...body } = sample;
    const altered = bundledBank({ ...body, questions: body.questions.slice(1) });
    expect(await into(empty(), { ...bundle, banks: [own, altered] })).toEqual({
      kind: "refused",
      refusal: { code: "bankDiffers", version: "1" },
    });
  });

  it("given its words are altered in the file, even with a digest of their own, then the version is named", async () => {
    const { kept, version, j } = await holding();
    const bundle = await out(kept.store, j);
    const [own, sample] = bundle.banks as [Bundle["banks"][number], Bundle["banks"][number]];
    const [first, ...rest] = own.questions;
    const changed = { ...own, questions: [{ ...(first as NonNullable<typeof first>), text: "Easier" }, ...rest] };
    const { kind: _line, digest: _of, ...body } = changed;
    for (const bank of [changed, bundledBank(body)])
      expect(() => readBundle(writeBundle({ ...bundle, banks: [bank, sample] }))).toThrow(
        expect.objectContaining({ fault: { code: "bankAltered", version } }),
      );
    // One that no session went by has no place in it.
    const strange = { ...bundle, head: { ...bundle.head, banks: [version] } };
    expect(() => readBundle(writeBundle(strange))).toThrow(BrokenBundle);
  });
});

describe("the chat", () => {
  it("given the case is moved, then its chat finds it there; given it is only put on record, then the chat stays out", async () => {
    const { kept, j } = await holding();
    const store = empty();
    expect(await into(store, await out(kept.store, j))).toMatchObject({ kind: "restored" });
    expect(await caseIdOf(store, conversation)).toBe(j.id);
    expect((await store.doc(`chat:${conversation}`, "chat"))?.body).toMatchObject({ serviceUrl });

    const record = await out(kept.store, j, "record");
    expect(record.chats).toEqual([]);
    expect(writeBundle(record)).not.toContain(serviceUrl);
    const copy = empty();
    expect(await into(copy, record)).toMatchObject({ kind: "restored" });
    expect(await caseIdOf(copy, conversation)).toBeUndefined();
  });

  it("given the chat is another case's there, then it is refused and nothing is written", async () => {
    const { kept, j } = await holding();
    const store = empty();
    const rival = new Kept(tquk, unique);
    opened.push(rival.store);
    const other = journey(tquk).upTo("staffed").do("chat.bind", { conversation });
    await rival.put(other);
    const theirs = await out(rival.store, other);
    // The same people's other case: under its own name and reference.
    const events = rechained(theirs.events, "case:other", (e) =>
      e.type === "CaseRegistered" ? { ...e, data: { ...(e.data as object), ref: "EX-2026-9999" } } : e,
    );
    await store.append({
      pk: "case:other",
      expected: 0,
      command: { id: "c", digest: "d" },
      events,
      head: {
        pk: "case:other",
        revision: events.length,
        hash: events.at(-1)?.hash ?? "",
        state: { ...other.case, id: "other", ref: "EX-2026-9999" },
        index: { kind: "case", bodyId: "b", ref: "EX-2026-9999", closed: false, people: [], row: null, due: [] },
      },
      notices: [],
    });
    await store.putDoc(
      `chat:${conversation}`,
      "chat",
      { serviceUrl, conversationId: conversation, caseId: "other" },
      undefined,
    );
    expect(await into(store, await out(kept.store, j))).toEqual({
      kind: "refused",
      refusal: { code: "chatTaken", ref: "EX-2026-9999" },
    });
    expect(await store.events(casePk(j.id))).toEqual([]);
  });
});

/** The same events chained anew from another start, or with one of them changed: a forger who has all the program has. */
function rechained(events: readonly Recorded[], pk: string, change: (e: Recorded) => Recorded): Recorded[] {
  let prev = digest(JSON.stringify(["epilogue chain of", pk]));
  return events.map((e) => {
    const open = { ...change(e), prev };
    const event = { ...open, hash: hashOf(open, digest) };
    prev = event.hash;
    return event;
  });
}

describe("the whole of it", () => {
  it("given it goes from the embedded store to Cosmos DB and back, then the file is the same, letter by letter", async () => {
    const account = await accountDouble({ ranges: 4 });
    try {
      const { kept, j } = await holding();
      const first = writeBundle(await out(kept.store, j));
      const cosmos = await account.open();
      expect(await into(cosmos, readBundle(first))).toMatchObject({ kind: "restored" });
      const second = writeBundle(await out(cosmos, j));
      expect(digest(second)).toBe(digest(first));
      const back = empty();
      expect(await into(back, readBundle(second))).toMatchObject({ kind: "restored" });
      expect(digest(writeBundle(await out(back, j)))).toBe(digest(first));
      for (const store of [cosmos, back]) expect(await into(store, readBundle(first))).toMatchObject({ kind: "there" });
    } finally {
      await account.end();
    }
  });

  it("given the store lost only what goes beside the record, then a second import finishes it", async () => {
    const { kept, version, j } = await holding();
    const bundle = await out(kept.store, j);
    const store = empty();
    await into(store, bundle);
    await store.removeDoc(`bank:${tquk.id}`, version);
    await store.removeDoc(`chat:${conversation}`, "chat");
    expect(await into(store, bundle)).toMatchObject({ kind: "finished" });
    expect(await caseIdOf(store, conversation)).toBe(j.id);
    expect(await into(store, bundle)).toMatchObject({ kind: "there" });
  });

  it.each([2, 9, 20])(
    "given record %i was changed and all after it chained anew, then that record is named",
    async (n) => {
      const { kept, j } = await holding();
      const bundle = await out(kept.store, j);
      const pk = casePk(j.id);
      const events = rechained(bundle.events, pk, (e) => (e.seq === n ? { ...e, commandId: `c-${randomUUID()}` } : e));
      const forged = { ...bundle, head: { ...bundle.head, anchor: events.at(-1)?.hash ?? "" }, events };
      const read = readBundle(writeBundle(forged));
      expect(await into(kept.store, read)).toEqual({ kind: "refused", refusal: { code: "recordDiffers", record: n } });
    },
  );

  it("given files are written beside it, then their digests are in it, and another file of that name is named", async () => {
    const { kept, j } = await holding();
    const page = { "record.html": "<p>The record</p>" };
    const bundle = readBundle(writeBundle(withFiles(await out(kept.store, j), page)));
    expect(bundle.files).toEqual([{ kind: "file", name: "record.html", digest: digest(page["record.html"]) }]);
    expect(bundle.head.counts.files).toBe(1);
    checkFiles(bundle, (name) => (page as Record<string, string>)[name]);
    checkFiles(bundle, () => undefined);
    expect(() => checkFiles(bundle, () => "<p>Another</p>")).toThrow(
      expect.objectContaining({ fault: { code: "fileAltered", name: "record.html" } }),
    );
    // Its names are of the same folder, whoever wrote it.
    const out2 = { ...bundle, files: [{ ...(bundle.files[0] as Bundle["files"][number]), name: "../record.html" }] };
    expect(() => readBundle(writeBundle(out2))).toThrow(BrokenBundle);
  });
});
