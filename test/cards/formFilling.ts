import type { Field, Form, FormContext } from "../../cards/form";
import { forms } from "../../cards/forms/forms";
import { type CommandType, payloads } from "../../src/case/decider";
import { permissions } from "../../src/permissions";
import { readBanks } from "../../src/rules/banks";
import type { Pack, Role } from "../../src/rules/pack";
import { caseView, gradingView } from "../../src/views";
import { wordsFor } from "../../src/wording/words";
import { actorOf, gq, type Journey, people, spare, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** Filling forms as a person does: what stands in them already is sent as it is, the rest is typed. */

export const packs: readonly Pack[] = [gq, tquk, thirdPack];
const banks = readBanks(new Map(packs.map((p) => [p.id, p])));

export type Args = Readonly<Record<string, string | number>>;
export type Inputs = Readonly<Record<string, string>>;
export type Who = Role | { person: string; role: Role };

export const nameOf = (id: string): string =>
  id
    .split("-")
    .map((w) => w.charAt(0).toUpperCase() + w.slice(1))
    .join(" ");

const staff = [
  ...(["coordinator", "assessor", "iqa", "auditor"] as const).map((role) => ({ person: people[role], role })),
  ...(["coordinator", "assessor", "iqa"] as const).map((role) => ({ person: spare[role], role })),
].map(({ person, role }) => ({ person, name: nameOf(person), roles: [role] }));

export const usualRole = (command: CommandType): Role => permissions[command].roles[0] ?? "coordinator";

/** What the edge would make a form from. @throws when this person sees no such case. */
export function contextOf(j: Journey, who: Who, args: Args = {}, also: Partial<FormContext> = {}): FormContext {
  const onCase: Partial<Record<Role, string>> = { ...j.case.parties, ...j.case.staff };
  const { person, role } = typeof who === "string" ? { person: onCase[who] ?? people[who], role: who } : who;
  const actor = actorOf(j.pack, person, role);
  const view = caseView(j.case, actor, j.pack, j.now);
  if (!view) throw new Error(`${person} sees no case`);
  const method = typeof args.method === "string" ? args.method : undefined;
  const grading = method === undefined ? undefined : gradingView(j.case, actor, j.pack, method, j.now);
  return {
    view,
    ...(grading ? { grading } : {}),
    pack: j.pack,
    words: wordsFor(j.pack, nameOf),
    now: j.now,
    args,
    questions: (method && banks.get(j.pack.id)?.questions.get(method)) || [],
    staff,
    ...also,
  };
}

type Asking = Exclude<Field, { kind: "heading" } | { kind: "line" }>;
export const asking = (form: Form): Asking[] =>
  form.fields.filter((f): f is Asking => f.kind !== "heading" && f.kind !== "line");

/** What Teams sends when nothing is touched: every input, as it stands. */
export const untouched = (form: Form): Record<string, string> =>
  Object.fromEntries(
    asking(form).map((f) => {
      if (f.kind === "toggle") return [f.id, String(f.value ?? false)];
      return [f.id, f.kind === "person" ? "" : String(f.value ?? "")];
    }),
  );

export const formFor = (command: CommandType) => {
  const form = forms[command];
  if (!form) throw new Error(`No form for ${command}`);
  return form;
};

/** The command's payload from its form, filled in; not yet parsed. @throws when something is typed where no input is. */
export function filled(command: CommandType, ctx: FormContext, typed: Inputs = {}): unknown {
  const form = formFor(command).form(ctx);
  const inputs = untouched(form);
  for (const id of Object.keys(typed)) if (!(id in inputs)) throw new Error(`${command} has no input ${id}`);
  return formFor(command).payload({ ...inputs, ...typed }, { ...ctx.args, ...form.args }, { questions: ctx.questions });
}

/** Fills the form, sends it, and goes on. @throws naming what the schema or a rule refuses. */
export function send(j: Journey, command: CommandType, typed: Inputs = {}, args: Args = {}, who?: Who): Journey {
  const by = who ?? usualRole(command);
  const data = payloads[command].parse(filled(command, contextOf(j, by, args), typed));
  return j.do(command, data as never, { by });
}
