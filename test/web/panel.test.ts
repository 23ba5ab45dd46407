import { randomUUID } from "node:crypto";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import {
  BatchAnswer,
  type CommandAnswer,
  Failure,
  type GradingPanel,
  PanelAnswer,
  type PanelRequest,
} from "../../src/panel/shape";
import { addSeconds, londonDate, startOfDay } from "../../src/rules/calendar";
import { temporaryFolder } from "../store/folder";
import { type Journey, journey, people, spare, tquk } from "../support/case";
import { type As, Office } from "./office";

const method = "discussion";
const chat = "19:meeting_ZXhhbXBsZQ@thread.v2";
const link = `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(chat)}/0?context=%7b%7d`;
const running = journey(tquk).upTo("booked").started(method);
const assessor = { person: people.assessor };
const here = `?case=${running.id}&method=${method}`;

let office: Office;
beforeEach(async () => {
  office = await new Office(temporaryFolder()).start();
  for (const role of ["assessor", "iqa", "coordinator", "auditor"] as const)
    await office.staff(tquk.body.id, people[role], [role]);
  await office.bind(spare.assessor, "Una Untrue");
  await office.staff(tquk.body.id, spare.assessor, ["assessor"]);
  await stands(running);
});
afterEach(() => office.stop());

async function stands(at: Journey): Promise<void> {
  await office.put(at);
  office.now = at.now;
}

async function read(as: As, query = here): Promise<PanelAnswer> {
  const response = await office.panel(as, query);
  expect(response.status).toBe(200);
  return PanelAnswer.parse(await response.json());
}
async function sheet(as: As = assessor): Promise<GradingPanel> {
  const told = await read(as);
  if (told.kind !== "session" || told.panel.kind !== "grading") throw new Error(told.kind);
  return told.panel;
}

interface Press {
  id?: string;
  caseId?: string;
  /** Seconds that it waited to be sent. */
  waited?: number;
  device?: "computer" | "phone";
}
/** A command as a panel makes it, on a device whose clock is right. */
function press(
  type: string,
  data: object,
  { id = randomUUID(), caseId = running.id, waited = 0, device = "computer" }: Press = {},
) {
  const at = new Date(Date.parse(office.now) - waited * 1000).toISOString();
  const occurred = { device: at, monotonic: 1e8 - waited * 1000, origin: "page", serverOffset: 0 };
  return { id, caseId, command: { type, data: { method, ...data } }, occurred, device };
}
const batch = (...commands: object[]) => ({
  sent: { device: new Date(office.now).toISOString(), monotonic: 1e8, origin: "page" },
  commands,
});
async function done(as: As, ...commands: object[]): Promise<BatchAnswer> {
  const response = await office.commands(as, batch(...commands));
  expect(response.status).toBe(200);
  return BatchAnswer.parse(await response.json());
}
const codesOf = (answer: CommandAnswer | undefined) =>
  answer?.kind === "refused" ? answer.problems.map((p) => p.code) : answer?.kind;
const note = (text: string, how?: Press) => press("session.note", { text, criteria: [] }, how);
const mark = (key: string, m: string, after: string | null, how?: Press) =>
  press("session.mark", { marks: { [key]: m }, after: { [key]: after } }, how);

/** Everything there is of the case. */
const record = async () =>
  JSON.stringify([await office.store.head(casePk(running.id)), await office.store.events(casePk(running.id))]);
const caseNow = async () => (await office.store.head<Case>(casePk(running.id)))?.state as Case;
async function nothingWritten(doing: () => Promise<unknown>): Promise<void> {
  const before = await record();
  await doing();
  expect(await record()).toBe(before);
}

describe("reading", () => {
  test("the assessor has the sheet, the apprentice time and practical information, and nothing the other's", async () => {
    expect(await sheet()).toMatchObject({ role: "assessor", session: { apprentice: "Ada Example" } });
    const told = await read({ person: people.apprentice });
    expect(told).toMatchObject({ kind: "session", panel: { kind: "outside", role: "apprentice" } });
    expect(JSON.stringify(told)).not.toContain("criteria");
  });

  test.each(["iqa", "coordinator", "auditor"] as const)("%s watches, and may do nothing", async (role) => {
    expect(await sheet({ person: people[role] })).toMatchObject({ role, may: [] });
  });

  test("nobody else learns that there is a session", async () => {
    for (const person of [spare.assessor, people.provider]) {
      const response = await office.panel({ person }, here);
      expect([response.status, (await response.json()).error.code]).toEqual([404, "NoSession"]);
    }
    for (const query of ["?case=case-9&method=discussion", "?case=case-1&method=essay"])
      expect((await office.panel(assessor, query)).status).toBe(404);
  });

  test("a second time costs nothing: 304, with the service's clock, until something changes", async () => {
    const first = await office.panel(assessor, here);
    const etag = first.headers.get("etag") ?? "";
    office.now = addSeconds(office.now, 30);
    const again = await office.panel(assessor, here, { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(Date.parse(again.headers.get("epilogue-time") ?? "")).toBe(Date.parse(office.now));
    const answer = await done(assessor, note("Calm"));
    const changed = await office.panel(assessor, here, { "if-none-match": etag });
    expect([changed.status, changed.headers.get("etag")]).toEqual([200, answer.etag]);
  });

  test("what was drawn before midnight does not say of the day after that it is not today", async () => {
    const booked = journey(tquk, "case-7").registered({ ref: "EX-2026-0167" }).upTo("booked");
    await office.put(booked);
    const midnight = startOfDay(londonDate(booked.attempt(method).session.booking?.at ?? ""));
    const today = async () => {
      const told = await read(assessor, `?case=case-7&method=${method}`);
      return told.kind === "session" && told.panel.kind === "grading" && told.panel.checklist?.today;
    };
    office.now = addSeconds(midnight, -2);
    expect(await today()).toBe(false);
    office.now = addSeconds(midnight, 2);
    expect(await today()).toBe(true);
  });

  test("it comes packed to whoever takes that, and plain to others", async () => {
    const packed = await office.panel(assessor, here, { "accept-encoding": "gzip" });
    const plain = await office.panel(assessor, here, { "accept-encoding": "identity" });
    expect([packed.headers.get("content-encoding"), plain.headers.get("content-encoding")]).toEqual(["gzip", null]);
    expect(Number(packed.headers.get("content-length"))).toBeLessThan(8_000);
    expect(await packed.text()).toBe(await plain.text());
  });

  test("an apprentice's and an employer's answer stays the same, byte and tag, while the assessor works", async () => {
    const outside = [people.apprentice, people.employer];
    const told = () =>
      Promise.all(
        outside.map(async (person) => {
          const response = await office.panel({ person }, here);
          return [response.headers.get("etag"), await response.text()];
        }),
      );
    const before = await told();
    await done(assessor, press("session.draw", {}), note("Calm"), mark("discussion-P1", "met", null));
    await done(assessor, press("session.ask", { text: "Why?", kind: "followUp", criteria: [] }));
    expect(await told()).toEqual(before);
  });

  test("without a session it says which come next", async () => {
    const told = await read({ person: people.apprentice }, "");
    expect(told).toMatchObject({ kind: "noSession", sessions: [{ caseId: running.id, method }, {}, {}] });
    expect(await read(assessor, "?chat=19:nothing@thread.v2")).toMatchObject({ kind: "noSession" });
    expect(await read({ person: spare.assessor }, "")).toMatchObject({ kind: "noSession", sessions: [] });
  });

  test("a provider has no part in a session: none comes next for them, though the case is theirs", async () => {
    const provider = await office.known(people.provider);
    expect((await office.desk.see(provider, running.id))?.view.role).toBe("provider");
    expect(await read({ person: people.provider }, "")).toMatchObject({ kind: "noSession", sessions: [] });
  });

  test("a meeting's chat is enough: the link says which session it is, and a moved one leads there no more", async () => {
    const known = await office.known(people.coordinator);
    const other = journey(tquk, "case-3").registered({ ref: "EX-2026-0163" }).upTo("handedIn");
    await office.put(other);
    office.now = other.now;
    const { at } = other.attempt("project").session.booking ?? { at: "" };
    const move = { method: "project", at, setting: "teams", where: "Online", reason: "Snow" };
    await office.desk.run(known, "case-3", "session.move", { ...move, link }, { id: "move" });
    const query = `?chat=${encodeURIComponent(chat)}`;
    expect(await read(assessor, query)).toMatchObject({ panel: { session: { caseId: "case-3", method: "project" } } });
    expect(await read({ person: spare.assessor }, query)).toMatchObject({ kind: "noSession" });
    await office.desk.run(
      known,
      "case-3",
      "session.move",
      { ...move, where: "Room 4", link: "https://example.org/x" },
      { id: "again" },
    );
    expect(await read(assessor, query)).toMatchObject({ kind: "noSession" });
  });
});

describe("writing", () => {
  test("a queue is done in its order, and the panel comes with it", async () => {
    const ask = press("session.ask", { questionId: "discussion-Q3", kind: "main", criteria: ["discussion-P2"] });
    const noted = press("session.note", { text: "One style", criteria: ["discussion-P2"], question: ask.id });
    const { answers, panel } = await done(
      assessor,
      press("session.draw", {}),
      ask,
      noted,
      mark("discussion-P2", "notMet", null),
    );
    expect(answers.map((a) => a.kind)).toEqual(["done", "done", "done", "done"]);
    expect(panel).toMatchObject({
      questions: { asked: [{ id: ask.id }], draw: { bank: "1" } },
      notes: [{ id: noted.id, question: ask.id, text: "One style" }],
      provisional: {
        missingForPass: expect.arrayContaining([expect.objectContaining({ label: "P2", mark: "notMet" })]),
      },
    });
  });

  test("the panel stays away where more is to follow", async () => {
    const response = await office.commands(assessor, { ...batch(note("Calm")), panel: false });
    expect(await response.json()).toMatchObject({ answers: [{ kind: "done" }], panel: null, etag: null });
  });

  test("sent again it is there once", async () => {
    const sixty = Array.from({ length: 30 }, (_, n) => [
      note(`Note ${n}`),
      mark("discussion-P1", n % 2 ? "met" : "notMet", null),
    ]).flat();
    const [one, two] = [sixty.slice(0, 50), sixty.slice(50)];
    await done(assessor, ...one);
    const again = await done(assessor, ...one);
    expect(again.answers.filter((a) => a.kind === "done" && !a.repeat)).toEqual([]);
    await done(assessor, ...two);
    await done(assessor, ...two);
    expect((await sheet()).notes.map((n) => n.text)).toEqual(Array.from({ length: 30 }, (_, n) => `Note ${n}`));
  });

  test("what was pressed offline counts when it was pressed; both times are on record", async () => {
    office.now = addSeconds(running.now, 95 * 60);
    const waited = 35 * 60;
    const ask = (n: number) =>
      press("session.ask", { questionId: `discussion-Q${n}`, kind: "main", criteria: [] }, { waited: waited + 60 });
    const end = press("session.end", { discretion: false }, { waited });
    const { answers, panel } = await done(assessor, ask(1), ask(2), end);
    expect(answers.map((a) => a.kind)).toEqual(["done", "done", "done"]);
    expect(panel).toMatchObject({ timer: { ended: { seconds: 3600 } } });
    const last = (await office.store.events(casePk(running.id))).at(-1);
    expect(last).toMatchObject({
      type: "SessionEnded",
      at: office.now,
      occurred: { at: addSeconds(running.now, 3600), device: "computer", flags: [] },
    });
  });

  test("what cannot have been is kept and flagged", async () => {
    const ahead = note("From the future");
    ahead.occurred = { device: "2031-01-01T00:00:00Z", monotonic: 1e6, origin: "other", serverOffset: 0 };
    await done(assessor, ahead);
    const last = (await office.store.events(casePk(running.id))).at(-1);
    expect(last?.occurred).toMatchObject({ at: expect.stringContaining(running.now.slice(0, 16)) });
    expect(last?.occurred?.flags).toEqual(["future"]);
  });

  test("two panels that disagree: the second is shown what stands, and may insist", async () => {
    const phone = mark("discussion-P2", "met", null, { device: "phone" });
    const laptop = mark("discussion-P2", "notMet", null);
    await done(assessor, phone);
    const { answers } = await done(assessor, laptop);
    expect(answers[0]).toMatchObject({
      kind: "conflict",
      conflict: {
        marks: [{ label: "P2", stands: "met", asked: "notMet", last: { command: phone.id, device: "phone" } }],
      },
    });
    expect((await caseNow()).attempts[method]?.at(-1)?.marks["discussion-P2"]).toBe("met");
    const kept = await done(assessor, mark("discussion-P2", "notMet", phone.id));
    expect(kept.answers[0]?.kind).toBe("done");
  });

  test("a note that two panels corrected: the words that stand are shown", async () => {
    const first = note("One");
    await done(assessor, first);
    const correct = (words: string, after: string) =>
      press("session.correctNote", { note: first.id, text: words, criteria: [], after });
    const one = correct("Two", first.id);
    const { answers } = await done(assessor, one, correct("Three", first.id));
    expect(answers[1]).toMatchObject({ kind: "conflict", conflict: { note: { text: "Two", version: one.id } } });
  });

  test("a refusal says what is wrong, what would be lawful, and where it stands", async () => {
    const { answers } = await done(assessor, press("session.end", { discretion: false }));
    expect(codesOf(answers[0])).toContain("LENGTH_OUTSIDE");
    const [problem] = answers[0]?.kind === "refused" ? answers[0].problems : [];
    expect(problem).toMatchObject({ needsReason: true, input: "reason", clause: expect.stringContaining("TQUK") });
    const excused = await done(assessor, press("session.end", { discretion: false, reason: "Fire alarm" }));
    expect(excused.answers[0]?.kind).toBe("done");
  });

  test("one bad command does not lose its neighbours", async () => {
    const { answers } = await done(
      assessor,
      note("Before"),
      press("session.note", { text: 7, criteria: [] }),
      press("results.release", {}),
      note("x".repeat(9_000)),
      mark("essay-P1", "met", null),
      note("After"),
    );
    expect(answers.map(codesOf)).toEqual([
      "done",
      ["INPUT_UNREADABLE"],
      ["INPUT_UNREADABLE"],
      ["INPUT_UNREADABLE"],
      ["NO_SUCH_CRITERION"],
      "done",
    ]);
    expect((await sheet()).notes.map((n) => n.text)).toEqual(["Before", "After"]);
  });

  test("a whole session: start, pause, resume, end, marks, declaration; afterwards it is read-only", async () => {
    const booked = journey(tquk, "case-4").registered({ ref: "EX-2026-0164" }).upTo("booked");
    const at = booked.attempt(method).session.booking?.at ?? "";
    await office.put(booked);
    office.now = at;
    const how = (): Press => ({ caseId: "case-4" });
    const start = {
      identityChecked: true,
      conditions: ["controlled"],
      recording: false,
      consent: false,
      storage: true,
    };
    await done(assessor, press("session.draw", {}, how()), press("session.start", start, how()));
    office.now = addSeconds(at, 600);
    await done(assessor, press("session.pause", { reason: "Sound lost" }, how()));
    office.now = addSeconds(at, 660);
    const resumed = await done(assessor, press("session.resume", {}, how()));
    expect(resumed.panel).toMatchObject({ timer: { phase: "running", pauses: [{ reason: "Sound lost" }] } });
    office.now = addSeconds(at, 3660);
    const keys = (resumed.panel as GradingPanel).groups.flatMap((g) =>
      g.criteria.flatMap((c) => c.keys.map((k) => k.key)),
    );
    const ended = await done(
      assessor,
      ...keys.map((key) => mark(key, "met", null, how())),
      press("session.end", { discretion: false }, how()),
    );
    expect(ended.panel).toMatchObject({
      timer: { phase: "marking", ended: { seconds: 3600 } },
      finish: { grade: "distinction" },
    });
    const undeclared = await done(assessor, press("grade.confirm", { grade: "distinction", declared: false }, how()));
    expect(codesOf(undeclared.answers[0])).toEqual(["DECLARATION_NEEDED"]);
    const confirmed = await done(assessor, press("grade.confirm", { grade: "distinction", declared: true }, how()));
    expect(confirmed.panel).toMatchObject({ timer: { phase: "confirmed" }, may: [] });
    const late = await done(assessor, mark("discussion-P1", "notMet", null, how()), note("Late", how()));
    expect(late.answers.map(codesOf)).toEqual([["MARKS_CLOSED"], ["MARKS_CLOSED"]]);
  });
});

describe("hostile", () => {
  const roles = ["apprentice", "employer", "provider", "iqa", "coordinator", "auditor"] as const;
  test.each(roles)("%s writes nothing, whatever role is claimed", async (role) => {
    await nothingWritten(async () => {
      const claimed = { ...press("session.mark", { marks: { "discussion-P1": "met" } }), role: "assessor" };
      expect((await office.commands({ person: people[role] }, batch(claimed))).status).toBe(400);
      const { answers } = await done(
        { person: people[role] },
        note("Mine"),
        mark("discussion-P1", "met", null),
        press("session.end", { discretion: false, reason: "x" }),
        press("grade.confirm", { grade: "pass", declared: true }),
        press("session.draw", {}),
      );
      expect(answers.map(codesOf)).toEqual(Array(5).fill(["NOT_ALLOWED"]));
    });
  });

  test("an outsider's refusal tells no count that grows with the marks", async () => {
    const ask = async () =>
      await done({ person: people.apprentice }, note("Mine", { id: "11111111-1111-4111-8111-111111111111" }));
    const before = await ask();
    await done(assessor, note("Calm"), mark("discussion-P1", "met", null));
    expect(await ask()).toEqual(before);
  });

  test("somebody else's session is none: strangers and unknown cases get the same answer", async () => {
    await nothingWritten(async () => {
      const stranger = await done({ person: spare.assessor }, note("Mine"));
      const nowhere = await done({ person: spare.assessor }, note("Mine", { caseId: "case-9" }));
      const bare = ({ answers, ...rest }: BatchAnswer) => ({
        answers: answers.map((a) => ({ ...a, id: "" })),
        ...rest,
      });
      expect(codesOf(stranger.answers[0])).toEqual(["NO_SUCH_CASE"]);
      expect(bare(stranger)).toEqual(bare(nowhere));
    });
  });

  test("another's command sent again is the sender's own, and refused; its id with another content is refused", async () => {
    const first = note("Calm");
    await done(assessor, first);
    await nothingWritten(async () => {
      expect(codesOf((await done({ person: people.apprentice }, first)).answers[0])).toEqual(["NOT_ALLOWED"]);
      const changed = note("Not calm", { id: first.id });
      expect(codesOf((await done(assessor, changed)).answers[0])).toEqual(["COMMAND_ID_REUSED"]);
    });
  });

  test("tokens that do not count: nothing is read, nothing written", async () => {
    const { entra } = office;
    const { oidOf } = await import("./office");
    const oid = oidOf(people.assessor);
    const bad: Record<string, string | undefined> = {
      none: undefined,
      words: "Bearer words",
      expired: `Bearer ${entra.token({ oid }, { exp: 1 })}`,
      foreign: `Bearer ${entra.token({ oid, tid: "cccccccc-1111-4111-8111-111111111111" })}`,
      "for another app": `Bearer ${entra.token({ oid }, { aud: "22222222-1111-4111-8111-111111111111" })}`,
      unsigned: `Bearer ${entra.token({ oid }).replace(/\.[^.]*$/, ".AAAA")}`,
    };
    const reads = office.reads;
    await nothingWritten(async () => {
      for (const authorization of Object.values(bad)) {
        const as = authorization === undefined ? {} : { authorization };
        for (const response of [await office.panel(as, here), await office.commands(as, batch(note("x")))]) {
          expect(response.status).toBe(401);
          expect(Failure.parse(await response.json()).error.code).toBe("SignInNeeded");
        }
      }
    });
    expect(office.reads).toBe(reads);
    expect(office.lines.join("\n")).not.toContain("eyJ");
  });

  test("whoever is refused before their body was read keeps no connection; a reading does", async () => {
    const { entra } = office;
    const connection = ({ headers }: Response) => headers.get("connection");
    const nobody = `Bearer ${entra.token({ oid: "99999999-1111-4111-8111-111111111111" })}`;
    for (const as of [{}, { authorization: nobody }]) {
      expect(connection(await office.commands(as, batch(note("x"))))).toBe("close");
      expect(connection(await office.panel(as, here))).not.toBe("close");
    }
    expect(connection(await office.commands(assessor, batch(note("x"))))).not.toBe("close");
  });

  test("an account that nobody is bound to may do nothing", async () => {
    const authorization = `Bearer ${office.entra.token({ oid: "99999999-1111-4111-8111-111111111111" })}`;
    expect((await office.panel({ authorization }, here)).status).toBe(403);
    expect((await office.commands({ authorization }, batch(note("x")))).status).toBe(403);
  });

  test.each<[string, () => unknown, number]>([
    ["a note of 1 MB", () => batch(note("x".repeat(1_000_000))), 413],
    ["too many at once", () => batch(...Array.from({ length: 51 }, () => note("x"))), 400],
    ["none", () => batch(), 400],
    ["a list", () => [], 400],
    ["no JSON", () => "{", 400],
    ["no clock", () => ({ commands: [note("x")] }), 400],
    ["an id that is none", () => batch(note("x", { id: "1" })), 400],
    [
      "a clock beyond reason",
      () => batch({ ...note("x"), occurred: { device: "soon", monotonic: -1, origin: "", serverOffset: 0 } }),
      400,
    ],
    ["fields of its own", () => ({ ...batch(note("x")), person: people.assessor }), 400],
  ])("%s is refused whole", async (_, body, status) => {
    await nothingWritten(async () => {
      expect((await office.commands(assessor, body())).status).toBe(status);
    });
  });

  test("a body that is no JSON by its type, or is packed, is refused", async () => {
    await nothingWritten(async () => {
      expect((await office.commands(assessor, batch(note("x")), { "content-type": "text/plain" })).status).toBe(415);
      expect((await office.commands(assessor, batch(note("x")), { "content-encoding": "gzip" })).status).toBe(415);
    });
  });

  test("no other origin is let in, no page may hold an answer in a frame, nothing is cached for others", async () => {
    const response = await office.panel(assessor, here, { origin: "https://evil.example" });
    expect([...response.headers.keys()].filter((h) => h.startsWith("access-control"))).toEqual([]);
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const preflight = await fetch(`${office.url}/api/panel/commands`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBeGreaterThanOrEqual(400);
    expect([...preflight.headers.keys()].filter((h) => h.startsWith("access-control"))).toEqual([]);
  });

  test("a query of another shape is refused", async () => {
    for (const query of ["?case=case-1", "?chat=", "?chat=a&chat=b", `${here}&role=assessor`, "?case=a&method=../x"])
      expect((await office.panel(assessor, query)).status).toBe(400);
  });
});

test("whoever asks without end is asked to wait", async () => {
  const slow = await new Office(temporaryFolder()).start({ burst: 2 });
  try {
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await slow.panel(assessor, "")).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await slow.commands(assessor, batch(note("x")))).status).toBe(200);
  } finally {
    await slow.stop();
  }
});

type Requests = PanelRequest["type"];
test("every command of the contract is one of the case's", async () => {
  const { payloads } = await import("../../src/case/decider");
  const { commandData, panelCommands } = await import("../../src/panel/shape");
  const sample: Record<Requests, object> = {
    "session.draw": {},
    "session.start": {
      identityChecked: true,
      conditions: ["controlled"],
      recording: true,
      consent: true,
      storage: true,
    },
    "session.pause": { reason: "x" },
    "session.resume": {},
    "session.questions": { part: "open" },
    "session.ask": { text: "Why?", kind: "followUp", follows: "one", criteria: ["discussion-P1"] },
    "session.unask": { question: "one", reason: "x" },
    "session.note": { text: "x", criteria: ["discussion-P1"], question: "one" },
    "session.correctNote": { note: "one", text: "x", criteria: [], question: "one", after: "one" },
    "session.mark": { marks: { "discussion-P1": "met" }, after: { "discussion-P1": null } },
    "session.present": { who: ["apprentice", "assessor"], others: "An interpreter" },
    "session.descriptors": { ticked: ["discussion-F1"] },
    "session.end": { reason: "x", discretion: true },
    "grade.confirm": { grade: "pass", declared: true },
  };
  for (const type of panelCommands) {
    const data = { method, ...sample[type] };
    expect(commandData[type].parse(data)).toEqual(data);
    expect(payloads[type].parse(data)).toEqual(data);
  }
});
