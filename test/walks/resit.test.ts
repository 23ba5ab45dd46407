import { tquk } from "../support/case";
import { type Product, product } from "../support/service";
import { Course, usualCast } from "./course";
import { beside, type Seat } from "./seat";
import { receivedBy, Watch } from "./watch";

/** What follows a fail under TQUK, in Local Teams: resit and rework, the cap, an appeal, a retake through a new gateway. */

let p: Product;
let watch: Watch;
let c: Course;
let cora: Seat;
const project = { method: "project" };
const distinction = { observation: "distinction", discussion: "distinction", project: "distinction" } as const;

beforeAll(async () => {
  p = await product({ startAt: "2026-02-02T09:00:00Z" });
  watch = new Watch(p);
  c = await Course.begin(p, tquk);
  cora = c.seat("coordinator");
  await c.sampling(0);
  await c.upToGraded({ ...distinction, project: "fail" });
  await c.on("2026-04-13");
  await c.do("coordinator", "results.release", { feedback: "Say more on costs" });
}, 90_000);
afterAll(() => p.stop());

describe("a resit", () => {
  test("TQUK asks no word of the employer; it is opened only after further development", async () => {
    expect(await c.seat("employer").may("resit.agree")).toBe(false);
    const early = await c.refused("coordinator", "resit.open", { kind: "resit", methods: ["project"] });
    expect(beside(early, "developed")).toMatch(/development/i);
    await early.submit({ "Further development": true, "Action plan": "Two sessions with the tutor" });
    expect((await c.seat("apprentice").card()).text).toMatch(/13 May 2026/);
  });

  test("the project is reworked within a month: a day later is refused, until the coordinator lifts it", async () => {
    await c.on("2026-05-14");
    const report = { reference: "again.docx", words: 2500 };
    const late = await c.refused("apprentice", "report.submit", report, project);
    expect(late.text).toContain("13 May 2026");
    await late.close();
    await c.do("coordinator", "rule.lift", { rule: "R29", reason: "The tutor was ill" });
    await c.reportIn();
  });

  test("the interview follows at least a fortnight later, a new attempt beside the old one", async () => {
    const soon = { date: "2026-05-27", time: "09:30", setting: "teams", where: "" };
    const early = await c.refused("coordinator", "session.book", soon, project);
    expect(beside(early, "date")).toContain("28 May 2026");
    await early.submit({ "Interview date": "2026-05-28" });
    await c.held("project", "distinction", "2026-05-28");
    await c.confirmed("project");
    const marks = await c.seat("assessor").shows("view.grading", project);
    expect(marks.text).toContain("attempt 2");
  });

  test("released: a pass at most, and each is told so", async () => {
    const form = await cora.open("results.release");
    expect(form.text).toContain("Overall: Pass");
    expect(form.text).toContain("distinction without the cap");
    await form.submit();
    for (const who of ["ada", "dev", "priya"]) {
      const mail = await p.teams.as(who).mail("esult");
      expect(mail.text).toMatch(/Overall\W+Pass/);
      expect(mail.text).toMatch(/Project and interview\W+Distinction/);
    }
  });
});

describe("an appeal", () => {
  test("the employer raises it; who took part is not offered to decide it", async () => {
    await c.do("employer", "appeal.raise", { grounds: "The discussion was cut short", method: "discussion" });
    for (const who of ["coordinator", "assessor", "iqa"]) expect(await c.seat(who).may("appeal.decide")).toBe(false);
    expect((await cora.card()).text).toMatch(/appeal/i);
  });

  test("someone unconnected decides, a grade changes, and the result goes out anew", async () => {
    const noor = c.seat("noor");
    const dialog = await noor.open("appeal.decide");
    expect(dialog.text).toContain("The discussion was cut short");
    await dialog.submit({
      Decision: "true",
      "Grade that now stands": "pass",
      "Answer with reasons": "It was cut short, and is graded on what was heard",
    });
    expect(await c.seat("employer").player.lastWords()).toContain("It was cut short");
    await c.do("coordinator", "results.release");
    const mail = await p.teams.as("ada").mail("esult");
    expect(mail.text).toMatch(/Professional discussion\W+Pass/);
    expect(mail.text).toMatch(/Overall\W+Pass/);
  });
});

describe("a retake", () => {
  let sam: Course;
  beforeAll(async () => {
    await c.on("2026-06-01");
    sam = await Course.begin(p, tquk, { ...usualCast, apprentice: "sam" }, { programmeStart: "2025-01-06" });
    // The employer is known already: nothing is to be entered again, and "case" now asks which.
    await p.teams.as("dev").say("cases");
    expect(await p.teams.as("dev").lastWords()).toContain(sam.ref);
    await sam.upToGraded(
      { ...distinction, discussion: "fail" },
      {
        planning: "2026-06-08",
        handIn: "2026-06-22",
        sessions: { project: "2026-07-07", discussion: "2026-07-09", observation: "2026-07-14" },
      },
    );
    await sam.do("coordinator", "results.release");
  }, 60_000);

  test("opened, it goes through the gateway again, with a new window", async () => {
    await sam.on("2026-07-20");
    await sam.do("coordinator", "resit.open", { kind: "retake", methods: ["discussion"], developed: true });
    expect((await sam.seat("coordinator").card()).text).toContain("Stage 1 of 5: Gateway");
    await sam.on("2026-09-01");
    await sam.handedInForGateway();
    await sam.gatewayAccepted();
    expect((await sam.seat("coordinator").card()).text).toContain("Tue 1 Dec 2026");
  });

  test("the assessor leaves the body: the case is closed to them, and goes to another", async () => {
    const list = await sam.staffList();
    await (await sam.seat("coordinator").player.dialog("Remove staff", list)).submit({ Person: "Ben Sample" });
    await p.teams.as("ben").say(`case ${sam.ref}`);
    expect(await p.teams.as("ben").lastWords()).not.toContain("Sam Specimen");
    await sam.do("coordinator", "staff.allocate", { person: "Tom Testcase", reason: "Ben left" }, { role: "assessor" });
    sam.cast.assessor = "tom";
    await sam.do("assessor", "interest.declare", { conflict: "false" });
  });

  test("what was passed stays passed; the cap is lifted for a reason, and the grade stands", async () => {
    await sam.do("coordinator", "planning.schedule", { date: "2026-09-08", time: "10:00" });
    await sam.on("2026-09-08", "10:30");
    await sam.do("assessor", "planning.finish", {
      agenda: ["proposal"],
      employerResources: true,
      "discussion-date": "2026-09-24",
      "discussion-time": "09:30",
      "discussion-setting": "teams",
    });
    await sam.portfolioIn();
    await sam.held("discussion", "distinction", "2026-09-24");
    await sam.confirmed("discussion");
    await sam.do("coordinator", "cap.lift", { reason: "The firm had closed for good" });
    const form = await sam.seat("coordinator").open("results.release");
    expect(form.text).toContain("Overall: Distinction");
    await form.submit();
    expect((await p.teams.as("sam").mail("esult")).text).toMatch(/Overall\W+Distinction/);
  });
});

describe("a withdrawal", () => {
  test("everyone is told, and nothing more is to be done", async () => {
    const { personId } = await p.teams.act({
      do: "people.add",
      name: "Gus Guessed",
      role: "Third apprentice",
      kind: "guest",
    });
    const gus = await Course.begin(p, tquk, { ...usualCast, apprentice: personId }, { programmeStart: "2025-06-02" });
    await gus.do("coordinator", "case.withdraw", { reason: "Left the firm" });
    expect(await gus.seat("apprentice").player.lastWords()).toMatch(/withdrawn/);
    for (const who of ["apprentice", "employer", "coordinator"])
      expect((await gus.seat(who).offers()).filter((one) => !one.startsWith("view."))).toEqual([]);
    await p.teams.as(personId).say("due");
    expect(await p.teams.as(personId).lastWords()).toContain("Nothing is due");
  });
});

describe("a closed case, six years later", () => {
  test("stands in the coordinator's list, is erased with its reference typed, and nobody finds its people any more", async () => {
    const { personId } = await p.teams.act({ do: "people.add", name: "Una Untrue", role: "Apprentice", kind: "guest" });
    const una = await Course.begin(p, tquk, { ...usualCast, apprentice: personId }, { programmeStart: "2025-06-02" });
    await una.do("coordinator", "case.withdraw", { reason: "Left the firm" });
    const coordinator = una.seat("coordinator");
    await coordinator.player.say("erase");
    expect(await coordinator.player.lastWords()).toContain("No case is to be erased");

    await una.on("2032-12-01");
    await coordinator.player.say("due");
    expect((await coordinator.player.lastCard()).buttons).toContain("Show cases to be erased");
    await coordinator.player.say("erase");
    expect((await coordinator.player.lastCard()).text).toContain(`Case ${una.ref}`);
    await coordinator.ask();
    const form = await coordinator.open("case.erase");
    expect(beside(await form.refused({ ref: "TQUK-2026-9999" }), "ref")).toContain(una.ref);
    await form.submit({ ref: una.ref });
    await p.service.settled();

    await coordinator.player.say(`case ${una.ref}`);
    const tombstone = await coordinator.player.lastCard();
    expect(tombstone.text).toContain("This case was erased");
    expect(tombstone.text).not.toMatch(/Una|Untrue|Fictional/);
    await p.teams.as(personId).say("cases");
    expect(await p.teams.as(personId).lastWords()).not.toContain(una.ref);
    const pk = await p.service.ports.store.byRef(una.ref);
    expect(JSON.stringify(await p.service.ports.store.events(pk ?? ""))).not.toMatch(/Left the firm|"salt"/);
  });
});

test("nothing failed on the way", async () => {
  expect(await watch.faults()).toEqual([]);
  expect(await receivedBy(p, "ada")).not.toEqual([]);
});
