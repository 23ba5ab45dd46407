import type { Role } from "../src/rules/pack";
import { capital, listed } from "../src/wording/format";
import { roleNoun } from "../src/wording/labels";
import { actionOf, clip } from "./parts";
import type { Button } from "./press";
import type { Card } from "./render";
import { type Section, sectionsCard } from "./sections";

/** An awarding body's own staff, as its coordinator sees them. */
export interface StaffList {
  bodyId: string;
  /** Which body it is, where its reader coordinates several. */
  bodyName?: string;
  /** The usual share of grades that IQA samples, 0 to 1. */
  usual: number;
  staff: readonly { person: string; name: string; roles: readonly Role[]; rate?: number }[];
}
export interface StaffCard {
  newId(): string;
  hasForm(name: "staff.add" | "staff.leave" | "sampling.set"): boolean;
}

/** More than these are counted, not named. */
const most = 25;

const percent = (rate: number) => `${Math.round(rate * 1000) / 10}%`;
const sampled = (rate: number) =>
  rate === 0 ? "no grade sampled" : rate === 1 ? "every grade sampled" : `${percent(rate)} of grades sampled`;

/** Who works for the body, as what, and how much of each assessor's grading is sampled. */
export function staffCard(list: StaffList, d: StaffCard): Card {
  const byRole = [...list.staff].sort((a, b) => a.name.localeCompare(b.name));
  const shown = byRole.slice(0, most);
  const rows: Section[] = shown.map((s) => ({
    title: s.name || "New colleague",
    lines: [
      [
        capital(listed(s.roles.map((r) => roleNoun[r]))),
        ...(s.roles.includes("assessor") ? [sampled(s.rate ?? list.usual)] : []),
      ].join(" · "),
    ],
    actions: [],
  }));
  const rest = byRole.length - shown.length;
  const form = (title: string, command: "staff.add" | "staff.leave" | "sampling.set", primary = false): Button[] =>
    d.hasForm(command)
      ? [
          {
            title,
            dialog: true,
            primary,
            data: { verb: "form", command, commandId: d.newId(), args: { bodyId: list.bodyId } },
          },
        ]
      : [];
  return sectionsCard({
    line: "Epilogue · staff",
    title: list.bodyName ? clip(list.bodyName, 80) : "Staff",
    lines: [
      `Usually ${sampled(list.usual)}.`,
      ...(byRole.length === 0 ? ["Nobody yet. Add assessors and a quality assurer to put them on cases."] : []),
      ...(rest > 0 ? [`The first ${most} of ${byRole.length}.`] : []),
    ],
    sections: rows,
    actions: [
      ...form("Add staff", "staff.add", byRole.length <= 1),
      ...(byRole.length > 0 ? form("Set sampling", "sampling.set") : []),
      ...(byRole.length > 1 ? form("Remove staff", "staff.leave") : []),
    ].map((b) => actionOf(b)),
    fallbackText: clip(`Staff: ${shown.map((s) => s.name).join(", ")}. For help, type: help`, 700),
  });
}
