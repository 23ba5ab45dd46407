import fc from "fast-check";
import { markKeys } from "../../src/rules/grade";
import type { Method, Pack } from "../../src/rules/pack";
import { temporaryFolder } from "../store/folder";
import { bankOf, gq, type Journey, journey, people, tquk } from "../support/case";
import { Office } from "./office";

/**
 * Two sessions that differ in nothing but what is secret, at the same instants: whatever people outside can ask the service is
 * answered with the same bytes, headers (ETag, lengths, packed or not) and refusals included, from before the start until
 * the grade is confirmed and looked through. What they have must also still be what they have: no ETag moves.
 */

interface Secrets {
  drawn: boolean;
  asked: number;
  followUps: readonly string[];
  unasked: boolean;
  notes: readonly string[];
  corrected: boolean;
  marks: Readonly<Record<string, "met" | "notMet">>;
  part: boolean;
  ticked: boolean;
  after: "marking" | "confirmed" | "sampled" | "upheld" | "sentBack";
}

const words = fc.stringMatching(/^[A-Za-z][ -~]{0,60}$/);
const secretsOf = (method: Method): fc.Arbitrary<Secrets> =>
  fc.record({
    drawn: fc.boolean(),
    asked: fc.integer({ min: 1, max: 6 }),
    followUps: fc.array(words, { maxLength: 3 }),
    unasked: fc.boolean(),
    notes: fc.array(words, { maxLength: 5 }),
    corrected: fc.boolean(),
    marks: fc.record(
      Object.fromEntries(markKeys(method).map(({ key }) => [key, fc.constantFrom("met" as const, "notMet" as const)])),
    ) as fc.Arbitrary<Secrets["marks"]>,
    part: fc.boolean(),
    ticked: fc.boolean(),
    after: fc.constantFrom("marking", "confirmed", "sampled", "upheld", "sentBack"),
  });

/** The session as it stands after each public step, with everything secret done between them. */
function* standing(pack: Pack, method: Method, s: Secrets): Generator<Journey> {
  const m = { method: method.id };
  const sampled = s.after === "marking" || s.after === "confirmed" ? 0 : 1;
  let j = journey(pack, "leak").registered({ ref: "EX-2026-0801" }).upTo("booked").sampling(sampled);
  const { at } = j.attempt(method.id).session.booking ?? { at: j.now };
  j = j.at(at).inSeconds(-600);
  if (s.drawn) j = j.do("session.draw", m);
  yield j;
  j = j.started(method.id);
  yield j.inSeconds(60);
  const bank = bankOf(pack).questions.get(method.id) ?? [];
  j = j.inSeconds(300);
  for (const q of bank.slice(0, s.asked))
    j = j.do("session.ask", { ...m, questionId: q.id, kind: "main", criteria: [...q.criteria] }, { command: q.id });
  if (s.unasked && s.asked > 1)
    j = j.do("session.unask", { ...m, question: bank[0]?.id ?? "", reason: "Ticked by mistake" });
  for (const text of s.followUps) j = j.do("session.ask", { ...m, text, kind: "followUp", criteria: [] });
  for (const [n, text] of s.notes.entries())
    j = j.do("session.note", { ...m, text, criteria: [] }, { command: `note-${n}` });
  if (s.corrected && s.notes.length > 0)
    j = j.do("session.correctNote", { ...m, note: "note-0", text: "Otherwise", criteria: [] });
  j = j.do("session.mark", { ...m, marks: { ...s.marks } });
  if (s.part && method.session.questionsPart) j = j.do("session.questions", { ...m, part: "open" });
  yield j.inSeconds(900);
  if (s.part && method.session.questionsPart)
    j = j
      .inSeconds(120)
      .do("session.questions", { ...m, part: "close" })
      .inSeconds(-120);
  const fails = method.criteria.fail.slice(0, 1).map((f) => f.id);
  if (s.ticked && fails.length > 0) j = j.do("session.descriptors", { ...m, ticked: fails });
  j = j.inSeconds(1200).do("session.pause", { ...m, reason: s.notes[0] ?? "The door" });
  yield j.inSeconds(30);
  j = j.inSeconds(60).do("session.resume", m);
  j = j.inSeconds(2000).do("session.end", { ...m, discretion: true, reason: s.notes[0] ?? "As agreed" });
  yield j.inSeconds(30);
  j = j.inSeconds(600);
  const grade = () => j.attempt(method.id).confirmed === undefined;
  if (s.after !== "marking" && grade()) j = j.confirmedGrade(method.id, { draw: 0 });
  if (s.after === "upheld") j = j.do("moderation.uphold", { ...m, note: "Agreed" });
  if (s.after === "sentBack") j = j.do("moderation.sendBack", { ...m, reason: "Look again" });
  yield j;
}

const outsiders = ["apprentice", "employer", "provider"] as const;
/** What differs between any two answers: made at random for the log, or the computer's own time. */
const ofTheCall = new Set(["date", "x-correlation-id", "x-request-id", "request-id"]);

/** Everything that people outside can ask of the session, and what exactly they are answered. */
async function answered(office: Office, method: string): Promise<string[]> {
  const here = `?case=leak&method=${method}`;
  const all: string[] = [];
  const keep = async (what: string, response: Response) => {
    const headers = [...response.headers].filter(([name]) => !ofTheCall.has(name));
    const body = (await response.text()).replaceAll(/"correlationId":"[^"]*"/g, '"correlationId":""');
    all.push(JSON.stringify([what, response.status, headers, body]));
    return response.headers.get("etag") ?? "";
  };
  const occurred = { device: office.now, monotonic: 1e6, origin: "page", serverOffset: 0 };
  for (const role of outsiders) {
    const as = { person: people[role] };
    for (const query of ["", here, "?chat=19:meeting_x@thread.v2"]) {
      const etag = await keep(
        `${role} panel ${query}`,
        await office.panel(as, query, { "accept-encoding": "identity" }),
      );
      await keep(`${role} packed ${query}`, await office.panel(as, query, { "accept-encoding": "gzip" }));
      await keep(`${role} again ${query}`, await office.panel(as, query, { "if-none-match": etag }));
    }
    for (const [type, data] of [
      ["session.note", { method, text: "Mine", criteria: [] }],
      ["session.mark", { method, marks: { [`${method}-P1`]: "met" }, after: { [`${method}-P1`]: null } }],
      ["session.questions", { method, part: "open" }],
      ["session.unask", { method, question: "discussion-Q1", reason: "Why not" }],
      ["grade.confirm", { method, grade: "pass", declared: true }],
    ] as const) {
      const command = { id: "00000000-0000-4000-8000-000000000001", caseId: "leak", command: { type, data }, occurred };
      const body = { sent: occurred, commands: [{ ...command, device: "computer" }] };
      const { serverOffset: _none, ...sent } = occurred;
      await keep(`${role} ${type}`, await office.commands(as, { ...body, sent }));
    }
    for (const list of ["cases", "due"]) await keep(`${role} ${list}`, await office.ask(as, `?list=${list}`));
    await keep(`${role} queue`, await office.work(as, "queue"));
  }
  return all;
}

async function told(pack: Pack, method: Method, s: Secrets): Promise<string[][]> {
  const office = await new Office(temporaryFolder()).start();
  try {
    for (const role of ["assessor", "iqa", "coordinator"] as const)
      await office.staff(pack.body.id, people[role], [role]);
    const all: string[][] = [];
    for (const j of standing(pack, method, s)) {
      await office.put(j);
      office.now = j.now;
      all.push(await answered(office, method.id));
    }
    return all;
  } finally {
    await office.stop();
  }
}

const plain = (method: Method): Secrets => ({
  drawn: false,
  asked: 1,
  followUps: [],
  unasked: false,
  notes: [],
  corrected: false,
  marks: Object.fromEntries(markKeys(method).map(({ key }) => [key, "met"])),
  part: false,
  ticked: false,
  after: "confirmed",
});

const rows = [gq, tquk].flatMap((pack) =>
  pack.methods.map((method) => ({ pack, method, name: `${pack.id}: ${method.id}` })),
);

test.each(rows)(
  "under $name whatever is secret, people outside are answered the same bytes",
  async ({ pack, method }) => {
    const usual = await told(pack, method, plain(method));
    const runs = fc.asyncProperty(secretsOf(method), async (s) => {
      const other = await told(pack, method, s);
      for (const [n, answers] of other.entries()) expect(answers).toEqual(usual[n]);
    });
    await fc.assert(runs, { numRuns: 2, endOnFailure: true });
  },
);
