import { createHash } from "node:crypto";
import { unfit } from "../cards/forms/unfit";
import { type BodyCommand, type BodyCommandType, payloads as bodyPayloads } from "../src/body";
import {
  attemptAt,
  type Case,
  type FreeText,
  type OutsideRole,
  outsideRoles,
  type PersonId,
  type Problem,
  refuse,
} from "../src/case/case";
import { type Command, type CommandType, type Payload, payloads } from "../src/case/decider";
import type { MeetingOf } from "../src/case/meetings";
import { keptOf } from "../src/caseIndex";
import { casePk, foresee, handle, handleBody, type Outcome, type Ports, type Request } from "../src/handle";
import { type Actor, can } from "../src/permissions";
import type { CaseRow, DueRow, Head, Page } from "../src/ports";
import type { Question } from "../src/rules/bank";
import { addMonths, endOfDay, type Instant, londonDate } from "../src/rules/calendar";
import type { Pack, Role } from "../src/rules/pack";
import { type CaseView, caseView, type GradingView, gradingView } from "../src/views";
import { type Words, wordsFor } from "../src/wording/words";
import { Engagements } from "./engagements";
import type { Meetings } from "./graph/meetings";
import { actorFor, type Bodies, type Known } from "./identity";
import type { People, Person } from "./people";
import { keepSessionChats } from "./sessionChats";

/**
 * What people ask of the service, whichever way they came (chat, card, dialog, tab): find a case, do something to it, list.
 * Parses, loads names, and hands to the core; decides nothing itself.
 */

export interface DeskOptions {
  ports: Ports;
  people: People;
  bodies: Bodies;
  /** Makes meetings on Teams, and knows when staff are busy; without it links are pasted. */
  meetings?: Pick<Meetings, "busy">;
  /** Called once a command was durable: sends what it caused. */
  committed(): void;
  /** Somebody's name is another: draws their cases' posted cards anew. Never rejects. */
  renamed?(person: PersonId): Promise<void>;
}

/** A case as this person may see it, with what is needed to draw it. */
export interface Seen {
  c: Case;
  revision: number;
  actor: Actor;
  pack: Pack;
  view: CaseView;
  words: Words;
  /** As it was read, so that the same turn need not read it again; absent of what a command has just made. */
  head?: Head<Case>;
}

/** What a registration asks: people by name and mail address, who become persons first. */
export interface Registration {
  ref?: string | undefined;
  bodyId: string;
  employerName: string;
  programmeStart: string;
  englishMathsException?: string | string[] | undefined;
  apprentice: Contact;
  employer: Contact;
  provider: Contact;
}
export interface Contact {
  name: string;
  mail: string;
}

/** Judges one command by what its case does not know; undefined where nothing is against it. */
type Beyond = (data: never, seen: Seen) => Promise<Problem[] | undefined>;

export type Done = { outcome: Outcome; seen: Seen | undefined };

export class Desk {
  private readonly engagements: Engagements;

  constructor(readonly o: DeskOptions) {
    this.engagements = new Engagements(o);
  }

  /** The case by id, as this person may see it; undefined when there is none for them. */
  async see(known: Known, caseId: string): Promise<Seen | undefined> {
    const head = await this.o.ports.store.head<Case>(casePk(caseId));
    return head && this.drawHead(known, head);
  }

  /** The case by the reference that people type. */
  async byRef(known: Known, ref: string): Promise<Seen | undefined> {
    const pk = await this.o.ports.store.byRef(ref.trim().toUpperCase());
    return pk?.startsWith("case:") ? this.see(known, pk.slice("case:".length)) : undefined;
  }

  private async drawHead(known: Known, head: Head<Case>): Promise<Seen | undefined> {
    const seen = await this.draw(known, head.state, head.revision);
    return seen && { ...seen, head };
  }

  private async draw(known: Known, c: Case, revision: number): Promise<Seen | undefined> {
    const actor = actorFor(known, c.bodyId);
    return this.drawFor(actor, c, revision);
  }

  /** The case as an actor sees it, with words that name the people in it. */
  async drawFor(actor: Actor, c: Case, revision: number): Promise<Seen | undefined> {
    const pack = this.packOf(c);
    const view = caseView(c, actor, pack, this.o.ports.clock.now());
    if (!view) return undefined;
    return { c, revision, actor, pack, view, words: await this.words(pack, c) };
  }

  packOf(c: Case): Pack {
    const pack = this.o.ports.packs.get(c.packId);
    if (!pack) throw new Error(`No pack ${c.packId}`);
    return pack;
  }

  /** Words with the names of everyone who ever was in the case. */
  async words(pack: Pack, c: Case): Promise<Words> {
    const ids = [...Object.values(c.parties), ...c.allocations.map((a) => a.person), ...c.tookPart];
    const names = await this.o.people.names(ids);
    return wordsFor(pack, (id) => names.get(id));
  }

  /** MRIs of the case's people, for whom a card in a group chat refreshes to their own view; at most the 60 that Teams takes. */
  async mris(c: Case): Promise<string[]> {
    const ids = [...Object.values(c.parties), ...Object.values(c.staff)].filter((p) => p !== undefined);
    const found = await Promise.all(ids.map((id) => this.o.people.find(id)));
    return found.flatMap((p) => p?.bindings.flatMap((b) => (b.mri ? [b.mri] : [])) ?? []).slice(0, 60);
  }

  /** A method's marking with the words of its notes, which stand in their events; undefined where it is not theirs to see. */
  async grading(seen: Seen, method: string): Promise<GradingView | undefined> {
    if (!seen.pack.methods.some((m) => m.id === method)) return undefined;
    const now = this.o.ports.clock.now();
    const seqs = attemptAt(seen.c, method).session.notes.map((n) => n.seq);
    const bare = gradingView(seen.c, seen.actor, seen.pack, method, now);
    if (!bare || seqs.length === 0) return bare;
    const events = await this.o.ports.store.events(casePk(seen.c.id), {
      from: Math.min(...seqs),
      to: Math.max(...seqs),
    });
    const texts = new Map(
      events
        .filter((e) => e.type === "NoteAdded" || e.type === "NoteCorrected")
        .map((e) => [e.seq, (e.data as { text: FreeText }).text]),
    );
    return gradingView(seen.c, seen.actor, seen.pack, method, now, texts);
  }

  /** When assessor and apprentice have something else in the next weeks, for whoever offers times for that meeting. */
  async busy(seen: Seen, of: MeetingOf): Promise<{ name: string; at: Instant }[]> {
    const all = await this.engagements.soon(seen, of);
    return all.map(({ person, at }) => ({ name: seen.words.person(person), at }));
  }

  /** The bank's questions for a method's session: of the version that it keeps to, else of the one in force. */
  async questions({ c, pack }: Pick<Seen, "c" | "pack">, method: string, how?: "now"): Promise<readonly Question[]> {
    if (!pack.methods.some((m) => m.id === method)) return [];
    const bank = await this.o.ports.bank?.(pack, attemptAt(c, method).session.bank, how);
    return bank?.questions.get(method) ?? [];
  }

  /**
   * Does a command on a case. The payload is parsed here: what does not fit is a refusal beside its input.
   * @param before the case as this turn has read it already, if it has.
   */
  async run(
    known: Known,
    caseId: string,
    type: CommandType,
    data: unknown,
    how: Omit<Request, "caseId" | "command">,
    before?: Seen,
  ): Promise<Done> {
    const parsed = payloads[type].safeParse(data);
    if (!parsed.success) {
      const seen = await this.see(known, caseId);
      return {
        outcome: {
          kind: "refused",
          problems: seen ? unfit(parsed.error.issues, data) : refuse("NO_SUCH_CASE").refused,
          revision: seen?.revision ?? 0,
        },
        seen,
      };
    }
    const command = { type, data: parsed.data } as Command;
    const { store } = this.o.ports;
    const head =
      type === "case.register" ? undefined : (before?.head ?? (await store.head<Case>(casePk(caseId), how.seen)));
    const refused = head && (await this.beyondCase(command, known, head, how.onBehalfOf?.role));
    if (refused) return refused;
    const bodyId = command.type === "case.register" ? command.data.bodyId : (head?.state.bodyId ?? "");
    const outcome = await handle({ ...how, caseId, command }, actorFor(known, bodyId), this.o.ports, head);
    if (outcome.kind === "done" && outcome.sends) this.o.committed();
    if (outcome.kind === "done" && booking.has(type))
      await keepSessionChats(store, outcome.state, this.packOf(outcome.state));
    const { state } = outcome;
    return { outcome, seen: state ? await this.draw(known, state, outcome.revision) : undefined };
  }

  /** What a case cannot judge, since it does not know it: the body's list, people's bindings, the bank. Permission is asked first. */
  private async beyondCase(
    command: Command,
    known: Known,
    head: Head<Case>,
    behalf: OutsideRole | undefined,
  ): Promise<Done | undefined> {
    const judge = this.beyond[command.type as keyof typeof this.beyond] as Beyond | undefined;
    if (!judge) return undefined;
    const seen = await this.drawHead(known, head);
    // Whoever may not do it is told only that.
    if (!seen || "refused" in can(seen.actor, command.type, seen.c, behalf)) return undefined;
    const problems = await judge(command.data as never, seen);
    return problems && { outcome: { kind: "refused", problems, revision: seen.revision, state: seen.c }, seen };
  }

  private readonly beyond = {
    "staff.allocate": async ({ person, role }: Payload<"staff.allocate">, seen: Seen) => {
      const { staff } = await this.o.bodies.get(seen.c.bodyId);
      const listed = Object.hasOwn(staff, person) && staff[person]?.roles.includes(role);
      return listed ? undefined : refuse("NOT_STAFF", {}, "person").refused;
    },
    "party.invite": async ({ role }: Payload<"party.invite">, seen: Seen) => {
      const person = seen.c.parties[role];
      const bound = ((await this.o.people.find(person))?.bindings.length ?? 0) > 0;
      return bound ? refuse("BOUND_ALREADY", { person }, "role").refused : undefined;
    },
    "planning.offer": ({ slots }: Payload<"planning.offer">, seen: Seen) =>
      this.engagements.againstOffer(seen, "planning", slots),
    "planning.accept": ({ at }: Payload<"planning.accept">, seen: Seen) =>
      this.engagements.againstChoice(seen, "planning", at, seen.c.planning.offered?.slots),
    "session.offer": async ({ method, slots }: Payload<"session.offer">, seen: Seen) =>
      seen.pack.methods.some((m) => m.id === method) ? this.engagements.againstOffer(seen, method, slots) : undefined,
    "session.accept": async ({ method, at }: Payload<"session.accept">, seen: Seen) =>
      seen.pack.methods.some((m) => m.id === method)
        ? this.engagements.againstChoice(seen, method, at, attemptAt(seen.c, method).session.offered?.slots)
        : undefined,
    "session.ask": async ({ method, questionId }: Payload<"session.ask">, seen: Seen) => {
      const known =
        questionId === undefined || (await this.questions(seen, method, "now")).some((q) => q.id === questionId);
      return known ? undefined : refuse("INPUT_UNREADABLE", { input: "questionId" }, "questionId").refused;
    },
  };

  /**
   * Registers a case: judged first, so that what was mistyped in a refused one leaves nothing behind; then its people become
   * persons, and the case is appended. Safe to repeat with the same id. A mail address that is known under another name
   * is refused beside the name, unless that name was only noted and its person has no part in anything yet.
   */
  async register(known: Known, data: Registration, id: string): Promise<Done> {
    const { people } = this.o;
    const judged = await this.judgeRegistration(known, data, id);
    if (judged.problems.length > 0)
      return { outcome: { kind: "refused", problems: judged.problems, revision: 0 }, seen: undefined };
    for (const { person, name } of judged.rename) await people.correct(person, "name", name);
    const ids = {
      apprentice: (await people.ensure(data.apprentice)).id,
      employer: (await people.ensure(data.employer)).id,
      provider: (await people.ensure(data.provider)).id,
    };
    return this.run(known, judged.caseId, "case.register", judged.command(ids), { id });
  }

  /**
   * What `register` would refuse with this id, without doing it; and the case's reference where it did it before. Nothing is
   * written.
   */
  async foreseeRegistration(
    known: Known,
    data: Registration,
    id: string,
  ): Promise<{ problems: Problem[]; standing?: string }> {
    const { problems, standing } = await this.judgeRegistration(known, data, id);
    return { problems, ...(standing ? { standing: standing.c.ref } : {}) };
  }

  /** What stands against a registration, and what it would be: nothing is written. */
  private async judgeRegistration(known: Known, data: Registration, id: string) {
    const { people, ports } = this.o;
    const caseId = createHash("sha256").update(`${known.person.id} ${id}`).digest("hex").slice(0, 20);
    const standing = await this.see(known, caseId);
    const may = known.staff.get(data.bodyId)?.includes("coordinator") === true;
    const ref = data.ref ?? standing?.c.ref ?? (may ? await this.suggestRef(data.bodyId) : "");
    const command = (ids: Record<OutsideRole, PersonId>) => ({
      ref: ref.toUpperCase(),
      bodyId: data.bodyId,
      ...ids,
      employerName: data.employerName,
      programmeStart: data.programmeStart,
      ...(data.englishMathsException ? { englishMathsException: data.englishMathsException } : {}),
    });
    const judged = (problems: Problem[], rename: { person: PersonId; name: string }[] = []) => {
      return { caseId, standing, command, problems, rename };
    };
    if (!may) return judged(refuse("NOT_ALLOWED", { command: "case.register" }).refused);
    const mails = [data.apprentice, data.employer, data.provider].map((p) => p.mail.trim().toLowerCase());
    const twice = new Set(mails).size < mails.length ? refuse("SAME_PERSON_TWICE", {}, "employer-mail").refused : [];
    if (standing) return judged(twice);
    const found = await Promise.all(
      outsideRoles.map(async (role) => ({ role, person: await people.byMail(data[role].mail) })),
    );
    // Somebody new has no id yet: one that nobody has stands for it while it is judged.
    const ids = Object.fromEntries(found.map(({ role, person }) => [role, person?.id ?? `new-${role}`]));
    const payload = command(ids as Record<OutsideRole, PersonId>);
    const parsed = payloads["case.register"].safeParse(payload);
    if (!parsed.success) return judged([...twice, ...unfit(parsed.error.issues, payload)]);
    const foreseen = await foresee(
      { id: caseId, caseId, command: { type: "case.register", data: parsed.data } },
      actorFor(known, data.bodyId),
      ports,
    );
    const told = new Set(twice.map(({ code }) => code));
    const problems = [...twice, ...foreseen.filter(({ code }) => !told.has(code))];
    const rename: { person: PersonId; name: string }[] = [];
    for (const { role, person } of found) {
      if (!person || sameName(person.name, data[role].name)) continue;
      if (await this.partless(person)) rename.push({ person: person.id, name: data[role].name });
      else problems.push({ code: "NAMED_OTHERWISE", facts: { person: person.id }, input: `${role}-name` });
    }
    return judged(problems, rename);
  }

  /** Noted once, never met, and in no case: their name is nobody's yet. Staff invited by mail have a guessed name only. */
  private async partless(person: Person): Promise<boolean> {
    if (person.guessed) return true;
    if (person.bindings.length > 0) return false;
    const cases = await this.o.ports.store.casesOf({ person: person.id }, { limit: 1, closed: true });
    return cases.rows.length === 0;
  }

  /** The body's next free reference: its letters, the year, a number. Only a suggestion: nothing is reserved. */
  async suggestRef(bodyId: string): Promise<string> {
    const { store, clock, packs } = this.o.ports;
    const short = [...packs.values()].find((p) => p.body.id === bodyId)?.body.short ?? "EX";
    const letters =
      short
        .toUpperCase()
        .replace(/[^A-Z]/g, "")
        .slice(0, 4) || "EX";
    const year = londonDate(clock.now()).slice(0, 4);
    const ref = (n: number) => `${letters}-${year}-${String(n).padStart(4, "0")}`;
    const doc = await store.doc<{ n: number }>(`refs:${bodyId}:${year}`, "ref");
    const last = doc?.body.n ?? 0;
    let n = last + 1;
    while ((await store.byRef(ref(n))) !== undefined) n += 1;
    // Where the search ended is kept, so that the next one is short.
    if (n - 1 > last) await store.putDoc(`refs:${bodyId}:${year}`, "ref", { n: n - 1 }, doc?.version);
    return ref(n);
  }

  /** Corrects a party's name or address: an event on the case, and the person's record. */
  async correctPerson(
    known: Known,
    caseId: string,
    data: { role: "apprentice" | "employer" | "provider"; field: "name" | "mail"; value: string; reason: string },
    id: string,
  ): Promise<Done> {
    const { value, ...payload } = data;
    const { people } = this.o;
    const seen = await this.see(known, caseId);
    const may = seen && !("refused" in can(seen.actor, "person.correct", seen.c));
    const person = may && data.field === "mail" ? seen.c.parties[data.role] : undefined;
    // Held before the event is written: once it stands, the address must not be found to be another's.
    if (seen && person && !(await people.holdMail(person, value)))
      return {
        outcome: {
          kind: "refused",
          problems: refuse("MAIL_TAKEN", {}, "value").refused,
          revision: seen.revision,
          state: seen.c,
        },
        seen,
      };
    const done = await this.run(known, caseId, "person.correct", payload, { id });
    if (done.outcome.kind === "done") {
      const corrected = done.outcome.state.parties[data.role];
      await people.correct(corrected, data.field, value);
      // Cards that were posted before, of this case and of every other that the person is in, still show the former name.
      if (data.field === "name") setImmediate(() => void this.o.renamed?.(corrected));
      // The first invitation went elsewhere. Whoever is bound already is not invited again.
      if (data.field === "mail") await this.run(known, caseId, "party.invite", { role: data.role }, { id: `${id}-i` });
      return { ...done, seen: await this.see(known, caseId) };
    }
    if (person) await people.leaveMail(person, value);
    return done;
  }

  /** Changes the body's staff or settings. */
  async runBody(known: Known, bodyId: string, type: BodyCommandType, data: unknown, id: string) {
    const parsed = bodyPayloads[type].safeParse(data);
    if (!parsed.success) return { kind: "refused" as const, problems: unfit(parsed.error.issues, data), revision: 0 };
    const outcome = await handleBody(
      bodyId,
      { id, command: { type, data: parsed.data } as BodyCommand },
      actorFor(known, bodyId),
      this.o.ports,
    );
    if (outcome.kind !== "refused") this.o.bodies.keep(bodyId, outcome.state);
    return outcome;
  }

  /** The cases this person is in; for a coordinator or auditor, the body's. Open ones first: a result stays to be found. */
  async cases(known: Known, after?: string | null, limit = 8): Promise<Page<CaseRow>> {
    const { store } = this.o.ports;
    const whose = this.whose(known, ["coordinator", "auditor"]);
    return merged(
      whose,
      after ?? null,
      limit,
      (w, page) => store.casesOf(w, { ...page, closed: true }),
      (a, b) => Number(a.closed) - Number(b.closed) || b.ref.localeCompare(a.ref),
    );
  }

  /** What is due of this person; for a coordinator, of everyone in the body. */
  async due(known: Known, after?: string | null, limit = 8): Promise<Page<DueRow>> {
    const { store } = this.o.ports;
    const whose = this.whose(known, ["coordinator"]);
    return merged(
      whose,
      after ?? null,
      limit,
      (w, page) => store.dueOf(w, page),
      (a, b) => a.at.localeCompare(b.at),
    );
  }

  /**
   * Cases of this coordinator's bodies that closed so long ago that they may be erased, the longest closed first, and for how
   * many months they are kept. Undefined for everyone else.
   */
  async kept(
    known: Known,
    after: string | null = null,
    limit = 8,
  ): Promise<(Page<DueRow> & { months: number }) | undefined> {
    const { store, clock, settings } = this.o.ports;
    const whose = this.whose(known, ["coordinator"]).flatMap((w) => ("bodyId" in w ? [w.bodyId] : []));
    const [first] = whose;
    if (first === undefined) return undefined;
    const { retentionMonths: months } = await settings(first);
    const until = endOfDay(addMonths(londonDate(clock.now()), -months));
    const page = await merged(
      whose.map((bodyId) => ({ person: keptOf(bodyId) })),
      after,
      limit,
      (w, asked) => store.dueOf(w, { ...asked, until }),
      (a, b) => a.at.localeCompare(b.at),
    );
    return { ...page, months };
  }

  private whose(known: Known, roles: readonly Role[]): Whose[] {
    const bodies = [...known.staff]
      .filter(([, has]) => has.some((r) => roles.includes(r)))
      .map(([bodyId]) => ({ bodyId }));
    return bodies.length > 0 ? bodies : [{ person: known.person.id }];
  }
}

/** After these a session may have another link. */
const booking: ReadonlySet<CommandType> = new Set(["session.book", "session.move", "planning.finish"]);

type Whose = { person: PersonId } | { bodyId: string };

/** One list of several: most staff have one body, and then this is that body's page as it is. */
async function merged<R>(
  whose: Whose[],
  after: string | null,
  limit: number,
  read: (w: Whose, page: { limit: number; after: string | null }) => Promise<Page<R>>,
  order: (a: R, b: R) => number,
): Promise<Page<R>> {
  const [only, ...others] = whose;
  if (only && others.length === 0) return read(only, { limit, after });
  // It comes back through clients: anything that no page gave reads as the start.
  const skip = /^\d{1,6}$/.test(after ?? "") ? Number(after) : 0;
  const pages = await Promise.all(whose.map((w) => read(w, { limit: skip + limit, after: null })));
  const rows = pages.flatMap((p) => p.rows).sort(order);
  const more = rows.length > skip + limit || pages.some((p) => p.next !== null);
  return { rows: rows.slice(skip, skip + limit), next: more ? String(skip + limit) : null };
}

/** One name, however it is spaced or capitalised. */
function sameName(a: string, b: string): boolean {
  const plain = (name: string) => name.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
  return plain(a) === plain(b);
}
