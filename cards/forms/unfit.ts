import type { Problem } from "../../src/case/case";
import { inputAt } from "./inputAt";

/** What a schema says of a value that does not fit: as much of it as is told apart here. */
export interface Issue {
  code?: string | undefined;
  path: readonly PropertyKey[];
  origin?: string | undefined;
  format?: string | undefined;
  maximum?: number | bigint | undefined;
}

/**
 * Input that does not fit its shape, as problems beside the inputs it came from: what was left empty, what is too long, what is
 * no mail address, no day, and whatever else without its cause. One problem an input.
 */
export function unfit(issues: readonly Issue[], payload: unknown, at = inputAt): Problem[] {
  const found = new Map<string, Problem>();
  for (const issue of issues) {
    const input = (at(issue.path, payload) ?? "").slice(0, 80);
    if (found.has(input)) continue;
    const facts = { input, ...cause(issue, payload) };
    found.set(input, { code: "INPUT_UNREADABLE", facts, ...(input ? { input } : {}) });
  }
  return [...found.values()];
}

function cause(issue: Issue, payload: unknown): { why?: string; most?: number } {
  const value = issue.path.reduce<unknown>(
    (of, key) => (of !== null && typeof of === "object" ? (of as Record<PropertyKey, unknown>)[key] : undefined),
    payload,
  );
  if (value === undefined || (typeof value === "string" && value.trim() === "")) return { why: "empty" };
  if (issue.code === "too_big" && issue.origin === "string") return { why: "tooLong", most: Number(issue.maximum) };
  return issue.format === "email" ? { why: "mail" } : issue.format === "date" ? { why: "day" } : {};
}
