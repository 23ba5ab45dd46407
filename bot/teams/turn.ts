import type { CallOptions, ConversationRef, OutboundActivity, Outcome } from "./connector";

/** Who sent an activity, as Teams vouches for it. Whether they may do anything is not known here. */
export interface Who {
  /** `29:…`: names this person to this bot only. */
  readonly mri: string;
  /** Entra object id, lower case; absent for people without an account, such as anonymous meeting guests. */
  readonly aadObjectId?: string;
  /** The person's own tenant where the activity says it or it follows; else ask {@link Turn.senderTenant}. */
  readonly tenantId?: string;
  /** As the directory shows it; for greeting, not for identity. */
  readonly name: string;
}

export type ConversationType = "personal" | "groupChat" | "channel";

export interface Conversation extends ConversationRef {
  readonly type: ConversationType;
  /** The tenant that hosts the conversation, on the allow-list. In groups, not necessarily the sender's. */
  readonly tenantId: string;
}

/** One activity from Teams, vouched for, and the ways to answer it. */
export interface Turn {
  /** Names this turn in the log and, when something breaks, to the person. */
  readonly correlationId: string;
  readonly who: Who;
  readonly conversation: Conversation;
  readonly activityId?: string;
  /** The message that a pressed card belongs to. */
  readonly replyToId?: string;
  /** What was typed, without mentions of the bot; empty for a button. */
  readonly text: string;
  /** The data of a button or invoke: not to be trusted. */
  readonly value: unknown;
  readonly meetingId?: string;
  readonly locale?: string;
  /** The bot's own account here (`28:…`). */
  readonly botId?: string;
  /** Posts in this conversation. */
  reply(activity: OutboundActivity, options?: CallOptions): Promise<Outcome<{ id: string }>>;
  /** Replaces a message of the bot's in this conversation. */
  update(activityId: string, activity: OutboundActivity, options?: CallOptions): Promise<Outcome<{ id: string }>>;
  /** Deletes a message of the bot's in this conversation. */
  remove(activityId: string, options?: CallOptions): Promise<Outcome<undefined>>;
  /**
   * The sender's own tenant, lower case, from the activity or else from the roster (kept afterwards). Undefined when it
   * cannot be known now or is not on the allow-list: then the sender is nobody.
   */
  senderTenant(): Promise<string | undefined>;
}
