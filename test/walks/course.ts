import type { CommandType } from "../../src/case/decider";
import { atLondon, type IsoDate, londonDate } from "../../src/rules/calendar";
import type { Marks } from "../../src/rules/grade";
import type { EvidenceItem, Grade, Method, Pack } from "../../src/rules/pack";
import { type Filled, inputsOf } from "../support/cardReading";
import { marksFor } from "../support/case";
import type { Product } from "../support/service";
import type { Card } from "../support/teams";
import { type How, ids, joins, type Outside, registers, Seat, words } from "./seat";

/**
 * The usual course of a case, in steps that a walk takes or leaves: everyone does their part by what their cards offer. Who
 * has no Teams acts through the coordinator, who records it.
 */

export interface Cast extends Record<Outside, string> {
  coordinator: string;
  assessor: string;
  iqa: string;
}
export const usualCast: Cast = {
  apprentice: "ada",
  employer: "dev",
  provider: "priya",
  coordinator: "cora",
  assessor: "ben",
  iqa: "ivy",
};

export type Who = keyof Cast;

export class Course {
  readonly seats = new Map<string, Seat>();

  constructor(
    readonly p: Product,
    readonly pack: Pack,
    readonly cast: Cast,
    readonly ref: string,
  ) {}

  /** Registers a case and has everyone with Teams enter their code. */
  static async begin(p: Product, pack: Pack, cast: Cast = usualCast, also: Filled = {}): Promise<Course> {
    const ref = await registers(p, cast.coordinator, pack.body.id, cast, also);
    const course = new Course(p, pack, cast, ref);
    for (const role of ["apprentice", "employer", "provider"] as const)
      if (course.hasTeams(role)) await joins(p, cast[role]);
    return course;
  }

  private hasTeams(role: Outside): boolean {
    const person = this.p.teams.local.people().find((one) => one.id === this.cast[role]);
    return person?.aadObjectId !== undefined;
  }

  /** Somebody at this case; by their part in it, or by who they are. */
  seat(who: string): Seat {
    const id = who in this.cast ? this.cast[who as Who] : who;
    const seat = this.seats.get(id) ?? new Seat(this.p, this.p.teams.as(id), this.ref);
    this.seats.set(id, seat);
    return seat;
  }

  /** Someone's own deed, or the coordinator's record of it where they have no Teams. */
  private by(who: string, how: How): [Seat, How] {
    const outside = who === "apprentice" || who === "employer" || who === "provider";
    return outside && !this.hasTeams(who) ? [this.seat("coordinator"), { ...how, behalf: who }] : [this.seat(who), how];
  }
  do(who: string, command: CommandType, filled: Filled = {}, args: How["args"] = {}, how: How = {}): Promise<string> {
    const [seat, own] = this.by(who, { ...how, args: { ...args } });
    return seat.do(command, filled, own);
  }
  refused(who: string, command: CommandType, filled: Filled = {}, args: How["args"] = {}, how: How = {}) {
    const [seat, own] = this.by(who, { ...how, args: { ...args } });
    return seat.refused(command, filled, own);
  }

  // ---- the clock ----------------------------------------------------------------------------------------------

  get now(): string {
    return this.p.service.ports.clock.now();
  }
  get today(): IsoDate {
    return londonDate(this.now);
  }
  on(day: IsoDate, time = "09:30"): Promise<void> {
    return this.p.teams.goTo(atLondon(day, time));
  }
  async minutes(n: number): Promise<void> {
    await this.p.teams.act({ do: "clock.advance", ms: n * 60_000 });
  }

  // ---- gateway ------------------------------------------------------------------------------------------------

  async staffed(): Promise<void> {
    for (const role of ["assessor", "iqa"] as const) {
      await this.do("coordinator", "staff.allocate", { person: this.name(this.cast[role]) }, { role });
      await this.do(role, "interest.declare", { conflict: "false" });
    }
  }

  name(id: string): string {
    return this.p.teams.local.people().find((one) => one.id === id)?.name ?? id;
  }

  evidence(item: EvidenceItem, meeting: IsoDate): Filled {
    const reference = `${item.id}.pdf`;
    switch (item.kind) {
      case "meetingRecord":
        return { reference, on: meeting };
      case "qualification":
        return { reference, level: "level2" };
      case "portfolio":
        return { reference, pieces: 24, mapped: true };
      case "proposal":
        return { reference, ...this.proposal() };
      default:
        return { reference };
    }
  }

  proposal(text = words(100)): Filled {
    const ksb = this.pack.methods.find((m) => m.handIn?.kind === "report")?.ksbs[0]?.id ?? "";
    return { challenge: "Refunds take three weeks", challengeOn: "2025-11-03", text, ksbs: [ksb] };
  }

  get needed(): EvidenceItem[] {
    return this.pack.rules.gatewayEvidence.items.filter((item) => item.needed === "always");
  }

  /** The provider's part: time, evidence; then everyone's word that the apprentice is ready. */
  async handedInForGateway(): Promise<void> {
    await this.do("provider", "gateway.attest", { lastDay: this.today, offTheJobPercent: 22, portfolioOwn: true });
    for (const item of this.needed)
      await this.do("provider", "gateway.submit", this.evidence(item, this.today), { item: item.id });
    for (const role of this.pack.rules.gatewayConfirmation.by) await this.do(role, "gateway.confirm");
    await this.do("apprentice", "gateway.ready");
  }

  /** The coordinator goes through the checklist in its dialog, and opens the assessment. */
  async gatewayAccepted(): Promise<void> {
    const seat = this.seat("coordinator");
    const dialog = await seat.open("view.gateway");
    for (const item of this.needed) await dialog.refused({}, `Accept: ${item.title}`);
    await dialog.submit({}, "Accept gateway");
  }

  // ---- planning -----------------------------------------------------------------------------------------------

  /** What the meeting agrees: each session so many days on, in the pack's order. */
  agreed(days: { reportDue: IsoDate; sessions: Readonly<Record<string, IsoDate>> }): Filled {
    const { planning, observationPlan, projectSubject } = this.pack.rules;
    const sessions = Object.entries(days.sessions).flatMap(([method, day]) => [
      [`${method}-date`, day],
      [`${method}-time`, "09:30"],
      [`${method}-setting`, this.setting(method)],
      [`${method}-where`, "Room 4"],
    ]);
    return {
      agenda: ids(planning.agenda),
      employerResources: true,
      reportDue: days.reportDue,
      ...(projectSubject.how.kind === "agreedAtPlanning" ? { subject: "How refunds are handled" } : {}),
      ...(observationPlan.aspects.length > 0 ? { observationPlan: ids(observationPlan.aspects) } : {}),
      ...(planning.needs.includes("portfolioManner") ? { portfolioManner: "By upload" } : {}),
      ...Object.fromEntries(sessions),
    };
  }

  setting(method: string): string {
    const { session } = this.method(method);
    return session.setting?.allowed[0] ?? (session.settings.includes("teams") ? "teams" : (session.settings[0] ?? ""));
  }
  method(id: string): Method {
    const method = this.pack.methods.find((m) => m.id === id);
    if (!method) throw new Error(`No ${id}`);
    return method;
  }

  async planned(meeting: IsoDate, days: Parameters<Course["agreed"]>[0]): Promise<void> {
    await this.do("coordinator", "planning.schedule", { date: meeting, time: "10:00" });
    await this.on(meeting, "10:30");
    await this.do("assessor", "planning.finish", this.agreed(days));
  }

  // ---- hand-in ------------------------------------------------------------------------------------------------

  async reportIn(method = this.of("report")): Promise<void> {
    const rules = method.handIn;
    if (rules?.kind !== "report") throw new Error("No report");
    const typed = { reference: "report.docx", words: rules.words.target, contents: ids(rules.contents.items) };
    await this.do("apprentice", "report.submit", typed, { method: method.id });
  }
  async portfolioIn(method = this.of("portfolio")): Promise<void> {
    await this.do("apprentice", "portfolio.submit", this.portfolio(method), { method: method.id });
  }
  portfolio(method = this.of("portfolio"), pieces?: number): Filled {
    const least = method.handIn?.kind === "portfolio" ? method.handIn.selection.min : null;
    const mapping = Object.fromEntries(method.ksbs.map((k) => [`mapping-${k.id}`, "1, 2 and 3"]));
    return { reference: "portfolio.zip", pieces: pieces ?? least ?? 6, ...mapping };
  }
  of(kind: "report" | "portfolio"): Method {
    const method = this.pack.methods.find((m) => m.handIn?.kind === kind);
    if (!method) throw new Error(`No ${kind}`);
    return method;
  }

  // ---- sessions -----------------------------------------------------------------------------------------------

  async started(method: string): Promise<void> {
    const { conditions, setting } = this.method(method).session;
    const holds = ids([...conditions, ...(setting?.checklist ?? [])]);
    await this.do("assessor", "session.start", { identityChecked: true, conditions: holds }, { method });
  }

  /** Main questions, from the bank where the dialog offers one. */
  async asked(method: string, n: number, as = "assessor"): Promise<void> {
    const { criteria } = this.method(method);
    for (let i = 0; i < n; i++) {
      const dialog = await this.seat(as).open("session.ask", { args: { method } });
      const bank = inputsOf(dialog.json).find((input) => String(input.id).startsWith("questionId"));
      const choice = (bank?.choices as { value: string }[] | undefined)?.[1]?.value;
      await dialog.submit(
        choice === undefined
          ? {
              "In your own words": `Question ${i + 1}: how was that?`,
              Kind: "main",
              "What it gives": ids([...criteria.pass, ...criteria.distinction]),
            }
          : { "Question from the bank": choice },
      );
    }
  }

  /** Marks everything, in as many dialogs as it takes: for a grade, or each as said. */
  async marked(method: string, as: Grade | Marks): Promise<void> {
    const wanted = { ...(typeof as === "string" ? marksFor(this.method(method), as) : as) };
    for (let part = 1; Object.keys(wanted).length > 0; part++) {
      const dialog = await this.seat("assessor").open("session.mark", { args: { method } });
      if (part > 1) await dialog.refused({}, `Part ${part}`);
      const here = Object.keys(dialog.values).flatMap((id) => /^mark-(.+?)-r\d+/.exec(id)?.slice(1, 2) ?? []);
      const filled = Object.fromEntries(
        Object.keys(dialog.values).flatMap((id) => {
          const key = /^mark-(.+?)-r\d+/.exec(id)?.[1];
          return key === undefined ? [] : [[id, wanted[key] ?? "notYet"]];
        }),
      );
      await dialog.submit(filled);
      for (const key of here) delete (wanted as Record<string, unknown>)[key];
      if (here.length === 0) throw new Error(`Nothing to mark in part ${part}: ${Object.keys(wanted)}`);
    }
  }

  /** A whole session on its day, from the start to the end, an hour run; `during` it, whatever else. */
  async held(method: string, grade: Grade | Marks, day: IsoDate, during?: () => Promise<void>): Promise<void> {
    const m = this.method(method);
    await this.on(day, "09:30");
    await this.started(method);
    const { questions, questionsPart, length } = m.session;
    const main = questions && "exactly" in questions ? questions.exactly : 1;
    const inside = questionsPart?.limit.kind === "insideShare";
    await this.minutes(length.minutes - (inside ? 5 : 0));
    if (questionsPart) await this.do("assessor", "session.questions", {}, { method });
    await this.asked(method, main);
    if (questionsPart) {
      await this.minutes(5);
      await this.do("assessor", "session.questions", {}, { method });
    }
    await this.do("assessor", "session.note", { text: `Noted in the ${method}: spoke at length` }, { method });
    await this.marked(method, grade);
    await during?.();
    await this.do("assessor", "session.end", {}, { method });
  }

  async confirmed(method: string): Promise<string> {
    return this.do("assessor", "grade.confirm", { declared: true }, { method });
  }
  async upheld(method: string): Promise<string> {
    return this.do("iqa", "moderation.uphold", { note: "Agreed" }, { method });
  }

  // ---- straight through ---------------------------------------------------------------------------------------

  /** The coordinator sets the share of grades that is sampled, in per cent, for everyone. */
  async sampling(percent: number): Promise<void> {
    const dialog = await this.seat("coordinator").player.dialog("Set sampling", await this.staffList());
    await dialog.submit({ "Share of grades": percent });
  }

  /** The coordinator's list of this body's staff, asked for anew. */
  async staffList(): Promise<Card> {
    const { player } = this.seat("coordinator");
    await player.say("staff");
    return player.lastCard(this.pack.body.name);
  }

  /** From the gateway to planned dates, the proposal accepted where there is one, everything handed in. */
  async upToHandedIn(days: Days = usualDays): Promise<void> {
    await this.planned(days.planning, { reportDue: days.handIn, sessions: days.sessions });
    if (this.pack.rules.projectSubject.how.kind === "proposal") await this.do("assessor", "proposal.accept");
    await this.on(days.handIn);
    await this.reportIn();
    await this.portfolioIn();
  }

  /** From registration to three confirmed grades, nothing in the way. */
  async upToGraded(grades: Readonly<Record<string, Grade>>, days: Days = usualDays): Promise<void> {
    await this.staffed();
    await this.handedInForGateway();
    await this.gatewayAccepted();
    await this.upToHandedIn(days);
    for (const [method, day] of Object.entries(days.sessions).sort(([, a], [, b]) => a.localeCompare(b)))
      await this.held(method, grades[method] ?? "pass", day);
    for (const { id } of this.pack.methods) await this.confirmed(id);
  }
}

export interface Days {
  planning: IsoDate;
  handIn: IsoDate;
  sessions: Readonly<Record<string, IsoDate>>;
}
/** Days that keep every rule of both packs, from a gateway on 2 February 2026. */
export const usualDays: Days = {
  planning: "2026-02-09",
  handIn: "2026-03-16",
  sessions: { project: "2026-03-31", discussion: "2026-04-02", observation: "2026-04-07" },
};
