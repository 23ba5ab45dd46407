import { gq } from "../support/case";
import { type Product, product } from "../support/service";
import type { Player } from "../support/teams";
import { Course, usualCast } from "./course";
import { codeOf } from "./mailed";
import { beside, registers, type Seat } from "./seat";
import { receivedBy, Watch } from "./watch";

/**
 * A whole case under Gateway Qualifications in Local Teams, every role played by what its cards, chats and mails offer.
 * The tests are the days of one story: each stands on those before it.
 */
let p: Product;
let cora: Player;
let sam: Player;
let dev: Player;
let priya: Player;
let ben: Player;
let watch: Watch;
let c: Course;
const cast = { ...usualCast, apprentice: "sam" };
const ref = "GQ-2026-0001";

beforeAll(async () => {
  p = await product({ startAt: "2026-02-02T09:00:00Z" });
  watch = new Watch(p);
  [cora, sam, dev, priya, ben] = ["cora", "sam", "dev", "priya", "ben"].map((who) => p.teams.as(who)) as [
    Player,
    Player,
    Player,
    Player,
    Player,
  ];
  c = new Course(p, gq, cast, ref);
});
afterAll(() => p.stop());

/** How a live card stands now, without asking for a new one. */
const standing = async (seat: Seat): Promise<string> => (await seat.card()).text;

describe("registration", () => {
  test("given nothing yet, when the coordinator registers from the command's dialog, then the case's card is in her chat", async () => {
    await cora.say("register");
    const dialog = await cora.dialog("Register apprentice");
    // Two bodies to choose from: neither's next reference is suggested.
    expect(Object.entries(dialog.values).find(([id]) => id.startsWith("ref"))?.[1]).toBeUndefined();
    await dialog.close();
    expect(await registers(p, "cora", "gateway-qualifications", cast)).toBe(ref);
    const card = await cora.lastCard();
    expect(card.text).toContain(`Case ${ref} · you coordinate`);
    expect(card.text).toContain("Stage 1 of 5: Gateway");
  });

  test("strangers learn nothing: neither Sam before his code, nor another apprentice", async () => {
    for (const who of [sam, p.teams.as("ada"), dev]) {
      await who.say(`case ${ref}`);
      expect(await who.lastWords()).toContain("Enter your code");
      expect(await who.lastWords()).not.toContain(ref);
    }
  });

  test("codes: a wrong one, an old one and a used one are refused plainly; the mailed one binds", async () => {
    await sam.say("AAAA-BBBB-CCCC");
    expect(await sam.lastWords()).toContain("This code is not known");
    const code = await codeOf(sam);
    // Lower case and without dashes is the same code.
    await sam.say(code.toLowerCase().replaceAll("-", " "));
    expect((await sam.lastCard()).text).toContain(`Case ${ref} · your assessment`);
    expect((await sam.lastCard()).buttons).toContain("Say I am ready");
    const ada = p.teams.as("ada");
    await ada.say(code);
    expect(await ada.lastWords()).toContain("has been used");
  });

  test("the provider has no Teams, and is told so by mail", async () => {
    expect((await priya.mail("Invitation")).text).toContain("Without Teams you take part by mail");
  });

  test("given the employer lets his code expire, then it is refused, and the coordinator sends a new one", async () => {
    const old = await codeOf(dev);
    await p.teams.days(15);
    await dev.say(old);
    expect(await dev.lastWords()).toContain("has expired");

    await cora.press("More");
    await cora.dialog("Send new invitation").submit({ "To whom": "Dev Fiction, employer" });
    await dev.say(await codeOf(dev));
    expect((await dev.lastCard()).text).toContain(`Case ${ref}`);
    await cora.press("More");
    const again = await cora.dialog("Send new invitation").refused({ "To whom": "Dev Fiction, employer" });
    expect(again.text).toContain("Dev Fiction has entered a code before");
    await again.close();
  });
});

const project = { method: "project" };
const observation = { method: "observation" };
const discussion = { method: "discussion" };

describe("gateway", () => {
  test("the provider has no Teams: what he mails is recorded with its channel and what shows it, and shown as that", async () => {
    const attest = { lastDay: c.today, offTheJobPercent: 22, portfolioOwn: true };
    const bare = await c.refused("provider", "gateway.attest", { ...attest, "behalf-evidence": " " });
    expect(beside(bare, "behalf-evidence")).toContain("What shows it:");
    await bare.submit({ "What shows it": "Mail of 16 Feb, filed with the case" });
    await c.do("provider", "gateway.submit", { reference: "meeting.pdf", on: "2026-02-16" }, { item: "meetingRecord" });
    await c.do("provider", "gateway.submit", { reference: "english.pdf", level: "level2" }, { item: "english" });
    const history = await c.seat("coordinator").shows("view.history");
    expect(history.text).toContain("(by phone, recorded by Cora Placeholder)");
    expect(history.text).toContain("What shows it: Mail of 16 Feb, filed with the case");
  });

  test("given English and the meeting record alone, when the gateway is accepted, then it is refused: what is missing, and the clause", async () => {
    const review = await c.seat("coordinator").open("view.gateway");
    await review.refused({}, "Accept: Gateway meeting record");
    await review.refused({}, "Accept anyway");
    expect(review.text).toContain("Maths at level 2");
    expect(review.text).toContain("EPA Gateway");
    expect(review.text).toMatch(/Employer|employer/);
    await review.close();
  });

  test("an item goes back with its reason; the coordinator records the better one", async () => {
    await c.do("provider", "gateway.submit", { reference: "maths.pdf", level: "level2" }, { item: "maths" });
    const review = await c.seat("coordinator").open("view.gateway");
    await review.refused({ reason: "The award date is cut off" }, "Return: Maths at level 2");
    expect(review.text).toContain("“The award date is cut off”");
    await review.close();
    expect((await priya.mail("award date")).text).toContain("The award date is cut off");
    const again = await c.seat("coordinator").open("gateway.submit", { behalf: "provider", args: { item: "maths" } });
    expect(again.text).toContain("The award date is cut off");
    await again.submit({
      "Where it is filed": "maths-2.pdf",
      Level: "level2",
      "It came": "mail",
      "What shows it": "Mail of 17 Feb",
    });
    const second = await c.seat("coordinator").open("view.gateway");
    await second.refused({}, "Accept: English at level 2");
    await second.refused({}, "Accept: Maths at level 2");
    expect(second.text).toContain("3 of 3 accepted");
    await second.close();
  });

  test("employer and apprentice say their own word in Teams; their cards move with it", async () => {
    const card = await c.seat("coordinator").card();
    await c.do("employer", "gateway.confirm");
    // A message that is turned into the case moves with it from then on.
    await cora.press("Show case");
    const turned = await cora.lastCard();
    expect(turned.text).toContain(`Case ${ref} · you coordinate`);
    await c.do("provider", "gateway.confirm");
    await c.do("apprentice", "gateway.ready");
    for (const before of [card, turned]) {
      const now = (await cora.cards()).find((one) => one.messageId === before.messageId);
      expect(now?.text).toContain("Accept the gateway");
      expect(before.text).not.toContain("Accept the gateway");
    }
    await c.seat("coordinator").live();
    await c.seat("apprentice").live();
    await c.seat("employer").live();
  });

  test("all is there: the gateway is accepted, and everyone hears of it along their reach", async () => {
    const dialog = await c.seat("coordinator").open("view.gateway");
    const late = await c.seat("noor").open("view.gateway");
    await dialog.submit({}, "Accept gateway");
    // Another coordinator presses the same a moment later.
    expect(await late.submit({}, "Accept gateway")).toContain("Cora Placeholder was first");
    expect(await standing(c.seat("apprentice"))).toContain("Stage 2 of 5: Planning");
    expect((await priya.mails())[0]?.text).toContain("Sam Specimen may start the assessment");
  });

  test("on another case the coordinator goes on without the evidence, with a reason that the record keeps", async () => {
    const other = await registers(p, "cora", "gateway-qualifications", { ...cast, apprentice: "ada" });
    const lifted = new Course(p, gq, { ...cast, apprentice: "ada" }, other);
    await lifted.do("provider", "gateway.submit", { reference: "m.pdf", on: c.today }, { item: "meetingRecord" });
    const seat = lifted.seat("coordinator");
    await lifted.do("employer", "gateway.confirm");
    await lifted.do("provider", "gateway.confirm");
    const dialog = await seat.open("view.gateway");
    await dialog.refused({}, "Accept anyway");
    await dialog.refused({}, "Override and accept");
    expect(beside(dialog, "override-reason")).toContain("Reason, kept in the record:");
    await dialog.submit({ Reason: "The register was seen in its original" }, "Override and accept");
    const history = await seat.shows("view.history");
    expect(history.text).toContain("Rule lifted:");
    expect(history.text).toContain("Lifted because: The register was seen in its original");
  });
});

describe("assessor and quality assurer", () => {
  test("who is allocated sees nothing of the work before declaring; who has an interest leaves, and another comes", async () => {
    await c.do("coordinator", "staff.allocate", { person: "Tom Testcase" }, { role: "assessor" });
    const tom = c.seat("tom");
    const card = await tom.card();
    expect(card.text).not.toContain("meeting.pdf");
    expect(card.buttons).toContain("Declare interest");
    const silent = await tom.refused("interest.declare", { conflict: "true" });
    expect(beside(silent, "detail")).toContain("What it is");
    await silent.submit({ "What it is": "I taught Sam last year" });
    await tom.player.say(`case ${ref}`);
    expect(await tom.player.lastWords()).toContain("There is no case");
    await c.staffed();
    await c.seat("assessor").live();
    await c.seat("iqa").live();
  });
});

describe("the case's chat", () => {
  let room: string;
  const inRoom = (who: string) => p.teams.as(who).in(room);

  test("the coordinator makes a chat, adds Epilogue and says which case it is for; only people of the case read of it", async () => {
    room = "Sam Specimen, assessment";
    await cora.starts(room, ["sam", "dev", "ben", "tom"]);
    // Nobody else binds it, and who is not in the case learns nothing.
    await inRoom("tom").say(`@Epilogue case ${ref}`);
    expect(await inRoom("tom").lastWords()).toContain("There is no case");
    await inRoom("sam").say("@Epilogue case");
    expect(await inRoom("sam").lastWords()).toContain("belongs to no case yet");
    await inRoom("cora").say(`@Epilogue case ${ref}`);
    expect((await inRoom("cora").lastCard()).text).toContain(`Case ${ref}`);
  });

  test("the base card holds nothing private; each sees their own view of it", async () => {
    const base = await inRoom("tom").lastCard();
    expect(base.own).toBe(false);
    expect(base.text).not.toMatch(/pdf|English|agenda/i);
    expect((await inRoom("ben").lastCard()).own).toBe(true);
    expect((await inRoom("cora").lastCard()).buttons).toContain("Book planning meeting");
    expect((await inRoom("sam").lastCard()).buttons).not.toContain("Book planning meeting");
  });

  test("given the planning meeting is booked, then the chat hears of it, and the card in it moves", async () => {
    const before = await inRoom("tom").lastCard("No date yet");
    await c.do("coordinator", "planning.schedule", { date: "2026-02-23", time: "10:00" });
    expect(await inRoom("tom").lastWords()).toContain("Mon 23 Feb 2026, 10:00");
    const cards = await inRoom("tom").cards();
    expect(cards.find((one) => one.messageId === before.messageId)?.text).toContain("Mon 23 Feb 2026, 10:00");
    expect((await priya.mails())[0]?.subject).toContain("Planning on Mon 23 Feb 2026");
  });
});

describe("planning", () => {
  const days = {
    reportDue: "2026-03-20",
    sessions: { project: "2026-04-07", discussion: "2026-04-09", observation: "2026-04-14" },
  };

  test("nothing can be handed in before the planning", async () => {
    expect(await c.seat("apprentice").may("report.submit")).toBe(false);
    expect(await c.seat("apprentice").may("portfolio.submit")).toBe(false);
  });

  test("given eight of nine points ticked, then it is refused beside the agenda, and what was typed stands", async () => {
    await c.on("2026-02-23", "10:40");
    const agreed = c.agreed(days);
    const eight = (agreed.agenda as string[]).slice(1);
    const open = await c.refused("assessor", "planning.finish", { ...agreed, agenda: eight });
    expect(beside(open, "agenda")).toContain("Set a date for each activity");
    const stands = Object.fromEntries(
      Object.entries(open.values).map(([id, value]) => [id.replace(/-r\d.*$/, ""), value]),
    );
    expect(stands).toMatchObject({
      subject: "How refunds are handled",
      "project-date": "2026-04-07",
      reportDue: "2026-03-20",
    });
    // Thirteen days' notice of the observation are not enough.
    const soon = await open.refused({
      Agenda: agreed.agenda as string[],
      "observation-date": "2026-03-08",
    });
    expect(beside(soon, "observation-date")).toContain("9 Mar 2026");
    await soon.submit({ "observation-date": "2026-04-14" });
    expect(await standing(c.seat("apprentice"))).toContain("Stage 3 of 5: Hand-in");
    await c.seat("apprentice").live();
  });
});

describe("hand-in", () => {
  test("reminders come ahead of the day; what falls due together makes one message", async () => {
    const before = (await sam.messages()).length;
    await c.on("2026-03-13", "09:05");
    const fresh = (await sam.messages()).slice(before);
    expect(fresh.map((m) => m.cards.length)).toEqual([1]);
    expect(await sam.lastWords()).toMatch(/Your project report is due in 7\sdays/);
    // The report is due tomorrow, the portfolio in a week: one message.
    await c.on("2026-03-19", "09:05");
    const both = (await sam.messages()).slice(before + 1);
    expect(both.map((m) => m.cards.length)).toEqual([2]);
    expect(await sam.lastWords()).toMatch(/report is due tomorrow[\s\S]*portfolio is due in 7\sdays/);
  });

  test("a report outside the range is allowed with a warning, recorded, and replaced by a better one", async () => {
    await c.on("2026-03-20");
    const said = await c.do(
      "apprentice",
      "report.submit",
      { reference: "report-1.docx", words: 2200, contents: ["challenge"] },
      project,
    );
    expect(said).toContain("2,250");
    await c.reportIn();
    await c.portfolioIn();
    expect(await standing(c.seat("assessor"))).toContain("Stage 4 of 5: Sessions");
    await c.seat("assessor").live();
  });
});

describe("special consideration", () => {
  test("what happened to Sam is for the coordinator alone: not in the chat, not for employer, assessor or provider", async () => {
    const room = dev.in("Sam Specimen, assessment");
    const before = (await room.messages()).length;
    await c.do("apprentice", "consideration.request", { what: "Broke a wrist", rescheduleTried: true }, discussion);
    expect(await cora.lastWords()).toContain("consideration");
    await c.do("coordinator", "consideration.decide", { granted: "false", reason: "It heals by then" });
    expect(await sam.lastWords()).toContain("It heals by then");
    expect((await room.messages()).length).toBe(before);
    for (const who of ["dev", "ben", "priya"]) expect((await receivedBy(p, who)).join("\n")).not.toContain("wrist");
    // The decision is the assessor's business too; the employer's and the provider's it is not.
    for (const who of ["dev", "priya"]) expect((await receivedBy(p, who)).join("\n")).not.toContain("heals by then");
  });
});

describe("sessions", () => {
  test("not on the wrong day; not before who it is and the conditions are declared", async () => {
    await c.on("2026-04-06");
    expect(await c.seat("assessor").may("session.start")).toBe(false);
    await c.on("2026-04-07", "09:30");
    const bare = await c.refused("assessor", "session.start", { identityChecked: false }, project);
    expect(beside(bare, "identityChecked")).toMatch(/photo|identity|who/i);
    expect(bare.text).toMatch(/condition|hold/i);
    await bare.close();
    await c.started("project");
  });

  test("paused and resumed; ten questions from the bank; marked; ended inside its length", async () => {
    await c.minutes(10);
    await c.do("assessor", "session.pause", { reason: "The line dropped" }, project);
    await c.minutes(5);
    const paused = await c.seat("assessor").ask();
    const copy = await c.seat("assessor").ask();
    const resumed = await ben.press("Resume interview", {}, copy);
    expect(resumed).toMatchObject({ outcome: "card" });
    // The same press again, as a slow line repeats it, and the same button of an older card: nothing happens twice.
    for (const card of [copy, paused]) {
      await ben.press("Resume interview", {}, card);
      const shown = (await ben.cards()).find((one) => one.messageId === card.messageId);
      expect(shown?.text).toContain("End the interview");
      expect(shown?.buttons).not.toContain("Resume interview");
      if (card === paused)
        expect(shown?.text).toContain("Ben Sample resumed the interview. Your press changed nothing.");
    }
    await c.asked("project", 10);
    await c.do("assessor", "session.note", { text: "Named two customers, and what they said" }, project);
    await c.marked("project", "distinction");
    // 40 minutes run: too short to end without a reason.
    await c.minutes(30);
    const short = await c.refused("assessor", "session.end", {}, project);
    expect(beside(short, "reason")).toMatch(/54/);
    await short.close();
    await c.minutes(20);
    await c.do("assessor", "session.end", {}, project);
    await c.seat("apprentice").live();
  });

  test("the discussion; the observation with its discretion and its questions", async () => {
    await c.held("discussion", "distinction", "2026-04-09");
    await c.held("observation", "pass", "2026-04-14");
    for (const who of ["sam", "dev", "priya"])
      expect((await receivedBy(p, who)).join("\n")).not.toMatch(/Named two customers|Noted in the/);
  });
});

describe("grades", () => {
  test("confirmed by the assessor, upheld by the quality assurer, one sent back for a wrong mark", async () => {
    for (const m of ["project", "discussion", "observation"]) await c.confirmed(m);
    const iqa = c.seat("iqa");
    for (const m of ["project", "discussion", "observation"]) {
      if (!(await iqa.may("moderation.uphold", { args: { method: m } })))
        await iqa.do("moderation.sample", {}, { args: { method: m } });
    }
    await c.upheld("project");
    await c.do("iqa", "moderation.sendBack", { reason: "The note on complaints says otherwise" }, observation);
    expect(await c.seat("assessor").player.lastWords()).toContain("The note on complaints says otherwise");
    const first = gq.methods.find((m) => m.id === "observation")?.criteria.distinction[0]?.id ?? "";
    await c.do("assessor", "mark.correct", { criterion: first, mark: "met", reason: "Misread my note" }, observation);
    await c.confirmed("observation");
    await c.upheld("observation");
    await c.upheld("discussion");
  });
});

describe("the result", () => {
  test("nobody outside learns a grade before it is released", async () => {
    for (const who of ["sam", "dev", "priya"])
      expect((await receivedBy(p, who)).join("\n")).not.toMatch(/\b(Pass|Fail|Distinction)\b/);
  });

  test("released, it comes by mail to all three; the record of achievement to apprentice and employer; the card shows it", async () => {
    await c.do("coordinator", "results.release", { feedback: "Well prepared." });
    for (const player of [sam, dev, priya]) {
      const statement = await player.mail("esult");
      expect(statement.text).toMatch(/Overall/);
    }
    for (const player of [sam, dev])
      expect((await player.mail("not the official certificate")).text).toContain("Sam Specimen");
    await expect(priya.mail("not the official certificate")).rejects.toThrow("no mail");
    expect(await standing(c.seat("apprentice"))).toContain("✓ Distinction");
    expect(await p.teams.as("ben").in("Sam Specimen, assessment").lastWords()).not.toMatch(/Pass|Distinction/);
  });

  test("an enquiry is raised and answered", async () => {
    await c.do("apprentice", "enquiry.raise", { grounds: "How close was a distinction?" });
    await c.do("coordinator", "enquiry.answer", { answer: "One criterion of the observation." });
    expect(await sam.lastWords()).toContain("One criterion of the observation.");
  });
});

test("on the whole walk nothing failed, nobody read an apology, no notice was lost", async () => {
  expect(await watch.faults()).toEqual([]);
});
