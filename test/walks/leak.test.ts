import fc from "fast-check";
import { type Marks, markKeys } from "../../src/rules/grade";
import { tquk } from "../support/case";
import { type Product, product } from "../support/service";
import { Course, usualDays } from "./course";
import { Watch } from "./watch";

/**
 * Two runs of one case that differ in nothing but what is secret: marks, notes, questions, corrections, moderation, sampling,
 * withholding. What people outside get until release is the same in both, byte for byte: chats with the cards in them, mails,
 * lists, the tab, the panel of each session, while it runs and afterwards. Only ids made at random are taken out first.
 */

interface Secrets {
  marks: Readonly<Record<string, Marks>>;
  notes: readonly string[];
  followUps: readonly string[];
  sampled: boolean;
  sentBack: boolean;
  upheld: boolean;
  withheld: "no" | "yes" | "resumed";
}

/** Far enough apart that grading and moderation come next before the last session. */
const days = {
  ...usualDays,
  sessions: { project: "2026-03-31", discussion: "2026-04-02", observation: "2026-04-20" },
};
const outside = ["ada", "dev", "priya"] as const;

/** What is made at random, or is an address of this very run. */
const atRandom = (json: string): string =>
  json
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/\b[0-9a-f]{20}\b/g, "<case>")
    .replaceAll(/meeting_[\w-]+(?=%40|@)/g, "meeting_<id>")
    .replaceAll(/\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b/g, "<code>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "<here>");

/** Everything that somebody has received, whole, as one text each. */
async function receivedBy(p: Product, who: string, panels: readonly { caseId?: string; method?: string }[]) {
  const { local } = p.teams;
  const player = p.teams.as(who);
  const person = local.people().find((one) => one.id === who);
  const all: unknown[] = [];
  if (person?.aadObjectId) {
    for (const words of ["cases", "due", "case"]) await player.say(words);
    const { token } = await p.teams.act({ do: "tab.token", as: who });
    for (const list of ["cases", "due"]) {
      const answer = await fetch(`${p.url}/api/tab/cases?list=${list}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      all.push({ tab: list, status: answer.status, body: await answer.json() });
    }
    for (const { caseId, method } of panels) {
      const query = caseId === undefined ? "" : `?case=${caseId}&method=${method}`;
      const answer = await fetch(`${p.url}/api/panel${query}`, { headers: { Authorization: `Bearer ${token}` } });
      all.push({ panel: method, status: answer.status, body: await answer.json() });
    }
  }
  for (const { id, title } of local.snapshot(who).chats) {
    await p.teams.act({ do: "chat.open", as: who, chatId: id });
    const { messages } = await local.perform({ do: "chat.open", as: who, chatId: id });
    for (const { id: _id, ...message } of messages)
      all.push({ title, ...message, cards: message.cards.map((one) => one.card) });
  }
  for (const { id: _id, ...mail } of await player.mails()) all.push(mail);
  return all.map((one) => atRandom(JSON.stringify(one)));
}

/** The case up to the eve of its release, with these secrets in it: what outsiders have after each session, and at last. */
async function run(secrets: Secrets): Promise<Record<string, string[]>> {
  const p = await product({ startAt: "2026-02-02T09:00:00Z" });
  try {
    const watch = new Watch(p);
    const received: Record<string, string[]> = { ada: [], dev: [], priya: [] };
    const look = async () => {
      const caseId = (await p.service.ports.store.byRef(c.ref))?.slice("case:".length) ?? "";
      const panels = [{}, ...tquk.methods.map((m) => ({ caseId, method: m.id }))];
      for (const who of outside) received[who]?.push(...(await receivedBy(p, who, panels)));
    };
    const c = await Course.begin(p, tquk);
    await c.sampling(secrets.sampled ? 100 : 0);
    const group = await p.teams.as("cora").starts("Ada Example, assessment", ["ada", "dev", "ben"]);
    await group.say(`@Epilogue case ${c.ref}`);
    await c.staffed();
    await c.handedInForGateway();
    await c.gatewayAccepted();
    await c.upToHandedIn(days);
    for (const [method, day] of Object.entries(days.sessions)) {
      await c.held(method, secrets.marks[method] ?? "pass", day, async () => {
        for (const text of secrets.followUps)
          await c.do("assessor", "session.ask", { text, kind: "followUp" }, { method });
        await look();
      });
      for (const text of secrets.notes) await c.do("assessor", "session.note", { text }, { method });
      await c.confirmed(method);
      if (secrets.sampled && secrets.sentBack) {
        await c.do("iqa", "moderation.sendBack", { reason: "Look again" }, { method });
        await c.confirmed(method);
      }
      await look();
      if (secrets.sampled && secrets.upheld) await c.upheld(method);
    }
    if (secrets.withheld !== "no") await c.do("coordinator", "results.withhold", { reason: "Looked into" });
    await c.on("2026-04-27");
    if (secrets.withheld === "resumed") await c.do("coordinator", "results.resume", { reason: "Nothing in it" });
    await c.on("2026-04-28");
    await look();
    expect(await watch.faults()).toEqual([]);
    return received;
  } finally {
    await p.stop();
  }
}

const words = fc.stringMatching(/^[A-Za-z][A-Za-z ]{2,30}[a-z]$/);
const secrets: fc.Arbitrary<Secrets> = fc.record({
  marks: fc.record(
    Object.fromEntries(
      tquk.methods.map((m) => [
        m.id,
        fc.record(Object.fromEntries(markKeys(m).map(({ key }) => [key, fc.constantFrom("met", "notMet")]))),
      ]),
    ),
  ) as fc.Arbitrary<Secrets["marks"]>,
  notes: fc.array(words, { maxLength: 3 }),
  followUps: fc.array(words, { maxLength: 2 }),
  sampled: fc.boolean(),
  sentBack: fc.boolean(),
  upheld: fc.boolean(),
  withheld: fc.constantFrom("no", "yes", "resumed"),
});

/** Nothing remarkable: what every other run is compared with. */
const plain: Secrets = {
  marks: Object.fromEntries(
    tquk.methods.map((m) => [m.id, Object.fromEntries(markKeys(m).map(({ key }) => [key, "met"]))]),
  ),
  notes: [],
  followUps: [],
  sampled: false,
  sentBack: false,
  upheld: true,
  withheld: "no",
};

test("what outsiders have received before release is the same, whatever is secret", async () => {
  const usual = await run(plain);
  for (const who of outside) expect(usual[who]?.length).toBeGreaterThan(1);
  const busy = {
    sampled: true,
    sentBack: true,
    withheld: "resumed" as const,
    notes: ["A word", "Another"],
    followUps: ["And then?"],
  };
  await fc.assert(
    fc.asyncProperty(secrets, async (one) => {
      const other = await run(one);
      for (const who of outside) expect(other[who]).toEqual(usual[who]);
    }),
    { numRuns: 2, examples: [[{ ...plain, ...busy }]], endOnFailure: true },
  );
}, 180_000);
