import { createHash } from "node:crypto";
import { checkStore } from "../../bot/store/chainCheck";
import { refold } from "../../bot/store/refold";
import { casePk } from "../../src/handle";
import type { Notice, NoticeState, Recorded, Store } from "../../src/ports";
import { londonTime } from "../../src/rules/calendar";
import type { Taken } from "./connector";
import type { Press } from "./presses";
import type { Seeded } from "./seed";

/** What the storm left, held against what was said to be done. */
export interface Verdict {
  /** Each a broken promise. */
  faults: string[];
  acknowledged: number;
  recorded: number;
  events: number;
  notices: Record<NoticeState, number>;
  lost: number;
  /** Messages of repeatable kinds that came more than once. */
  doubles: number;
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const none: Record<NoticeState, number> = {
  waiting: 0,
  claimed: 0,
  sending: 0,
  sent: 0,
  unconfirmed: 0,
  dead: 0,
  dropped: 0,
};

/** What of a case's notices has still to come. */
export const pending = (n: Notice): boolean =>
  (n.state === "waiting" || n.state === "claimed" || n.state === "sending") && n.kind !== "reminder";

export async function judge(
  store: Store,
  seeded: Seeded,
  presses: readonly Press[],
  taken: readonly Taken[],
): Promise<Verdict> {
  const faults: string[] = [];
  const verdict: Verdict = {
    faults,
    acknowledged: presses.filter((p) => p.acknowledged).length,
    recorded: 0,
    events: 0,
    notices: { ...none },
    lost: 0,
    doubles: 0,
  };
  const whole = await checkStore(store, digest, refold);
  if (whole.ok) verdict.events = whole.events;
  else faults.push(`the record of ${whole.pk} is not whole at ${whole.seq}: ${whole.why}`);

  const arrived = arrivals(taken);
  for (const moving of seeded.cases) {
    const pk = casePk(moving.caseId);
    const mine = presses.filter((p) => p.caseId === moving.caseId);
    const events = (await store.events(pk)).filter((e) => !e.commandId.startsWith("c-seed-"));
    const moves = events.filter((e) => e.type === "SessionMoved");
    verdict.recorded += moves.length;
    faults.push(...recordFaults(pk, mine, moves));

    const notices = await store.notices(pk);
    const missed = new Set(
      events.filter((e) => e.type === "NoticeLost").map((e) => (e.data as { notice: string }).notice),
    );
    verdict.lost += missed.size;
    for (const n of notices) {
      verdict.notices[n.state] += 1;
      if (pending(n)) faults.push(`${pk} ${n.id} is still ${n.state}: neither delivered nor reported`);
      if (
        (n.state === "unconfirmed" || n.state === "dead") &&
        n.kind !== "cards" &&
        n.kind !== "alarm" &&
        !missed.has(n.id)
      )
        faults.push(`${pk} ${n.id} is ${n.state}, and the coordinator is not told`);
      if (n.kind !== "told") continue;
      const event = moves.find((e) => e.seq === (n.data as { from: number }).from);
      if (!event) continue;
      const time = londonTime((event.data as { at: string }).at);
      const times = (seeded.reach.get(n.to) ?? []).reduce(
        (sum, to) => sum + (arrived.get(`${to} ${moving.ref} ${time}`) ?? 0),
        0,
      );
      if (times > 1) faults.push(`${pk} ${n.id} came ${times} times, and is never to be repeated`);
      if (n.state === "sent" && times !== 1) faults.push(`${pk} ${n.id} is marked sent, and came ${times} times`);
    }
    const alarms = notices.filter((n) => n.kind === "alarm" && n.state === "sent").length;
    const came = arrived.get(`${seeded.reach.get(seeded.coordinator.person)?.[0]} ${moving.ref} alarm`) ?? 0;
    verdict.doubles += Math.max(0, came - alarms);
    if (came < alarms) faults.push(`${pk}: ${alarms} words of what was lost are marked sent, and ${came} came`);
  }
  return verdict;
}

/** Events are what was acknowledged: each of them once, and nothing that nobody pressed. */
function recordFaults(pk: string, presses: readonly Press[], moves: readonly Recorded[]): string[] {
  const faults: string[] = [];
  const pressed = new Map(presses.map((p) => [`c-${p.by.person}-${p.commandId}`, p]));
  const seen = new Set<string>();
  for (const e of moves) {
    const press = pressed.get(e.commandId);
    if (!press) faults.push(`${pk} ${e.seq}: nobody pressed it`);
    else if (londonTime((e.data as { at: string }).at) !== press.time)
      faults.push(`${pk} ${e.seq}: another time than pressed`);
    if (seen.has(e.commandId)) faults.push(`${pk} ${e.seq}: one press, two events`);
    seen.add(e.commandId);
  }
  for (const [id, { acknowledged }] of pressed)
    if (acknowledged && !seen.has(id)) faults.push(`${pk}: ${id} was acknowledged, and is not on the record`);
  return faults;
}

/** How often each thing came, by where to, case, and the time that it tells; words about what was lost by `alarm`. */
function arrivals(taken: readonly Taken[]): Map<string, number> {
  const found = new Map<string, number>();
  const count = (key: string) => found.set(key, (found.get(key) ?? 0) + 1);
  for (const { to, words } of taken)
    for (const { ref, text } of partsOf(to, words)) {
      const time = /When: [^,]*, (\d\d:\d\d)/.exec(text)?.[1];
      if (time) count(`${to} ${ref} ${time}`);
      else if (text.includes("Could not reach")) count(`${to} ${ref} alarm`);
    }
  return found;
}

/** A message's cards, or a mail's letters, each with the reference of its case. */
function partsOf(to: string, words: string): { ref: string; text: string }[] {
  if (!to.includes("@")) {
    const { attachments = [] } = JSON.parse(words) as { attachments?: { content: unknown }[] };
    return attachments.map(({ content }) => {
      const text = JSON.stringify(content);
      return { ref: /EX-2026-\d{4}/.exec(text)?.[0] ?? "", text };
    });
  }
  // Who is reached by mail is in one case only.
  const ref = /EX-2026-\d{4}/.exec(words)?.[0] ?? "";
  return words.split(/(?=When: )/).map((text) => ({ ref, text }));
}
