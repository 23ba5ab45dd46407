import { markKeys } from "../../src/rules/grade";
import type { Look, Opened, Stage } from "../panel/stage";
import { gq, type Journey, journey, people, spare, tquk } from "../support/case";
import { height, type State, telephone } from "./stages";

/** Every state of the panel, reached by the commands and presses that lead there in the product. */

const method = "discussion";
let cases = 0;
const booked = (pack = tquk): Journey => {
  cases += 1;
  return journey(pack, `look-${cases}`)
    .registered({ ref: `EX-2026-${String(1000 + cases)}` })
    .upTo("booked");
};
const startOf = (j: Journey, m = method) => j.attempt(m).session.booking?.at ?? "";
const onTeams = (j: Journey) =>
  j.do(
    "session.move",
    {
      method,
      at: startOf(j),
      setting: "teams",
      link: "https://teams.example.com/l/meetup-join/1",
      where: "Teams",
      reason: "Snow",
    },
    { by: "coordinator" },
  );
const drawn = (j: Journey) => j.do("session.draw", { method });
const ask = (j: Journey, questionId: string, criteria: string[]) =>
  j.do("session.ask", { method, questionId, kind: "main", criteria });
const note = (j: Journey, text: string, criteria: string[]) =>
  j.do("session.note", { method, text, criteria: criteria.map((c) => `${method}-${c}`) });
/** Some five minutes in: a question asked, marks and notes made. */
const begun = (j: Journey) => {
  const asked = ask(j.inSeconds(250), "discussion-Q1", ["discussion-P1"]).do("session.mark", {
    method,
    marks: { "discussion-P1": "met", "discussion-P2": "notMet", "discussion-P8": "met" },
  });
  const noted = note(asked, "Late hand-overs from the shop hold up the warehouse.", ["P1"]).inSeconds(325);
  return note(noted, "One style, no example. Ask again.", ["P2"]);
};
const working = () => begun(drawn(onTeams(booked())).started(method));
const takenBack = (j: Journey) =>
  j.do("session.unask", {
    method,
    question: j.attempt(method).session.asked.at(-1)?.id ?? "",
    reason: "Pressed by mistake",
  });
const observed = () =>
  booked()
    .started("observation")
    .inSeconds(492)
    .do("session.mark", { method: "observation", marks: { "observation-P1": "met", "observation-P2": "met" } })
    .do("session.note", {
      method: "observation",
      text: "Opened the order history before answering.",
      criteria: ["observation-P1"],
    });

type Step = (opened: Opened, stage: Stage, j: Journey) => Promise<unknown>;
interface Row {
  name: string;
  case: () => Journey;
  /** `in`: of which session; `later`: so many seconds after what is recorded. */
  look?: Look & { in?: string; later?: number };
  /** What is done there. */
  press?: Step;
  /** Words that are there in the end. */
  shows: string | RegExp;
  wide?: true;
  phone?: true;
}
const button =
  (name: string | RegExp): Step =>
  ({ panel }) =>
    panel
      .getByRole("button", { name, exact: typeof name === "string" })
      .first()
      .click();
const tab =
  (name: string): Step =>
  ({ panel }) =>
    panel.getByRole("tab", { name }).click();
const steps =
  (...all: Step[]): Step =>
  async (opened, stage, j) => {
    for (const step of all) await step(opened, stage, j);
  };
const mark =
  (label: string, as: string): Step =>
  ({ panel }) =>
    panel
      .getByRole("group", { name: new RegExp(`^${label} `) })
      .getByRole("radio", { name: as, exact: true })
      .click();
const add =
  (text: string): Step =>
  async ({ panel }) => {
    await panel.getByRole("textbox", { name: "What you heard or saw" }).fill(text);
    await panel.getByRole("button", { name: "Add", exact: true }).click();
  };
const save =
  (says: string): Step =>
  ({ panel }) =>
    panel.getByTestId("save").filter({ hasText: says }).waitFor();
const cut: Step = async (_, { line }) => line.cut();
/** This page alone hears nothing any more of what it sends, or cannot send it. */
const alone =
  (how: "stuck" | "cut"): Step =>
  ({ panel }) =>
    panel.evaluate((stuck) => {
      const real = window.fetch;
      Object.assign(window, { real });
      window.fetch = (url, init) => {
        if (!stuck) return Promise.reject(new TypeError("cut"));
        return init?.method === "POST" ? new Promise(() => undefined) : real(url, init);
      };
    }, how === "stuck");
const mended: Step = ({ panel }) =>
  panel.evaluate(() => {
    window.fetch = (window as unknown as { real: typeof fetch }).real;
    dispatchEvent(new Event("online"));
  });
/** What happened meanwhile, elsewhere. */
const meanwhile =
  (what: (j: Journey) => Journey): Step =>
  async (_, { office }, j) => {
    const after = what(j);
    await office.put(after);
    office.now = after.now;
  };
const confirmedElsewhere = (j: Journey) => {
  const marks = Object.fromEntries(markKeys(j.method(method)).map(({ key }) => [key, "met" as const]));
  return j
    .inSeconds(3000)
    .do("session.mark", { method, marks })
    .do("session.end", { method, discretion: false, reason: "Time for one only" })
    .confirmedGrade(method);
};
const asRole = (as: string): Look => ({ as });

const rows: Row[] = [
  { name: "opening", case: () => booked(), look: { before: holding("/api/panel") }, shows: "Opening the session" },
  { name: "no-session", case: () => booked(), look: { session: "" }, shows: "No session here" },
  {
    name: "nothing-booked",
    case: () => booked(),
    look: { session: "", as: spare.coordinator },
    shows: /^Once one is booked/,
  },
  {
    name: "not-yours",
    case: () => booked(),
    look: { session: "?case=nothing&method=discussion" },
    shows: "No session here",
  },
  { name: "not-known", case: () => booked(), look: asRole("nobody-here"), shows: "Enter your code in chat first" },
  { name: "signed-out", case: () => booked(), look: { signedIn: false }, shows: "Teams did not say who you are." },
  {
    name: "no-connection",
    case: () => booked(),
    look: { before: `window.fetch = () => Promise.reject(new TypeError("cut"));` },
    shows: "No connection",
  },
  {
    name: "failed",
    case: () => booked(),
    look: { before: answering(400, { error: { code: "BadRequest", correlationId: "1" } }) },
    shows: "The panel could not be opened",
  },
  {
    name: "not-declared",
    case: () => booked().do("staff.allocate", { role: "iqa", person: spare.iqa, reason: "Away for a month" }),
    look: asRole(spare.iqa),
    shows: /declar/i,
  },
  { name: "another-day", case: () => booked(), shows: "It can be started on its day." },
  {
    name: "before-undrawn",
    case: () => atStart(onTeams(booked())),
    press: button("Start session"),
    shows: "Needed before you go on.",
  },
  { name: "before", wide: true, case: () => atStart(drawn(onTeams(booked()))), shows: "Before you start" },
  { name: "running-undrawn", case: () => booked().started(method), look: { later: 40 }, shows: /^Draw \d+ questions$/ },
  { name: "questions", wide: true, case: working, look: { later: 1300 }, shows: "Still to ask" },
  { name: "criteria", case: working, look: { later: 1300 }, press: tab("Criteria"), shows: "Not yet" },
  { name: "coverage", case: working, look: { later: 1300 }, press: tab("Coverage"), shows: "Pass criteria" },
  { name: "summary", case: working, look: { later: 1300 }, press: tab("Summary"), shows: "Grade so far" },
  { name: "may-end", case: working, look: { later: 2800 }, press: tab("Criteria"), shows: /^You may end now/ },
  { name: "near-limit", case: working, look: { later: 3300 }, press: tab("Coverage"), shows: /^Only .* left/ },
  { name: "over-limit", case: working, look: { later: 3500 }, press: tab("Criteria"), shows: /over\. Ending/ },
  {
    name: "paused",
    case: () => working().do("session.pause", { method, reason: "sound lost" }),
    look: { later: 72 },
    shows: /^Paused/,
  },
  {
    name: "offline",
    case: working,
    look: { later: 1300 },
    press: steps(tab("Criteria"), cut, mark("P3", "Met"), mark("P4", "Not met"), add("Names two styles only")),
    shows: "Offline, 3 waiting",
  },
  {
    name: "saving",
    case: working,
    look: { later: 1300 },
    press: steps(tab("Criteria"), alone("stuck"), mark("P3", "Met")),
    shows: "Saving",
  },
  {
    name: "signed-out-later",
    case: working,
    look: { later: 1300 },
    press: steps(({ page }) => page.evaluate("window.signedIn = false"), add("After the token")),
    shows: "Signed out, 1 waiting",
  },
  {
    name: "conflict",
    case: working,
    look: { later: 1300 },
    press: steps(
      tab("Criteria"),
      alone("cut"),
      mark("P3", "Not met"),
      save("Offline, 1 waiting"),
      meanwhile((j) => j.inSeconds(1310).do("session.mark", { method, marks: { "discussion-P3": "met" } })),
      mended,
    ),
    shows: "Keep Not met",
  },
  {
    name: "refused",
    case: working,
    look: { later: 1300 },
    press: steps(
      tab("Criteria"),
      alone("cut"),
      add("Owns up to a mistake"),
      save("Offline, 1 waiting"),
      meanwhile(confirmedElsewhere),
      mended,
    ),
    shows: "Let it go",
  },
  {
    name: "refused-many",
    case: working,
    look: { later: 1300 },
    press: steps(
      tab("Criteria"),
      alone("cut"),
      mark("P3", "Met"),
      mark("P4", "Not met"),
      save("Offline, 2 waiting"),
      meanwhile(confirmedElsewhere),
      mended,
    ),
    shows: "Copy them",
  },
  {
    name: "keeps-nothing",
    case: working,
    look: { later: 1300, before: blocked() },
    shows: "Marks and notes are not kept on this device.",
  },
  {
    name: "observation",
    case: observed,
    look: { later: 1988, in: "observation" },
    press: tab("Criteria"),
    shows: "Start questions",
  },
  {
    name: "questions-after",
    case: () => observed().inSeconds(3173).do("session.questions", { method: "observation", part: "open" }),
    look: { later: 252, in: "observation" },
    shows: "Questions and answers",
  },
  {
    name: "questions-inside",
    case: () =>
      booked(gq)
        .started("observation")
        .inSeconds(2400)
        .do("session.questions", { method: "observation", part: "open" }),
    look: { later: 240, in: "observation" },
    shows: /^Questions 04:0/,
  },
  {
    name: "taken-back",
    case: () =>
      takenBack(ask(drawn(onTeams(booked())).started(method).inSeconds(250), "discussion-Q1", ["discussion-P1"])),
    look: { later: 60 },
    press: ({ panel }) => panel.getByText("Taken back: 1").click(),
    shows: /^Ticked/,
  },
  {
    name: "ended-unmarked",
    case: () => working().inSeconds(3000).do("session.end", { method, discretion: false, reason: "Time for four" }),
    look: { later: 20 },
    shows: "Still to be marked:",
  },
  {
    name: "finish",
    wide: true,
    case: () => booked().sat(method),
    look: { later: 30 },
    press: button(/^Confirm/),
    shows: "Needed before you go on.",
  },
  {
    name: "finish-fail",
    case: () => booked().sat(method, { grade: "fail" }),
    look: { later: 30 },
    shows: "Confirm fail",
  },
  { name: "confirmed", case: () => booked().sat(method).confirmedGrade(method), shows: "Confirmed, read only" },
  {
    name: "apprentice-before",
    case: () => atStart(onTeams(booked())),
    look: asRole(people.apprentice),
    shows: /asks the questions/,
  },
  { name: "apprentice", case: working, look: { later: 1309, as: people.apprentice }, shows: /^Ends between/ },
  {
    name: "apprentice-paused",
    case: () => working().do("session.pause", { method, reason: "sound lost" }),
    look: { later: 72, as: people.apprentice },
    shows: "Paused",
  },
  {
    name: "apprentice-after",
    case: () => booked().sat(method),
    look: asRole(people.apprentice),
    shows: "The session has ended",
  },
  { name: "employer", case: working, look: { later: 1309, as: people.employer }, shows: /between the apprentice/ },
  {
    name: "employer-observes",
    case: () => booked(gq).started("project"),
    look: { later: 1884, as: people.employer, in: "project" },
    shows: "You are here to observe",
  },
  {
    name: "iqa",
    case: working,
    look: { later: 1300, as: people.iqa },
    press: tab("Criteria"),
    shows: "Live, read only",
  },
  { name: "coordinator", case: working, look: { later: 1300, as: people.coordinator }, shows: "Live, read only" },
  {
    name: "auditor",
    case: working,
    look: { later: 1300, as: people.auditor },
    press: tab("Summary"),
    shows: "Live, read only",
  },
  {
    name: "portfolio",
    case: working,
    look: { later: 1300 },
    press: steps(button("More"), opened("Mapping")),
    shows: "Mapping",
  },
  {
    name: "keys",
    case: working,
    look: { later: 1300 },
    press: steps(button("More"), opened("Keys")),
    shows: "change tab",
  },
  { name: "report", case: () => booked(), look: { in: "project" }, press: button("More"), shows: /words/ },
  {
    name: "pause-dialog",
    case: working,
    look: { later: 1300 },
    press: steps(button("Pause"), pressed("Pause")),
    shows: "Say why.",
  },
  {
    name: "end-dialog",
    case: working,
    look: { later: 1300 },
    press: steps(button("End"), pressed("End session")),
    shows: "Say why.",
  },
  {
    name: "ask-dialog",
    case: working,
    look: { later: 1300 },
    press: steps(button("Ask in your own words"), pressed("Mark asked")),
    shows: "Write what you ask.",
  },
  {
    name: "unask-dialog",
    case: working,
    look: { later: 1300 },
    press: steps(button(/was not asked$/), pressed("Take back")),
    shows: "Say why.",
  },
  {
    name: "present-dialog",
    case: working,
    look: { later: 1300 },
    press: steps(tab("Summary"), button("Record who is present")),
    shows: "Who is present",
  },
  { name: "ties-dialog", case: working, look: { later: 1300 }, press: button("Tie"), shows: "Tie the note to" },
];

/** Six minutes before the time that is booked. */
function atStart(j: Journey): Journey {
  return j.at(startOf(j)).inSeconds(-360);
}
/** Answers to what is asked there never come. */
function holding(url: string): string {
  return `const real = window.fetch; window.fetch = (u, ...more) => String(u).includes("${url}") ? new Promise(() => {}) : real(u, ...more);`;
}
function answering(status: number, body: object): string {
  return `window.fetch = () => Promise.resolve(new Response(${JSON.stringify(JSON.stringify(body))}, { status: ${status} }));`;
}
function blocked(): string {
  return `Object.defineProperty(window, "indexedDB", { value: { open() { throw new Error("blocked"); } } });`;
}
/** Unfolds. */
function opened(summary: string): Step {
  return ({ panel }) => panel.getByRole("dialog").getByText(summary, { exact: true }).click();
}
/** In the dialog. */
function pressed(name: string): Step {
  return ({ panel }) => panel.getByRole("dialog").getByRole("button", { name, exact: true }).click();
}

/** On a telephone in a shop, where an observation is marked. */
const onPhone = [
  "before-undrawn",
  "observation",
  "questions-after",
  "offline",
  "coverage",
  "finish",
  "conflict",
  "ties-dialog",
  "portfolio",
  "employer-observes",
];
const phones = rows
  .filter(({ name }) => onPhone.includes(name))
  .map((row) => ({
    ...row,
    name: `phone-${row.name}`,
    look: { ...row.look, ...telephone, touch: true },
    phone: true as const,
  }));

export const panelStates: State[] = [...rows, ...phones].map((row: Row) => {
  const { name, case: made, look = {}, press, shows, wide, phone } = row;
  return {
    name: `panel-${name}`,
    ...(wide && !phone ? { wide } : {}),
    ...(phone ? { phone } : {}),
    open: async ({ panel: stage }) => {
      const { in: of = method, later = 0, ...rest } = look;
      const j = made();
      stage.line.mend();
      await stage.office.put(j);
      stage.office.now = j.inSeconds(later).now;
      const opened = await stage.see({ session: `?case=${j.id}&method=${of}`, width: 320, height, ...rest });
      const { page, panel, failures } = opened;
      // Until then there is nothing to be pressed.
      if (press) await panel.getByRole("heading", { level: 1 }).first().waitFor();
      await press?.(opened, stage, j);
      await panel.getByText(shows).first().waitFor({ state: "visible" });
      return { page, frame: panel, failures };
    },
  };
});
