import { commandButton } from "../cards/buttons";
import { caseCard } from "../cards/case";
import { hasForm } from "../cards/forms/forms";
import { emptyCard } from "../cards/list";
import { messageCard } from "../cards/message";
import { planningCard } from "../cards/planning";
import type { Button } from "../cards/press";
import { proposalCard } from "../cards/proposal";
import type { Card } from "../cards/render";
import { type Case, type Lost, outsideRoles, type PersonId } from "../src/case/case";
import type { EventType } from "../src/case/decider";
import { standing } from "../src/case/delivery";
import { attendeesOf, minutesOf, toCome } from "../src/case/meetings";
import { casePk, type Ports } from "../src/handle";
import { invitationsOf } from "../src/invitations";
import type { Actor } from "../src/permissions";
import type { Recorded } from "../src/ports";
import { toldView } from "../src/record";
import { attendancesOf, type Task, tasksOf } from "../src/tasks";
import { capital } from "../src/wording/format";
import {
  type Contact,
  howToDo,
  howToGoOn,
  invitation,
  mailOf,
  type Part,
  recordOfAchievement,
  reminder,
  statementOfResults,
} from "../src/wording/letters";
import { notReached } from "../src/wording/notReached";
import { linesOf, type Told, toldTogether } from "../src/wording/told";
import type { Words } from "../src/wording/words";
import type { Compose, Message } from "./compose";
import type { Desk, Seen } from "./desk";
import type { Bodies } from "./identity";
import type { MailedEntry } from "./mail/smtp";
import type { People } from "./people";
import type { OutboundActivity } from "./teams/connector";

/** Puts notices into words and cards: the words come from `src/wording`, the cards from `cards/`, what may be seen from `views`. */

export interface ComposerOptions {
  desk: Desk;
  people: People;
  ports: Ports;
  bodies: Bodies;
  /** In whose calendar meetings are made; undefined where that is not known now. */
  organiser?: () => Promise<{ address: string; name: string } | undefined>;
}

const attached = (content: Card, summary: string): OutboundActivity => ({
  summary,
  attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }],
});

/** Events that say when something is, or that it is no more. */
const datedEvents: ReadonlySet<string> = new Set<EventType>([
  "PlanningScheduled",
  "PlanningFinished",
  "SessionBooked",
  "SessionMoved",
  "SessionNotHeld",
  "MeetingMade",
  "CaseWithdrawn",
]);

export function createComposer(o: ComposerOptions): Compose {
  const { desk, ports } = o;
  const newId = () => ports.chance.id();
  const now = () => ports.clock.now();

  const drawing = (seen: Seen) => ({ words: seen.words, pack: seen.pack, now: now(), newId, hasForm });

  /** The person as the core knows them; staff by the body's own list. */
  async function actorOf(c: Case, person: PersonId): Promise<Actor> {
    const roles = (await o.bodies.get(c.bodyId)).staff[person]?.roles;
    return { person, staff: roles ? { bodyId: c.bodyId, roles } : null };
  }

  async function seenBy(c: Case, person: PersonId): Promise<Seen | undefined> {
    return desk.drawFor(await actorOf(c, person), c, c.revision);
  }

  /** One's own card refreshes by itself: a day comes, and what may be pressed with it, while nothing happens in the case. */
  const refreshing = async (person: PersonId) => ({
    refreshFor: (await o.people.find(person))?.bindings.flatMap((b) => (b.mri ? [b.mri] : [])) ?? [],
  });

  const showCase = (c: Case): Button => ({ title: "Show case", data: { verb: "view.case", caseId: c.id } });

  /** Whom outside people write to, and who gets their answers. */
  const contactOf = async (c: Case, words: Words): Promise<Contact> => {
    const address = (await o.people.find(c.staff.coordinator))?.mail;
    return { name: words.person(c.staff.coordinator), ...(address ? { address } : {}) };
  };

  /** An outside person who reads it by mail has no button: the mail says how to go on without. */
  const outsider = (c: Case, person: PersonId) => outsideRoles.some((r) => c.parties[r] === person);

  const spoken = (
    c: Case,
    told: Told,
    name: string,
    buttons: readonly Button[],
    { kind, how, contact }: { kind?: string; how?: readonly Part[]; contact?: Contact } = {},
  ): Message => ({
    activity: attached(
      messageCard({
        ref: c.ref,
        title: told.title,
        lines: linesOf({ ...told, facts: told.facts.filter((f) => !f.opens) }),
        links: told.facts.filter((f) => f.opens),
        buttons,
        ...(kind ? { kind } : {}),
        ...(told.quote ? { quote: told.quote } : {}),
      }),
      told.title,
    ),
    letter: mailOf(told, { name }, c, how, contact),
  });

  /** The button of the person's task, where the case card would have it too. */
  function taskButton(seen: Seen, t: Task): Button[] {
    const may = seen.view.may.find(
      (p) =>
        p.type === t.command &&
        p.onBehalfOf === undefined &&
        (t.method === undefined || p.data.method === undefined || p.data.method === t.method),
    );
    if (!may || !hasForm(may.type)) return [];
    return [{ ...commandButton(may, seen.view, drawing(seen)), primary: true }];
  }

  /** Meetings that these events booked, moved or called off, for the calendar of somebody outside who is to be there. */
  async function forCalendar(
    c: Case,
    events: readonly Recorded[],
    person: PersonId,
    words: Words,
  ): Promise<MailedEntry[]> {
    const [from, to] = [events[0]?.seq, events.at(-1)?.seq];
    const attendee = await o.people.find(person);
    if (from === undefined || to === undefined || !attendee?.mail || !events.some((e) => datedEvents.has(e.type)))
      return [];
    const pack = desk.packOf(c);
    const record = await ports.store.events(casePk(c.id), { to });
    const mine = invitationsOf(c, record, { from, to }, pack).filter(
      ({ of, at }) => attendeesOf(c, of, pack).includes(person) && toCome(at, now()),
    );
    const organiser = mine.some((x) => x.made) ? await o.organiser?.() : undefined;
    return mine.map(({ of, method, uid, sequence, at, where, link, made }): MailedEntry => {
      const name = of === "planning" ? "Planning meeting" : capital(words.theSession(of).replace(/^the /, ""));
      return {
        method,
        uid,
        sequence,
        summary: `${name}, ${c.ref}`,
        start: at,
        minutes: minutesOf(of, pack),
        location: where,
        ...(link ? { description: `Join: ${link}`, url: link } : {}),
        stamp: now(),
        attendee: { address: attendee.mail ?? "", name: attendee.name },
        ...(made && organiser ? { organiser } : {}),
      };
    });
  }

  return {
    async told(c, events, person) {
      const pack = desk.packOf(c);
      const heard = toldView(c, events, await actorOf(c, person), pack);
      const words = await desk.words(pack, c);
      const told = heard && toldTogether(heard.events, heard.role, words, c, person);
      if (!told) return undefined;
      const contact = outsider(c, person) ? await contactOf(c, words) : undefined;
      const message = spoken(c, told, words.person(person), (await seenBy(c, person)) ? [showCase(c)] : [], {
        ...(contact ? { contact, how: howToGoOn(person, c, words, contact) } : {}),
      });
      const calendar = contact ? await forCalendar(c, heard.events as readonly Recorded[], person, words) : [];
      return calendar.length > 0 ? { ...message, calendar } : message;
    },

    async reminder(c, person, about) {
      const seen = await seenBy(c, person);
      const pack = desk.packOf(c);
      const task = [...tasksOf(c, pack), ...attendancesOf(c, pack)].find(
        (t) => t.key === about.key && t.person === person && (about.asked || t.day === about.day),
      );
      if (!seen || !task) return undefined;
      const told = reminder(task, seen.words, now());
      const contact = outsider(c, person) ? await contactOf(c, seen.words) : undefined;
      return spoken(c, told, seen.words.person(person), [...taskButton(seen, task), showCase(c)], {
        kind: "Reminder",
        ...(contact ? { contact, how: howToDo(task, c, seen.words, contact) } : {}),
      });
    },

    async toChat(c, events) {
      const pack = desk.packOf(c);
      const words = await desk.words(pack, c);
      const told = toldTogether(events, "chat", words, c);
      if (!told || told.private) return undefined;
      return spoken(c, told, "", []);
    },

    async result(head, person, kind, release) {
      const c = head.state;
      const seen = await seenBy(c, person);
      const result = c.releases.find((r) => r.n === release);
      const role = outsideRoles.find((r) => c.parties[r] === person);
      if (!seen || !result || !role) return undefined;
      const write = kind === "result" ? statementOfResults : recordOfAchievement;
      const reader = { name: seen.words.person(person), role };
      // The message says that the result is there; the grade stands on the card, never in a summary.
      return {
        activity: attached(
          caseCard(seen.view, { ...drawing(seen), ...(await refreshing(person)) }),
          `Results of case ${c.ref}`,
        ),
        letter: write(
          result,
          reader,
          c,
          seen.words,
          { revision: head.revision, hash: head.hash },
          await contactOf(c, seen.words),
        ),
        ...(kind === "result" ? { live: { caseId: c.id, kind: "case" as const } } : {}),
      };
    },

    async invitation(c, person, role, code) {
      const words = await desk.words(desk.packOf(c), c);
      return invitation({ ...code, role }, { name: person.name }, c, words, await contactOf(c, words));
    },

    async card(c, kind, person, outside) {
      if (person === null) {
        // Everyone's card in a group: it moves only with what everyone may know of.
        const seen = await seenBy(c, c.parties.apprentice);
        if (!seen || !outside) return undefined;
        const base = { ...drawing(seen), refreshFor: await desk.mris(c), base: true as const };
        return attached(
          kind === "proposal" ? proposalCard(seen.view, base) : planningCard(seen.view, base),
          `Case ${c.ref}`,
        );
      }
      const seen = await seenBy(c, person);
      if (!seen) return undefined;
      if (!outside && (outsideRoles as readonly string[]).includes(seen.view.role)) return undefined;
      return attached(caseCard(seen.view, { ...drawing(seen), ...(await refreshing(person)) }), `Case ${c.ref}`);
    },

    erased() {
      const title = "This case was erased.";
      return attached(emptyCard(title, "It was kept for as long as it had to be.", []), title);
    },

    async notReached(c, events, coordinator) {
      const stands = new Set(standing(c).map((x) => x.notice));
      const lost = events
        .filter((e) => e.type === "NoticeLost")
        .map((e) => e.data as Lost)
        // They are not told that they were not told: it is due of them.
        .filter((l) => stands.has(l.notice) && l.to !== coordinator);
      const words = await desk.words(desk.packOf(c), c);
      const told = notReached(lost, words);
      return told ? spoken(c, told, words.person(coordinator), [showCase(c)], { kind: "Not delivered" }) : undefined;
    },

    join(messages) {
      const [first, ...others] = messages;
      if (!first) throw new Error("Nothing to join");
      if (others.length === 0) return first.activity;
      return {
        summary: `${messages.length} things from Epilogue`,
        attachments: messages.flatMap((m) => m.activity.attachments ?? []),
      };
    },
  };
}
