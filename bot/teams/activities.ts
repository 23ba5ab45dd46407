import { bodyHasForm } from "../../cards/forms/forms";
import { helpCard, unknownCard } from "../../cards/help";
import { planningCard } from "../../cards/planning";
import type { Card } from "../../cards/render";
import { staffCard } from "../../cards/staff";
import { bindCard, welcomeCard } from "../../cards/welcome";
import type { Case } from "../../src/case/case";
import { casePk, type Ports, recordSeen } from "../../src/handle";
import type { Delivery } from "../delivery";
import type { Desk, Seen } from "../desk";
import type { Directory } from "../directory";
import type { Bodies, Identify, Known, Stranger } from "../identity";
import type { Log } from "../log";
import type { People } from "../people";
import { isMeetingChat, sessionOfChat } from "../sessionChats";
import type { UnderWay } from "../underWay";
import type { Handlers } from "./adapter";
import { type CardAnswer, dialogMessage, messageAnswer } from "./answers";
import { caseIdOf, join } from "./caseChat";
import { understand, usable } from "./commands";
import { createDialogs } from "./dialogs";
import { Lists } from "./lists";
import { notePosted } from "./live";
import type { ServiceUrl } from "./serviceUrl";
import { staffViews } from "./staffList";
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
  serviceUrl: ServiceUrl;
  /** What follows an answer is noted here, for a stop to wait for. */
  underWay: UnderWay;
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
    void o.serviceUrl.met(turn.conversation.serviceUrl);
    return o.identify(turn);
  };

  /** Done once the invoke is answered. Nobody waits for it any more: what goes wrong is logged. */
  const afterAnswer = (event: string, work: () => Promise<unknown>): void => {
    const answered = new Promise((resolve) => setImmediate(resolve));
    o.underWay.add(answered.then(work).catch((error: unknown) => o.log.error(event, { error })));
  };

  const isGroup = (turn: Turn) => turn.conversation.type !== "personal";

  async function placeOf(turn: Turn, seen?: Seen): Promise<Place> {
    const refreshFor = isGroup(turn) ? (seen ? await desk.mris(seen.c) : []) : [turn.who.mri];
    return { group: isGroup(turn), refreshFor };
  }

  const elsewhere = "This chat is not for that case. Ask for it in your own chat with Epilogue.";

  /** Posts the case where it was asked for, and keeps the card up to date from then on. A group chat holds its own case only. */
  async function postCase(turn: Turn, known: Known, seen: Seen): Promise<void> {
    const { conversation } = turn;
    if (isGroup(turn)) {
      if ((await caseIdOf(ports.store, turn.conversation.conversationId)) !== seen.c.id)
        return void (await turn.reply(plain(elsewhere)));
      const options = { ...verbs.drawing(seen), refreshFor: await desk.mris(seen.c), base: true as const };
      const sent = await turn.reply(attachment(planningCard(seen.view, options)));
      if (sent.kind === "ok")
        await posted(seen, { kind: "planning", conversation, activityId: sent.value.id, person: null });
      return;
    }
    const sent = await turn.reply(attachment(verbs.hub(seen, undefined, [turn.who.mri])));
    if (sent.kind === "ok")
      await posted(seen, { kind: "case", conversation, activityId: sent.value.id, person: known.person.id });
  }

  /** From now on the card is kept up to date; what happened while it was on its way is made good. */
  async function posted(seen: Seen, card: Parameters<typeof notePosted>[2]): Promise<void> {
    await o.delivery.noted(seen.c.id, await notePosted(ports.store, seen.c.id, card, seen.c));
  }

  /** A message or a list that was turned into the case's card lives on like one that was asked for. */
  async function turned(turn: Turn, known: Known, { c }: Seen, answer: CardAnswer): Promise<void> {
    const drawn = answer.type === "application/vnd.microsoft.card.adaptive";
    if (!drawn || isGroup(turn) || turn.replyToId === undefined) return;
    const noted = await notePosted(
      ports.store,
      c.id,
      { kind: "case", conversation: turn.conversation, activityId: turn.replyToId, person: known.person.id },
      c,
    );
    // Behind the answer, which would else put the older card over it.
    afterAnswer("card.stale", () => o.delivery.noted(c.id, noted));
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
    // What somebody has to do is for their own chat.
    if (isGroup(turn)) return;
    await post(turn, welcomeCard({ name: known.person.name, staff: rolesOf(known), newId }));
    if (known.staff.size > 0) return;
    const { only, several } = await lists.only(known);
    if (only) await postCase(turn, known, only);
    else if (several) await post(turn, await lists.cases(known));
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
      case "kept":
        return isGroup(turn) || !rolesOf(known).includes("coordinator")
          ? void (await turn.reply(plain("Coordinators find the cases to be erased in their own chat.")))
          : post(turn, await lists.kept(known));
      case "register":
        return rolesOf(known).includes("coordinator") && !isGroup(turn)
          ? post(turn, await lists.cases(known))
          : void (await turn.reply(plain("The awarding body’s coordinators register apprentices, in their own chat.")));
      case "staff": {
        const nameOf = (id: string) => [...ports.packs.values()].find((p) => p.body.id === id)?.body.name;
        const views = isGroup(turn) ? [] : await staffViews(known, o.bodies, people, nameOf);
        for (const view of views) await post(turn, staffCard(view, { newId, hasForm: bodyHasForm }));
        if (views.length === 0) await turn.reply(plain("Staff are listed for coordinators, in their own chat."));
        return;
      }
      case "bind":
        return void (await turn.reply(plain("You are known here already. Type: cases")));
      case "myCase": {
        if (isGroup(turn)) return caseOfChat(turn, known);
        const { only } = await lists.only(known);
        return only ? postCase(turn, known, only) : post(turn, await lists.cases(known));
      }
      case "case": {
        const seen = await desk.byRef(known, wanted.ref);
        if (seen) return isGroup(turn) ? caseInGroup(turn, known, seen) : postCase(turn, known, seen);
        return post(turn, unknownCard({ text: wanted.ref, nearest: ["cases", "due", "help"], newId, noCase: true }));
      }
      case "unknown":
        return post(turn, unknownCard({ text: wanted.text, nearest: usable(wanted.nearest, rolesOf(known)), newId }));
    }
  }

  /** A case named in a group chat: its card where the chat is the case's, else where to ask. */
  async function caseInGroup(turn: Turn, known: Known, seen: Seen): Promise<void> {
    const joined = await join(desk, turn, known, seen, newId);
    if (joined.kind === "bound") return postCase(turn, known, joined.seen);
    await turn.reply(
      plain(
        joined.kind === "taken" && seen.view.role === "coordinator"
          ? "This chat is another case’s and stays so. Say this in the chat that is to be this case’s."
          : elsewhere,
      ),
    );
  }

  /** In a group chat: the case that the chat is bound to. */
  async function caseOfChat(turn: Turn, known: Known): Promise<void> {
    const caseId = await caseIdOf(ports.store, turn.conversation.conversationId);
    const seen = caseId === undefined ? undefined : await desk.see(known, caseId);
    if (seen) return postCase(turn, known, seen);
    await turn.reply(
      plain(
        caseId === undefined
          ? "This chat belongs to no case yet. A coordinator writes here: @Epilogue case and the reference."
          : "This chat’s case is not yours. Ask for your cases in your own chat with Epilogue.",
      ),
    );
  }

  /** A button of a card that sends a message instead of an invoke: its answer would stand in the chat, for all to read. */
  async function submitted(turn: Turn, known: Known): Promise<void> {
    if (isGroup(turn))
      return void (await turn.reply(plain("Nothing was done. Press this in your own chat with Epilogue.")));
    const answer = await verbs.press(known, turn.value, false, await placeOf(turn));
    if (answer.type === "application/vnd.microsoft.card.adaptive") await post(turn, answer.value as Card);
    else if (typeof answer.value === "string") await turn.reply(plain(answer.value));
  }

  /** Somebody of the case, by the id that Teams gives them here or by their account; nobody else is named. */
  async function personOf(caseId: string, who: { mri: string; aadObjectId?: string }): Promise<string | undefined> {
    const c = (await ports.store.head<Case>(casePk(caseId)))?.state;
    if (!c) return undefined;
    for (const id of new Set([...Object.values(c.parties), ...Object.values(c.staff)])) {
      const person = await people.find(id);
      if (person?.bindings.some((b) => b.mri === who.mri || b.objectId === who.aadObjectId)) return id;
    }
    return undefined;
  }

  return {
    message,

    async cardAction(turn, action) {
      const known = await who(turn);
      if (known.kind === "stranger") return messageAnswer("Enter your code first: open your own chat with Epilogue.");
      const caseId = action.data.caseId;
      const turns = action.verb === "view.case" && action.trigger !== "automatic";
      const seen = (turns || isGroup(turn)) && typeof caseId === "string" ? await desk.see(known, caseId) : undefined;
      const answer = await verbs.press(
        known,
        { ...action.data, verb: action.verb },
        action.trigger === "automatic",
        await placeOf(turn, seen),
        seen,
      );
      if (turns && seen) await turned(turn, known, seen, answer);
      return answer;
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
        if (bound.kind === "known") afterAnswer("greet.failed", () => greet(turn, bound));
        return undefined;
      }
      return dialogs.submit(known, data, {
        posted: (seen) => afterAnswer("post.failed", () => postCase(turn, known, seen)),
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
        // The chat of a session's meeting is nobody's to bind, and nothing is said in it.
        if (await isMeetingChat(ports.store, turn.conversation.conversationId)) return;
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
    /** It corroborates what the assessor records themselves. A meeting of no session is nobody's. */
    async meetingEvent(turn, { what, at, who: came }) {
      const place = await sessionOfChat(ports.store, ports.packs, turn.conversation.conversationId, ports.clock.now());
      if (!place) return;
      const named = await Promise.all(came.map((one) => personOf(place.caseId, one)));
      const sights =
        came.length === 0 ? [{ what, at }] : named.map((person) => ({ what, at, ...(person ? { person } : {}) }));
      const outcome = await recordSeen(place.caseId, place.method, sights, ports);
      if (outcome.kind === "refused") o.log.warn("meeting.unseen", { code: outcome.problems[0]?.code ?? "" });
    },
  };
}
