import { type DialogCard, dialogCard, overrideReason } from "../../cards/dialog";
import type { BodyFormContext, Form, FormContext, Refused, StaffMember } from "../../cards/form";
import { behalfOf } from "../../cards/forms/behalf";
import { BindingCode, StaffAddition } from "../../cards/forms/body";
import { type BodyFormName, bodyForms, bodyHasForm, forms, hasForm } from "../../cards/forms/forms";
import { Registration } from "../../cards/forms/register";
import { PersonCorrection } from "../../cards/forms/registration";
import { type Issue, unfit } from "../../cards/forms/unfit";
import { gatewayDialog } from "../../cards/gateway";
import { fieldsOf } from "../../cards/inputs";
import { PressData } from "../../cards/press";
import type { BodyCommandType } from "../../src/body";
import type { Problem } from "../../src/case/case";
import { type CommandType, commandTypes } from "../../src/case/decider";
import { commandTitle } from "../../src/wording/commands";
import { tell } from "../../src/wording/problems";
import { wordsFor } from "../../src/wording/words";
import type { Desk, Done, Seen } from "../desk";
import type { Directory } from "../directory";
import type { Bodies, Known } from "../identity";
import type { People, Person } from "../people";
import { type DialogAnswer, dialog, dialogMessage } from "./answers";
import type { Verbs } from "./verbs";

/** Dialogs: a form is opened for a command, sent, drawn again with what is wrong, or closed when it is done. */

export interface DialogsOptions {
  desk: Desk;
  people: People;
  bodies: Bodies;
  directory: Directory;
  verbs: Verbs;
  newId(): string;
}

/** What a submit may do beside closing the dialog. */
export interface After {
  /** A new case is there: show it. */
  posted(seen: Seen): void;
}

const noCase = () => dialogMessage("There is no such case for you. Type: cases");
const unreadable = () => dialogMessage("This dialog could not be read. Close it and open it again.");
const isCommand = (verb: string): verb is CommandType => (commandTypes as string[]).includes(verb);

export function createDialogs(o: DialogsOptions) {
  const { desk, people, bodies } = o;

  const drawingOf = (seen: Seen) => ({
    words: seen.words,
    pack: seen.pack,
    now: desk.o.ports.clock.now(),
    newId: o.newId,
  });

  async function staffOf(bodyId: string): Promise<StaffMember[]> {
    const { staff } = await bodies.get(bodyId);
    const names = await people.names(Object.keys(staff));
    return Object.entries(staff).map(([person, { roles }]) => ({
      person,
      name: names.get(person) || "New colleague",
      roles,
    }));
  }

  /** What a case's form is made from. */
  async function contextOf(seen: Seen, press: PressData, typed?: Refused["inputs"]): Promise<FormContext> {
    const args = press.args ?? {};
    const method = typeof args.method === "string" ? args.method : undefined;
    const grading = method === undefined ? undefined : await desk.grading(seen, method);
    return {
      view: seen.view,
      pack: seen.pack,
      words: seen.words,
      now: desk.o.ports.clock.now(),
      args,
      questions: method === undefined ? [] : await desk.questions(seen, method),
      staff: await staffOf(seen.c.bodyId),
      ...(desk.o.meetings ? { meetings: true } : {}),
      ...(press.command === "session.offer" && method !== undefined ? { busy: await desk.busy(seen, method) } : {}),
      ...(press.command === "planning.offer" ? { busy: await desk.busy(seen, "planning") } : {}),
      ...(grading ? { grading } : {}),
      ...(press.behalf ? { behalf: press.behalf } : {}),
      ...(typed ? { typed } : {}),
    };
  }

  /** The command's form, or one that only asks to go on: some are pressed in a dialog without needing anything. */
  const formOf = (command: CommandType, ctx: FormContext): Form =>
    forms[command]?.form(ctx) ?? {
      title: commandTitle(command, ctx.args, ctx.words),
      fields: [],
      submit: commandTitle(command, ctx.args, ctx.words),
    };

  async function draw(
    seen: Seen,
    press: PressData,
    command: CommandType,
    also: Pick<DialogCard, "refused" | "banner"> = {},
  ): Promise<NonNullable<DialogAnswer>> {
    const form = formOf(command, await contextOf(seen, press, also.refused?.inputs));
    const card = dialogCard(form, {
      ...drawingOf(seen),
      command,
      view: seen.view,
      ...(press.args ? { args: press.args } : {}),
      ...(press.behalf ? { behalf: press.behalf } : {}),
      ...(press.override ? { override: press.override } : {}),
      ...also,
    });
    return dialog(form.title, card, {
      width: form.size === "large" ? "large" : "medium",
      height: form.size === "large" ? "large" : "medium",
    });
  }

  const gateway = (seen: Seen): NonNullable<DialogAnswer> =>
    dialog("Gateway evidence", gatewayDialog(seen.view, { ...drawingOf(seen), hasForm }), {
      width: "medium",
      height: "large",
    });

  // ---- what belongs to no case ------------------------------------------------------------------------------

  const coordinates = (known: Known) =>
    [...known.staff].filter(([, roles]) => roles.includes("coordinator")).map(([id]) => id);

  async function bodyContext(known: Known, press: PressData, typed?: Refused["inputs"]): Promise<BodyFormContext> {
    const mine = coordinates(known);
    const wanted = typeof press.args?.bodyId === "string" ? press.args.bodyId : undefined;
    const bodyId = wanted !== undefined && mine.includes(wanted) ? wanted : mine[0];
    const body = bodyId === undefined ? undefined : await bodies.get(bodyId);
    return {
      now: desk.o.ports.clock.now(),
      args: press.args ?? {},
      packs: [...desk.o.ports.packs.values()].filter((p) => mine.includes(p.body.id)),
      staff: bodyId === undefined ? [] : await staffOf(bodyId),
      ...(body ? { sampling: body.sampling } : {}),
      ...(bodyId !== undefined && press.command === "register" ? { suggestedRef: await desk.suggestRef(bodyId) } : {}),
      ...(typed ? { typed } : {}),
    };
  }

  async function drawBody(
    known: Known | undefined,
    press: PressData,
    name: BodyFormName,
    refused?: Refused,
  ): Promise<NonNullable<DialogAnswer>> {
    const now = desk.o.ports.clock.now();
    const ctx: BodyFormContext = known
      ? await bodyContext(known, press, refused?.inputs)
      : { now, args: {}, packs: [], staff: [] };
    const form = bodyForms[name].form(ctx);
    const pack = ctx.packs[0] ?? [...desk.o.ports.packs.values()][0];
    if (!pack) throw new Error("No packs");
    const named = (refused?.problems ?? []).flatMap((p) =>
      typeof p.facts.person === "string" ? [p.facts.person] : [],
    );
    const names = await people.names(named);
    const card = dialogCard(form, {
      words: wordsFor(pack, (id) => names.get(id)),
      pack,
      now,
      newId: o.newId,
      command: name,
      notDone: "Not done yet",
      ...(press.args ? { args: press.args } : {}),
      ...(refused ? { refused } : {}),
    });
    const size = form.size === "large" ? "large" : "medium";
    return dialog(form.title, card, { width: size, height: size });
  }

  async function submitBody(
    known: Known,
    press: PressData,
    name: BodyFormName,
    inputs: Refused["inputs"],
    after: After,
  ): Promise<DialogAnswer> {
    const commandId = press.commandId ?? o.newId();
    const payload = bodyForms[name].payload(inputs, press.args ?? {});
    const again = (problems: Problem[]) => drawBody(known, press, name, { problems, inputs });
    if (name === "bind" || name === "group") return dialogMessage("You are known here already.");
    if (coordinates(known).length === 0) return dialogMessage("Only the awarding body’s coordinators may do this.");
    if (name === "register") {
      const parsed = Registration.safeParse(payload);
      if (!parsed.success) return again(unread(parsed.error.issues, payload));
      const done = await desk.register(known, parsed.data, commandId);
      if (done.outcome.kind === "refused") return again(done.outcome.problems);
      if (done.seen) after.posted(done.seen);
      return undefined;
    }
    const bodyId = typeof press.args?.bodyId === "string" ? press.args.bodyId : coordinates(known)[0];
    if (bodyId === undefined || !coordinates(known).includes(bodyId)) return unreadable();
    let data: unknown = payload;
    let added: Person | undefined;
    if (name === "staff.add") {
      const parsed = StaffAddition.safeParse(payload);
      if (!parsed.success) return again(unread(parsed.error.issues, payload));
      const person = await o.directory.staffMember(parsed.data, known.tenantId);
      if (!person) return again([{ code: "NOT_IN_DIRECTORY", facts: {}, input: "person" }]);
      data = { person: person.id, roles: parsed.data.roles };
      if (parsed.data.mail !== undefined) added = person;
    }
    const outcome = await desk.runBody(known, bodyId, name as BodyCommandType, data, commandId);
    if (outcome.kind === "refused") return again([...outcome.problems]);
    if (added) o.directory.invite(added, known.person);
    return undefined;
  }

  // ---- a case's commands ------------------------------------------------------------------------------------

  async function run(
    known: Known,
    press: PressData,
    command: CommandType,
    inputs: Refused["inputs"],
    typedNow: Seen,
  ): Promise<Done> {
    const caseId = press.caseId ?? "";
    const { method } = press.args ?? {};
    const questions = typeof method === "string" ? await desk.questions(typedNow, method) : [];
    const payload = forms[command]?.payload(inputs, press.args ?? {}, { questions }) ?? press.args ?? {};
    const id = press.commandId ?? o.newId();
    if (command === "person.correct") {
      const parsed = PersonCorrection.safeParse(payload);
      if (parsed.success) return desk.correctPerson(known, caseId, parsed.data, id);
      return refusedWith(unread(parsed.error.issues, payload), typedNow);
    }
    const behalf = press.behalf ? behalfOf(inputs) : undefined;
    if (press.behalf && (!behalf?.channel || !behalf.evidence)) {
      const problems: Problem[] = [];
      if (!behalf?.channel)
        problems.push({
          code: "INPUT_UNREADABLE",
          facts: { input: "behalf-channel", why: "empty" },
          input: "behalf-channel",
        });
      if (!behalf?.evidence)
        problems.push({
          code: "INPUT_UNREADABLE",
          facts: { input: "behalf-evidence", why: "empty" },
          input: "behalf-evidence",
        });
      return refusedWith(problems, typedNow);
    }
    const reason = inputs[overrideReason]?.trim();
    const rules = press.override ?? [];
    if (rules.length > 0 && !reason)
      return refusedWith([{ code: "REASON_NEEDED", facts: {}, input: overrideReason }], typedNow);
    const how = {
      id,
      ...(press.seen === undefined || known.staff.size === 0 ? {} : { seen: press.seen }),
      ...(rules.length > 0 && reason ? { overrides: rules.map((rule) => ({ rule, reason })) } : {}),
      ...(press.behalf && behalf?.channel && behalf.evidence
        ? { onBehalfOf: { role: press.behalf, channel: behalf.channel, evidence: behalf.evidence } }
        : {}),
    };
    return desk.run(known, caseId, command, payload, how, typedNow);
  }

  const refusedWith = (problems: Problem[], seen: Seen): Done => ({
    outcome: { kind: "refused", problems, revision: seen.revision, state: seen.c },
    seen,
  });

  /** What the person is told when a dialog closes: nothing when all is well, since the card below shows it. */
  function closing(done: Done, seen: Seen): DialogAnswer {
    const { outcome } = done;
    if (outcome.kind === "already")
      return dialogMessage(
        `This stood already: ${seen.words.person(outcome.by.person)} was first. Your press changed nothing.`,
      );
    if (outcome.kind !== "done" || outcome.warned.length === 0) return undefined;
    const facts = outcome.warned.map((p) => tell(p, seen.pack, seen.words).fact);
    return dialogMessage(`Saved. Allowed, and recorded: ${facts.join(" ")}`);
  }

  return {
    /** Answers a button that opens a dialog. */
    async open(known: Known, data: unknown): Promise<NonNullable<DialogAnswer>> {
      const parsed = PressData.safeParse(data);
      if (!parsed.success) return unreadable();
      const press = parsed.data;
      const command = press.command ?? "";
      if (press.verb === "form" && bodyHasForm(command)) return drawBody(known, press, command);
      const seen = press.caseId === undefined ? undefined : await desk.see(known, press.caseId);
      if (!seen) return noCase();
      if (press.verb === "view.gateway") return gateway(seen);
      if (press.verb !== "form" || !isCommand(command)) return unreadable();
      const may = seen.view.may.some((p) => p.type === command && p.onBehalfOf === press.behalf);
      if (!may)
        return dialogMessage(`The case has moved on, and this is no longer to be done. Type: case ${seen.view.ref}`);
      return draw(seen, press, command);
    },

    /** Answers a dialog's button: done and closed, or the same form with what is wrong. */
    async submit(known: Known, data: Readonly<Record<string, unknown>>, after: After): Promise<DialogAnswer> {
      const parsed = PressData.safeParse(data);
      if (!parsed.success) return unreadable();
      const press = parsed.data;
      const inputs = fieldsOf(data);
      if (bodyHasForm(press.verb)) return submitBody(known, press, press.verb, inputs, after);
      const seen = press.caseId === undefined ? undefined : await desk.see(known, press.caseId);
      if (!seen) return noCase();
      if (press.verb === "view.gateway") return gateway(seen);
      if (press.verb === "form" && press.command && isCommand(press.command)) return draw(seen, press, press.command);
      if (!isCommand(press.verb) || press.commandId === undefined) return unreadable();
      const command = press.verb;
      const done = await run(known, press, command, inputs, seen);
      const now = done.seen ?? seen;
      if (done.outcome.kind === "refused") {
        const problems = done.outcome.problems;
        return draw(now, press, command, { refused: { problems, inputs } });
      }
      if (command === "gateway.acceptItem" || command === "gateway.returnItem") return gateway(now);
      return closing(done, now);
    },

    /** The form in which someone new enters their code. */
    bindForm: (): Promise<NonNullable<DialogAnswer>> => drawBody(undefined, { verb: "form", command: "bind" }, "bind"),

    /** Redeems the code; undefined when it bound the account. */
    async bind(
      account: { tenantId: string; objectId: string },
      data: Readonly<Record<string, unknown>>,
    ): Promise<DialogAnswer> {
      const inputs = fieldsOf(data);
      const parsed = BindingCode.safeParse(bodyForms.bind.payload(inputs, {}));
      const bound = parsed.success ? await people.redeem(parsed.data.code, account) : { kind: "unknown" as const };
      if (bound.kind === "bound") return undefined;
      const problems: Problem[] = [{ code: "CODE_NOT_GOOD", facts: { why: bound.kind }, input: "code" }];
      return drawBody(undefined, { verb: "form", command: "bind" }, "bind", { problems, inputs });
    },
  };
}

/** Shapes of a body's command that do not fit, beside their inputs. */
const unread = (issues: readonly Issue[], payload: unknown): Problem[] =>
  unfit(issues, payload, (path) => path.map(String).join("-"));
