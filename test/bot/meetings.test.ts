import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { graphMeetings } from "../../bot/graph/meetings";
import type { Route } from "../../bot/local/faults";
import { MeetingSteps } from "../../bot/meetingWork";
import { sessionOfChat } from "../../bot/sessionChats";
import { openEmbedded } from "../../bot/store/embedded";
import { forms } from "../../cards/forms/forms";
import { attemptAt, type Case } from "../../src/case/case";
import type { Command } from "../../src/case/decider";
import { casePk, handle, type Outcome } from "../../src/handle";
import type { Store } from "../../src/ports";
import type { Role } from "../../src/rules/pack";
import { tasksOf } from "../../src/tasks";
import { meetingRemedy } from "../../src/wording/meetings";
import { temporaryFolder } from "../store/folder";
import { type Product, product } from "../support/service";

/** Meetings on Teams that the service makes, in Local Teams, which plays Graph. */

const caseId = "sample-ada";
const choice = { lobby: "invited" as const, recording: false };
let p: Product;

beforeEach(async () => {
  p = await product({ samples: true });
  for (const who of ["ada", "ben", "cora"]) await p.teams.as(who).chat();
  await p.teams.settled();
});
afterEach(() => p.stop());

const theCase = async (): Promise<Case> => {
  const head = await p.service.ports.store.head<Case>(casePk(caseId));
  if (!head) throw new Error("no case");
  return head.state;
};
const packOf = (c: Case) => {
  const pack = p.service.ports.packs.get(c.packId);
  if (!pack) throw new Error("no pack");
  return pack;
};
const projectOf = (c: Case) => packOf(c).methods.find((m) => m.handIn?.kind === "report")?.id ?? "";
const session = async () => {
  const c = await theCase();
  return attemptAt(c, projectOf(c)).session;
};
async function done(command: Command, role: Role = "coordinator"): Promise<Outcome> {
  const c = await theCase();
  const person = role === "coordinator" ? c.staff.coordinator : c.parties.apprentice;
  const staff = role === "coordinator" ? { bodyId: c.bodyId, roles: [role] } : null;
  const outcome = await handle({ id: randomUUID(), caseId, command }, { person, staff }, p.service.ports);
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  await p.teams.settled();
  return outcome;
}
/** The interview, booked on Teams already, gets a meeting; `hours` later than it was. */
async function asked(hours = 1, meeting: typeof choice | undefined = choice, over: object = {}): Promise<Outcome> {
  const c = await theCase();
  const { booking } = await session();
  const at = new Date(Date.parse(booking?.at ?? "") + hours * 3_600_000).toISOString();
  const data = { method: projectOf(c), at, setting: "teams", where: "Microsoft Teams", reason: "A better hour" };
  return done({ type: "session.move", data: { ...data, ...(meeting ? { meeting } : {}), ...over } } as Command);
}
const standing = () => p.teams.local.calendar().filter((e) => !e.cancelled);
/** Some minutes on, until what waits was tried again. */
async function later(minutes = 3): Promise<void> {
  await p.teams.act({ do: "clock.advance", ms: minutes * 60_000 });
  await p.teams.settled();
}
async function until(check: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 12 && !(await check()); n += 1) await later();
}
const complete = async () => (await session()).online?.done?.length === 3;
const meetingsOf = (who: string) =>
  p.teams.local.snapshot(who).meetings.filter((m) => m.title.includes("EX-2026-0147"));

describe("a session on Teams for which a meeting was asked", () => {
  test("is in one calendar, with a link, a chat that has the app and the panel, and those who come", async () => {
    await asked();
    await until(complete);
    const [event, ...others] = standing();
    expect(others).toEqual([]);
    const s = await session();
    expect(event).toMatchObject({ subject: "Interview, EX-2026-0147", start: s.booking?.at });
    expect(s.online).toMatchObject({ ...choice, made: { event: event?.id, uid: event?.uid, at: s.booking?.at } });
    const [meeting] = meetingsOf("ada");
    expect(meeting).toMatchObject({
      chatId: s.online?.chat,
      startsAt: s.booking?.at,
      lobby: "invited",
      recorded: false,
    });
    expect(meetingsOf("ben")).toHaveLength(1);
    expect(meetingsOf("sam")).toEqual([]);
    expect(event?.attendees).toEqual(expect.arrayContaining(["ada.example@example.com", "ben.sample@example.org"]));
    const c = await theCase();
    const place = await sessionOfChat(
      p.service.ports.store,
      p.service.ports.packs,
      s.online?.chat ?? "",
      "2026-02-02T09:00:00Z",
    );
    expect(place).toEqual({ caseId: c.id, method: projectOf(c) });
  });

  test("its people are told its link, each once, and its chat is told nothing", async () => {
    await asked();
    await until(complete);
    const link = (await session()).online?.made?.link;
    const text = link && "text" in link ? link.text : "-";
    for (const who of ["ada", "ben"])
      expect((await p.teams.as(who).messages()).filter((m) => JSON.stringify(m.cards).includes(text)).length).toBe(1);
    const chat = p.teams.local.snapshot("ben").chats.find((x) => x.id === meetingsOf("ben")[0]?.chatId);
    expect(chat?.hasBot).toBe(true);
    expect(chat?.last).toBeUndefined();
  });

  test("moves with its booking, and stays one", async () => {
    await asked();
    await until(complete);
    const [before] = standing();
    await asked(24, undefined);
    await p.teams.settled();
    const s = await session();
    expect(standing()).toHaveLength(1);
    expect(standing()[0]).toMatchObject({ id: before?.id, start: s.booking?.at });
    expect(meetingsOf("ada")[0]?.startsAt).toBe(s.booking?.at);
  });

  test("is called off with the case, and with a session that is no more on Teams", async () => {
    await asked();
    await until(complete);
    await asked(24, undefined, { setting: "faceToFace", where: "Room 4" });
    await until(async () => standing().length === 0);
    expect(standing()).toEqual([]);
    expect(meetingsOf("ada")).toEqual([]);
    await asked(24);
    await until(complete);
    expect(standing()).toHaveLength(1);
    await done({ type: "case.withdraw", data: { reason: "Left the firm" } });
    await until(async () => standing().length === 0);
    expect(standing()).toEqual([]);
  });

  test("gives way to a link that is pasted", async () => {
    await asked();
    await until(complete);
    await asked(24, undefined, { link: "https://teams.microsoft.com/l/meetup-join/19%3aown%40thread.v2/0" });
    await until(async () => standing().length === 0);
    expect(standing()).toEqual([]);
    expect((await session()).online).toBeUndefined();
  });
});

const steps: Route[] = ["graph.make", "graph.meeting", "graph.options", "graph.install", "graph.tabs", "graph.tab"];
/** What passes by itself: before the work was done, and after it, with only the answer lost. */
const passing = [
  ["refused for now", { status: 503 }],
  ["failed inside", { status: 500 }],
  ["cut off before it was done", { status: 0 }],
  ["done, and the answer is an error", { status: 504, afterEffect: true }],
  ["done, and the line breaks", { status: 0, afterEffect: true }],
  ["told to wait", { status: 429, retryAfter: 5 }],
  ["done, and told to wait", { status: 429, retryAfter: 5, afterEffect: true }],
] as const;

/** One meeting and no more, whole: in the calendar, with one app and one panel in its chat. */
async function whole(): Promise<object> {
  const { online } = await session();
  const { chat = "" } = online ?? {};
  return {
    done: online?.done,
    events: standing().length,
    meetings: meetingsOf("ada").length,
    panels: p.teams.local.tabsIn(chat).length,
    app: p.teams.local.snapshot("ben").chats.find((x) => x.id === chat)?.hasBot,
    undelivered: ((await theCase()).undelivered ?? []).filter((x) => !x.dealt).length,
  };
}
const one = { done: ["options", "app", "tab"], events: 1, meetings: 1, panels: 1, app: true, undelivered: 0 };
/** No session on Teams, and so no meeting. */
async function calledOff(): Promise<void> {
  await asked(0, undefined, { setting: "faceToFace", where: "Room 4" });
  await until(async () => standing().length === 0);
}

/** Fails twice on the way to a meeting, which is whole in the end. */
async function throughIt(route: Route, what: string, fault: (typeof passing)[number][1]): Promise<void> {
  p.teams.local.faults.next({ route, ...fault, times: 2 });
  await asked();
  await until(complete);
  // What was done is found, not asked for again: then one fault is enough.
  expect([what, p.teams.local.faults.left < 2]).toEqual([what, true]);
  p.teams.local.faults.clear();
  expect([what, await whole()]).toEqual([what, one]);
}

test.each(steps)("when %s fails in whatever way, there is one meeting in the end, set up whole", async (route) => {
  for (const [what, fault] of passing) {
    await throughIt(route, what, fault);
    await calledOff();
    expect([what, standing()]).toEqual([what, []]);
  }
});

// What these answer is kept: each fault meets a service that has not asked yet.
test.each(
  (["token", "graph.catalog"] as const).flatMap((route) => passing.map(([what, fault]) => ({ route, what, fault }))),
)("when $route is $what, there is one meeting in the end, set up whole", ({ route, what, fault }) =>
  throughIt(route, what, fault),
);

test.each([
  ["token", 401, "SignInRefused"],
  ["graph.make", 403, "PermissionMissing"],
  ["graph.make", 404, "OrganiserNotFound"],
  ["graph.meeting", 403, "PermissionMissing"],
  ["graph.meeting", 404, "NotThere"],
  ["graph.options", 403, "PermissionMissing"],
  ["graph.options", 404, "NotThere"],
  ["graph.catalog", 403, "PermissionMissing"],
  ["graph.install", 403, "PermissionMissing"],
  ["graph.install", 404, "NotThere"],
  ["graph.tabs", 403, "PermissionMissing"],
  ["graph.tabs", 404, "NotThere"],
  ["graph.tab", 403, "PermissionMissing"],
  ["graph.tab", 404, "NotThere"],
] as const)(
  "when %s goes on saying %i, the coordinator is told %s and what to do; then it goes on",
  async (route, status, code) => {
    p.teams.local.faults.next({ route, status, times: 50 });
    await asked();
    for (let n = 0; n < 10 && ((await theCase()).undelivered ?? []).length === 0; n += 1) await later(90);
    const [lost, ...others] = (await theCase()).undelivered ?? [];
    expect(others).toEqual([]);
    expect(lost).toMatchObject({ kind: "meeting", state: "dead", code });
    const said = JSON.stringify((await p.teams.as("cora").messages()).map((m) => m.cards));
    expect(said).toContain(meetingRemedy(code));
    p.teams.local.faults.clear();
    await done({ type: "notice.resend", data: { notice: lost?.notice ?? "" } });
    await until(complete);
    expect(await whole()).toEqual(one);
  },
);

describe("moving and calling off", () => {
  test("when the move fails in whatever way, the one meeting stands at its new hour in the end", async () => {
    await asked();
    await until(complete);
    for (const [what, fault] of passing) {
      p.teams.local.faults.next({ route: "graph.move", ...fault });
      await asked(1, undefined);
      const at = (await session()).booking?.at;
      await until(async () => standing()[0]?.start === at && p.teams.local.faults.left === 0);
      expect([what, standing().map((e) => e.start), await whole()]).toEqual([what, [at], one]);
    }
  });

  test("when calling off fails in whatever way, nothing stands in the end", async () => {
    for (const [what, fault] of passing) {
      await asked();
      await until(complete);
      p.teams.local.faults.next({ route: "graph.cancel", ...fault });
      await calledOff();
      expect([what, standing(), p.teams.local.faults.left]).toEqual([what, [], 0]);
      expect([what, (await theCase()).undelivered ?? []]).toEqual([what, []]);
    }
  });

  test.each([
    ["move", 403],
    ["cancel", 403],
  ] as const)(
    "when to %s it is refused for good, the coordinator is told; sent again, it is done",
    async (step, status) => {
      await asked();
      await until(complete);
      p.teams.local.faults.next({ route: `graph.${step}`, status });
      await (step === "move" ? asked(1, undefined) : asked(0, undefined, { setting: "faceToFace", where: "Room 4" }));
      const [lost] = (await theCase()).undelivered ?? [];
      expect(lost).toMatchObject({ kind: "meeting", code: "PermissionMissing", about: { step } });
      await done({ type: "notice.resend", data: { notice: lost?.notice ?? "" } });
      await p.teams.settled();
      expect(standing().map((e) => e.start)).toEqual(step === "move" ? [(await session()).booking?.at] : []);
    },
  );

  test("given somebody deleted it in Outlook, then a pasted link takes its place, and nothing is left to see to", async () => {
    await asked();
    await until(complete);
    p.teams.local.faults.next({ route: "graph.move", status: 404, times: 9 });
    await asked(1, undefined);
    const c = await theCase();
    expect(c.undelivered).toMatchObject([{ kind: "meeting", code: "NotThere" }]);
    expect(tasksOf(c, packOf(c)).map((t) => t.code)).toContain("undelivered");
    await asked(0, undefined, { link: "https://teams.microsoft.com/l/meetup-join/19%3aown%40thread.v2/0" });
    const after = await theCase();
    expect(tasksOf(after, packOf(after)).map((t) => t.code)).not.toContain("undelivered");
  });
});

test("given the staff's addresses may not be looked up, then nobody is left out: it is told, and made once it may", async () => {
  const { assessor } = (await theCase()).staff;
  p.teams.local.faults.next({ route: "graph.make", status: 503 });
  await asked();
  const notices = await p.service.ports.store.notices(casePk(caseId));
  const making = notices.find((n) => n.kind === "meeting" && n.state === "waiting");
  if (!making) throw new Error("nothing waits");
  const made: string[] = [];
  const work = new MeetingSteps({
    ports: p.service.ports,
    meetings: graphMeetings(p.teams.local.graphConfig(() => p.url)),
    // Picked by the account, which is all that is known of them.
    people: {
      find: async (id: string) => {
        const person = await p.service.people.find(id);
        if (!person || id !== assessor) return person;
        const { mail: _unknown, ...rest } = person;
        return rest;
      },
    },
    note: async (_case, news) => void made.push(news.kind),
  });
  p.teams.local.grants.permissions.delete("User.Read.All");
  expect(await work.work(making, {})).toEqual({ dead: "PermissionMissing" });
  expect(standing()).toEqual([]);
  p.teams.local.faults.next({ route: "graph.user", status: 503 });
  p.teams.local.grants.permissions.add("User.Read.All");
  expect(await work.work(making, {})).toMatchObject({ retryIn: 0 });
  expect(await work.work(making, {})).toBe("sent");
  expect(standing()[0]?.attendees).toContain("ben.sample@example.org");
  expect(made).toEqual(["made"]);
});

describe("what must be put right by somebody", () => {
  test.each([
    [
      "no application access policy",
      () => (grants().accessPolicy = false),
      () => (grants().accessPolicy = true),
      "options",
      "AccessPolicyMissing",
    ],
    [
      "no permission for calendars",
      () => grants().permissions.delete("Calendars.ReadWrite"),
      () => grants().permissions.add("Calendars.ReadWrite"),
      "make",
      "PermissionMissing",
    ],
    [
      "no app in the catalogue",
      () => (grants().inCatalog = false),
      () => (grants().inCatalog = true),
      "app",
      "AppNotInCatalog",
    ],
  ])(
    "%s: is told the coordinator with the remedy; sent again, it goes on where it stopped",
    async (_what, break_, mend, step, code) => {
      break_();
      await asked();
      await until(async () => ((await theCase()).undelivered ?? []).length > 0);
      const [lost] = (await theCase()).undelivered ?? [];
      expect(lost).toMatchObject({ kind: "meeting", state: "dead", code, about: { step } });
      const said = JSON.stringify((await p.teams.as("cora").messages()).map((m) => m.cards));
      expect(said).toContain(meetingRemedy(code));
      mend();
      await done({ type: "notice.resend", data: { notice: lost?.notice ?? "" } });
      await until(complete);
      expect(standing()).toHaveLength(1);
      expect((await session()).online?.done).toEqual(["options", "app", "tab"]);
    },
  );
});
const grants = () => p.teams.local.grants;

describe("a making whose answer was lost", () => {
  test("given it is wanted no more when it is found, then it is called off", async () => {
    p.teams.local.faults.next({ route: "graph.make", status: 0, afterEffect: true, times: 1 });
    await asked();
    expect(standing()).toHaveLength(1);
    expect((await session()).online?.made).toBeUndefined();
    await asked(24, undefined, { setting: "faceToFace", where: "Room 4" });
    await until(async () => standing().length === 0);
    expect(standing()).toEqual([]);
  });

  test("given it was moved meanwhile, then it is found and stands at the new hour", async () => {
    p.teams.local.faults.next({ route: "graph.make", status: 0, afterEffect: true, times: 1 });
    await asked();
    await asked(24, undefined);
    await until(complete);
    expect(standing()).toMatchObject([{ start: (await session()).booking?.at }]);
  });

  test.each([
    ["a pasted link", { link: "https://teams.microsoft.com/l/meetup-join/19%3aown%40thread.v2/0" }],
    ["a room", { setting: "faceToFace", where: "Room 4" }],
  ])(
    "given every try is lost and %s takes its place, then what was made all the same is called off",
    async (_, over) => {
      p.teams.local.faults.next({ route: "graph.make", status: 0, afterEffect: true, times: 1 });
      p.teams.local.faults.next({ route: "graph.find", status: 503, times: 20 });
      await asked();
      for (let n = 0; n < 10 && ((await theCase()).undelivered ?? []).length === 0; n += 1) await later(90);
      expect(standing()).toHaveLength(1);
      await asked(24, undefined, over);
      // Not to be found just now either: told as what it is, and had done again by the coordinator.
      for (let n = 0; n < 10 && ((await theCase()).undelivered ?? []).length < 2; n += 1) await later(90);
      p.teams.local.faults.clear();
      const c = await theCase();
      const due = tasksOf(c, packOf(c)).filter((t) => t.code === "undelivered");
      expect(due.map((t) => t.facts?.step)).toEqual(["recall"]);
      expect(standing()).toHaveLength(1);
      await done({ type: "notice.resend", data: { notice: c.undelivered?.at(-1)?.notice ?? "" } });
      await until(async () => standing().length === 0);
      expect(standing()).toEqual([]);
      const after = await theCase();
      expect(tasksOf(after, packOf(after)).map((t) => t.code)).not.toContain("undelivered");
    },
  );

  test("given every try is lost, then sending it again finds the one there is", async () => {
    p.teams.local.faults.next({ route: "graph.make", status: 0, afterEffect: true, times: 1 });
    p.teams.local.faults.next({ route: "graph.find", status: 503, times: 20 });
    await asked();
    for (let n = 0; n < 10 && ((await theCase()).undelivered ?? []).length === 0; n += 1) await later(90);
    const [lost] = (await theCase()).undelivered ?? [];
    expect(lost).toMatchObject({ kind: "meeting", code: "NoAnswer" });
    p.teams.local.faults.clear();
    await done({ type: "notice.resend", data: { notice: lost?.notice ?? "" } });
    await until(complete);
    expect(standing()).toHaveLength(1);
  });
});

test("whoever is reached by mail gets the link for their calendar, under the id that the organiser's has", async () => {
  await p.stop();
  p = await product({ samples: true });
  await asked();
  await until(complete);
  const mails = p.teams.local.snapshot("ada").mail.filter((m) => m.subject.includes("the link to join"));
  expect(mails).toHaveLength(1);
  const mail = await p.teams.act({ do: "mail.open", as: "ada", mailId: mails[0]?.id ?? "" });
  expect(mail.attachments.map((a) => a.name)).toContain("invitation.ics");
  // It was booked without a meeting: what stood in her calendar for that is called off.
  const moved = p.teams.local.snapshot("ada").mail.find((m) => m.subject.includes("moved"));
  const first = await p.teams.act({ do: "mail.open", as: "ada", mailId: moved?.id ?? "" });
  expect(first.attachments.map((a) => a.name)).toContain("cancelled.ics");
});

test("by mail it is moved and called off in people's calendars under the one id, with a number that rises", async () => {
  await p.stop();
  p = await product({ samples: true });
  /** Every entry that Ada's mails bring, in their order: method, id, number, hour. */
  const entries = async () => {
    const all: (string | undefined)[][] = [];
    for (const { id } of [...p.teams.local.snapshot("ada").mail].reverse()) {
      const { attachments } = await p.teams.act({ do: "mail.open", as: "ada", mailId: id });
      for (const { text = "" } of attachments) {
        const unfolded = text.replaceAll("\r\n ", "");
        const of = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(unfolded)?.[1]?.trim();
        if (text) all.push([of("METHOD"), of("UID"), of("SEQUENCE"), of("DTSTART"), of("STATUS")]);
      }
    }
    return all;
  };
  const stamp = (at = "") => at.replaceAll(/[-:]|\.000/g, "");
  await asked();
  await until(complete);
  const uid = (await session()).online?.made?.uid;
  const first = stamp((await session()).booking?.at);
  await asked(24, undefined);
  const second = stamp((await session()).booking?.at);
  await done({ type: "case.withdraw", data: { reason: "Left the firm" } });
  await until(async () => standing().length === 0);
  expect((await entries()).filter(([, id]) => id === uid)).toEqual([
    ["REQUEST", uid, "0", first, "CONFIRMED"],
    ["REQUEST", uid, "1", second, "CONFIRMED"],
    ["CANCEL", uid, "2", second, "CANCELLED"],
  ]);
});

describe("the record of a step is lost on its way to the store", () => {
  /** Fails once, for the event that says so: before it is written, or after. */
  let fails: { type: string; step?: string; written: boolean } | undefined;
  const failing = (store: Store): Store => ({
    ...store,
    async append(append) {
      const hit = append.events.find(
        ({ type, data }) =>
          fails?.type === type && (fails.step === undefined || (data as { step?: string }).step === fails.step),
      );
      if (!hit || !fails) return store.append(append);
      const { written } = fails;
      fails = undefined;
      if (written) await store.append(append);
      throw new Error("the store is away");
    },
  });
  const steps = [
    { type: "MeetingMade" },
    { type: "MeetingSetUp", step: "options" },
    { type: "MeetingSetUp", step: "app" },
    { type: "MeetingSetUp", step: "tab" },
  ];

  test.each(steps.flatMap((step) => [false, true].map((written) => ({ ...step, written }))))(
    "$type $step, written $written: one meeting, whole, and each step on the record once",
    async (fault) => {
      await p.stop();
      p = await product({ samples: true, open: async (clock) => failing(openEmbedded(temporaryFolder(), clock)) });
      fails = fault;
      await asked();
      await until(complete);
      expect(fails).toBeUndefined();
      expect(await whole()).toEqual(one);
      const events = await p.service.ports.store.events(casePk(caseId));
      const said = events.filter((e) => e.type.startsWith("Meeting") && e.type !== "MeetingSeen");
      expect(said.map((e) => (e.data as { step?: string }).step ?? "made")).toEqual(["made", "options", "app", "tab"]);
    },
  );
});

describe("without an organiser's calendar", () => {
  test("a step that was left over is told with what to do: make one, and paste its link", async () => {
    p.teams.local.faults.next({ route: "graph.make", status: 503 });
    await asked();
    const notices = await p.service.ports.store.notices(casePk(caseId));
    const making = notices.find((n) => n.kind === "meeting" && n.state === "waiting");
    if (!making) throw new Error("nothing waits");
    const work = new MeetingSteps({ ports: p.service.ports, people: p.service.people, note: async () => undefined });
    expect(await work.work(making, {})).toEqual({ dead: "MeetingsNotConfigured" });
    expect(meetingRemedy("MeetingsNotConfigured")).toMatch(/paste its link/);
  });

  test("who books on Teams is told so where the link is pasted, and chooses no lobby", async () => {
    const c = await theCase();
    const actor = { person: c.staff.coordinator, staff: { bodyId: c.bodyId, roles: ["coordinator" as const] } };
    const seen = await p.service.desk.drawFor(actor, c, c.revision);
    if (!seen) throw new Error("not seen");
    const fields = (meetings: boolean) => {
      const ctx = {
        ...seen,
        now: p.service.ports.clock.now(),
        args: { method: projectOf(c) },
        questions: [],
        staff: [],
      };
      return JSON.stringify(forms["session.move"]?.form({ ...ctx, ...(meetings ? { meetings } : {}) }).fields);
    };
    expect(fields(false)).toContain("No meeting is made here");
    expect(fields(false)).not.toContain("lobby");
    expect(fields(true)).not.toContain("No meeting is made here");
    expect(fields(true)).toContain("lobby");
  });
});

test("a Graph that never answers is no answer: it may have been done, and is looked for", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = silent.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const meetings = graphMeetings({ ...p.teams.local.graphConfig(() => p.url), url }, async () => "token");
    const plan = { subject: "Interview", start: "2026-02-06T09:00:00.000Z", minutes: 30, people: [] };
    expect(await meetings.make(plan, "t-1", { timeoutMs: 50 })).toEqual({ kind: "ambiguous", code: "NoAnswer" });
    expect(await meetings.cancel("e-1", { timeoutMs: 50 })).toEqual({ kind: "ambiguous", code: "NoAnswer" });
    const stopped = AbortSignal.abort();
    expect(await meetings.make(plan, "t-1", { signal: stopped })).toMatchObject({ kind: "failed", retryable: true });
  } finally {
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  }
});

describe("what Teams says of the meeting", () => {
  test("start, end, and who came stand beside the assessor's own record, once each; nothing is posted there", async () => {
    await asked();
    await until(complete);
    const id = meetingsOf("ben")[0]?.id ?? "";
    await p.teams.act({ do: "meeting.join", as: "ben", meetingId: id });
    await p.teams.act({ do: "meeting.join", as: "ada", meetingId: id });
    // Not invited: the lobby holds them back, and who only waits has not come.
    await p.teams.act({ do: "meeting.join", as: "visitor", meetingId: id });
    expect((await session()).seen).toHaveLength(3);
    await p.teams.act({ do: "meeting.admit", as: "ben", meetingId: id, who: "visitor" });
    await p.teams.act({ do: "meeting.end", as: "ben", meetingId: id });
    const c = await theCase();
    const { seen = [], state } = await session();
    expect(state).toBe("booked");
    expect(seen.map((s) => [s.what, s.person])).toEqual([
      ["started", undefined],
      ["joined", c.staff.assessor],
      ["joined", c.parties.apprentice],
      ["joined", undefined],
      ["ended", undefined],
    ]);
    const chat = p.teams.local.snapshot("ben").chats.find((x) => x.id === meetingsOf("ben")[0]?.chatId);
    expect(chat?.last).toBeUndefined();
  });

  test("told twice, it is kept once; of a meeting of nobody's it is not kept", async () => {
    await asked();
    await until(complete);
    const [meeting] = meetingsOf("ben");
    const before = (await theCase()).revision;
    await p.teams.act({ do: "meeting.start", as: "ben", meetingId: meeting?.id ?? "" });
    const told = p.teams.local.traffic.after(0).findLast((l) => l.summary.includes("meetingStart"));
    const activity = p.teams.local.traffic.detail(told?.n ?? 0)?.request as object;
    const again = (over: object) =>
      fetch(`${p.url}/api/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${p.teams.local.keys.tokenForBot()}` },
        body: JSON.stringify({ ...activity, ...over }),
      });
    expect((await again({ id: "another" })).status).toBe(200);
    expect((await again({ conversation: { id: "19:meeting_nobody@thread.v2", isGroup: true } })).status).toBe(200);
    await p.teams.settled();
    expect((await theCase()).revision).toBe(before + 1);
  });
});

test("who offers times sees when assessor and apprentice have something else, here and in the assessor's calendar", async () => {
  const c = await theCase();
  const [observation = ""] = packOf(c)
    .methods.filter((m) => m.session.questionsPart)
    .map((m) => m.id);
  const busy = async () => {
    const actor = { person: c.staff.coordinator, staff: { bodyId: c.bodyId, roles: ["coordinator" as const] } };
    const seen = await p.service.desk.drawFor(actor, await theCase(), (await theCase()).revision);
    return seen ? p.service.desk.busy(seen, observation) : [];
  };
  const interview = (await session()).booking?.at;
  const sessions = (await busy()).filter((b) => b.at === interview);
  expect(sessions.map((b) => b.name).sort()).toEqual(["Ada Example", "Ben Sample"]);
  // Something of the assessor's that is no session of ours.
  const { local } = p.teams;
  const own = graphMeetings({
    ...local.graphConfig(() => ""),
    organiser: local.people().find((x) => x.id === "ben")?.aadObjectId ?? "",
  });
  const plan = { subject: "Dentist", start: "2026-02-06T09:00:00.000Z", minutes: 30, people: [] };
  expect((await own.make(plan, "private")).kind).toBe("ok");
  expect(await busy()).toContainEqual({ name: "Ben Sample", at: "2026-02-06T09:00:00.000Z" });
  local.faults.next({ route: "graph.schedule", status: 503 });
  expect((await busy()).map((b) => b.at)).toContain(interview);
});

describe("a time that was given to something else since it was offered", () => {
  const knownAs = async (role: "apprentice" | "coordinator") => {
    const c = await theCase();
    const person = await p.service.people.find(role === "apprentice" ? c.parties.apprentice : c.staff.coordinator);
    if (!person) throw new Error(`no ${role}`);
    const staff = new Map(role === "coordinator" ? [[c.bodyId, ["coordinator" as const]]] : []);
    return { kind: "known" as const, person, tenantId: "t", objectId: "o", staff };
  };
  const run = async (role: "apprentice" | "coordinator", type: Command["type"], data: object, behalf?: "apprentice") =>
    (
      await p.service.desk.run(await knownAs(role), caseId, type, data, {
        id: randomUUID(),
        ...(behalf ? { onBehalfOf: { role: behalf, channel: "phone", evidence: "Call of today" } } : {}),
      })
    ).outcome;
  const observation = async () => packOf(await theCase()).methods.find((m) => m.session.questionsPart)?.id ?? "";
  const later = (at: string, hours: number) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
  const place = { setting: "workplace", where: "Fictional Foods Ltd" };

  test("is refused with what else is free, also on somebody's behalf; nothing is written; the other is taken", async () => {
    const method = await observation();
    const interview = (await session()).booking?.at ?? "";
    const [clash, free] = [later(interview, 24), later(interview, 48)];
    expect((await run("coordinator", "session.offer", { method, slots: [clash, free], ...place })).kind).toBe("done");
    // It goes on beyond the hour that is offered.
    await asked(23.5, undefined);
    const before = (await theCase()).revision;
    for (const by of [
      () => run("apprentice", "session.accept", { method, at: clash }),
      () => run("coordinator", "session.accept", { method, at: clash }, "apprentice"),
    ])
      expect(await by()).toMatchObject({
        kind: "refused",
        problems: [{ code: "SLOT_TAKEN", input: "at", facts: { open: [free] } }],
      });
    expect((await theCase()).revision).toBe(before);
    expect((await run("apprentice", "session.accept", { method, at: free })).kind).toBe("done");
    expect(attemptAt(await theCase(), method).session.booking?.at).toBe(free);
  });

  test("what is taken already is not offered: beside its input, with who has it", async () => {
    const method = await observation();
    const interview = (await session()).booking?.at ?? "";
    const slots = [later(interview, 24), later(interview, 0.5)];
    const outcome = await run("coordinator", "session.offer", { method, slots, ...place });
    expect(outcome).toMatchObject({ kind: "refused", problems: [{ code: "SLOT_TAKEN", input: "slot-2" }] });
    const { staff, parties } = await theCase();
    const who = outcome.kind === "refused" ? outcome.problems[0]?.facts.who : undefined;
    expect([staff.assessor, parties.apprentice]).toContain(who);
  });
});
