import { z } from "zod";
import { behalfCard, moreCard } from "../../cards/behalf";
import { gatewayDialog } from "../../cards/gateway";
import { gradingCard } from "../../cards/grading";
import { helpCard, unknownCard } from "../../cards/help";
import { historyCard } from "../../cards/history";
import { fieldId, fieldsOf } from "../../cards/inputs";
import { type CaseLine, casesCard, dueCard, emptyCard, rowsPerPage } from "../../cards/list";
import { messageCard } from "../../cards/message";
import { arranged, clip } from "../../cards/parts";
import { planningCard } from "../../cards/planning";
import { proposalCard } from "../../cards/proposal";
import { BrokenCard, cardFrom } from "../../cards/render";
import { resultCard } from "../../cards/result";
import { staffCard } from "../../cards/staff";
import { bindCard, inviteCard, welcomeCard } from "../../cards/welcome";
import { gradingView } from "../../src/views";
import { actorOf, gq, type Journey, journey, people, tquk } from "../support/case";
import { buttonsIn, complaints, objects, partsOf, said } from "./check";
import { counter, drawing, places, seen, viewOf, wordsOfPack } from "./fixtures";

/** Every other card: what it says and offers, to whom. */

const titles = (card: { actions?: Record<string, unknown>[] }) => (card.actions ?? []).map((a) => String(a.title));
const newId = counter();

describe("a template", () => {
  const draw = cardFrom(
    "sample",
    {
      type: "AdaptiveCard",
      version: "1.5",
      fallbackText: "f",
      body: [{ type: "TextBlock", text: "${text}", color: "${color}" }],
    },
    z.strictObject({ text: z.string(), color: z.string().nullable() }),
  );

  test("leaves out what is null", () => {
    expect(draw({ text: "a", color: null }).body).toEqual([{ type: "TextBlock", text: "a" }]);
  });
  test("is expanded once: a binding in the data stays as it is", () => {
    expect(draw({ text: "${color}", color: "Good" }).body[0]?.text).toBe("${color}");
  });
  test("a model that does not fit is a bug and says where", () => {
    expect(() => draw({ text: 3 } as never)).toThrow(BrokenCard);
    expect(() => draw({ text: "a", color: null, more: 1 } as never)).toThrow(/more/);
  });
  test("a binding that no model fills is a bug", () => {
    const broken = cardFrom("broken", { body: [{ text: "Hi ${nobody.name}" }] }, z.strictObject({}));
    expect(() => broken({})).toThrow("nobody.name");
  });
  test("an unknown part is a bug", () => {
    const broken = cardFrom("broken", { body: [{ $include: "nothing" }] }, z.strictObject({}));
    expect(() => broken({})).toThrow("nothing");
  });
});

describe("words", () => {
  test("are cut at a space, never within a letter", () => {
    expect(clip("one two three", 9)).toBe("one two…");
    expect(clip("👩‍🏫👩‍🏫", 2)).not.toContain("\ufffd");
    expect(clip("short", 9)).toBe("short");
  });
  test("three buttons stand side by side, of four two", () => {
    const b = { title: "x", data: { verb: "view.case" } };
    expect(arranged([b, b, b]).map((x) => x.secondary)).toEqual([false, false, false]);
    expect(arranged([b, b, b, b]).map((x) => x.secondary)).toEqual([false, false, true, true]);
  });
});

describe("lists", () => {
  const line: CaseLine = {
    caseId: "case-1",
    ref: "EX-2026-0147",
    stage: "assessment",
    apprentice: people.apprentice,
    employerName: "Fictional Foods Ltd",
    packId: gq.id,
    next: { code: "handIn", person: people.apprentice, day: "2026-05-20", method: "project" },
  };
  const listing = { me: people.apprentice, now: "2026-05-22T08:12:00Z", wordsOf: () => wordsOfPack(gq) };

  test("a row says who, what is next, how urgent, and opens the case", () => {
    const card = casesCard([line], listing);
    expect(said(card)).toContain("Hand in your project report");
    expect(said(card)).toMatch(/Late\sby\s2\sdays/);
    expect(partsOf(card, "Container")[0]?.selectAction).toMatchObject({
      verb: "view.case",
      data: { caseId: "case-1" },
    });
    expect(complaints(card)).toEqual([]);
  });
  test("for others it says whom the case waits for", () => {
    expect(said(casesCard([line], { ...listing, me: "someone" }))).toContain(
      "The project report comes in · Ada Example",
    );
  });
  test("a page at a time", () => {
    const card = casesCard(
      Array.from({ length: 25 }, (_, i) => ({ ...line, caseId: `case-${i}` })),
      { ...listing, after: "cursor" },
    );
    expect(partsOf(card, "Container").filter((c) => c.selectAction)).toHaveLength(rowsPerPage);
    expect((card.actions ?? [])[0]).toMatchObject({ verb: "view.cases", data: { args: { after: "cursor" } } });
    expect(complaints(card)).toEqual([]);
  });
  test("due: mine as an order, others' as a thing", () => {
    const due = { ...line, ...(line.next as NonNullable<CaseLine["next"]>), day: "2026-05-20" };
    expect(said(dueCard([due], listing))).toContain("Hand in your project report");
    expect(said(dueCard([due], { ...listing, me: "someone" }))).toContain("Project report");
    expect(complaints(dueCard([due], listing))).toEqual([]);
  });
  test("nothing there offers the first step", () => {
    const register = { title: "Register apprentice", dialog: true, data: { verb: "form", command: "register" } };
    const card = casesCard([], { ...listing, buttons: [register] });
    expect(said(card)).toContain("No cases yet");
    expect((card.actions ?? [])[0]).toMatchObject({ title: "Register apprentice", style: "positive" });
    expect(said(dueCard([], listing))).toContain("Nothing is due");
    expect(complaints(emptyCard("Nothing", "Later there is something.", []))).toEqual([]);
  });
});

describe("help", () => {
  test("a coordinator finds staff and registration, an apprentice does not", () => {
    const coordinator = helpCard({ roles: ["coordinator"], newId });
    expect(titles(coordinator)).toEqual([
      "Show my cases",
      "Show what is due",
      "Show staff",
      "Show what may be erased",
      "Register apprentice",
    ]);
    expect(titles(helpCard({ roles: [], newId }))).toEqual(["Show my case", "Show what is due"]);
    expect(complaints(coordinator)).toEqual([]);
  });
  test("a button says its line in the chat, so that it is learnt", () => {
    expect((helpCard({ roles: [], newId }).actions ?? [])[0]?.data).toEqual({
      msteams: { type: "imBack", value: "case" },
    });
  });
  test("an unknown word is said back with the nearest three", () => {
    const card = unknownCard({ text: "porfolio", nearest: ["cases", "due", "help", "staff"], newId });
    expect(said(card)).toContain("I don’t know “porfolio”. Did you mean:");
    expect(titles(card)).toEqual(["Show my cases", "Show what is due", "Help"]);
    expect(said(unknownCard({ text: "EX-1", nearest: ["cases"], newId, noCase: true }))).toContain(
      "There is no case “EX-1”",
    );
    expect(complaints(card)).toEqual([]);
  });
});

describe("messages", () => {
  test("title, lines, somebody's words and a button", () => {
    const card = messageCard({
      ref: "EX-2026-0147",
      kind: "Returned",
      title: "Your proposal came back",
      lines: ["You have 7 days.", ""],
      quote: { by: "Ben Sample", words: "Choose **one** problem." },
      buttons: [
        { title: "Hand in proposal", dialog: true, primary: true, data: { verb: "form", command: "proposal.submit" } },
      ],
    });
    expect(said(card)).toContain("Case EX-2026-0147 · Returned");
    expect(said(card)).toContain("Choose **one** problem.");
    expect(complaints(card, { words: ["Ben Sample", "Choose"] })).toEqual([]);
  });

  test("a page to open has a button, and what is not https a line", () => {
    const page = "https://teams.example.com/meet/1";
    const plain = "http://example.com/2";
    const links = [
      { name: "Join", value: page },
      { name: "Map", value: plain },
    ];
    const card = messageCard({ title: "The link to join", lines: ["Soon"], links, buttons: [] });
    expect(card.actions).toMatchObject([{ type: "Action.OpenUrl", title: "Join", url: page }]);
    expect(JSON.stringify(card.body)).not.toContain(page);
    expect(JSON.stringify(card.body)).toContain(plain);
    expect(card.fallbackText).toContain(page);
  });
  test("what there is no case for has no reference", () => {
    const card = messageCard({ title: "Welcome", lines: [], buttons: [] });
    expect(card.fallbackText).toContain("type: help");
    expect(complaints(card)).toEqual([]);
  });
});

describe("the gateway's checklist", () => {
  const at = (place: keyof typeof places) => {
    const { view, journey: j } = seen(tquk, place, "coordinator");
    return gatewayDialog(view, drawing(j));
  };

  test("counts, and lists what is to review first, then what came back with its reason, then what is accepted", () => {
    const card = at("oneReturned");
    expect(said(card)).toContain("1 of 6 accepted, 1 returned, 4 to review");
    const marks = partsOf(card, "TextBlock").map((t) => t.text);
    expect(marks.filter((m) => ["●", "↺", "✓"].includes(String(m)))).toEqual(["●", "●", "●", "●", "↺", "✓"]);
    expect(said(card)).toContain("“The date is cut off at the foot.”");
  });

  test("each Accept names its item and sends no input; each Return opens its own reason", () => {
    const card = at("evidenceSubmitted");
    const accepts = partsOf(card, "Action.Submit").filter((a) => a.title === "Accept");
    expect(new Set(accepts.map((a) => a.tooltip)).size).toBe(6);
    expect(accepts.every((a) => a.associatedInputs === "none")).toBe(true);
    expect(accepts.filter((a) => a.style === "positive")).toHaveLength(1);
    const ids = [...objects(card)].map((x) => x.id);
    for (const toggle of partsOf(card, "Action.ToggleVisibility"))
      expect(ids).toContain((toggle.targetElements as string[])[0]);
  });

  test("a reason belongs to the item whose Return was pressed", () => {
    const card = at("evidenceSubmitted");
    const returns = partsOf(card, "Action.Submit").filter((a) => String(a.title).startsWith("Return "));
    const typed = Object.fromEntries(
      partsOf(card, "Input.Text").map((i) => [String(i.id), `Reason for ${fieldId(String(i.id))}`]),
    );
    for (const press of returns) {
      const data = press.data as { args: { item: string } };
      expect(fieldsOf({ ...typed, ...data })).toEqual({ reason: `Reason for reason--${data.args.item}` });
    }
  });

  test("the gateway itself is the primary button once all is accepted", () => {
    expect((at("itemsAccepted").actions ?? [])[0]).toMatchObject({ title: "Accept gateway", style: "positive" });
    expect((at("evidenceSubmitted").actions ?? [])[0]).toMatchObject({ title: "Accept anyway" });
    expect((at("evidenceSubmitted").actions ?? [])[0]?.style).toBeUndefined();
  });

  test("evidence that is a link opens, anything else is only named", () => {
    const { view, journey: j } = seen(tquk, "evidenceSubmitted", "coordinator");
    const linked = view.evidence.map((e, i) => ({
      ...e,
      reference: { text: i === 0 ? "https://files.example/a.pdf" : "javascript:alert(1)" },
    }));
    const opens = partsOf(gatewayDialog({ ...view, evidence: linked }, drawing(j)), "Action.OpenUrl");
    expect(opens.map((o) => o.url)).toEqual(["https://files.example/a.pdf"]);
  });
});

describe("the proposal", () => {
  const draw = (j: Journey, role: "assessor" | "apprentice" | "employer" | "coordinator", also = {}) => {
    const view = viewOf(j, role);
    if (!view) throw new Error("nobody");
    return proposalCard(view, { ...drawing(j), ...also });
  };
  const waiting = () => journey(tquk).upTo("gatewayAccepted");
  const returned = () =>
    waiting().do("proposal.return", { n: 1, reasons: ["challenge"], feedback: "Choose one problem." });

  test("the assessor reads its beginning and what each choice does, before the buttons", () => {
    const card = draw(waiting(), "assessor");
    expect(said(card)).toContain("word0 word1");
    expect(said(card)).toMatch(/Return\n: Ada Example has 7\sdays, until Mon 16 Feb 2026, to rework it\./);
    expect(titles(card)).toEqual(["Accept proposal", "Return", "Show case"]);
    expect((card.actions ?? [])[0]).toMatchObject({
      type: "Action.Execute",
      style: "positive",
      data: { args: { n: 1 } },
    });
    expect(buttonsIn(card).map((a) => a.title)).toContain("Read all");
  });
  test("the whole text is there to read", () => {
    const card = draw(waiting(), "assessor", { all: true });
    expect(said(card)).toContain("word99");
    expect(said(card)).toContain("Refunds take three weeks");
  });
  test("the base card holds no word of it, and is the same from whoever's view", () => {
    const bases = (["assessor", "apprentice", "employer", "coordinator"] as const).map((role) =>
      JSON.stringify(draw(waiting(), role, { base: true, refreshFor: ["29:x"] })),
    );
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).not.toContain("word0");
    expect(bases[0]).not.toContain('"seen"');
  });
  test("returned, the apprentice reads why and by when, and hands it in again", () => {
    const card = draw(returned(), "apprentice");
    expect(said(card)).toContain("Rework your proposal");
    expect(said(card)).toContain("It is not about one specific challenge.");
    expect(said(card)).toContain("“Choose one problem.”");
    expect(said(card)).toMatch(/by Mon 16 Feb 2026, in\s7\sdays/);
    expect((card.actions ?? [])[0]).toMatchObject({ title: "Hand in proposal", style: "positive" });
  });
  test("the second version shows what was said of the first", () => {
    const again = returned()
      .inDays(1)
      .do("proposal.submit", {
        text: "One problem",
        challenge: "Refunds",
        challengeOn: "2025-11-03",
        ksbs: [tquk.methods.find((m) => m.handIn?.kind === "report")?.ksbs[0]?.id ?? ""],
      });
    const card = draw(again, "assessor");
    expect(said(card)).toContain("project proposal, second version");
    expect(said(card)).toContain("You returned the first version");
    expect(said(card)).toContain("the coordinator decides how it goes on");
  });
  test("accepted, it keeps who and when, and loses its buttons", () => {
    const accepted = waiting().do("proposal.accept", { n: 1 });
    const card = draw(accepted, "assessor");
    expect(said(card)).toContain("You accepted it");
    expect(said(draw(accepted, "apprentice"))).toContain("Dev Fiction accepted it");
    expect(titles(card)).toEqual(["Read proposal", "Show case"]);
  });
});

describe("planning in the case's chat", () => {
  test("the base card is the same from whoever's view, and says no revision", () => {
    for (const place of ["planningScheduled", "planningFinished", "held", "releasedFail"] as const) {
      const bases = (["assessor", "apprentice", "coordinator"] as const).map((role) => {
        const { view, journey: j } = seen(gq, place, role);
        return JSON.stringify(planningCard(view, { ...drawing(j), base: true, refreshFor: ["29:x"] }));
      });
      expect(new Set(bases).size).toBe(1);
      expect(bases[0]).not.toContain('"seen"');
      expect(bases[0]).not.toMatch(/Fail|Pass|Distinction/);
    }
  });
  test("each finds their own buttons and the agenda", () => {
    const { view, journey: j } = seen(gq, "planningScheduled", "assessor");
    const card = planningCard(view, { ...drawing(j.inDays(7)), now: j.inDays(7).now });
    expect(said(card)).toContain("Planning meeting");
    expect(said(card)).toContain("Agenda");
    const coordinator = seen(gq, "gatewayAccepted", "coordinator");
    const theirs = planningCard(coordinator.view, drawing(coordinator.journey));
    expect((theirs.actions ?? []).find((a) => a.style === "positive")?.title).toBe("Book planning meeting");
  });
  test("it shows neither health nor adjustments", () => {
    const { view, journey: j } = seen(gq, "adjustmentAsked", "coordinator");
    expect(JSON.stringify(planningCard(view, drawing(j)))).not.toMatch(/adjustment/i);
  });
});

describe("grading", () => {
  const draw = (j: Journey, role: "assessor" | "iqa" | "coordinator", method: string) => {
    const g = gradingView(j.case, actorOf(j.pack, people[role], role), j.pack, method, j.now);
    if (!g) throw new Error("nothing");
    return gradingCard(g, drawing(j));
  };

  test("grade, why, then only what was not met; the button names the grade", () => {
    const card = draw(places.held?.(gq) as Journey, "assessor", "discussion");
    expect(said(card)).toContain("Fail");
    expect(said(card)).toMatch(/A pass needs all 12\spass criteria; eleven are met\./);
    expect(said(card)).toMatch(/Pass criteria not met: 1\sof\s12/);
    expect((card.actions ?? [])[0]).toMatchObject({
      title: "Confirm fail",
      style: "positive",
      data: { args: { grade: "fail" } },
    });
    expect(partsOf(card, "TextBlock").some((t) => t.color === "Attention" && t.text === "✕")).toBe(true);
  });
  test("marking that has only begun is no fail", () => {
    const j = journey(gq).upTo("booked").started("observation");
    const card = draw(j, "assessor", "observation");
    expect(said(card)).toContain("Not yet");
    expect(said(card)).not.toContain("Fail");
    expect((card.actions ?? [])[0]).toMatchObject({ title: "Mark observation", style: "positive" });
  });
  test("IQA upholds or sends back what was sampled", () => {
    const card = draw(places.inModeration?.(gq) as Journey, "iqa", "observation");
    expect(said(card)).toContain("Confirmed by Dev Fiction");
    expect(titles(card).slice(0, 2)).toEqual(["Uphold observation grade", "Send back observation grade"]);
  });
  test("all marks stand behind a button", () => {
    const card = draw(places.held?.(gq) as Journey, "assessor", "discussion");
    const all = [...objects(card)].find((x) => x.id === "all-marks");
    expect(all?.isVisible).toBe(false);
    expect(partsOf(all, "RichTextBlock").length).toBeGreaterThan(14);
  });
});

describe("the others", () => {
  test("there is a result card only when a result is out", () => {
    const { view, journey: j } = seen(gq, "held", "apprentice");
    expect(resultCard(view, drawing(j))).toBeUndefined();
    const out = seen(gq, "releasedFail", "employer");
    const card = resultCard(out.view, drawing(out.journey));
    expect(said(card as never)).toContain("Fail");
    expect((card?.actions ?? [])[0]).toMatchObject({ title: "Agree to resit or retake", style: "positive" });
  });
  test("a coordinator records for each outside person what is theirs", () => {
    const { view, journey: j } = seen(gq, "registered", "coordinator");
    const card = behalfCard(view, drawing(j));
    expect(said(card)).toContain("Training provider: Cora Placeholder");
    const behalf = buttonsIn(card).flatMap((a) => (a.data as { behalf?: string }).behalf ?? []);
    expect(new Set(behalf)).toEqual(new Set(["apprentice", "employer", "provider"]));
    expect(buttonsIn(card).every((a) => a.type !== "Action.Execute" || a.title === "Show case")).toBe(true);
  });
  test("what does not fit on the case card is behind More, and nothing is lost", () => {
    const { view, journey: j } = seen(gq, "planningFinished", "coordinator");
    const more = buttonsIn(moreCard(view, drawing(j))).map((a) => (a.data as { command?: string }).command);
    expect(more).toContain("case.withdraw");
    expect(more).toContain("rule.lift");
  });
  test("the record, latest first, a page at a time", () => {
    const { view, journey: j } = seen(gq, "releasedFail", "coordinator");
    const first = historyCard(view, j.log, drawing(j));
    const next = (first.actions ?? [])[0]?.data as { args: { before: number } };
    expect(said(first)).toContain("released the results");
    const second = historyCard(view, j.log, { ...drawing(j), before: next.args.before });
    expect(said(second)).not.toContain("released the results");
  });
  test("staff with their roles and what is sampled", () => {
    const card = staffCard(
      {
        bodyId: "gq",
        usual: 0.2,
        staff: [
          { person: "a", name: "Dev Fiction", roles: ["assessor"], rate: 1 },
          { person: "b", name: "Ivy Invented", roles: ["iqa"] },
        ],
      },
      { newId, hasForm: () => true },
    );
    expect(said(card)).toContain("Usually 20% of grades sampled.");
    expect(said(card)).toContain("Assessor · every grade sampled");
    expect(titles(card)).toEqual(["Add staff", "Set sampling", "Remove staff"]);
    expect(complaints(card, { words: ["Dev Fiction", "Ivy Invented"] })).toEqual([]);
  });
  test.each([
    ["welcome", welcomeCard({ name: "Ada Example", staff: [], newId })],
    ["welcome to staff", welcomeCard({ name: "Priya Pretend", staff: ["coordinator", "iqa"], newId })],
    ["enter a code", bindCard({ newId })],
    ["a code that expired", bindCard({ newId, problem: "expired" })],
    ["invited", inviteCard({ name: "Ada Example", role: "apprentice", sentTo: "ada@example.org" })],
  ])("%s", (_name, card) => {
    expect(complaints(card, { words: ["Ada Example", "Priya Pretend"] })).toEqual([]);
  });
});
