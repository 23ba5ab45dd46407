import { z } from "zod";
import type { MeetingChoice } from "../../src/case/case";
import type { Instant } from "../../src/rules/calendar";
import type { GraphConfig } from "../config";
import type { CallOptions, Outcome } from "../teams/connector";
import { type Ask, graphCalls } from "./call";
import { type GraphTokens, graphTokens } from "./token";

/** A person who is asked to come, by mail. */
export interface Invited {
  readonly address: string;
  readonly name: string;
}

/** A meeting as it is to be. */
export interface MeetingPlan {
  /** Names the kind of meeting and the case, nobody in it. */
  readonly subject: string;
  readonly start: Instant;
  readonly minutes: number;
  readonly people: readonly Invited[];
}

/** A meeting that there is. */
export interface MadeMeeting {
  /** Its id in the organiser's calendar. */
  readonly event: string;
  /** What every calendar knows it by (RFC 5545 UID). */
  readonly uid: string;
  readonly link: string;
}

/** Some time that a person is not free. */
export interface Busy {
  readonly address: string;
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The port through which meetings on Teams are made and kept. Each call may be asked for again whatever became of it: what stands
 * is found or kept, never doubled. No method throws.
 */
export interface Meetings {
  /** In the organiser's calendar, its people invited. The same transaction makes one meeting, however often it is asked for. */
  make(plan: MeetingPlan, transaction: string, options?: CallOptions): Promise<Outcome<MadeMeeting>>;
  /** The meeting that a transaction made; null when it made none, or what it made was called off. */
  find(transaction: string, options?: CallOptions): Promise<Outcome<MadeMeeting | null>>;
  move(event: string, plan: MeetingPlan, options?: CallOptions): Promise<Outcome<true>>;
  /** Called off: its people are told by their calendars. One that is gone already is called off. */
  cancel(event: string, options?: CallOptions): Promise<Outcome<true>>;
  /** Sets lobby and recording of the meeting with that link; answers with its chat. */
  options(link: string, choice: MeetingChoice, options?: CallOptions): Promise<Outcome<{ chat: string }>>;
  /** Puts the app into the meeting's chat, with what its manifest asks of a chat. */
  install(chat: string, options?: CallOptions): Promise<Outcome<true>>;
  /** Puts the panel beside the meeting; the app must be in its chat. */
  addTab(chat: string, options?: CallOptions): Promise<Outcome<true>>;
  /** When these people are not free, as their calendars say; those whose calendars are not known are left out. */
  busy(
    addresses: readonly string[],
    from: Instant,
    to: Instant,
    options?: CallOptions,
  ): Promise<Outcome<readonly Busy[]>>;
  /** The mail address of an account; null when it has none. */
  address(objectId: string, options?: CallOptions): Promise<Outcome<string | null>>;
  /** In whose name the invitations go out. */
  organiser(options?: CallOptions): Promise<Outcome<Invited>>;
}

/** Marks our events, so that one whose making was never answered is found: a named property, of a set of our own. */
export const transactionProperty = "String {7d0f2a34-9f5e-4c1b-8f6a-3b4f0f6b5e21} Name EpilogueTransaction";

const madeEvent = z.object({
  id: z.string().min(1),
  iCalUId: z.string().min(1),
  onlineMeeting: z.object({ joinUrl: z.url() }),
});
const found = z.object({ value: z.array(z.unknown()) });
const meetingFound = z.object({
  value: z.array(z.object({ id: z.string().min(1), chatInfo: z.object({ threadId: z.string().min(1) }) })),
});
const permission = z.object({ permissionValue: z.string(), permissionType: z.string() });
const catalogApp = z.object({
  id: z.string().min(1),
  appDefinitions: z
    .array(
      z.object({
        authorization: z
          .object({
            requiredPermissionSet: z.object({ resourceSpecificPermissions: z.array(permission).nullish() }).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});
const tabs = z.object({
  value: z.array(z.object({ configuration: z.object({ contentUrl: z.string().nullish() }).nullish() })),
});
const user = z.object({ mail: z.string().nullish(), displayName: z.string().nullish() });
const zoned = z.object({ dateTime: z.string() });
const schedules = z.object({
  value: z.array(
    z.object({
      scheduleId: z.string(),
      scheduleItems: z.array(z.object({ status: z.string().nullish(), start: zoned, end: zoned })).nullish(),
    }),
  ),
});

const read =
  <T>(schema: z.ZodType<T>) =>
  (body: unknown): T | undefined => {
    const parsed = schema.safeParse(body);
    return parsed.success ? parsed.data : undefined;
  };
/** What was made a moment ago is not found everywhere at once: asked for again, and told only if it stays away. */
const mayCome = <T>(outcome: Outcome<T>): Outcome<T> =>
  outcome.kind === "failed" && outcome.code === "NotThere" ? { ...outcome, retryable: true } : outcome;
const done = (): true => true;
const madeOf = (e: z.infer<typeof madeEvent>): MadeMeeting => ({
  event: e.id,
  uid: e.iCalUId,
  link: e.onlineMeeting.joinUrl,
});

/** An instant as Graph writes it beside its time zone. */
const utc = (at: Instant) => ({ dateTime: new Date(at).toISOString().replace(/Z$/, ""), timeZone: "UTC" });
const instantOf = ({ dateTime }: z.infer<typeof zoned>): Instant =>
  new Date(/[Z+]/.test(dateTime.slice(10)) ? dateTime : `${dateTime}Z`).toISOString();
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const query = (params: Readonly<Record<string, string>>) =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

const eventOf = (plan: MeetingPlan) => ({
  subject: plan.subject,
  start: utc(plan.start),
  end: utc(new Date(Date.parse(plan.start) + plan.minutes * 60_000).toISOString()),
  attendees: plan.people.map(({ address, name }) => ({ emailAddress: { address, name }, type: "required" })),
});

/** Meetings by Microsoft Graph, v1.0, as the app itself: see `manifest/tenant-checklist.md` for what it must be granted. */
export function graphMeetings(config: GraphConfig, tokens: GraphTokens = graphTokens(config)): Meetings {
  const ask: Ask = graphCalls(config, tokens);
  const organiser = `/users/${encodeURIComponent(config.organiser)}`;
  const madeFields = "id,iCalUId,onlineMeeting";
  /** An app's id in the tenant's catalogue never changes: looked up once. */
  let inCatalog: z.infer<typeof catalogApp> | undefined;

  const appInCatalog = async (options?: CallOptions): Promise<Outcome<z.infer<typeof catalogApp>>> => {
    if (inCatalog) return { kind: "ok", value: inCatalog };
    const listed = await ask(
      {
        method: "GET",
        path: `/appCatalogs/teamsApps?${query({ $filter: `externalId eq ${quoted(config.appId)}`, $expand: "appDefinitions" })}`,
        read: read(z.object({ value: z.array(catalogApp) })),
      },
      options,
    );
    if (listed.kind !== "ok") return listed;
    inCatalog = listed.value.value[0];
    return inCatalog ? { kind: "ok", value: inCatalog } : { kind: "failed", code: "AppNotInCatalog", retryable: false };
  };
  const bound = (id: string) => ({ "teamsApp@odata.bind": `${config.url}/v1.0/appCatalogs/teamsApps/${id}` });
  const chatPath = (chat: string) => `/chats/${encodeURIComponent(chat)}`;

  const meetings: Meetings = {
    async make(plan, transaction, options) {
      const made = await ask<MadeMeeting | null>(
        {
          method: "POST",
          path: `${organiser}/events`,
          missing: "OrganiserNotFound",
          body: {
            ...eventOf(plan),
            transactionId: transaction,
            isOnlineMeeting: true,
            onlineMeetingProvider: "teamsForBusiness",
            allowNewTimeProposals: false,
            singleValueExtendedProperties: [{ id: transactionProperty, value: transaction }],
          },
          read: (body) => {
            const event = read(madeEvent)(body);
            return event && madeOf(event);
          },
          already: { 409: null },
        },
        options,
      );
      if (made.kind !== "ok") return made;
      if (made.value) return { kind: "ok", value: made.value };
      // Made before, says a conflict; then it is there to be found.
      const before = await meetings.find(transaction, options);
      if (before.kind !== "ok") return before;
      return before.value ? { kind: "ok", value: before.value } : { kind: "ambiguous", code: "NoAnswer" };
    },

    async find(transaction, options) {
      const filter = `singleValueExtendedProperties/Any(ep: ep/id eq ${quoted(transactionProperty)} and ep/value eq ${quoted(transaction)})`;
      const listed = await ask(
        {
          method: "GET",
          path: `${organiser}/events?${query({ $filter: filter, $select: `${madeFields},isCancelled` })}`,
          missing: "OrganiserNotFound",
          read: read(found),
        },
        options,
      );
      if (listed.kind !== "ok") return listed;
      const standing = listed.value.value.filter((e) => (e as { isCancelled?: unknown }).isCancelled !== true);
      const first = standing.flatMap((e) => read(madeEvent)(e) ?? [])[0];
      // There, but without its link yet: Teams is still at it.
      if (!first && standing.length > 0) return { kind: "ambiguous", code: "NoAnswer" };
      return { kind: "ok", value: first ? madeOf(first) : null };
    },

    move: (event, plan, options) =>
      ask(
        { method: "PATCH", path: `${organiser}/events/${encodeURIComponent(event)}`, body: eventOf(plan), read: done },
        options,
      ),

    cancel: (event, options) =>
      ask(
        {
          method: "POST",
          path: `${organiser}/events/${encodeURIComponent(event)}/cancel`,
          body: {},
          read: done,
          already: { 404: true, 410: true },
        },
        options,
      ),

    async options(link, { lobby, recording }, options) {
      const listed = await ask(
        {
          method: "GET",
          path: `${organiser}/onlineMeetings?${query({ $filter: `JoinWebUrl eq ${quoted(link)}` })}`,
          read: read(meetingFound),
        },
        options,
      );
      if (listed.kind !== "ok") return mayCome(listed);
      const [meeting] = listed.value.value;
      if (!meeting) return { kind: "failed", code: "NotThere", retryable: true };
      const set = await ask(
        {
          method: "PATCH",
          path: `${organiser}/onlineMeetings/${encodeURIComponent(meeting.id)}`,
          body: { lobbyBypassSettings: { scope: lobby }, recordAutomatically: recording },
          read: done,
        },
        options,
      );
      return set.kind === "ok" ? { kind: "ok", value: { chat: meeting.chatInfo.threadId } } : mayCome(set);
    },

    async install(chat, options) {
      const app = await appInCatalog(options);
      if (app.kind !== "ok") return app;
      const asked = app.value.appDefinitions?.at(-1)?.authorization?.requiredPermissionSet?.resourceSpecificPermissions;
      return mayCome(
        await ask(
          {
            method: "POST",
            path: `${chatPath(chat)}/installedApps`,
            body: {
              ...bound(app.value.id),
              // What is consented to must be just what the app's definition asks.
              ...(asked && asked.length > 0 ? { consentedPermissionSet: { resourceSpecificPermissions: asked } } : {}),
            },
            read: done,
            already: { 409: true },
          },
          options,
        ),
      );
    },

    async addTab(chat, options) {
      const app = await appInCatalog(options);
      if (app.kind !== "ok") return app;
      // Teams takes the same tab twice: what is there already is looked for first.
      const listed = await ask(
        {
          method: "GET",
          path: `${chatPath(chat)}/tabs?${query({ $expand: "teamsApp", $filter: `teamsApp/id eq ${quoted(app.value.id)}` })}`,
          read: read(tabs),
        },
        options,
      );
      if (listed.kind !== "ok") return mayCome(listed);
      const panel = `${config.baseUrl}/panel`;
      if (listed.value.value.some((t) => t.configuration?.contentUrl === panel)) return { kind: "ok", value: true };
      return mayCome(
        await ask(
          {
            method: "POST",
            path: `${chatPath(chat)}/tabs`,
            body: {
              displayName: "Epilogue",
              ...bound(app.value.id),
              configuration: { entityId: "panel", contentUrl: panel, websiteUrl: panel },
            },
            read: done,
          },
          options,
        ),
      );
    },

    async busy(addresses, from, to, options) {
      if (addresses.length === 0) return { kind: "ok", value: [] };
      const listed = await ask(
        {
          method: "POST",
          path: `${organiser}/calendar/getSchedule`,
          missing: "OrganiserNotFound",
          body: { schedules: addresses, startTime: utc(from), endTime: utc(to), availabilityViewInterval: 30 },
          read: read(schedules),
        },
        options,
      );
      if (listed.kind !== "ok") return listed;
      const value = listed.value.value.flatMap(({ scheduleId, scheduleItems }) =>
        (scheduleItems ?? [])
          .filter(({ status }) => status !== "free" && status !== "workingElsewhere")
          .map(({ start, end }) => ({ address: scheduleId, from: instantOf(start), to: instantOf(end) })),
      );
      return { kind: "ok", value };
    },

    async address(objectId, options) {
      const path = `/users/${encodeURIComponent(objectId)}?${query({ $select: "mail" })}`;
      const asked = await ask({ method: "GET", path, read: read(user), already: { 404: {} } }, options);
      return asked.kind === "ok" ? { kind: "ok", value: asked.value.mail ?? null } : asked;
    },

    async organiser(options) {
      const path = `${organiser}?${query({ $select: "mail,displayName" })}`;
      const asked = await ask({ method: "GET", path, missing: "OrganiserNotFound", read: read(user) }, options);
      if (asked.kind !== "ok") return asked;
      const { mail, displayName } = asked.value;
      return mail
        ? { kind: "ok", value: { address: mail, name: displayName ?? "" } }
        : { kind: "failed", code: "OrganiserNotFound", retryable: false };
    },
  };
  return meetings;
}
