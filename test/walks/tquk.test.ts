import { type Filled, inputsOf, wordsOf } from "../support/cardReading";
import { tquk } from "../support/case";
import { type Product, product } from "../support/service";
import { Course, usualCast } from "./course";
import { beside, joins, type Seat, words } from "./seat";
import { receivedBy, Watch } from "./watch";

/**
 * A whole case under TQUK in Local Teams, with everything that can go otherwise in it. Everyone does what their cards offer.
 * The tests are the chapters of one story: each stands on those before it.
 */

let p: Product;
let watch: Watch;
let c: Course;
let cora: Seat;
let ben: Seat;
let ivy: Seat;
let ada: Seat;

/** The provider of this case has Teams: a federated person. */
beforeAll(async () => {
  p = await product({ startAt: "2026-02-02T09:00:00Z" });
  watch = new Watch(p);
  const { personId } = await p.teams.act({
    do: "people.add",
    name: "Paula Provisional",
    role: "Second provider",
    kind: "federated",
  });
  c = await Course.begin(p, tquk, { ...usualCast, provider: personId });
  [cora, ben, ivy, ada] = ["coordinator", "assessor", "iqa", "apprentice"].map((who) => c.seat(who)) as [
    Seat,
    Seat,
    Seat,
    Seat,
  ];
});
afterAll(() => p.stop());

const project = { method: "project" };
const observation = { method: "observation" };
const discussion = { method: "discussion" };

describe("gateway", () => {
  test("staff see nothing of the evidence before they declare; who has an interest is taken off", async () => {
    await c.do("coordinator", "staff.allocate", { person: "Tom Testcase" }, { role: "assessor" });
    const tom = c.seat("tom");
    expect((await tom.card()).text).not.toContain("Not handed in");
    await c.do("tom", "interest.declare", { conflict: "true", detail: "Ada is a cousin" });
    expect(await cora.may("staff.allocate", { args: { role: "assessor" } })).toBe(true);
    await c.staffed();
    expect((await cora.card()).text).toContain("Gateway");
  });

  test("the coordinator reminds whom the next step waits for, at once", async () => {
    const provider = () => receivedBy(p, c.cast.provider);
    const before = (await provider()).length;
    await cora.do("party.remind");
    expect((await provider()).length).toBe(before + 1);
    expect((await provider()).join("\n")).toContain("State the time on programme");
  });

  test("a proposal of 501 words is refused beside its input, and so is one with no KSB", async () => {
    await c.do("provider", "gateway.attest", { lastDay: c.today, offTheJobPercent: 22, portfolioOwn: true });
    const item = { item: "proposal" };
    const long = await c.refused(
      "provider",
      "gateway.submit",
      { reference: "p.docx", ...c.proposal(words(501)) },
      item,
    );
    expect(beside(long, "text")).toContain("501 words");
    expect(beside(long, "text")).toContain("Shorten it by 1 word");
    // What was typed stands: only the text is shortened.
    await long.submit({ Proposal: words(500) });
  });

  test("five more items are handed in; one is returned with a reason and comes back", async () => {
    for (const item of c.needed.filter((one) => one.id !== "proposal"))
      await c.do("provider", "gateway.submit", c.evidence(item, c.today), { item: item.id });
    const review = await cora.open("view.gateway");
    for (const { title } of c.needed.filter(({ id }) => id !== "photoId")) await review.refused({}, `Accept: ${title}`);
    await review.refused({ reason: "The photo is not to be made out" }, "Return: Photo identity document");
    expect(review.text).toContain("5 of 6 accepted, 1 returned");
    await review.close();
    const provider = c.seat("provider");
    expect(await provider.player.lastWords()).toContain("Photo identity document");
    const again = await provider.open("gateway.submit", { args: { item: "photoId" } });
    expect(again.text).toContain("The photo is not to be made out");
    await again.submit({ "Where it is filed": "photo-2.pdf" });
    const second = await cora.open("view.gateway");
    await second.refused({}, "Accept: Photo identity document");
    // The provider has not confirmed yet.
    await second.refused({}, "Accept gateway");
    expect(second.text).toMatch(/confirm/i);
    await second.close();
  });

  test("everyone confirms; the gateway opens, and with it three months", async () => {
    await c.do("provider", "gateway.confirm");
    await c.do("apprentice", "gateway.ready");
    const review = await cora.open("view.gateway");
    await review.submit({}, "Accept gateway");
    expect((await cora.card()).text).toContain("Stage 2 of 5: Planning");
    expect((await cora.card()).text).toContain("Sat 2 May 2026");
    await ada.live();
    await cora.live();
  });
});

describe("the proposal", () => {
  test("it is not returned without feedback, and the refusal stands beside the input", async () => {
    const dialog = await ben.open("proposal.return");
    const required = inputsOf(dialog.json)
      .filter((input) => input.isRequired)
      .map((input) => String(input.id).split("-r")[0]);
    expect(required).toEqual(["reasons", "feedback"]);
    // A client that sends it all the same is refused by the rule.
    const pressed = await dialog.refused({ Reasons: ["ksbs"], "Feedback that": " " });
    expect(beside(pressed, "feedback")).toMatch(/R12|proposal/i);
    await pressed.submit({ "Feedback that": "Say what you did yourself" });
    expect(await ada.player.lastWords()).toContain("Say what you did yourself");
    expect((await ada.card()).text).toContain("Mon 9 Feb 2026");
  });

  test("late rework is refused; the coordinator lifts the rule, and it is taken", async () => {
    await c.on("2026-02-10");
    expect((await ada.card()).text).toMatch(/late|overdue/i);
    const late = await c.refused("apprentice", "proposal.submit", { text: words(120) });
    expect(late.text).toContain("9 Feb 2026");
    await c.do("coordinator", "rule.lift", { rule: "R12", reason: "She was ill that week" });
    await late.submit();
    expect((await ben.card()).text).toContain("Decide on the proposal");
  });

  test("a second return goes to the coordinator, who gives another go", async () => {
    const before = await ben.shows("view.proposal");
    await c.do("assessor", "proposal.return", { reasons: ["challenge"], feedback: "Choose one" });
    expect(await ada.may("proposal.submit")).toBe(false);
    await c.do("coordinator", "proposal.reopen", { reason: "A third go is fair" });
    await c.do("apprentice", "proposal.submit", { text: words(130) });
    expect(await ada.may("report.submit", { args: project })).toBe(false);
    // The card of the version before is still on his screen: pressing it says so, and accepts nothing.
    const pressed = await ben.player.press("Accept proposal", {}, before);
    expect(pressed.outcome === "card" && wordsOf(pressed.message.cards[0]?.card ?? {})).toMatch(/changed nothing/);
    expect(await ben.may("proposal.accept")).toBe(true);
  });

  test("no report before the proposal is accepted; after planning and acceptance it may come", async () => {
    await c.do("coordinator", "planning.schedule", { date: "2026-02-12", time: "10:00" });
    await c.on("2026-02-12", "10:30");
    await c.do(
      "assessor",
      "planning.finish",
      c.agreed({
        reportDue: "2026-03-12",
        sessions: { project: "2026-03-30", discussion: "2026-04-01", observation: "2026-04-07" },
      }),
    );
    if (await ada.may("report.submit", { args: project })) {
      const early = await c.refused("apprentice", "report.submit", { reference: "r.docx", words: 2500 }, project);
      expect(early.text).toMatch(/proposal/i);
      await early.close();
    }
    await ben.do("proposal.accept");
    expect(await ada.may("report.submit", { args: project })).toBe(true);
  });
});

describe("adjustments and dates", () => {
  test("extra time, asked for late, is allowed with a warning and raises the upper limit", async () => {
    const asked = await c.do("apprentice", "adjustment.request", {
      kind: "extraTime",
      need: "Reads slowly",
      extraTimePercent: 25,
      normalWay: true,
      apprenticeInvolved: true,
    });
    expect(asked).toMatch(/recorded/);
    await c.do("coordinator", "adjustment.decide", { granted: "true", reason: "As the report asks" });
    expect(await ada.player.lastWords()).toContain("As the report asks");
    for (const seat of [ben, ivy])
      expect((await receivedBy(p, seat.player.id)).join("\n")).not.toContain("Reads slowly");
  });

  test("the selection: nine pieces, and a KSB without a piece, are refused", async () => {
    await c.on("2026-03-12");
    await c.reportIn();
    const nine = await c.refused("apprentice", "portfolio.submit", c.portfolio(undefined, 9), discussion);
    expect(beside(nine, "pieces")).toMatch(/10/);
    await nine.close();
    const all = c.portfolio(undefined, 10);
    const none = await c.refused("apprentice", "portfolio.submit", { ...all, "mapping-K3": "" }, discussion);
    expect(none.text).toContain("K3");
    await none.submit({ K3: "4" });
  });

  test("special consideration: asked for by the apprentice, decided by the coordinator, read by nobody else", async () => {
    await c.do("apprentice", "consideration.request", { what: "BROKE-A-LEG", rescheduleTried: false }, discussion);
    const dialog = await cora.open("consideration.decide");
    expect(dialog.text).toContain("BROKE-A-LEG");
    expect(dialog.text).toContain("Moving the date was not tried");
    await dialog.submit({ Decision: "false", Reason: "TRY-ANOTHER-DATE" });
    expect(await ada.player.lastWords()).toContain("TRY-ANOTHER-DATE");
    for (const seat of [ben, ivy, c.seat("provider"), c.seat("employer")])
      expect((await receivedBy(p, seat.player.id)).join("\n")).not.toMatch(/BROKE-A-LEG|TRY-ANOTHER-DATE/);
  });

  test("the interview is not moved too early nor past the window; the coordinator lifts it with a reason", async () => {
    const early = await c.refused(
      "coordinator",
      "session.move",
      { date: "2026-03-25", reason: "The firm asks" },
      project,
    );
    expect(beside(early, "date")).toContain("Choose Thu 26 Mar to Sat 2 May 2026");
    const late = await early.refused({ "Interview date": "2026-05-04" });
    expect(beside(late, "date")).toContain("2 May 2026");
    const unexplained = await late.refused({}, "Override and move");
    expect(beside(unexplained, "override-reason")).toMatch(/reason/i);
    await unexplained.submit({ "Why the rule is lifted": "The firm closes in April" }, "Override and move");
    expect((await cora.card()).text).toContain("Mon 4 May 2026");
    // And back into the window.
    await c.do("coordinator", "session.move", { date: "2026-03-30", reason: "It opens after all" }, project);
  });

  test("a simulated observation needs a dispensation", async () => {
    const to = { setting: "simulated", where: "Training room", reason: "The site is shut" };
    const dialog = await c.refused("coordinator", "session.move", to, observation);
    expect(beside(dialog, "setting")).toMatch(/dispensation/i);
    await dialog.close();
    await c.do("coordinator", "dispensation.grant", { reference: "D-17" });
    await c.do("coordinator", "session.move", to, observation);
    expect((await ada.card()).text).toMatch(/simulat/i);
  });
});

describe("reminders and what is due", () => {
  test("each has what is due of them in their list, the coordinator everyone's", async () => {
    for (const [seat, lines] of [
      [ben, ["Hold the interview", "You · Mon 30 Mar 2026"]],
      [ada, ["Be there for your interview", "You · Mon 30 Mar 2026"]],
      [cora, ["Interview", "Ben Sample · Mon 30 Mar 2026", "Finish inside the EPA window"]],
    ] as const) {
      await seat.player.say("due");
      const { text } = await seat.player.lastCard();
      for (const line of lines) expect(text).toContain(line);
      await seat.ask();
    }
  });

  test("the assessor and the apprentice are reminded a week and a day before the interview", async () => {
    const reminders = (who: string) => async () =>
      (await receivedBy(p, who)).filter(
        (text) => /Reminder/.test(text) && /interview: (in 7 days|tomorrow)/i.test(text),
      ).length;
    const [ofBen, ofAda] = [reminders("ben"), reminders("ada")];
    expect([await ofBen(), await ofAda()]).toEqual([0, 0]);
    await c.on("2026-03-23", "09:05");
    expect([await ofBen(), await ofAda()]).toEqual([1, 1]);
    await c.on("2026-03-29", "09:05");
    expect([await ofBen(), await ofAda()]).toEqual([2, 2]);
  });
});

describe("staff", () => {
  test("someone is added by the picker, someone by mail, who joins with the code", async () => {
    await p.teams.act({ do: "people.add", name: "Una Untrue", role: "Third assessor", kind: "staff" });
    await p.teams.act({ do: "people.add", name: "Walt Wishful", role: "Fourth assessor", kind: "guest" });
    expect((await c.staffList()).text).toContain("Ben Sample");
    const add = async (filled: Filled) => {
      await (await cora.player.dialog("Add staff", await c.staffList())).submit({
        "Does what": ["Assessor"],
        ...filled,
      });
    };
    await add({ Person: "Una Untrue" });
    await add({ "Or by mail": "walt.wishful@example.com" });
    const walt = p.teams.as("Fourth assessor");
    expect((await c.staffList()).text).toContain("New colleague");
    // Una's name is known once she writes, and Walt's in place of his address.
    await p.teams.as("Third assessor").say("cases");
    await joins(p, walt.id);
    await walt.say("cases");
    expect(await walt.lastWords()).toContain("No cases yet");
    expect((await c.staffList()).text).toMatch(/Una Untrue[\s\S]*Walt Wishful|Walt Wishful[\s\S]*Una Untrue/);
  });

  test("nobody is picked twice by nobody: a form without a person is refused beside the input", async () => {
    const dialog = await cora.player.dialog("Add staff", await c.staffList());
    const refused = await dialog.refused({ "Does what": ["Assessor"] });
    expect(beside(refused, "person")).not.toBe("Person");
    await refused.close();
  });

  test("every grade is sampled, except one assessor's", async () => {
    await (await cora.player.dialog("Set sampling", await c.staffList())).submit({ "Share of grades": 100 });
    const own = await cora.player.dialog("Set sampling", await c.staffList());
    await own.submit({ "For whom": "Una Untrue", "Share of grades": 0 });
    expect((await c.staffList()).text).toMatch(/Una Untrue\nAssessor · no grade sampled/);
  });

  test("who leaves is on the list no more, and cannot be put on a case", async () => {
    await (await cora.player.dialog("Remove staff", await c.staffList())).submit({ Person: "Walt Wishful" });
    expect((await c.staffList()).text).not.toContain("Walt Wishful");
    await cora.ask();
  });

  test("the auditor sees the case and its record, and may do nothing in it", async () => {
    const max = c.seat("max");
    expect(await max.offers()).toEqual(expect.arrayContaining(["view.history"]));
    expect((await max.offers()).filter((one) => !one.startsWith("view."))).toEqual([]);
    const record = await max.shows("view.history");
    expect(record.text).toContain("Cora Placeholder");
  });

  test("the other assessor finds no such case", async () => {
    const una = p.teams.as("Third assessor");
    await una.say(`case ${c.ref}`);
    expect(await una.lastWords()).not.toContain("Ada");
  });
});

describe("sessions", () => {
  test("a no-show: not held, booked anew; the interview is held later", async () => {
    await c.on("2026-03-30", "10:00");
    await c.do("assessor", "session.notHeld", { why: "noShow", detail: "Nobody came" }, project);
    expect(await ada.player.lastWords()).toMatch(/not held/i);
    expect(await ada.player.lastWords()).not.toContain("Nobody came");
    await c.do(
      "coordinator",
      "session.book",
      { date: "2026-04-02", time: "09:30", setting: "teams", where: "" },
      project,
    );
    expect((await ada.card()).text).toContain("Thu 2 Apr 2026, 09:30");
  });

  test("a line that fails: the discussion is begun, breaks off, and is booked anew", async () => {
    await c.on("2026-04-01");
    await c.started("discussion");
    await c.minutes(10);
    await c.asked("discussion", 1);
    await c.do("assessor", "session.notHeld", { why: "technical", detail: "The line broke" }, discussion);
    await c.do(
      "coordinator",
      "session.book",
      { date: "2026-04-09", time: "09:30", setting: "teams", where: "" },
      discussion,
    );
  });

  test("the interview: marked on cards, nine questions and a long hour ask a reason; extra time is in its limit", async () => {
    await c.on("2026-04-02");
    await c.started("project");
    await c.asked("project", 9);
    await c.minutes(83);
    const end = await ben.open("session.end", { args: project });
    expect(end.text).toContain("54 min to 82 min 30 s");
    const refused = await end.refused();
    expect(refused.text).toMatch(/83 min/);
    expect(beside(refused, "reason")).toMatch(/9|nine/);
    await refused.submit({ Reason: "The fire alarm cost us one question, and the clock ran on" });
    await c.do("assessor", "session.note", { text: "NOTE-OF-THE-INTERVIEW" }, project);
    await c.marked("project", "fail");
  });

  test("the assessor changes: who declared an interest cannot come back, the new one declares and goes on", async () => {
    const tom = await c.refused(
      "coordinator",
      "staff.allocate",
      { person: "Tom Testcase", reason: "Ben is ill" },
      { role: "assessor" },
    );
    expect(beside(tom, "person")).toMatch(/interest/i);
    await tom.close();
    await c.confirmed("project");
    await c.do("coordinator", "staff.allocate", { person: "Una Untrue", reason: "Ben is ill" }, { role: "assessor" });
    c.cast.assessor = p.teams.as("Third assessor").id;
    await c.do("assessor", "interest.declare", { conflict: "false" });
    expect(await p.teams.as("ben").lastWords()).toMatch(/no longer|hand/i);
    await p.teams.as("ben").say(`case ${c.ref}`);
    expect(await p.teams.as("ben").lastWords()).not.toContain("Fictional Foods");
  });

  test("an observation that is abandoned is held again, simulated under the dispensation, with questions after", async () => {
    await c.on("2026-04-07");
    await c.started("observation");
    await c.minutes(20);
    await c.do("assessor", "session.notHeld", { why: "abandoned", detail: "Ada fell ill" }, observation);
    const again = { time: "09:30", setting: "simulated", where: "Training room" };
    const soon = await c.refused("coordinator", "session.book", { ...again, date: "2026-04-20" }, observation);
    expect(beside(soon, "date")).toContain("21 Apr 2026");
    await soon.submit({ "Observation date": "2026-04-21" });
  });

  test("discussion and observation are held by the new assessor", async () => {
    await c.held("discussion", "pass", "2026-04-09");
    await c.held("observation", "distinction", "2026-04-21");
  });
});

describe("grades", () => {
  test("the first assessor's grade is sampled and upheld; the new one's are not, until the quality assurer pulls one", async () => {
    await c.on("2026-04-22");
    await c.confirmed("observation");
    await c.confirmed("discussion");
    expect((await ivy.shows("view.grading", observation)).text).toContain("Not sampled: it stands");
    expect((await ivy.shows("view.grading", discussion)).text).toContain("Pass");
    await c.upheld("project");
    await c.do("iqa", "moderation.sample", {}, discussion);
  });

  test("a grade that is sent back is looked at again, corrected, and goes back to the quality assurer", async () => {
    await c.do("iqa", "moderation.sendBack", { reason: "SENT-BACK-BECAUSE" }, discussion);
    const una = c.seat("assessor");
    expect((await una.card()).text).toMatch(/grade of the discussion again/i);
    const correct = await una.open("mark.correct", { args: discussion });
    expect(correct.text).toContain("SENT-BACK-BECAUSE");
    const [criterion] = inputsOf(correct.json).filter((input) => String(input.id).startsWith("criterion"));
    const choices = (criterion?.choices ?? []) as { title: string; value: string }[];
    const notMet = choices.filter((choice) => choice.title.startsWith("Not met"));
    expect(notMet).toHaveLength(1);
    await correct.submit({
      Criterion: notMet[0]?.value ?? "",
      "Right mark": "Met",
      "Why it changes": "CORRECTED-BECAUSE",
    });
    await c.confirmed("discussion");
    expect((await ivy.card()).text).toMatch(/Moderate the discussion/);
    await c.upheld("discussion");
  });

  test("withheld, nothing goes out; resumed, it may", async () => {
    await c.do("coordinator", "results.withhold", { reason: "WITHHELD-BECAUSE" });
    expect(await cora.may("results.release")).toBe(false);
    await c.do("coordinator", "results.resume", { reason: "Looked into" });
    expect(await cora.may("results.release")).toBe(true);
  });

  test("up to now nobody outside has received a word of marks, notes, questions or grades", async () => {
    const secret =
      /\b(fails?|pass(ed)?(?! it on)|distinction|merit)\b|NOTE-OF|Noted in the|BECAUSE|how was that|moderat|withh|sampled|not met/i;
    for (const who of ["apprentice", "employer", "provider"] as const) {
      const received = await receivedBy(p, c.cast[who]);
      expect(received.length).toBeGreaterThan(3);
      expect(received.filter((text) => secret.test(text))).toEqual([]);
    }
  });

  test("released: a fail in the project; each gets the statement, with what comes next", async () => {
    const form = await cora.open("results.release");
    expect(form.text).toContain("Overall: Fail");
    await form.submit({ "Feedback that": "FEEDBACK-TO-READ" });
    for (const who of ["apprentice", "employer", "provider"] as const) {
      const mail = await c.seat(who).player.mail("esult");
      expect(mail.text).toMatch(/Project and interview\W+Fail/);
      expect(mail.text).toMatch(/Observation\W+Distinction/);
      expect(mail.text).toMatch(/Professional discussion\W+Distinction/);
      expect(mail.text).toContain("22 Apr 2027");
      expect(mail.subject).not.toMatch(/fail|pass|distinction/i);
    }
    expect((await ada.card()).text).toContain("FEEDBACK-TO-READ");
    expect((await receivedBy(p, "ada")).join("\n")).not.toMatch(/NOTE-OF|BECAUSE|how was that/);
    await ada.live();
  });
});

describe("afterwards", () => {
  test("an enquiry is asked and answered", async () => {
    await c.do("apprentice", "enquiry.raise", { grounds: "How did the project come out so?" });
    expect((await cora.card()).text).toMatch(/enquiry/i);
    await c.do("coordinator", "enquiry.answer", { answer: "ANSWER-TO-READ" });
    expect(await ada.player.lastWords()).toContain("ANSWER-TO-READ");
  });

  test("a wrong name, a wrong address, a wrong date are corrected through the dialogs", async () => {
    await c.do("coordinator", "person.correct", {
      role: "apprentice",
      field: "name",
      value: "Ada Exemplar",
      reason: "As in her passport",
    });
    expect((await ada.card()).text).toContain("Ada Exemplar");
    const bad = await c.refused("coordinator", "person.correct", {
      role: "employer",
      field: "mail",
      value: "nonsense",
      reason: "Moved",
    });
    expect(beside(bad, "value")).not.toBe("As it should be");
    await bad.submit({ "As it should be": "dev.two@example.com" });
    const future = await c.refused("coordinator", "case.correct", {
      what: "programmeStart",
      value: "2027-01-01",
      reason: "Misread",
    });
    expect(beside(future, "value")).toMatch(/still to come/);
    await future.submit({ "Right date": "2024-10-07" });
    const record = await cora.record();
    expect(record).toContain("7 Oct 2024");
    for (const words of [
      "She was ill that week",
      "The firm closes in April",
      "CORRECTED-BECAUSE",
      "As in her passport",
    ])
      expect(record).toContain(words);
  });

  test("nothing failed on the way: no traffic, no apology, no notice", async () => {
    expect(await watch.faults()).toEqual([]);
  });
});
