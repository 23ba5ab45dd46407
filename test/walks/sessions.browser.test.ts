import { type Attempt, attemptAt, type Case, wordsOf } from "../../src/case/case";
import { lengthLimits, questionsLimit } from "../../src/case/timing";
import { casePk } from "../../src/handle";
import { GradingPanel, OutsidePanel, PanelAnswer } from "../../src/panel/shape";
import { londonDate } from "../../src/rules/calendar";
import { markKeys } from "../../src/rules/grade";
import type { Grade, Method, Pack } from "../../src/rules/pack";
import { days, gq, inAdvisedOrder, journey, marksFor, tquk } from "../support/case";
import { enact } from "../support/enacted";
import { eventually } from "../support/eventually";
import { inOrder } from "../support/inOrder";
import { type Cast, Course, usualCast } from "./course";
import { Grading, Room } from "./room";

/**
 * Every session of both packs in Local Teams, from the meeting that the coordinator asks for to the declared grade: interview and
 * discussion beside their meeting, the observation in the app's own tab, each with the panels of assessor, apprentice and
 * employer side by side. Then the results, by the cards. What is asserted are facts of the record, of the views, and of
 * everything that the service ever answered to the panels of apprentice and employer.
 */

interface Assessed {
  pack: Pack;
  caseId: string;
  ref: string;
  cast: Cast;
  /** When its sessions begin: nobody is at two at once. */
  time: string;
  grades: Readonly<Record<string, Grade>>;
}
const cases: readonly Assessed[] = [
  {
    pack: gq,
    caseId: "walk-gq",
    ref: "EX-2026-0501",
    cast: { ...usualCast, apprentice: "sam" },
    time: "09:30",
    grades: { project: "pass", discussion: "distinction", observation: "pass" },
  },
  {
    pack: tquk,
    caseId: "walk-tquk",
    ref: "EX-2026-0502",
    cast: usualCast,
    time: "14:00",
    grades: { project: "distinction", discussion: "fail", observation: "distinction" },
  },
];
/** By day, then by hour, as the clock goes. */
const sessions = [0, 1, 2].flatMap((n) =>
  cases.map((of) => {
    const method = inAdvisedOrder(of.pack)[n] as Method;
    return { name: `${of.pack.body.id}: ${method.title}`, of, method, day: days.sessions[n] as string };
  }),
);

let room: Room;
const courses = new Map<string, Course>();
/** Words that only staff may ever read. */
const secret = "SECRET-WORDS";

beforeAll(async () => {
  room = await Room.open({ startAt: `${days.handIn}T16:00:00Z` });
  for (const { pack, caseId, ref, cast } of cases) {
    const j = journey(pack, caseId).registered({ ref }).upTo("handedIn");
    await enact(room.p, j, { ...cast, auditor: "max" });
    courses.set(caseId, new Course(room.p, pack, cast, ref));
  }
});
afterAll(() => room?.close());

const caseOf = async ({ caseId }: Assessed): Promise<Case> => {
  const head = await room.p.service.ports.store.head<Case>(casePk(caseId));
  if (!head) throw new Error("No case");
  return head.state;
};

describe.each(sessions)("$name", ({ of, method, day }) => {
  const { caseId, ref, cast, time } = of;
  const step = inOrder();
  const { session, criteria } = method;
  const onTeams = session.settings.includes("teams");
  const watched = session.observers.includes("employer");
  const grade = of.grades[method.id] as Grade;
  const part = session.questionsPart?.limit.kind;
  const exactly = session.questions && "exactly" in session.questions ? session.questions.exactly : undefined;
  const all = [...criteria.pass, ...criteria.distinction];
  const labelOf = (id: string) => id.slice(id.indexOf("-") + 1);
  const [p1, p2] = criteria.pass.map(({ id }) => id) as [string, string];
  const outside = [cast.apprentice, cast.employer] as const;
  const a = async (): Promise<Attempt> => attemptAt(await caseOf(of), method.id);
  const graded = async (): Promise<GradingPanel> => {
    const answer = PanelAnswer.parse(await room.asked(cast.assessor, caseId, method.id));
    return GradingPanel.parse(answer.kind === "session" ? answer.panel : answer);
  };
  const seenFrom = async (who: string): Promise<OutsidePanel> => {
    const answer = PanelAnswer.parse(await room.asked(who, caseId, method.id));
    return OutsidePanel.parse(answer.kind === "session" ? answer.panel : answer);
  };
  const hand = () => new Grading(room.panel(cast.assessor));
  /** By which name the app's tab lists it for staff and employer, and for the apprentice. */
  const listed = (who: string) =>
    who === cast.apprentice ? `Open ${method.title}` : new RegExp(`^Open ${method.title}, `);

  step("booked for its day, everyone is told, and where it is on Teams its meeting is made", async () => {
    const course = courses.get(caseId) as Course;
    await course.do(
      "coordinator",
      "session.move",
      {
        date: day,
        time,
        reason: "An hour that suits everybody",
        ...(onTeams ? { setting: "teams", where: "", lobby: "invited", recordMeeting: true } : {}),
      },
      { method: method.id },
    );
    if (onTeams) for (let n = 0; n < 12 && (await a()).session.online?.done?.length !== 3; n++) await room.minutes(3);
    const { booking, online } = (await a()).session;
    expect(booking).toMatchObject({ setting: onTeams ? "teams" : "workplace" });
    expect(online?.done?.toSorted()).toEqual(onTeams ? ["app", "options", "tab"] : undefined);
    expect(online?.made?.event !== undefined).toBe(onTeams);
    // Who was told of it, by the record of what went out.
    await room.p.teams.settled();
    const { store } = room.p.service.ports;
    const moved = (await store.events(casePk(caseId))).findLast((e) => e.type === "SessionMoved")?.seq ?? 0;
    const told = (await store.notices(casePk(caseId))).filter((n) => {
      const { from, to } = n.data as { from: number; to: number };
      return n.kind === "told" && from <= moved && moved <= to;
    });
    const c = await caseOf(of);
    expect(told.map((n) => n.to)).toEqual(expect.arrayContaining([c.parties.apprentice, c.staff.assessor]));
    expect(told.filter((n) => n.state !== "sent")).toEqual([]);
    const booked = (m: { startsAt: string }) => Date.parse(m.startsAt) === Date.parse(booking?.at ?? "");
    const meetings = room.p.teams.local.snapshot(cast.apprentice).meetings.filter((m) => m.title.includes(ref));
    expect(meetings.some(booked)).toBe(onTeams);
    // The employer's calendar has it only where the employer may watch.
    const theirs = room.p.teams.local.snapshot(cast.employer).meetings.filter((m) => m.title.includes(ref));
    expect(theirs.some(booked)).toBe(onTeams && watched);
  });

  step("the three of them have their panels, and none of the outside ones holds a word of the assessor's", async () => {
    const { booking } = (await a()).session;
    await room.p.teams.goTo(new Date(Date.parse(booking?.at ?? "") - 120_000).toISOString());
    const comes = (who: string) =>
      onTeams && (who !== cast.employer || watched) ? room.joins(who, booking?.at ?? "") : room.opens(who, listed(who));
    await Promise.all([cast.assessor, ...outside].map(comes));
    await hand().panel.getByText("Before you start").waitFor();
    for (const who of outside) {
      const view = await seenFrom(who);
      expect(view).toMatchObject({ timer: { phase: "before" }, observes: watched && who === cast.employer });
      expect(view.session.link !== null).toBe(onTeams && (who === cast.apprentice || watched));
      await room.panel(who).getByRole("timer").waitFor();
      expect(await room.panel(who).getByRole("button").count()).toBe(0);
    }
    if (onTeams) {
      await room.p.teams.settled();
      const { presence } = await graded();
      expect(presence?.startedAt).not.toBeNull();
      expect(presence?.people).toHaveLength(watched ? 3 : 2);
    }
  });

  step("it starts once all is checked, and the questions are drawn that together reach every criterion", async () => {
    const g = hand();
    await g.button("Start session").click();
    await g.panel.locator("[aria-invalid=true]").first().waitFor();
    expect((await a()).session.state).toBe("booked");
    const { questions, checklist } = await graded();
    await g.button("Draw the questions").click();
    await eventually(async () => expect((await a()).session.drawn).toMatchObject({ uncovered: [] }));
    expect((await a()).session.drawn?.ids).toHaveLength(questions.size);
    await g.ticksAll();
    await g.button("Start session").click();
    await g.saved();
    await eventually(async () => expect((await a()).session.state).toBe("running"));
    const { started } = (await a()).session;
    expect(started?.conditions.toSorted()).toEqual(checklist?.conditions.map(({ id }) => id).toSorted());
    expect(started).toMatchObject({ recording: onTeams, storage: true });
    for (const who of outside) expect((await seenFrom(who)).timer.phase).toBe("running");
  });

  step("questions are asked and followed up, and notes tied to what they are evidence of", async () => {
    const g = hand();
    // Half a minute more, so that the minutes shown hang on no second of this run's own.
    await room.minutes(10.5);
    await g.ran(10);
    await g.tab("Questions");
    if (part) await g.button("Start questions").click();
    const mains = exactly ?? 2;
    for (let n = 1; n <= mains; n++) {
      await g.button("Mark asked").click();
      await eventually(async () =>
        expect((await graded()).questions.asked.filter((q) => q.kind === "main")).toHaveLength(n),
      );
    }
    const main = (await graded()).questions.asked.at(-1);
    await g.button(`Follow up ${main?.label}`).click();
    await g.dialog.getByRole("textbox", { name: "Question" }).fill(`${secret} and how did they take it?`);
    await g.dialog.getByRole("button", { name: "Mark asked" }).click();
    await eventually(async () =>
      expect((await graded()).questions.asked.at(-1)).toMatchObject({
        kind: "followUp",
        follows: main?.id,
        question: null,
      }),
    );
    if (part) await g.button("End questions").click();
    await g.note(`${secret} names two styles`, { criteria: [p1, p2].map(labelOf), question: main?.label ?? "" });
    await g.saved();
    await eventually(async () =>
      expect((await graded()).notes).toMatchObject([{ criteria: [p1, p2], question: main?.id }]),
    );
    // A note counts as evidence for each criterion that it is tied to.
    const { coverage, groups } = await graded();
    const open = coverage.open.flatMap((o) => o.criteria);
    expect(open.toSorted()).toEqual(all.flatMap(({ id }) => (id === p1 || id === p2 ? [] : [id])).toSorted());
    await g.tab("Coverage");
    for (const c of groups.flatMap((group) => group.criteria))
      expect(await g.button(new RegExp(`^${c.label}, (?!untie)`)).count()).toBe(1);
  });

  step("it pauses for a reason, and the pause is not counted", async () => {
    const g = hand();
    await g.button("Pause").click();
    await g.dialog.getByRole("button", { name: "Pause" }).click();
    expect((await a()).session.state).toBe("running");
    await g.dialog.getByRole("textbox", { name: "Reason" }).fill(`${secret} the line dropped`);
    await g.dialog.getByRole("button", { name: "Pause" }).click();
    await eventually(async () => expect((await a()).session.state).toBe("paused"));
    for (const who of outside) expect((await seenFrom(who)).timer.phase).toBe("paused");
    await room.minutes(7);
    await g.button("Resume").click();
    await eventually(async () => expect((await a()).session.state).toBe("running"));
    const { pauses, spans } = (await a()).session;
    expect(pauses).toHaveLength(1);
    expect(spans).toHaveLength(2);
    await g.ran(10);
  });

  step("the grade so far says what is missing, and moves with each mark", async () => {
    const g = hand();
    await room.minutes(30);
    const keys = markKeys(method);
    const wanted = marksFor(method, grade);
    expect((await graded()).provisional).toMatchObject({ grade: "fail", complete: false });
    // By keys, row by row, as the pack groups them.
    const rows = (await graded()).groups.flatMap((group) => group.criteria.flatMap((c) => c.keys.map((k) => k.key)));
    expect(rows.toSorted()).toEqual(keys.map(({ key }) => key).toSorted());
    const firstLabel = labelOf(rows[0] ?? "").replace(/\.(\w)$/, " ($1)");
    const typed = rows.map((key) => (wanted[key] === "met" ? "m" : "n")).join("");
    await g.marks(await room.window(cast.assessor), firstLabel, typed);
    await eventually(async () => expect((await a()).marks).toEqual(wanted));
    const { provisional, coverage } = await graded();
    expect(provisional).toMatchObject({ grade, complete: true });
    expect(coverage.open).toEqual([]);
    const unmet = (level: "pass" | "distinction") =>
      keys.filter((k) => wanted[k.key] !== "met" && criteria[level].some((c) => c.id === k.criterion)).length;
    expect(provisional.missingForPass).toHaveLength(unmet("pass"));
    expect(provisional.missingForDistinction).toHaveLength(unmet("distinction"));
  });

  step("ending outside the limits asks for a reason, inside them for none", async () => {
    const g = hand();
    const c = await caseOf(of);
    const { least, planned } = lengthLimits(c, method);
    await g.ran(40);
    expect(40 * 60).toBeLessThan(least);
    await g.button("End").click();
    await g.dialog.getByRole("button", { name: "End session" }).click();
    await g.dialog.locator("[aria-invalid=true]").waitFor();
    expect((await a()).session.state).toBe("running");
    await g.dialog.getByRole("button", { name: "Keep going" }).click();
    // Over the planned length where that is at the assessor's discretion.
    const atDiscretion = session.length.overIsDiscretion;
    const minutes = planned / 60 + (atDiscretion ? 2 : 0);
    await room.minutes(minutes - 40);
    await g.ran(minutes);
    await g.button("End").click();
    await g.dialog.waitFor();
    expect(await g.dialog.getByRole("textbox").count()).toBe(0);
    if (atDiscretion) await g.dialog.getByRole("checkbox").check();
    await g.dialog.getByRole("button", { name: "End session" }).click();
    await eventually(async () => expect((await a()).session.state).toBe("ended"));
    const { ended } = (await a()).session;
    expect(ended).toMatchObject({ discretion: atDiscretion });
    expect(Math.floor((ended?.seconds ?? 0) / 60)).toBe(minutes);
    expect(wordsOf(ended?.reason)).toBe("");
    if (part) expect(ended?.questionsSeconds).toBeLessThanOrEqual(questionsLimit(c, method, ended?.seconds ?? 0) ?? 0);
    for (const who of outside) {
      expect((await seenFrom(who)).timer.phase).toBe("ended");
      expect(await room.panel(who).getByRole("button").count()).toBe(0);
    }
  });

  step("declared and confirmed it is read only, for staff who look on too", async () => {
    const g = hand();
    await g.tab("Summary");
    await g.button(/^Confirm /).click();
    expect((await a()).confirmed).toBeUndefined();
    await g.panel.getByRole("checkbox", { name: /./ }).last().check();
    await g.button(/^Confirm /).click();
    await g.panel.getByTestId("confirmed").waitFor();
    await eventually(async () => expect((await a()).confirmed).toMatchObject({ grade }));
    expect(await g.panel.getByRole("textbox").count()).toBe(0);
    await g.tab("Criteria");
    expect(await g.panel.getByRole("radio").count()).toBe(0);
    expect((await graded()).may).toEqual([]);
    const iqa = PanelAnswer.parse(await room.asked(cast.iqa, caseId, method.id));
    expect(iqa).toMatchObject({ panel: { kind: "grading", role: "iqa", may: [] } });
    if (onTeams)
      for (const who of [cast.assessor, ...outside]) if (who !== cast.employer || watched) await room.leaves(who);
  });
});

describe("afterwards", () => {
  test("no panel of an apprentice or employer was ever answered anything but time and practical information", async () => {
    const outside = [...new Set(cases.flatMap(({ cast }) => [cast.apprentice, cast.employer]))];
    const questions = new Set<string>();
    for (const of of cases) {
      const c = await caseOf(of);
      for (const { id } of of.pack.methods) {
        const answer = PanelAnswer.parse(await room.asked(of.cast.assessor, of.caseId, id));
        if (answer.kind === "session" && answer.panel.kind === "grading")
          for (const q of answer.panel.questions.bank) questions.add(q.text);
        expect(attemptAt(c, id).confirmed).toBeDefined();
      }
    }
    expect(questions.size).toBeGreaterThan(60);
    for (const who of outside) {
      const bodies = (room.answered.get(who) ?? []).filter(Boolean);
      expect(bodies.length).toBeGreaterThan(10);
      for (const body of bodies) {
        const answer = PanelAnswer.parse(JSON.parse(body));
        if (answer.kind === "session") expect(answer.panel.kind).toBe("outside");
        expect(body).not.toContain(secret);
        for (const text of questions) expect(body).not.toContain(text);
      }
    }
  });

  test.each(cases)(
    "$pack.body.id: moderated where sampled and released by the cards, the results come to all three",
    async (of) => {
      const course = courses.get(of.caseId) as Course;
      if (londonDate(course.now) < days.release) await course.on(days.release, "10:00");
      for (const { id } of of.pack.methods)
        if (attemptAt(await caseOf(of), id).moderation?.state === "waiting") await course.upheld(id);
      const before = await course.seat(of.cast.apprentice).card();
      expect(before.text).not.toContain(secret);
      await course.do("coordinator", "results.release", { feedback: "Well prepared." });
      const grades = Object.values(of.grades);
      const overall = grades.includes("fail")
        ? "fail"
        : grades.every((g) => g === "distinction")
          ? "distinction"
          : "pass";
      const c = await caseOf(of);
      expect(c.releases.at(-1)).toMatchObject({ grades: of.grades, overall });
      for (const who of ["apprentice", "employer", "provider"] as const) {
        const mails = await course.seat(who).player.mails();
        expect(mails.some((mail) => mail.text.includes(of.ref) || mail.subject.includes(of.ref))).toBe(true);
      }
      expect((await course.seat(of.cast.apprentice).card()).text).not.toBe(before.text);
    },
  );

  test("nothing broke in anybody's page on the way", () => {
    expect(room.failures).toEqual([]);
  });
});
