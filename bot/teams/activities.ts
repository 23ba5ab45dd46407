import { bodyHasForm } from "../../cards/forms/forms";
import { helpCard, unknownCard } from "../../cards/help";
import { planningCard } from "../../cards/planning";
import type { Card } from "../../cards/render";
import { staffCard } from "../../cards/staff";
import { bindCard, welcomeCard } from "../../cards/welcome";
import type { Ports } from "../../src/handle";
import type { Delivery } from "../delivery";
import type { Desk, Seen } from "../desk";
import type { Directory } from "../directory";
import type { Bodies, Identify, Known, Stranger } from "../identity";
import type { Log } from "../log";
import type { People } from "../people";
import type { Handlers } from "./adapter";
import { dialogMessage, messageAnswer } from "./answers";
import { understand } from "./commands";
import { createDialogs } from "./dialogs";
import { Lists } from "./lists";
import { notePosted } from "./live";
import { staffView } from "./staffList";
import type { Turn } from "./turn";
import { createVerbs, type Place } from "./verbs";

/** What the bot does with each thing that Teams tells it: who is it, what do they want, and the card that answers. */

export interface ActivitiesOptions {
  desk: Desk;
  identify: Identify;
  people: People;
  bodies: Bodies;
  ports: Ports;
  delivery: Delivery;
  directory: Directory;
  log: Log;
}

const attachment = (card: Card) => ({
  attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }],
});
const plain = (text: string) => ({ text, textFormat: "plain" as const });

export function createActivities(o: ActivitiesOptions): Handlers {
  const { desk, people, ports } = o;
  const newId = () => ports.chance.id();
  const lists = new Lists(desk, newId);
  const verbs = createVerbs({ desk, lists, newId });
  const dialogs = createDialogs({ desk, people, bodies: o.bodies, directory: o.directory, verbs, newId });

  /** Who it is; where the Connector was met is kept, to open chats through. */
  const who = (turn: Turn): Promise<Known | Stranger> => {
    o.delivery.lastServiceUrl = turn.conversation.serviceUrl;
    return o.identify(turn);
  };

  const isGroup = (turn: Turn) => turn.conversation.type !== "personal";

  async function placeOf(turn: Turn, seen?: Seen): Promise<Place> {
    const refreshFor = isGroup(turn) ? (seen ? await desk.mris(seen.c) : []) : [turn.who.mri];
    return { group: isGroup(turn), refreshFor };
  }

  /** Posts the case where it was asked for, and keeps the card up to date from then on. */
  async function postCase(turn: Turn, known: Known, seen: Seen): Promise<void> {
    if (isGroup(turn)) {
      const options = { ...verbs.drawing(seen), refreshFor: await desk.mris(seen.c), base: true as const };
      const sent = await turn.reply(attachment(planningCard(seen.view, options)));
      if (sent.kind === "ok")
        await notePosted(ports.store, seen.c.id, {
          kind: "planning",
          conversation: turn.conversation,
          activityId: sent.value.id,
          person: null,
        });
      return;
    }
    const sent = await turn.reply(attachment(verbs.hub(seen, undefined, [turn.who.mri])));
    if (sent.kind === "ok")
      await notePosted(ports.store, seen.c.id, {
        kind: "case",
        conversation: turn.conversation,
        activityId: sent.value.id,
        person: known.person.id,
      });
  }

  async function post(turn: Turn, card: Card): Promise<void> {
    await turn.reply(attachment(card));
  }

  /** Someone without a binding can do one thing: enter the code that was mailed to them. */
  async function meet(turn: Turn, stranger: Stranger): Promise<void> {
    if (!stranger.account || isGroup(turn)) {
      await turn.reply(
        plain("Please open a chat with Epilogue yourself, and enter the code from your invitation there."),
      );
      return;
    }
    const wanted = understand(turn.text);
    if (wanted.want !== "bind" || wanted.code === undefined) return post(turn, bindCard({ newId }));
    const bound = await people.redeem(wanted.code, stranger.account);
    if (bound.kind !== "bound") return post(turn, bindCard({ newId, problem: bound.kind }));
    const known = await who(turn);
    if (known.kind === "known") await greet(turn, known);
  }

  async function greet(turn: Turn, known: Known): Promise<void> {
    await post(turn, welcomeCard({ name: known.person.name, staff: rolesOf(known), newId }));
    if (known.staff.size > 0) return;
    const page = await desk.cases(known, null, 2);
    const only = page.rows.length === 1 ? page.rows[0] : undefined;
    const seen = only ? await desk.see(known, only.pk.slice("case:".length)) : undefined;
    if (seen) await postCase(turn, known, seen);
    else if (page.rows.length > 1) await post(turn, await lists.cases(known));
  }

  const rolesOf = (known: Known) => [...new Set([...known.staff.values()].flat())];

  async function message(turn: Turn): Promise<void> {
    const known = await who(turn);
    if (known.kind === "stranger") return meet(turn, known);
    if (turn.value !== undefined && turn.value !== null && turn.text === "") return submitted(turn, known);
    const wanted = understand(turn.text);
    switch (wanted.want) {
      case "help":
        return post(turn, helpCard({ roles: rolesOf(known), newId }));
      case "cases":
        return isGroup(turn) ? caseOfChat(turn, known) : post(turn, await lists.cases(known));
      case "due":
        return isGroup(turn) ? caseOfChat(turn, known) : post(turn, await lists.due(known));
      case "register":
        return rolesOf(known).includes("coordinator")
          ? post(turn, await lists.cases(known))
          : void (await turn.reply(plain("Only the awarding body’s coordinators register apprentices.")));
      case "staff": {
        const view = isGroup(turn) ? undefined : await staffView(known, o.bodies, people);
        return view
          ? post(turn, staffCard(view, { newId, hasForm: bodyHasForm }))
          : void (await turn.reply(plain("Staff are listed for coordinators, in their own chat.")));
      }
      case "bind":
        return void (await turn.reply(plain("You are known here already. Type: cases")));
      case "myCase": {
        if (isGroup(turn)) return caseOfChat(turn, known);
        const page = await desk.cases(known, null, 2);
        const only = page.rows.length === 1 ? page.rows[0] : undefined;
        const seen = only ? await desk.see(known, only.pk.slice("case:".length)) : undefined;
        return seen ? postCase(turn, known, seen) : post(turn, await lists.cases(known));
      }
      case "case": {
        const seen = await desk.byRef(known, wanted.ref);
        if (seen) return postCase(turn, known, isGroup(turn) ? await joined(turn, known, seen) : seen);
        return post(turn, unknownCard({ text: wanted.ref, nearest: ["cases", "due", "help"], newId, noCase: true }));
      }
      case "unknown":
        return post(turn, unknownCard({ text: wanted.text, nearest: wanted.nearest, newId }));
    }
  }

  /** A coordinator who names a case in a group chat says that the chat is for it; whoever else does only looks. */
  async function joined(turn: Turn, known: Known, seen: Seen): Promise<Seen> {
    const { conversationId, serviceUrl } = turn.conversation;
    const pk = `chat:${conversationId}`;
    const chat = await ports.store.doc<{ caseId?: string }>(pk, "chat");
    if (chat?.body.caseId === seen.c.id || !seen.view.may.some((p) => p.type === "chat.bind")) return seen;
    const done = await desk.run(
      known,
      seen.c.id,
      "chat.bind",
      { conversation: conversationId },
      { id: `bind-${turn.activityId ?? newId()}` },
    );
    if (done.outcome.kind === "refused") return seen;
    await ports.store.putDoc(pk, "chat", { serviceUrl, conversationId, caseId: seen.c.id }, "any");
    return done.seen ?? seen;
  }

  /** In a group chat: the case that the chat is bound to. */
  async function caseOfChat(turn: Turn, known: Known): Promise<void> {
    const bound = await ports.store.doc<{ caseId?: string }>(`chat:${turn.conversation.conversationId}`, "chat");
    const seen = bound?.body.caseId ? await desk.see(known, bound.body.caseId) : undefined;
    if (seen) return postCase(turn, known, seen);
    await turn.reply(
      plain("This chat belongs to no case yet. A coordinator writes here: @Epilogue case and the reference."),
    );
  }

  /** A button of a card that sends a message instead of an invoke. */
  async function submitted(turn: Turn, known: Known): Promise<void> {
    const answer = await verbs.press(known, turn.value, false, await placeOf(turn));
    if (answer.type === "application/vnd.microsoft.card.adaptive") await post(turn, answer.value as Card);
    else if (typeof answer.value === "string") await turn.reply(plain(answer.value));
  }

  return {
    message,

    async cardAction(turn, action) {
      const known = await who(turn);
      if (known.kind === "stranger") return messageAnswer("Enter your code first: open your own chat with Epilogue.");
      const caseId = action.data.caseId;
      const seen = isGroup(turn) && typeof caseId === "string" ? await desk.see(known, caseId) : undefined;
      return verbs.press(
        known,
        { ...action.data, verb: action.verb },
        action.trigger === "automatic",
        await placeOf(turn, seen),
      );
    },

    async taskFetch(turn, data) {
      const known = await who(turn);
      if (known.kind === "stranger") {
        if (data.command === "bind" && known.account) return dialogs.bindForm();
        return dialogMessage("Enter your code first: open your own chat with Epilogue.");
      }
      return dialogs.open(known, data);
    },

    async taskSubmit(turn, data) {
      const known = await who(turn);
      if (known.kind === "stranger") {
        if (!known.account || data.verb !== "bind")
          return dialogMessage("Enter your code first: open your own chat with Epilogue.");
        const answer = await dialogs.bind(known.account, data);
        if (answer !== undefined) return answer;
        const bound = await who(turn);
        if (bound.kind === "known") setImmediate(() => void greet(turn, bound));
        return undefined;
      }
      return dialogs.submit(known, data, {
        posted: (seen) =>
          void postCase(turn, known, seen).catch((error: unknown) => o.log.error("post.failed", { error })),
      });
    },

    async installed(turn) {
      const known = await who(turn);
      if (isGroup(turn)) {
        await ports.store.putDoc(
          `chat:${turn.conversation.conversationId}`,
          "chat",
          { serviceUrl: turn.conversation.serviceUrl, conversationId: turn.conversation.conversationId },
          undefined,
        );
        await turn.reply(
          plain("Epilogue is here. A coordinator says which case this chat is for: @Epilogue case and the reference."),
        );
        return;
      }
      if (known.kind === "known") await greet(turn, known);
      else if (known.account) await post(turn, bindCard({ newId }));
    },

    /** The person, or the group, took the app away: this way to them is closed until they open it again. */
    async removed(turn) {
      const known = await who(turn);
      if (known.kind === "known" && !isGroup(turn))
        await people.closed(known.person.id, turn.conversation.conversationId, "removed");
    },
    async membersAdded() {},
    async membersRemoved() {},
    async meetingEvent() {},
  };
}
