import type { TrafficDetail, TrafficLine } from "./protocol";

const KEPT = 500;

/** What went over the wire between the stand-in and the bot, and the mails: the last {@link KEPT}. */
export class Traffic {
  private readonly details: TrafficDetail[] = [];
  /** All there ever were, those no longer kept included. */
  count = 0;
  private readonly listeners = new Set<(line: TrafficLine) => void>();

  constructor(private readonly now: () => string) {}

  /** Keeps one exchange; bodies are kept as they were, so pass copies of what may change. */
  add(exchange: Omit<TrafficDetail, "n" | "at">): TrafficDetail {
    this.count += 1;
    const detail = { n: this.count, at: this.now(), ...exchange };
    this.details.push(detail);
    if (this.details.length > KEPT) this.details.shift();
    const line = lineOf(detail);
    for (const listener of this.listeners) listener(line);
    return detail;
  }

  /** Lines after the given number, oldest first. */
  after(n: number): TrafficLine[] {
    return this.details.filter((detail) => detail.n > n).map(lineOf);
  }

  detail(n: number): TrafficDetail | undefined {
    return this.details.find((detail) => detail.n === n);
  }

  onLine(listener: (line: TrafficLine) => void): void {
    this.listeners.add(listener);
  }
}

function lineOf({ n, at, direction, method, path, status, ms, summary }: TrafficDetail): TrafficLine {
  return { n, at, direction, method, path, status, ms, summary };
}

/** What an activity is about, in a few words: "invoke task/submit session.move", "message: due". */
export function summarise(activity: unknown): string {
  if (typeof activity !== "object" || activity === null) return "";
  const { type, name, text, value, attachments, action } = activity as Record<string, unknown>;
  const words = [String(type ?? ""), typeof name === "string" ? name : "", typeof action === "string" ? action : ""];
  const verb = verbIn(value);
  if (verb) words.push(verb);
  const line = words.filter(Boolean).join(" ");
  if (typeof text === "string" && text) return `${line}: ${text.replaceAll(/\s+/g, " ").slice(0, 60)}`;
  return Array.isArray(attachments) && attachments.length > 0 && type === "message" ? `${line}: card` : line;
}

function verbIn(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const { verb, action, data } = value as Record<string, unknown>;
  if (typeof verb === "string") return verb;
  return verbIn(action) || verbIn(data);
}
