import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { dialogCard } from "../../cards/dialog";
import type { BodyFormContext, Form, FormContext } from "../../cards/form";
import { BindingCode, ChatCase, StaffAddition } from "../../cards/forms/body";
import { bodyForms, bodyHasForm, forms, hasForm } from "../../cards/forms/forms";
import { inputAt } from "../../cards/forms/inputAt";
import { Registration } from "../../cards/forms/register";
import { PersonCorrection } from "../../cards/forms/registration";
import { payloads as bodyPayloads } from "../../src/body";
import { type CommandType, commandTypes, payloads } from "../../src/case/decider";
import { addDays, addMonths, atLondon, londonDate } from "../../src/rules/calendar";
import { markKeys } from "../../src/rules/grade";
import type { Pack } from "../../src/rules/pack";
import { dateRange, dateText } from "../../src/wording/format";
import { wordsFor } from "../../src/wording/words";
import { bookingOn, days, gq, type Journey, journey, methodWith, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";
import { type Args, asking, contextOf, filled, formFor, packs, untouched, usualRole, type Who } from "./formFilling";

/** What every form promises, each drawn on a case at a point where its button stands on the card. */

type At = { j: Journey; args: Args; who?: Who };
const form = (command: CommandType, { j, args, who }: At, also: Partial<FormContext> = {}): Form =>
  formFor(command).form(contextOf(j, who ?? usualRole(command), args, also));

/** Where each command's form is opened, under a pack; nothing where the pack has no such thing. */
function openings(pack: Pack): Partial<Record<CommandType, At>> {
  const start = journey(pack).sampling(1);
  const gateway = start.upTo("evidenceSubmitted");
  const planning = start.upTo("planningScheduled").on(days.planning, "15:00");
  const booked = start.upTo("handedIn").upTo("booked");
  const method = pack.methods[0]?.id ?? "";
  const unbooked = booked.do("session.notHeld", { method, why: "technical", detail: "No line" });
  const { at, ...place } = bookingOn(pack, method, addDays(unbooked.today, 16));
  const offered = unbooked.do("session.offer", { slots: [at], ...place });
  const running = booked.run(method, { grade: "fail" });
  const held = booked.upTo("held", { grades: Object.fromEntries(pack.methods.map((m) => [m.id, "fail"])) });
  const confirmed = held.confirmedGrade(method);
  const sentBack = confirmed.do("moderation.sendBack", { method, reason: "Look again" });
  const released = held.upTo("released");
  const report = pack.methods.find((m) => m.handIn?.kind === "report")?.id;
  const portfolio = pack.methods.find((m) => m.handIn?.kind === "portfolio")?.id;
  const item = pack.rules.gatewayEvidence.items[0]?.id ?? "";
  const proposing = planning.case.proposals.length > 0;
  const returned = proposing
    ? planning.do("proposal.return", { n: 1, reasons: ["ksbs"], feedback: "Say what you did" })
    : undefined;
  const asked = gateway.do("adjustment.request", {
    kind: "extraTime",
    need: "Reads slowly",
    normalWay: true,
    apprenticeInvolved: true,
    extraTimePercent: 25,
    methods: [],
  });
  const considered = booked.do("consideration.request", { method, what: "A broken leg", rescheduleTried: true });
  const enquired = released.do("enquiry.raise", { grounds: "Why?" });
  const appealed = released.do("appeal.raise", { grounds: "It was met", method });
  const here = (j: Journey, args: Args = {}, who?: Who): At => ({ j, args, ...(who ? { who } : {}) });
  const registered = start.upTo("registered");
  const undelivered = released.lost({
    notice: "n-9-told-ada",
    kind: "told",
    to: released.case.parties.apprentice,
    repeat: "never",
    about: { from: 9, to: 9 },
    state: "unconfirmed",
    code: "TimedOut",
  });
  return {
    "case.withdraw": here(gateway),
    "case.erase": here(gateway.do("case.withdraw", { reason: "Left the firm" }).inMonths(72)),
    "case.correct": here(gateway),
    ...(pack.rules.englishAndMaths.exceptions.length > 0 ? { "exceptions.correct": here(gateway) } : {}),
    "person.correct": here(gateway),
    "party.invite": here(gateway),
    "rule.lift": here(booked),
    "staff.allocate": here(booked, { role: "iqa" }),
    "interest.declare": here(registered.do("staff.allocate", { role: "assessor", person: people.assessor })),
    "adjustment.request": here(gateway),
    "adjustment.decide": here(asked, { id: asked.case.adjustments[0]?.id ?? "" }),
    "consideration.request": here(unbooked, { method }),
    "consideration.decide": here(considered, { id: considered.case.considerations[0]?.id ?? "" }),
    "dispensation.grant": here(gateway),
    "gateway.attest": here(registered),
    "gateway.submit": here(registered, { item }),
    "gateway.returnItem": here(gateway, { item }),
    "gateway.confirm": here(gateway, { role: "employer" }),
    "gateway.ready": here(gateway),
    "planning.schedule": here(start.upTo("gatewayAccepted")),
    "planning.offer": here(start.upTo("gatewayAccepted")),
    "planning.accept": here(
      start
        .upTo("gatewayAccepted")
        .do("planning.offer", { slots: [atLondon(addDays(days.gatewayAccepted, 5), "10:00")], where: "Room 5" }),
    ),
    "planning.save": here(planning),
    "planning.finish": here(planning),
    ...(returned
      ? {
          "proposal.return": here(planning, { n: 1 }),
          "proposal.submit": here(returned),
          "proposal.reopen": here(returned),
        }
      : {}),
    ...(report ? { "report.submit": here(start.upTo("proposalAccepted"), { method: report }) } : {}),
    ...(portfolio ? { "portfolio.submit": here(start.upTo("proposalAccepted"), { method: portfolio }) } : {}),
    "session.book": here(unbooked, { method }),
    "session.move": here(booked, { method }),
    "session.offer": here(unbooked, { method }),
    "session.accept": here(offered, { method }),
    "session.start": here(booked, { method }),
    "session.pause": here(running, { method }),
    "session.ask": here(running, { method }),
    "session.unask": here(running.do("session.ask", { method, text: "Why?", kind: "main", criteria: [] }), { method }),
    "session.note": here(running, { method }),
    "session.mark": here(running, { method }),
    "session.descriptors": here(running, { method }),
    "session.present": here(running, { method }),
    "session.end": here(running, { method }),
    "session.notHeld": here(booked, { method }),
    "grade.confirm": here(held, { method }),
    "mark.correct": here(sentBack, { method }),
    "moderation.uphold": here(confirmed, { method }),
    "moderation.sendBack": here(confirmed, { method }),
    "results.release": here(held.upTo("graded")),
    "results.withhold": here(held),
    "results.resume": here(held.do("results.withhold", { reason: "Under review" })),
    "cap.lift": here(held),
    "resit.agree": here(released),
    "resit.open": here(released),
    "enquiry.raise": here(released),
    "enquiry.answer": here(enquired, { id: enquired.case.challenges[0]?.id ?? "" }),
    "appeal.raise": here(released),
    "notice.resend": here(undelivered),
    "notice.told": here(undelivered),
    "appeal.decide": here(appealed, { id: appealed.case.challenges[0]?.id ?? "" }, { person: spare.iqa, role: "iqa" }),
  };
}

const drawn = packs.map((pack) => ({ pack, at: Object.entries(openings(pack)) as [CommandType, At][] }));
const every = drawn.flatMap(({ pack, at }) => at.map(([command, where]) => ({ pack: pack.id, command, where })));

const bodyContext = (of: readonly Pack[] = packs, also: Partial<BodyFormContext> = {}): BodyFormContext => ({
  now: "2026-01-12T09:00:00Z",
  args: {},
  packs: of,
  staff: [
    { person: people.assessor, name: "Dev Fiction", roles: ["assessor"] },
    { person: people.coordinator, name: "Priya Pretend", roles: ["coordinator"] },
  ],
  sampling: { usual: 0.25, byAssessor: { [people.assessor]: 1 } },
  ...also,
});
const bodyNames = Object.keys(bodyForms) as (keyof typeof bodyForms)[];
const bodyFormsDrawn = bodyNames.map((name) => ({ name, drawn: bodyForms[name].form(bodyContext()) }));

function promises(f: Form): void {
  const inputs = asking(f);
  const ids = f.fields.flatMap((x) => ("id" in x && x.id ? [x.id] : []));
  expect(ids).toEqual([...new Set(ids)]);
  const labels = inputs.map((x) => x.label);
  expect(labels).toEqual([...new Set(labels)]);
  for (const x of inputs) {
    expect(x.label).toMatch(/\S/);
    expect(x.id).toMatch(/^[A-Za-z][A-Za-z0-9.-]*$/);
    if (x.kind !== "choice") continue;
    const values = x.options.map((o) => o.value);
    expect(values).toEqual([...new Set(values)]);
    expect(values).not.toContain("");
    for (const value of (x.value ?? "").split(",").filter(Boolean)) expect(values).toContain(value);
  }
  expect(f.submit).toMatch(/\S/);
  expect(f.title).toMatch(/\S/);
}

/** The dialog's size on the wire, as Teams counts it. */
const weight = (f: Form, command: string, at: { pack: Pack; view?: FormContext["view"] }) =>
  JSON.stringify(
    dialogCard(f, {
      words: wordsFor(at.pack),
      pack: at.pack,
      now: "2026-01-12T09:00:00Z",
      newId: () => "0123456789abcdef0123456789abcdef",
      command,
      ...(at.view ? { view: at.view } : {}),
    }),
  ).length;

/** What is done in the grading panel only, beside what it is about. */
const inThePanel: readonly string[] = ["session.draw", "session.correctNote"];

describe("every form", () => {
  it("exists for every command on a case that asks anything, and is drawn here", () => {
    const asksNothing = commandTypes.filter((c) => !hasForm(c) && !inThePanel.includes(c));
    expect(asksNothing).toEqual([
      "case.register",
      "chat.bind",
      "party.remind",
      "gateway.acceptItem",
      "gateway.accept",
      "proposal.accept",
      "session.resume",
      "session.questions",
      "moderation.sample",
    ]);
    expect([...new Set(every.map((x) => x.command))].sort()).toEqual(Object.keys(forms).sort());
    expect(bodyNames.every(bodyHasForm)).toBe(true);
    expect([hasForm("register"), hasForm("toString"), bodyHasForm("case.withdraw")]).toEqual([false, false, false]);
  });

  it.each(every)("$command under $pack has an id and a label of its own for each input", ({ command, where }) => {
    promises(form(command, where));
  });

  it.each(bodyFormsDrawn)("$name has an id and a label of its own for each input", ({ drawn: f }) => {
    promises(f);
  });

  it.each(every)("$command under $pack stays under what Teams takes of a card", ({ command, where }) => {
    const { view } = contextOf(where.j, where.who ?? usualRole(command), where.args);
    expect(weight(form(command, where), command, { pack: where.j.pack, view })).toBeLessThan(25_000);
  });

  it.each(bodyFormsDrawn)("$name stays under what Teams takes of a card", ({ name, drawn: f }) => {
    expect(weight(f, name, { pack: gq })).toBeLessThan(25_000);
  });

  it.each(every)(
    "$command under $pack is drawn by a button that names no more than the command",
    ({ command, where }) => {
      promises(form(command, { ...where, args: {} }));
    },
  );

  it("makes a payload of anything that comes, and never throws", () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "true",
        "false",
        "-",
        "2026-02-30",
        "25:00",
        "2026-05-12",
        "14:00",
        "1e9",
        "-1",
        "9".repeat(40),
        "a,b,,c",
        "${x}",
      ),
    );
    const names = every.flatMap(({ command, where }) => asking(form(command, where)).map((x) => x.id));
    const id = fc.oneof(
      fc.constantFrom(...new Set(names)),
      fc.constantFrom("__proto__", "constructor", "-date", "mark-", "mapping-__proto__"),
    );
    const inputs = fc.dictionary(id, hostile, { maxKeys: 12 });
    const args = fc.dictionary(
      fc.constantFrom("method", "item", "id", "n", "role", "grade", "part"),
      fc.oneof(hostile, fc.integer()),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(forms) as CommandType[])),
        inputs,
        args,
        (command, typed, carried) => {
          const read = payloads[command].safeParse(formFor(command).payload(typed, carried, { questions: [] }));
          // What does not fit is said beside an input, or over the form.
          for (const issue of read.error?.issues ?? []) inputAt(issue.path, {});
          expect(typeof read.success).toBe("boolean");
        },
      ),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...bodyNames), inputs, args, (name, typed, carried) => {
        expect(typeof bodyForms[name].payload(typed, carried)).toBe("object");
      }),
    );
  });
});

// ---- problems find their input ---------------------------------------------------------------------------------

/** The inputs that a decision names, by command: a refusal stands beside a field with that id. */
const named: Partial<Record<CommandType, readonly string[]>> = {
  "case.correct": ["what", "value"],
  "exceptions.correct": ["exceptions"],
  "rule.lift": ["rule", "method"],
  "staff.allocate": ["person"],
  "interest.declare": ["detail"],
  "adjustment.request": ["apprenticeInvolved", "normalWay", "extraTimePercent"],
  "consideration.request": ["session", "rescheduleTried"],
  "gateway.attest": ["lastDay", "offTheJobPercent", "portfolioOwn"],
  "planning.schedule": ["date"],
  "planning.offer": [],
  "planning.accept": ["at"],
  "planning.save": ["agenda"],
  "planning.finish": ["agenda", "reportDue", "employerResources"],
  "proposal.submit": ["text", "challenge", "challengeOn", "ksbs"],
  "proposal.return": ["reasons", "feedback"],
  "report.submit": ["words", "contents"],
  "portfolio.submit": ["pieces", "mapping"],
  "session.book": ["date", "setting"],
  "session.move": ["date", "setting"],
  "session.offer": ["setting"],
  "session.accept": ["at"],
  "session.start": ["identityChecked", "conditions"],
  "session.ask": ["text", "criteria"],
  "session.note": ["criteria"],
  "session.present": ["who"],
  "session.end": ["reason"],
  "session.notHeld": ["why"],
  "grade.confirm": ["declared"],
  "mark.correct": ["criterion"],
  "resit.open": ["kind", "methods", "actionPlan", "developed"],
  "enquiry.raise": ["method"],
  "appeal.raise": ["method"],
  "appeal.decide": ["regrade"],
  "notice.resend": ["notice"],
  "notice.told": ["notice"],
};
/** Named only where the pack or the item asks for it, or where another form than a case's asks. */
const sometimes = [
  "on",
  "level",
  "pieces",
  "mapped",
  "subject",
  "portfolioManner",
  "observationPlan",
  "discretion",
  "reason",
];
const ofRegistration = ["employer", "programmeStart", "ref", "englishMathsException"];
const ofBody = ["person", "roles"];
/** Chosen by the button, not typed. */
const carried = ["item"];
/** In the panel, where each is a place on the screen. */
const ofPanel = ["question", "note", "follows", "consent"];

/** Ids of inputs that the source of the decisions names beside a problem. */
function inSource(): string[] {
  const folder = join(__dirname, "../../src");
  const files = [...readdirSync(join(folder, "case")).map((f) => `case/${f}`), "body.ts", "handle.ts"];
  return files.flatMap((file) => {
    const code = readFileSync(join(folder, file), "utf8");
    const named = [...code.matchAll(/input: (?:inPlanning \? )?"([\w-]+)"/g)].map((m) => m[1] ?? "");
    return [
      ...named,
      ...[...code.matchAll(/"[A-Z][A-Z_]{5,}",\s*/g)].flatMap((m) => lastArgument(code, m.index + m[0].length)),
    ];
  });
}

/** The text that follows a problem's facts, where one does: `"CODE", { … }, "input")`. */
function lastArgument(code: string, from: number): string[] {
  let at = from;
  let depth = 0;
  if (code[at] === "{")
    do {
      if (code[at] === "{") depth += 1;
      if (code[at] === "}") depth -= 1;
      at += 1;
    } while (depth > 0 && at < code.length);
  else at += /^\w+/.exec(code.slice(at, at + 30))?.[0].length ?? 0;
  const found = /^,\s*"([A-Za-z-]+)",?\s*\)/.exec(code.slice(at, at + 80));
  return found?.[1] ? [found[1]] : [];
}

describe("a problem stands beside its input", () => {
  const fieldIds = (f: Form) => f.fields.flatMap((x) => ("id" in x && x.id ? [x.id] : []));

  it.each(every.filter(({ command }) => named[command]))("$command under $pack", ({ command, where }) => {
    expect(fieldIds(form(command, where))).toEqual(expect.arrayContaining([...(named[command] ?? [])]));
  });

  it("whichever input a decision names", () => {
    const known = new Set([
      ...Object.values(named).flat(),
      ...sometimes,
      ...ofRegistration,
      ...ofBody,
      ...carried,
      ...ofPanel,
    ]);
    const found = [...new Set(inSource())];
    expect(found.length).toBeGreaterThan(35);
    expect(found.filter((id) => !known.has(id))).toEqual([]);
    expect([...known].filter((id) => !found.includes(id))).toEqual([]);
  });

  it("for registration and staff", () => {
    expect(fieldIds(bodyForms.register.form(bodyContext()))).toEqual(expect.arrayContaining(ofRegistration));
    expect(fieldIds(bodyForms["staff.add"].form(bodyContext()))).toEqual(expect.arrayContaining(ofBody));
    expect(fieldIds(bodyForms["staff.leave"].form(bodyContext()))).toContain("person");
    expect(fieldIds(bodyForms["sampling.set"].form(bodyContext()))).toContain("person");
  });

  it.each(packs)("at the gateway, by what $id asks of an item", (pack) => {
    const j = journey(pack).upTo("registered");
    const wanted = {
      meetingRecord: ["on"],
      qualification: ["level"],
      portfolio: ["pieces", "mapped"],
      proposal: ["text", "challenge", "challengeOn", "ksbs"],
      identity: [],
      form: [],
    };
    for (const item of pack.rules.gatewayEvidence.items) {
      const ids = fieldIds(form("gateway.submit", { j, args: { item: item.id } }));
      expect(ids).toEqual(["reference", ...wanted[item.kind]].sort((a, b) => ids.indexOf(a) - ids.indexOf(b)));
    }
  });

  it("at planning, by what the pack has agreed there", () => {
    const ids = fieldIds(form("planning.finish", { j: journey(gq).upTo("planningScheduled"), args: {} }));
    expect(ids).toEqual(expect.arrayContaining(["subject", "portfolioManner", "observationPlan"]));
    for (const m of gq.methods)
      expect(ids).toEqual(expect.arrayContaining([`${m.id}-date`, `${m.id}-time`, `${m.id}-setting`, `${m.id}-where`]));
    expect(fieldIds(form("planning.finish", { j: journey(tquk).upTo("planningScheduled"), args: {} }))).not.toContain(
      "subject",
    );
  });

  it("where its shape does not fit either", () => {
    const j = journey(gq).upTo("planningScheduled").on(days.planning, "15:00");
    const method = methodWith(gq, null).id;
    const payload = filled("planning.finish", contextOf(j, "assessor"), {
      [`${method}-date`]: "2026-04-07",
      [`${method}-time`]: "",
      [`${method}-where`]: "",
      [`${method}-setting`]: "workplace",
    });
    const issues = payloads["planning.finish"].safeParse(payload).error?.issues ?? [];
    expect(issues.map((i) => inputAt(i.path, payload))).toEqual([`${method}-date`, `${method}-where`]);
    expect(inputAt(["mapping", "K1", 0], {})).toBe("mapping-K1");
    expect(inputAt(["marks", "talk-P1"], {})).toBe("mark-talk-P1");
    expect(inputAt(["at"], {})).toBe("date");
    expect(inputAt(["sessions", 0, "link"], payload)).toBe(`${method}-where`);
    expect(inputAt(["employer", "mail"], {})).toBe("employer-mail");
    expect(inputAt(["regrade", "method"], {})).toBe("regrade");
    expect(inputAt([], {})).toBeUndefined();
  });
});

// ---- what stands in them ----------------------------------------------------------------------------------------

describe("a form says and holds what is known", () => {
  const field = (f: Form, id: string) => asking(f).find((x) => x.id === id);
  const lines = (f: Form) => f.fields.flatMap((x) => (x.kind === "line" || x.kind === "heading" ? [x.text] : []));

  it("the lawful days of an observation, and what follows for a hand-in", () => {
    const j = journey(gq).upTo("planningScheduled").on(days.planning, "15:00");
    const end = addMonths(days.gatewayAccepted, gq.rules.epaWindow.months);
    const observation = methodWith(gq, null);
    const notice = observation.session.notice?.days ?? 0;
    const project = methodWith(gq, "report");
    const f = form("planning.finish", { j, args: {} }, { typed: { [`${project.id}-date`]: "2026-04-07" } });
    expect(field(f, `${observation.id}-date`)?.hint).toContain(dateRange(addDays(days.planning, notice), end));
    expect(field(f, `${project.id}-date`)?.hint).toContain(
      `due by ${dateText(addDays("2026-04-07", -(project.handIn?.beforeSession.days ?? 0)))}`,
    );
  });

  it("what is booked, when it is moved", () => {
    const j = journey(tquk).upTo("booked");
    const { id } = methodWith(tquk, "report");
    const f = form("session.move", { j, args: { method: id } });
    const at = j.attempt(id).session.booking?.at ?? "";
    expect(untouched(f)).toMatchObject({ date: londonDate(at), time: "10:00", where: "Room 4" });
  });

  it("a meeting link in the place of a room", () => {
    const { id } = methodWith(tquk, "report");
    const link = "https://meet.example.org/ada";
    const unheld = journey(tquk)
      .upTo("booked")
      .do("session.notHeld", { method: id, why: "technical", detail: "No line" });
    const typed = { date: "2026-05-05", where: link };
    const payload = filled("session.book", contextOf(unheld, "coordinator", { method: id }), typed);
    expect(payload).toMatchObject({ setting: "teams", where: "Microsoft Teams", link });
    const again = form("session.move", {
      j: unheld.do("session.book", payloads["session.book"].parse(payload)),
      args: { method: id },
    });
    expect(untouched(again)).toMatchObject({ where: link, setting: "teams", date: "2026-05-05" });
    expect(
      filled("session.book", contextOf(unheld, "coordinator", { method: id }), { ...typed, where: "" }),
    ).not.toHaveProperty("link");
  });

  it("the grade of the marks, and carries it in the button", () => {
    const { id, criteria } = methodWith(gq, "portfolio");
    const held = journey(gq).upTo("held", { grades: { [id]: "fail" } });
    const f = form("grade.confirm", { j: held, args: { method: id } });
    expect(f.args).toEqual({ method: id, grade: "fail" });
    expect(f.submit).toBe("Confirm fail");
    expect(lines(f)).toContain(`✕ ${criteria.pass[0]?.text}`);
    expect(lines(f).filter((t) => t.startsWith("✕"))).toHaveLength(1);
  });

  it("nothing ticked for the assessor: the declaration is theirs", () => {
    const { id } = methodWith(gq, "portfolio");
    const f = form("grade.confirm", { j: journey(gq).upTo("held"), args: { method: id } });
    expect(untouched(f)).toEqual({ declared: "false" });
  });

  it.each(packs)("every criterion of $id once, as it is marked", (pack) => {
    for (const m of pack.methods) {
      const j = journey(pack).upTo("booked").run(m.id, { grade: "pass" });
      const f = form("session.mark", { j, args: { method: m.id } });
      const marks = Object.fromEntries(markKeys(m).map((k) => [`mark-${k.key}`, j.attempt(m.id).marks[k.key]]));
      expect(untouched(f)).toEqual(marks);
    }
  });

  it("a form too long for one dialog in parts, none left out", () => {
    const { id, criteria, ...rest } = methodWith(gq, null);
    const many = Array.from({ length: 45 }, (_, i) => ({
      ...(criteria.pass[0] as (typeof criteria.pass)[0]),
      id: `${id}-P${i + 1}`,
    }));
    const pack = {
      ...gq,
      methods: gq.methods.map((m) => (m.id === id ? { ...rest, id, criteria: { ...criteria, pass: many } } : m)),
    };
    const j = journey(pack).upTo("booked").started(id);
    const parts = [1, 2].map((part) => form("session.mark", { j, args: { method: id, part } }));
    expect(parts.flatMap((f) => asking(f)).length).toBe(
      markKeys({ ...rest, id, criteria: { ...criteria, pass: many } }).length,
    );
    expect(parts[0]?.also?.map((b) => b.data.args)).toEqual([{ method: id, part: 2 }]);
    for (const f of parts) expect(weight(f, "session.mark", { pack })).toBeLessThan(25_000);
  });

  it("only questions not asked yet", () => {
    const { id } = methodWith(gq, "report");
    const at = { j: journey(gq).upTo("booked").started(id), args: { method: id } };
    const bank = contextOf(at.j, "assessor", at.args).questions;
    const open = (f: Form) => {
      const x = field(f, "questionId");
      return x?.kind === "choice" ? x.options.map((o) => o.value).slice(1) : [];
    };
    expect(open(form("session.ask", at))).toEqual(bank.map((q) => q.id));
    const first = bank[0]?.id ?? "";
    const j = at.j.do("session.ask", { method: id, questionId: first, kind: "main", criteria: [] });
    expect(open(form("session.ask", { ...at, j }))).toEqual(bank.slice(1).map((q) => q.id));
  });

  it("only what was taken back is offered again, and only what was asked can be taken back", () => {
    const { id } = methodWith(gq, "report");
    const at = { j: journey(gq).upTo("booked").started(id), args: { method: id } };
    const first = contextOf(at.j, "assessor", at.args).questions[0]?.id ?? "";
    const asked = at.j
      .do("session.ask", { method: id, questionId: first, kind: "main", criteria: [] })
      .do("session.ask", { method: id, text: "Why?", kind: "followUp", criteria: [] });
    const numbers = (j: Journey) => {
      const x = field(form("session.unask", { ...at, j }), "question");
      return x?.kind === "choice" ? x.options.map((o) => o.value) : [];
    };
    expect(numbers(asked)).toEqual(["1", "2"]);
    const back = asked.do("session.unask", { method: id, question: 1, reason: "Ticked by mistake" });
    expect(numbers(back)).toEqual(["2"]);
    const bank = field(form("session.ask", { ...at, j: back }), "questionId");
    expect(bank?.kind === "choice" && bank.options.some((o) => o.value === first)).toBe(true);
  });

  it("the whole assessment, where a resit was not taken in time", () => {
    const late = journey(gq)
      .upTo("released", { grades: { project: "fail" } })
      .reopened("resit", ["project"])
      .on("2026-07-22");
    const f = form("resit.open", { j: late, args: {} });
    expect([field(f, "kind"), field(f, "methods")]).toMatchObject([
      { value: "again" },
      { value: gq.methods.map((m) => m.id).join(",") },
    ]);
    expect(JSON.stringify(f)).not.toContain("has not agreed");
  });

  it("only rules that the pack lets a coordinator lift, each in words", () => {
    const f = form("rule.lift", { j: journey(tquk).upTo("registered"), args: {} });
    const x = field(f, "rule");
    const options = x?.kind === "choice" ? x.options : [];
    const lifted = ["R02", "R03", "R06", "R10", "R12", "R14", "R19", "R29", "R37"];
    expect(options.map((o) => o.value).sort()).toEqual(lifted);
    for (const o of options) expect(o.title).not.toMatch(/R\d\d/);
  });

  it("only staff in that role, and not who has it already", () => {
    const f = form("staff.allocate", { j: journey(gq).upTo("staffed"), args: { role: "assessor" } });
    const x = field(f, "person");
    expect(x?.kind === "choice" ? x.options.map((o) => o.value) : []).toEqual([spare.assessor]);
    expect(field(f, "reason")).toMatchObject({ required: true });
    const anew = form("staff.allocate", { j: journey(gq).upTo("registered"), args: { role: "assessor" } });
    expect(field(anew, "reason")).toBeUndefined();
  });

  it.each([gq, tquk])("every point of the observation's checklist before it starts (R10), under $id", (pack) => {
    const observation = pack.methods.find((m) => m.session.setting?.checklist.length);
    const checklist = observation?.session.setting?.checklist.map((x) => x.id) ?? [];
    expect(checklist).toHaveLength(5);
    const j = journey(pack).upTo("handedIn").upTo("booked");
    const x = field(form("session.start", { j, args: { method: observation?.id ?? "" } }), "conditions");
    expect(x?.kind === "choice" ? x.options.map((o) => o.value) : []).toEqual(expect.arrayContaining(checklist));
  });

  it("which session special consideration is for, where there is more than one", () => {
    const failed = journey(gq).upTo("released", { grades: { observation: "fail" } });
    const first = failed.attempt("observation").session.booking?.at ?? "";
    const of = (j: Journey) => {
      const args = { method: "observation" };
      const x = field(form("consideration.request", { j, args }), "session");
      const read = filled("consideration.request", contextOf(j, "apprentice", args), { what: "Ill" });
      return [x?.kind === "choice" ? x.options.map((o) => o.value) : [], (read as { session?: string }).session];
    };
    expect(of(failed)).toEqual([[], undefined]);
    const resit = failed.reopened("resit", ["observation"]);
    expect(of(resit)).toEqual([["next", first], first]);
    const at = "2026-05-20T09:00:00Z";
    const booked = resit.do("session.book", { method: "observation", at, setting: "workplace", where: "Shop" });
    expect(of(booked)).toEqual([[at, first], at]);
  });

  it("no request's words to anyone who does not decide it", () => {
    const j = journey(gq).upTo("registered").do("adjustment.request", {
      kind: "venue",
      need: "Cannot climb stairs",
      normalWay: true,
      apprenticeInvolved: true,
      methods: [],
    });
    for (const role of ["apprentice", "employer", "provider"] as const)
      expect(contextOf(j, role).view.requests).toEqual({ adjustments: [], considerations: [], challenges: [] });
    expect(lines(form("adjustment.decide", { j, args: { id: j.case.adjustments[0]?.id ?? "" } }))).toContain(
      "Cannot climb stairs",
    );
  });

  it("a time of day as London's, in summer too", () => {
    const j = journey(gq).upTo("gatewayAccepted");
    const summer = filled("planning.schedule", contextOf(j, "coordinator"), { date: "2026-06-01", time: "10:00" });
    expect(summer).toMatchObject({ at: "2026-06-01T09:00:00Z" });
    const none = filled("planning.schedule", contextOf(j, "coordinator"), { date: "2026-02-30", time: "10:00" });
    expect(none).not.toHaveProperty("at");
  });

  it("numbers strictly", () => {
    const j = journey(gq).upTo("proposalAccepted");
    const { id } = methodWith(gq, "report");
    const words = (typed: string) =>
      filled("report.submit", contextOf(j, "apprentice", { method: id }), { words: typed });
    expect(words("2500")).toMatchObject({ words: 2500 });
    for (const typed of ["2500 words", "2.500,0", "1e3", "", "0x10"]) expect(words(typed)).not.toHaveProperty("words");
  });
});

// ---- forms of no case -------------------------------------------------------------------------------------------

describe("registration", () => {
  const typed = {
    "apprentice-name": "Ada Example",
    "apprentice-mail": "ada@example.org",
    "employer-name": "Ben Sample",
    "employer-mail": "ben@example.com",
    "provider-name": "Cora Placeholder",
    "provider-mail": "cora@example.org",
    employerName: "Fictional Foods Ltd",
    programmeStart: "2024-09-02",
  };
  const sent = (of: readonly Pack[], also: Record<string, string> = {}, ctx: Partial<BodyFormContext> = {}) => {
    const f = bodyForms.register.form(bodyContext(of, ctx));
    return Registration.safeParse(bodyForms.register.payload({ ...untouched(f), ...typed, ...also }, f.args ?? {}));
  };

  it("makes three people and what the case begins with", () => {
    expect(sent([gq], { ref: " ex-2026-0147 ", englishMathsException: "bsl,plan" }).data).toEqual({
      ref: "EX-2026-0147",
      bodyId: gq.body.id,
      employerName: "Fictional Foods Ltd",
      programmeStart: "2024-09-02",
      englishMathsException: ["bsl", "plan"],
      apprentice: { name: "Ada Example", mail: "ada@example.org" },
      employer: { name: "Ben Sample", mail: "ben@example.com" },
      provider: { name: "Cora Placeholder", mail: "cora@example.org" },
    });
  });

  it("leaves reference and exception out when nothing is chosen", () => {
    const read = sent([gq]);
    expect(read.success).toBe(true);
    expect(read.data).not.toHaveProperty("ref");
    expect(read.data).not.toHaveProperty("englishMathsException");
  });

  it("asks for the awarding body only where there are several", () => {
    const ids = (of: readonly Pack[]) => asking(bodyForms.register.form(bodyContext(of))).map((x) => x.id);
    expect(ids([gq, tquk])).toContain("bodyId");
    expect(ids([tquk])).not.toContain("bodyId");
    expect(sent([gq, tquk], { bodyId: tquk.body.id }).data?.bodyId).toBe(tquk.body.id);
    expect(sent([tquk]).data?.bodyId).toBe(tquk.body.id);
  });

  it("asks for an exception only where a pack names one", () => {
    const ids = (of: readonly Pack[]) => asking(bodyForms.register.form(bodyContext(of))).map((x) => x.id);
    expect(ids([gq])).toContain("englishMathsException");
    expect(ids([thirdPack])).not.toContain("englishMathsException");
  });

  it("refuses what is no mail address, beside its input", () => {
    const issues = sent([gq], { "employer-mail": "ben" }).error?.issues ?? [];
    expect(issues.map((i) => inputAt(i.path, {}))).toEqual(["employer-mail"]);
  });
});

describe("an awarding body's own forms", () => {
  it("add staff by picking or by mail, not by neither", () => {
    const read = (inputs: Record<string, string>) =>
      StaffAddition.safeParse(bodyForms["staff.add"].payload(inputs, {}));
    expect(read({ person: "0a1b", roles: "assessor,iqa" }).data).toEqual({
      person: "0a1b",
      roles: ["assessor", "iqa"],
    });
    expect(read({ mail: "ivy@example.org", roles: "iqa" }).data).toEqual({ mail: "ivy@example.org", roles: ["iqa"] });
    expect(read({ roles: "iqa" }).error?.issues.map((i) => i.path)).toEqual([["person"]]);
    expect(read({ person: "0a1b", roles: "apprentice" }).success).toBe(false);
  });

  it("set a share in per cent, of everyone or of one assessor", () => {
    const read = (inputs: Record<string, string>) =>
      bodyPayloads["sampling.set"].safeParse(bodyForms["sampling.set"].payload(inputs, {}));
    const f = bodyForms["sampling.set"].form(bodyContext());
    expect(read({ ...untouched(f), rate: "25" }).data).toEqual({ rate: 0.25 });
    expect(read({ person: people.assessor, rate: "12.5" }).data).toEqual({ person: people.assessor, rate: 0.125 });
    expect(read({ rate: "101" }).success).toBe(false);
    expect(read({ rate: "half" }).success).toBe(false);
  });

  it("let staff go", () => {
    const read = bodyPayloads["staff.leave"].parse(bodyForms["staff.leave"].payload({ person: people.iqa }, {}));
    expect(read).toEqual({ person: people.iqa });
  });

  it("read a code and a reference as people type them", () => {
    expect(BindingCode.parse(bodyForms.bind.payload({ code: " 4F7K 9QXP " }, {}))).toEqual({ code: "4F7K9QXP" });
    expect(ChatCase.parse(bodyForms.group.payload({ ref: "ex-2026-0147" }, {}))).toEqual({ ref: "EX-2026-0147" });
  });

  it("correct a person's name or mail, each in its own shape", () => {
    const read = (typed: Record<string, string>) =>
      PersonCorrection.safeParse(
        filled("person.correct", contextOf(journey(gq).upTo("registered"), "coordinator"), {
          reason: "Misspelt",
          ...typed,
        }),
      );
    expect(read({ value: "Ada Exemplar" }).data).toMatchObject({ role: "apprentice", field: "name" });
    expect(read({ role: "employer", field: "mail", value: "ben@example.com" }).success).toBe(true);
    expect(read({ field: "mail", value: "Ada Exemplar" }).error?.issues.map((i) => i.path)).toEqual([["value"]]);
  });
});
