import { createHash, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import type { Store } from "../../src/ports";
import type { Instant } from "../../src/rules/calendar";
import { tquk } from "../support/case";
import { type Answered, askCase, type Door, type Post, post, pressed, registering } from "./activities";
import type { Fleet } from "./fleet";
import { drawMove, type Move } from "./moves";
import type { Presser, Seeded, Sown } from "./seed";
import { oneOf } from "./settings";

/** One command pressed by one person, and what each delivery of it was answered. */
export interface Press {
  caseId: string;
  type: string;
  commandId: string;
  person: string;
  /** Somebody who may not. */
  wrong: boolean;
  answers: Answered[];
}

export interface Pressing {
  seeded: Seeded;
  store: Store;
  fleet: Fleet;
  draw: () => number;
  door: Door;
  /** The time of the world of the cases. */
  now(): Instant;
  /** Told each answer to a delivery of a press. */
  heard(answer: Answered): void;
  /** Told when nobody presses: an outage of everything. */
  paused(): Promise<void> | undefined;
}

/** The longest that a person goes on pressing what is not answered. */
const deliveries = 6;

/** Presses until told to end: whole lives by what the cases offer, wrong people, stale cards, cards posted, cases begun. */
export async function pressing(o: Pressing, going: () => boolean): Promise<{ presses: Press[]; asked: number }> {
  const presses: Press[] = [];
  const { seeded, draw } = o;
  /** Cases as somebody saw them a while ago. */
  const older = new Map<string, Case>();
  let asked = 0;
  let registered = 0;

  async function one(): Promise<void> {
    if (draw() < 0.03) return register();
    const sown = oneOf(draw, seeded.cases);
    const c = await seen(o, sown);
    if (!c) return;
    if (draw() < 0.12) {
      asked += 1;
      await post(o.fleet.port(), o.door, askCase(o.door, readerOf(c), sown.ref));
      return;
    }
    // Now and then what is pressed is a card that was drawn some revisions ago.
    const shown = draw() < 0.15 ? (older.get(c.id) ?? c) : c;
    if (draw() < 0.4) older.set(c.id, c);
    const move = drawMove(shown, { pack: tquk, now: o.now(), draw, staff: seeded.staff, account });
    if (move) await press(shown, move);
  }

  const account = (person: string) => seeded.outside.get(person);
  const readerOf = (c: Case): Presser =>
    oneOf(draw, [
      ...seeded.staff.filter((s) => c.staff[s.role ?? "iqa"] === s.person),
      ...Object.values(c.parties).flatMap((p) => account(p) ?? []),
    ]) ?? (seeded.staff[0] as Presser);

  const strangersTo = (c: Case): Presser[] =>
    [...seeded.outside.values()].slice(0, 9).filter(({ person }) => !Object.values(c.parties).includes(person));

  async function press(shown: Case, move: Move): Promise<void> {
    const wrong = draw() < 0.06;
    const { by } = wrong ? { by: oneOf(draw, strangersTo(shown)) } : move;
    const others = seeded.staff.filter((s) => s.role === by.role && s.person !== by.person);
    // Two who may both press it do so at once.
    const both = !wrong && by.role === "coordinator" && draw() < 0.1;
    await Promise.all(
      [by, ...(both ? [oneOf(draw, others)] : [])].map((who) => pressAs(shown, { ...move, by: who }, wrong)),
    );
  }

  async function pressAs(shown: Case, move: Move, wrong: boolean): Promise<void> {
    const commandId = randomUUID();
    const made: Press = { caseId: shown.id, type: move.type, commandId, person: move.by.person, wrong, answers: [] };
    presses.push(made);
    await deliver(made, pressed(o.door, shown, move, commandId));
  }

  /** A new case, of people who have mail only. */
  async function register(): Promise<void> {
    const coordinator = oneOf(
      draw,
      seeded.staff.filter((s) => s.role === "coordinator"),
    );
    const commandId = randomUUID();
    registered += 1;
    const ref = `ST-2026-${String(registered).padStart(4, "0")}`;
    // As the service names it.
    const caseId = createHash("sha256").update(`${coordinator.person} ${commandId}`).digest("hex").slice(0, 20);
    const made: Press = {
      caseId,
      type: "case.register",
      commandId,
      person: coordinator.person,
      wrong: false,
      answers: [],
    };
    presses.push(made);
    await deliver(made, registering(o.door, coordinator, tquk.body.id, ref, commandId));
    seeded.cases.push({ caseId, ref });
  }

  /** To any instance; again, under the same or a new activity id, when no answer came, and now and then when one did. */
  async function deliver(made: Press, activity: Post): Promise<void> {
    for (let n = 0; n < deliveries && going(); n++) {
      if (n > 0 && draw() < 0.5) activity.id = `f:${randomUUID()}`;
      const twice = draw() < 0.1;
      const sent = [activity, ...(twice ? [activity] : [])];
      const came = await Promise.all(sent.map((one) => send(made, one)));
      if (came.some((a) => a === "done" || a === "already" || a === "refused")) {
        if (draw() < 0.1) await send(made, { ...activity, id: `f:${randomUUID()}` });
        return;
      }
      await o.paused();
      await pause(100 + draw() * 400);
    }
  }

  async function send(made: Press, activity: Post): Promise<Answered> {
    const answer = await post(o.fleet.port(), o.door, { ...activity });
    made.answers.push(answer);
    o.heard(answer);
    return answer;
  }

  const worker = async () => {
    while (going()) {
      await o.paused();
      if (o.fleet.port() === undefined) await pause(50);
      else await one();
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return { presses, asked };
}

/** The case as it stands, as far as it can be read at the moment. */
async function seen(o: Pressing, { caseId }: Sown): Promise<Case | undefined> {
  try {
    return (await o.store.head<Case>(casePk(caseId)))?.state;
  } catch {
    return undefined;
  }
}
