import { createHash } from "node:crypto";
import { checkStore } from "../../bot/store/chainCheck";
import { refold } from "../../bot/store/refold";
import { livingCards } from "../../bot/teams/live";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import type { Notice, NoticeState, Recorded, Store } from "../../src/ports";
import type { Instant } from "../../src/rules/calendar";
import { caseView } from "../../src/views";
import { actorOf, tquk } from "../support/case";
import type { Shown, Taken } from "./connector";
import { markOf, marksIn } from "./marks";
import type { Press } from "./presses";
import type { Seeded } from "./seed";

/** What the storm left, held against what was said to be done. */
export interface Verdict {
  /** Each a broken promise. */
  faults: string[];
  /** Presses that were answered with "done". */
  acknowledged: number;
  /** Presses that stand on the record: those, and some whose answer was lost. */
  recorded: number;
  events: number;
  /** How often each kind of event came about during the storm. */
  kindsOfEvents: number;
  notices: Record<string, Partial<Record<NoticeState, number>>>;
  lost: number;
  /** Messages of repeatable kinds that came more than once. */
  doubles: number;
  /** Posted cards that are kept up to date. */
  livingCards: number;
}

export interface Evidence {
  store: Store;
  /** The time of the world of the cases. */
  now: Instant;
  seeded: Seeded;
  presses: readonly Press[];
  taken: readonly Taken[];
  /** What each posted message shows last, by its conversation and id. */
  shown: ReadonlyMap<string, Shown>;
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** What of a case's notices has still to come: all but reminders of days to come. */
export const pending = (n: Notice, now: Instant): boolean =>
  (n.state === "waiting" || n.state === "claimed" || n.state === "sending") &&
  (n.kind !== "reminder" || n.dueAt <= now);

export async function judge({ store, now, seeded, presses, taken, shown }: Evidence): Promise<Verdict> {
  const faults: string[] = [];
  const verdict: Verdict = {
    faults,
    acknowledged: presses.filter((p) => p.answers.includes("done")).length,
    recorded: 0,
    events: 0,
    kindsOfEvents: 0,
    notices: {},
    lost: 0,
    doubles: 0,
    livingCards: 0,
  };
  const whole = await checkStore(store, digest, refold);
  if (whole.ok) verdict.events = whole.events;
  else faults.push(`the record of ${whole.pk} is not whole at ${whole.seq}: ${whole.why}`);

  const arrived = new Map<string, number>();
  for (const { words } of taken) for (const m of marksIn(words)) arrived.set(m, (arrived.get(m) ?? 0) + 1);
  const owed = new Set<string>();
  const kinds = new Set<string>();
  for (const { caseId } of seeded.cases) {
    const pk = casePk(caseId);
    const mine = presses.filter((p) => p.caseId === caseId);
    const events = (await store.events(pk)).filter((e) => !e.commandId.startsWith("c-seed-"));
    for (const e of events) kinds.add(e.type);
    verdict.recorded += recorded(pk, mine, events, faults);
    const missed = new Set(
      events.filter((e) => e.type === "NoticeLost").map((e) => (e.data as { notice: string }).notice),
    );
    verdict.lost += missed.size;
    const notices = await store.notices(pk);
    for (const n of notices) {
      const of = verdict.notices[n.kind] ?? {};
      verdict.notices[n.kind] = { ...of, [n.state]: (of[n.state] ?? 0) + 1 };
      if (pending(n, now))
        faults.push(
          `${pk} ${n.id} is still ${n.state} (due ${n.dueAt}, now ${now}, ${n.tries} tries, ${n.outcome}, lease ${n.leaseUntil}): neither delivered nor reported`,
        );
      const given = n.state === "unconfirmed" || n.state === "dead";
      if (given && n.kind !== "cards" && n.kind !== "alarm" && !missed.has(n.id))
        faults.push(`${pk} ${n.id} is ${n.state}, and the coordinator is not told`);
    }
    for (const n of notices) owed.add(markOf(n) ?? "");
    verdict.doubles += deliveries(pk, notices, arrived, faults);
    verdict.livingCards += await cards(caseId, notices, faults, { store, now, seeded, shown });
  }
  // Of what was erased the notices are gone.
  const erased = new Set<string>();
  for (const { caseId } of seeded.cases)
    if ((await store.head<Case>(casePk(caseId)))?.state.stage === "erased") erased.add(caseId);
  for (const mark of arrived.keys())
    if (!owed.has(mark) && !erased.has(mark.split(" ")[1] ?? "")) faults.push(`${mark} came, and nobody was owed it`);
  verdict.kindsOfEvents = kinds.size;
  return verdict;
}

/** Events are what was acknowledged: each of them once, and nothing that nobody pressed. How many presses stand. */
function recorded(pk: string, presses: readonly Press[], events: readonly Recorded[], faults: string[]): number {
  const pressed = new Map(presses.map((p) => [`c-${p.person}-${p.commandId}`, p]));
  const stands = new Map<string, number[]>();
  for (const e of events) {
    if (e.by.person === "service") continue;
    if (!pressed.has(e.commandId)) faults.push(`${pk} ${e.seq} ${e.type}: nobody pressed it`);
    stands.set(e.commandId, [...(stands.get(e.commandId) ?? []), e.seq]);
  }
  for (const [id, seqs] of stands) {
    const apart = (seqs.at(-1) ?? 0) - (seqs[0] ?? 0) !== seqs.length - 1;
    if (apart) faults.push(`${pk}: one press ${id}, recorded at ${seqs.join(", ")}`);
  }
  for (const [id, press] of pressed) {
    const { answers, wrong, type } = press;
    const on = stands.has(id);
    if (answers.includes("done") && !on) faults.push(`${pk}: ${type} ${id} was acknowledged, and is not on the record`);
    if (wrong && on) faults.push(`${pk}: ${type} ${id} was pressed by somebody who may not, and is on the record`);
    const said = answers.length > 0 && answers.every((a) => a === "refused" || a === "already");
    if (said && on) faults.push(`${pk}: ${type} ${id} was refused each time, and is on the record`);
  }
  return stands.size;
}

/** What was sent came, once where it may not be repeated; the doubles of the rest are counted. */
function deliveries(
  pk: string,
  notices: readonly Notice[],
  arrived: ReadonlyMap<string, number>,
  faults: string[],
): number {
  const about = new Map<string, Notice[]>();
  for (const n of notices) {
    const mark = markOf(n);
    if (mark) about.set(mark, [...(about.get(mark) ?? []), n]);
  }
  let doubles = 0;
  for (const [mark, all] of about) {
    const came = arrived.get(mark) ?? 0;
    const sent = all.filter((n) => n.state === "sent").length;
    const perhaps = all.filter((n) => n.state === "unconfirmed").length;
    if (came < sent) faults.push(`${pk} ${mark}: ${sent} marked sent, and ${came} came`);
    if (all.some((n) => n.repeat === "never")) {
      if (came > sent + perhaps) faults.push(`${pk} ${mark} came ${came} times, and is never to be repeated`);
    } else doubles += Math.max(0, came - sent);
  }
  return doubles;
}

/**
 * How many cards are kept up to date. None is older than its case, but where its update was given up, and where the case is
 * its reader's no more: what it showed them then stands.
 */
async function cards(
  caseId: string,
  notices: readonly Notice[],
  faults: string[],
  { store, now, seeded, shown }: Pick<Evidence, "store" | "now" | "seeded" | "shown">,
): Promise<number> {
  const c = (await store.head<Case>(casePk(caseId)))?.state;
  const living = await livingCards(store, caseId);
  const stuck = notices.some((n) => n.kind === "cards" && n.state === "dead");
  for (const { conversation, activityId, person } of c && !stuck ? living : []) {
    const last = shown.get(`${conversation.conversationId}|${activityId}`)?.seen;
    // Everyone's card in a group shows what the apprentice may see.
    const role = seeded.staff.find((s) => s.person === person)?.role ?? "apprentice";
    const reader = actorOf(tquk, person ?? (c as Case).parties.apprentice, role);
    const present = caseView(c as Case, reader, tquk, now)?.seen;
    if (last !== undefined && present !== undefined && last < present)
      faults.push(`case:${caseId}: the card ${activityId} of a ${role} shows ${last}, and the case is at ${present}`);
  }
  return living.length;
}
