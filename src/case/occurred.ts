import { compareInstants, type Instant } from "../rules/calendar";
import { attemptAt, type Case, type Occurred, type OccurredFlag } from "./case";

/**
 * Where a command that was sent late belongs in its session: never before the session's start, and a pause, resume or part for
 * questions never before what it follows. What would be is moved there, and flagged.
 */
export function placed(occurred: Occurred, command: { type: string; data: unknown }, c: Case): Occurred {
  const method = (command.data as { method?: unknown }).method;
  if (typeof method !== "string" || !Object.hasOwn(c.attempts, method)) return occurred;
  const { session } = attemptAt(c, method);
  if (!session.started || command.type === "session.start") return occurred;
  const notBefore = (o: Occurred, floor: Instant | undefined, flag: OccurredFlag): Occurred =>
    floor !== undefined && compareInstants(o.at, floor) < 0 ? { ...o, at: floor, flags: [...o.flags, flag] } : o;
  const inSession = notBefore(occurred, session.started.at, "beforeStart");
  if (!inOrder.has(command.type)) return inSession;
  const last = session.spans.at(-1);
  const part = session.questionsPart.at(-1);
  const boundaries = [last?.to ?? last?.from, part?.to ?? part?.from].filter((x) => x !== undefined);
  return boundaries.reduce((o, floor) => notBefore(o, floor, "outOfOrder"), inSession);
}

const inOrder: ReadonlySet<string> = new Set(["session.pause", "session.resume", "session.questions"]);
