import type { Log } from "../log";
import { type CardAnswer, type DialogAnswer, dialogMessage, errorAnswer, messageAnswer } from "./answers";
import { type Authenticated, StrictAuth } from "./auth";
import { type Connector, createConnector } from "./connector";
import {
  type CardAction,
  type InboundActivity,
  type MeetingEvent,
  parseCardAction,
  parseInbound,
  parseMeetingEvent,
  parseTask,
  plainText,
} from "./inbound";
import { createTokens } from "./tokens";
import { serviceUrlCheck, type Trust } from "./trust";
import type { Conversation, ConversationType, Turn, Who } from "./turn";

/** A person who joined or left a conversation; the bot itself is never among them. */
export interface RosterChange {
  readonly mri: string;
  readonly aadObjectId?: string;
}

/** What the bot does with what Teams tells it. Every activity that comes here carries a token that holds. */
export interface Handlers {
  /** Something typed, or an `Action.Submit` (then `turn.value` is set). */
  message(turn: Turn): Promise<void>;
  /** An `Action.Execute`, or a refresh (`trigger: "automatic"`), which must not write. Answer within five seconds. */
  cardAction(turn: Turn, action: CardAction): Promise<CardAnswer>;
  /** A button that opens a dialog. */
  taskFetch(turn: Turn, data: Readonly<Record<string, unknown>>): Promise<DialogAnswer>;
  /** A dialog's submit; answering undefined closes it. */
  taskSubmit(turn: Turn, data: Readonly<Record<string, unknown>>): Promise<DialogAnswer>;
  /** The app was installed here, or updated. */
  installed(turn: Turn): Promise<void>;
  /** The app was taken away from here: nothing can be posted any more. */
  removed(turn: Turn): Promise<void>;
  membersAdded(turn: Turn, members: readonly RosterChange[]): Promise<void>;
  membersRemoved(turn: Turn, members: readonly RosterChange[]): Promise<void>;
  /** A meeting began or ended, or somebody came or went, as far as Teams says: it can fail to. */
  meetingEvent(turn: Turn, event: MeetingEvent): Promise<void>;
}

/** One POST to /api/messages, whatever the server. */
export interface IncomingMessage {
  readonly authorization: string | undefined;
  /** The parsed JSON body. */
  readonly body: unknown;
  readonly correlationId: string;
}

export interface MessageAnswer {
  readonly status: 200 | 400 | 401 | 403;
  readonly body?: unknown;
}

/** What a person is told when something broke; never more than that and where to find it in the log. */
export type Apology = (correlationId: string) => string;

const APOLOGY: Apology = (id) =>
  `Sorry, something went wrong here. Please try again. If it happens again, quote this reference: ${id}`;

export interface AdapterOptions {
  readonly trust: Trust;
  readonly handlers: Handlers;
  readonly log: Log;
  readonly apology?: Apology;
  /** Replaced in tests. */
  readonly auth?: StrictAuth;
  readonly connector?: Connector;
}

export interface TeamsAdapter {
  /** Judges and answers one request. Never throws; a handler's error becomes an apology with HTTP 200. */
  receive(message: IncomingMessage): Promise<MessageAnswer>;
  readonly connector: Connector;
}

/** How many people's tenants are remembered. */
const MAX_REMEMBERED = 10_000;
const ROSTER_TIMEOUT_MS = 1_500;

/** A connector for this bot; `createAdapter` makes one itself unless given one. */
export function connectorFor(trust: Trust, timeoutMs?: number): Connector {
  return createConnector({
    appId: trust.appId,
    tokens: createTokens(trust),
    trusted: serviceUrlCheck(trust),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

function conversationType(conversation: InboundActivity["conversation"]): ConversationType {
  const { conversationType: type, isGroup } = conversation;
  if (type === "personal" || type === "groupChat" || type === "channel") return type;
  // An unknown kind is taken for a group: what is for one person's eyes then stays out of it.
  return type === null || type === undefined ? (isGroup ? "groupChat" : "personal") : "groupChat";
}

const lower = (text: string | null | undefined): string | undefined => (text ? text.toLowerCase() : undefined);

/** Leaves out what is undefined, for objects whose optional members are absent rather than undefined. */
function defined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/**
 * The bot's front: takes what Teams posts, refuses what is malformed (400), forged (401) or foreign (403), and calls the
 * handler that it is for. Invokes are answered with HTTP 200 and the outcome inside, as the client wants it.
 */
export function createAdapter(options: AdapterOptions): TeamsAdapter {
  const { handlers, log } = options;
  const apology = options.apology ?? APOLOGY;
  const auth = options.auth ?? new StrictAuth(options.trust);
  const connector = options.connector ?? connectorFor(options.trust);
  /** MRI → tenant. An MRI never changes hands, so this cannot go stale. */
  const tenantOf = new Map<string, string>();

  const rosterTenant = async (conversation: Conversation, mri: string): Promise<string | undefined> => {
    let tenant = tenantOf.get(mri);
    if (tenant === undefined) {
      const found = await connector.member(conversation, mri, { timeoutMs: ROSTER_TIMEOUT_MS });
      if (found.kind === "ok") tenant = lower(found.value.tenantId);
      if (tenant === undefined) return undefined;
      if (tenantOf.size >= MAX_REMEMBERED) tenantOf.clear();
      tenantOf.set(mri, tenant);
    }
    return auth.admits(tenant) ? tenant : undefined;
  };

  const turnOf = (activity: InboundActivity, vouched: Authenticated, correlationId: string): Turn => {
    const conversation: Conversation = {
      serviceUrl: vouched.serviceUrl,
      conversationId: activity.conversation.id,
      type: conversationType(activity.conversation),
      tenantId: vouched.conversationTenant,
    };
    // In a personal chat the conversation's tenant is the one the person is signed in to; in a group it is the host's.
    const tenantId =
      lower(activity.from.tenantId) ?? (conversation.type === "personal" ? conversation.tenantId : undefined);
    const who = defined<Who>({
      mri: activity.from.id,
      aadObjectId: lower(activity.from.aadObjectId),
      tenantId,
      name: activity.from.name ?? "",
    });
    return {
      ...defined<Pick<Turn, "activityId" | "replyToId" | "meetingId" | "locale" | "botId">>({
        activityId: activity.id ?? undefined,
        replyToId: activity.replyToId ?? undefined,
        meetingId: activity.channelData?.meeting?.id ?? undefined,
        locale: activity.locale ?? undefined,
        botId: activity.recipient?.id,
      }),
      correlationId,
      who,
      conversation,
      text: plainText(activity),
      value: activity.value,
      reply: (message, call) => connector.send(conversation, message, call),
      update: (id, message, call) => connector.update(conversation, id, message, call),
      remove: (id, call) => connector.remove(conversation, id, call),
      senderTenant: () => (tenantId === undefined ? rosterTenant(conversation, who.mri) : Promise.resolve(tenantId)),
    };
  };

  const failed = (turn: Turn, during: string, error: unknown): void =>
    log.error("turn.failed", { correlationId: turn.correlationId, during, error });

  /** An event without an answer: Teams is told 200, and the person, if there is one waiting, an apology. */
  const attend = async (
    turn: Turn,
    during: string,
    work: () => Promise<void>,
    apologise = false,
  ): Promise<MessageAnswer> => {
    try {
      await work();
    } catch (error) {
      failed(turn, during, error);
      if (apologise) {
        const told = await turn.reply({ text: apology(turn.correlationId), textFormat: "plain" });
        if (told.kind !== "ok") log.warn("apology.unsent", { correlationId: turn.correlationId, outcome: told.kind });
      }
    }
    return { status: 200 };
  };

  const cardAction = async (turn: Turn): Promise<CardAnswer> => {
    const action = parseCardAction(turn.value);
    if (action === undefined) return errorAnswer(400, "BadRequest", "This button's data could not be read.");
    try {
      return await handlers.cardAction(turn, action);
    } catch (error) {
      failed(turn, "cardAction", error);
      const sentence = apology(turn.correlationId);
      // A refresh nobody asked for keeps the card as it is; a pressed button wants a word.
      return action.trigger === "automatic"
        ? errorAnswer(500, "InternalServerError", sentence)
        : messageAnswer(sentence);
    }
  };

  const task = async (turn: Turn, kind: "taskFetch" | "taskSubmit"): Promise<MessageAnswer> => {
    const data = parseTask(turn.value);
    if (data === undefined) return { status: 200, body: dialogMessage("This dialog's data could not be read.") };
    try {
      return { status: 200, body: (await handlers[kind](turn, data)) ?? {} };
    } catch (error) {
      failed(turn, kind, error);
      return { status: 200, body: dialogMessage(apology(turn.correlationId)) };
    }
  };

  const invoke = async (turn: Turn, name: string): Promise<MessageAnswer> => {
    if (name === "adaptiveCard/action") return { status: 200, body: await cardAction(turn) };
    if (name === "task/fetch") return task(turn, "taskFetch");
    if (name === "task/submit") return task(turn, "taskSubmit");
    return refusal(400, "UnknownInvoke", turn.correlationId);
  };

  const conversationUpdate = (turn: Turn, activity: InboundActivity): Promise<MessageAnswer> => {
    const people = (list: InboundActivity["membersAdded"]): RosterChange[] =>
      (list ?? [])
        .filter(({ id }) => id !== turn.botId)
        .map(({ id, aadObjectId }) => defined<RosterChange>({ mri: id, aadObjectId: lower(aadObjectId) }));
    const added = people(activity.membersAdded);
    const gone = people(activity.membersRemoved);
    const work = async () => {
      if (added.length > 0) await handlers.membersAdded(turn, added);
      if (gone.length > 0) await handlers.membersRemoved(turn, gone);
    };
    return attend(turn, "conversationUpdate", work);
  };

  const dispatch = async (turn: Turn, activity: InboundActivity): Promise<MessageAnswer> => {
    switch (activity.type) {
      case "message":
        return attend(turn, "message", () => handlers.message(turn), true);
      case "invoke":
        return invoke(turn, activity.name ?? "");
      case "installationUpdate":
        return activity.action?.startsWith("remove")
          ? attend(turn, "removed", () => handlers.removed(turn))
          : attend(turn, "installed", () => handlers.installed(turn));
      case "conversationUpdate":
        return conversationUpdate(turn, activity);
      case "event": {
        const event = parseMeetingEvent(activity);
        return event === undefined
          ? { status: 200 }
          : attend(turn, "meetingEvent", () => handlers.meetingEvent(turn, event));
      }
      default:
        // Reactions, typing and whatever Teams thinks of next: heard, nothing to do.
        return { status: 200 };
    }
  };

  return {
    connector,
    async receive({ authorization, body, correlationId }) {
      const activity = parseInbound(body);
      if (activity === undefined) {
        log.warn("activity.malformed", { correlationId });
        return refusal(400, "BadRequest", correlationId);
      }
      const vouched = await auth.authenticate(activity, authorization);
      if (!vouched.ok) {
        log.warn("auth.refused", { correlationId, reason: vouched.reason });
        return refusal(vouched.status, vouched.status === 401 ? "Unauthorized" : "Forbidden", correlationId);
      }
      const turn = turnOf(activity, vouched, correlationId);
      try {
        return await dispatch(turn, activity);
      } catch (error) {
        failed(turn, activity.type, error);
        return { status: 200 };
      }
    },
  };
}

function refusal(status: 400 | 401 | 403, code: string, correlationId: string): MessageAnswer {
  return { status, body: { error: { code, correlationId } } };
}
