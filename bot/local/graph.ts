import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { joinUrl } from "./activities";
import { type Answer, failed, respond } from "./answering";
import { changed } from "./chats";
import type { Route } from "./faults";
import { parseJson, readBody } from "./http";
import { schedule } from "./meetings";
import { addMember, installBot } from "./membership";
import { hasTeams, type Person } from "./people";
import type { Meeting } from "./protocol";
import { PageRefusal, TeamsRefusal } from "./refusal";
import type { CalendarEvent, Chat, World } from "./state";

/**
 * Microsoft Graph, as far as meetings need it, and stricter: a token of the right audience, each application permission that the
 * documentation of a call names, and the application access policy without which Teams gives no app an online meeting. The pages are
 * those of the v1.0 reference: "Create event", "Update event", "event: cancel", "List onlineMeetings", "Update onlineMeeting",
 * "Add app to chat", "Add tab to chat", "List teamsApp", "calendar: getSchedule", "Get user".
 */

/** What the app's manifest asks of a chat it is put into; consented to in just these words. */
export const chatPermissions = [
  { permissionValue: "ChannelMeeting.ReadBasic.Group", permissionType: "application" },
  { permissionValue: "ChatMember.Read.Chat", permissionType: "application" },
  { permissionValue: "OnlineMeeting.ReadBasic.Chat", permissionType: "application" },
  { permissionValue: "OnlineMeetingParticipant.Read.Chat", permissionType: "application" },
] as const;

interface Call {
  query: URLSearchParams;
  body: unknown;
  parts: string[];
}
interface Entry {
  method: "GET" | "POST" | "PATCH";
  path: RegExp;
  route: Route;
  permission: string;
  /** Teams asks its own policy beside Entra's permission. */
  policy?: true;
  run(world: World, call: Call): Answer | Promise<Answer>;
}

const part = (call: Call, index: number): string => call.parts[index] ?? "";
const refuse = (status: number, code: string, message: string) => new TeamsRefusal(status, code, message);
const notFound = (what: string) => refuse(404, "NotFound", `${what} was not found`);

const address = z.object({
  emailAddress: z.object({ address: z.email(), name: z.string() }),
  type: z.literal("required"),
});
const zoned = z.object({ dateTime: z.iso.datetime({ local: true }), timeZone: z.literal("UTC") });
const changeableEvent = z.object({
  subject: z.string().min(1).max(255),
  start: zoned,
  end: zoned,
  attendees: z.array(address),
});
const property = z.strictObject({ id: z.string().regex(/^String \{[0-9a-f-]{36}\} Name \w+$/), value: z.string() });
const newEvent = z.strictObject({
  ...changeableEvent.shape,
  transactionId: z.string().min(1).max(255),
  isOnlineMeeting: z.literal(true),
  onlineMeetingProvider: z.literal("teamsForBusiness"),
  allowNewTimeProposals: z.boolean(),
  singleValueExtendedProperties: z.array(property),
});
const settings = z.strictObject({
  lobbyBypassSettings: z.strictObject({
    scope: z.enum(["organizer", "organization", "organizationAndFederated", "everyone", "invited"]),
  }),
  recordAutomatically: z.boolean(),
});
const appRef = z.string().regex(/\/appCatalogs\/teamsApps\/[^/]+$/);
const installation = z.strictObject({
  "teamsApp@odata.bind": appRef,
  consentedPermissionSet: z
    .strictObject({
      resourceSpecificPermissions: z.array(z.strictObject({ permissionValue: z.string(), permissionType: z.string() })),
    })
    .optional(),
});
const newTab = z.strictObject({
  displayName: z.string().min(1).max(128),
  "teamsApp@odata.bind": appRef,
  configuration: z.strictObject({ entityId: z.string(), contentUrl: z.url(), websiteUrl: z.url() }),
});
const span = z.strictObject({
  schedules: z.array(z.email()).max(20),
  startTime: zoned,
  endTime: zoned,
  availabilityViewInterval: z.number().int().min(5).max(1440),
});

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuse(400, "BadRequest", `${issue?.path.join(".")}: ${issue?.message}`);
}

/** `field eq 'value'`: the value; anything else is a filter that this call does not know. */
function equalTo(call: Call, field: string): string {
  const filter = call.query.get("$filter") ?? "";
  const value = new RegExp(`${field.replaceAll(/[/.]/g, "\\$&")} eq '((?:[^']|'')*)'\\)?$`).exec(filter)?.[1];
  if (value === undefined) throw refuse(400, "BadRequest", `Filter on ${field} with eq`);
  return value.replaceAll("''", "'");
}

const userOf = (world: World, id: string): Person => {
  const person = world.people.find((one) => one.aadObjectId === id && one.kind === "staff");
  if (!person) throw refuse(404, "ErrorInvalidUser", `The requested user '${id}' is invalid.`);
  return person;
};
const eventOf = (world: World, call: Call): CalendarEvent => {
  const organiser = userOf(world, part(call, 0));
  const event = world.calendar.find((e) => e.id === part(call, 1) && e.organiser === organiser.id && !e.cancelled);
  if (!event) throw refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.");
  return event;
};
const meetingOf = (world: World, event: CalendarEvent): Meeting | undefined =>
  world.meetings.find((m) => m.id === event.meetingId);
const chatOf = (world: World, id: string): Chat => {
  const chat = world.chats.find((one) => one.id === id && one.meetingId !== undefined);
  if (!chat) throw notFound(`Chat ${id}`);
  return chat;
};

const instant = ({ dateTime }: z.infer<typeof zoned>): string => new Date(`${dateTime}Z`).toISOString();
/** Those of the invited who have Teams; the others have the invitation's mail only. */
const membersOf = (world: World, attendees: z.infer<typeof address>[]): Person[] => {
  const mails = attendees.map((a) => a.emailAddress.address.toLowerCase());
  return world.people.filter((p) => p.mail !== undefined && mails.includes(p.mail.toLowerCase()) && hasTeams(p));
};

function eventBody(world: World, event: CalendarEvent): object {
  const meeting = meetingOf(world, event);
  return {
    id: event.id,
    iCalUId: event.uid,
    transactionId: event.transactionId,
    subject: event.subject,
    isCancelled: event.cancelled === true,
    onlineMeeting: meeting ? { joinUrl: joinUrl(meeting) } : null,
  };
}

async function createEvent(world: World, call: Call): Promise<Answer> {
  const organiser = userOf(world, part(call, 0));
  const asked = parsed(newEvent, call.body);
  const before = world.calendar.find((e) => e.organiser === organiser.id && e.transactionId === asked.transactionId);
  if (before) return { status: 201, body: eventBody(world, before) };
  const members = membersOf(world, asked.attendees);
  const meeting = await schedule(world, organiser, {
    title: asked.subject,
    startsAt: instant(asked.start),
    members: members.map((p) => p.id),
    addBot: false,
  });
  const id = `AAMk${Buffer.from(randomUUID()).toString("base64url")}`;
  const event: CalendarEvent = {
    id,
    uid: `0400000082${randomUUID().replaceAll("-", "").toUpperCase()}`,
    organiser: organiser.id,
    transactionId: asked.transactionId,
    properties: asked.singleValueExtendedProperties,
    subject: asked.subject,
    start: instant(asked.start),
    end: instant(asked.end),
    attendees: asked.attendees.map((a) => a.emailAddress.address.toLowerCase()),
    meetingId: meeting.id,
  };
  world.calendar.push(event);
  world.tell({ type: "state" });
  return { status: 201, body: eventBody(world, event) };
}

function findEvents(world: World, call: Call): Answer {
  const organiser = userOf(world, part(call, 0));
  const filter = call.query.get("$filter") ?? "";
  const id = /ep\/id eq '([^']+)'/.exec(filter)?.[1];
  const value = equalTo(call, "ep/value");
  const found = world.calendar.filter(
    (e) => e.organiser === organiser.id && !e.cancelled && e.properties.some((p) => p.id === id && p.value === value),
  );
  return { status: 200, body: { value: found.map((e) => eventBody(world, e)) } };
}

async function moveEvent(world: World, call: Call): Promise<Answer> {
  const event = eventOf(world, call);
  const asked = parsed(changeableEvent.strict(), call.body);
  event.subject = asked.subject;
  event.start = instant(asked.start);
  event.end = instant(asked.end);
  event.attendees = asked.attendees.map((a) => a.emailAddress.address.toLowerCase());
  const meeting = meetingOf(world, event);
  const chat = meeting && world.chats.find((one) => one.id === meeting.chatId);
  if (meeting && chat) {
    meeting.title = asked.subject;
    meeting.startsAt = event.start;
    const organiser = world.person(meeting.organiser);
    for (const person of membersOf(world, asked.attendees)) await addMember(world, chat, organiser, person);
    changed(world, chat);
  }
  world.tell({ type: "state" });
  return { status: 200, body: eventBody(world, event) };
}

/** The meeting goes out of everyone's calendar; its chat stays. */
function cancelEvent(world: World, call: Call): Answer {
  const event = eventOf(world, call);
  event.cancelled = true;
  world.meetings = world.meetings.filter((m) => m.id !== event.meetingId);
  world.tell({ type: "state" });
  return { status: 202 };
}

function findMeetings(world: World, call: Call): Answer {
  const organiser = userOf(world, part(call, 0));
  const url = equalTo(call, "JoinWebUrl");
  const found = world.meetings.filter((m) => m.organiser === organiser.id && joinUrl(m) === url);
  return {
    status: 200,
    body: { value: found.map((m) => ({ id: m.id, joinWebUrl: url, chatInfo: { threadId: m.chatId } })) },
  };
}

function setMeeting(world: World, call: Call): Answer {
  const organiser = userOf(world, part(call, 0));
  const meeting = world.meetings.find((m) => m.id === part(call, 1) && m.organiser === organiser.id);
  if (!meeting) throw notFound("The online meeting");
  const asked = parsed(settings, call.body);
  meeting.lobby = asked.lobbyBypassSettings.scope;
  meeting.recorded = asked.recordAutomatically;
  world.tell({ type: "state" });
  return { status: 200, body: { id: meeting.id, ...asked } };
}

/** The id under which the catalogue knows the app: not the manifest's. */
const catalogId = (world: World) => `catalog-${world.appId}`;

function listApps(world: World, call: Call): Answer {
  const external = equalTo(call, "externalId");
  const app = {
    id: catalogId(world),
    externalId: world.appId,
    appDefinitions: [{ authorization: { requiredPermissionSet: { resourceSpecificPermissions: chatPermissions } } }],
  };
  return { status: 200, body: { value: external === world.appId && world.grants.inCatalog ? [app] : [] } };
}

const boundTo = (world: World, ref: string): boolean => ref.endsWith(`/appCatalogs/teamsApps/${catalogId(world)}`);

async function installApp(world: World, call: Call): Promise<Answer> {
  const chat = chatOf(world, part(call, 0));
  const asked = parsed(installation, call.body);
  if (!boundTo(world, asked["teamsApp@odata.bind"])) throw notFound("The app");
  const words = (list: readonly { permissionValue: string; permissionType: string }[] = []) =>
    list
      .map((p) => `${p.permissionValue} ${p.permissionType.toLowerCase()}`)
      .sort()
      .join();
  if (words(asked.consentedPermissionSet?.resourceSpecificPermissions) !== words(chatPermissions))
    throw refuse(400, "BadRequest", "The permissions consented to are not those of the app's definition.");
  if (chat.hasBot) throw refuse(409, "Conflict", "App is already installed in the chat.");
  const organiser = world.meetings.find((m) => m.chatId === chat.id)?.organiser ?? chat.members[0] ?? "";
  await installBot(world, chat, world.person(organiser));
  return { status: 201 };
}

function listTabs(world: World, call: Call): Answer {
  const chat = chatOf(world, part(call, 0));
  const app = equalTo(call, "teamsApp/id");
  const value = (app === catalogId(world) ? (chat.tabs ?? []) : []).map((t) => ({
    id: t.id,
    displayName: t.name,
    configuration: { contentUrl: t.url },
  }));
  return { status: 200, body: { value } };
}

/** Teams takes the same tab twice. */
function addTab(world: World, call: Call): Answer {
  const chat = chatOf(world, part(call, 0));
  const asked = parsed(newTab, call.body);
  if (!boundTo(world, asked["teamsApp@odata.bind"])) throw notFound("The app");
  if (!chat.hasBot) throw refuse(403, "Forbidden", "The app is not installed in the chat.");
  const tab = { id: randomUUID(), name: asked.displayName, url: asked.configuration.contentUrl };
  chat.tabs = [...(chat.tabs ?? []), tab];
  world.tell({ type: "state" });
  return { status: 201, body: { id: tab.id, displayName: tab.name, configuration: asked.configuration } };
}

/** Only people of the tenant have a calendar here. */
function schedules(world: World, call: Call): Answer {
  userOf(world, part(call, 0));
  const asked = parsed(span, call.body);
  const from = instant(asked.startTime);
  const to = instant(asked.endTime);
  const value = asked.schedules.map((mail) => {
    const person = world.people.find((p) => p.mail === mail.toLowerCase() && p.kind === "staff");
    if (!person) return { scheduleId: mail, error: { responseCode: "ErrorMailRecipientNotFound" } };
    const items = world.calendar.filter(
      (e) => !e.cancelled && e.start < to && e.end > from && (e.attendees.includes(mail) || e.organiser === person.id),
    );
    const local = (at: string) => ({ dateTime: at.replace(/Z$/, ""), timeZone: "UTC" });
    return {
      scheduleId: mail,
      scheduleItems: items.map((e) => ({ status: "busy", start: local(e.start), end: local(e.end) })),
    };
  });
  return { status: 200, body: { value } };
}

/** One person of the directory; people of federated tenants are not in it. */
function getUser(world: World, call: Call): Answer {
  const person = world.people.find((one) => one.aadObjectId === part(call, 0) && one.kind !== "federated");
  if (!person) throw refuse(404, "Request_ResourceNotFound", "Not found");
  const body = {
    id: person.aadObjectId,
    displayName: person.name,
    mail: person.mail,
    userPrincipalName: person.upn,
    userType: person.kind === "guest" ? "Guest" : "Member",
  };
  return { status: 200, body };
}

const calendars = { permission: "Calendars.ReadWrite" };
const online = { permission: "OnlineMeetings.ReadWrite.All", policy: true as const };
const entries: Entry[] = [
  { method: "GET", path: /^users\/([^/]+)$/, route: "graph.user", permission: "User.Read.All", run: getUser },
  { method: "POST", path: /^users\/([^/]+)\/events$/, route: "graph.make", ...calendars, run: createEvent },
  { method: "GET", path: /^users\/([^/]+)\/events$/, route: "graph.find", ...calendars, run: findEvents },
  { method: "PATCH", path: /^users\/([^/]+)\/events\/([^/]+)$/, route: "graph.move", ...calendars, run: moveEvent },
  {
    method: "POST",
    path: /^users\/([^/]+)\/events\/([^/]+)\/cancel$/,
    route: "graph.cancel",
    ...calendars,
    run: cancelEvent,
  },
  { method: "GET", path: /^users\/([^/]+)\/onlineMeetings$/, route: "graph.meeting", ...online, run: findMeetings },
  {
    method: "PATCH",
    path: /^users\/([^/]+)\/onlineMeetings\/([^/]+)$/,
    route: "graph.options",
    ...online,
    run: setMeeting,
  },
  {
    method: "GET",
    path: /^appCatalogs\/teamsApps$/,
    route: "graph.catalog",
    permission: "AppCatalog.Read.All",
    run: listApps,
  },
  {
    method: "POST",
    path: /^chats\/([^/]+)\/installedApps$/,
    route: "graph.install",
    permission: "TeamsAppInstallation.ReadWriteAndConsentSelfForChat.All",
    run: installApp,
  },
  {
    method: "GET",
    path: /^chats\/([^/]+)\/tabs$/,
    route: "graph.tabs",
    permission: "TeamsTab.ReadWriteSelfForChat.All",
    run: listTabs,
  },
  {
    method: "POST",
    path: /^chats\/([^/]+)\/tabs$/,
    route: "graph.tab",
    permission: "TeamsTab.ReadWriteSelfForChat.All",
    run: addTab,
  },
  {
    method: "POST",
    path: /^users\/([^/]+)\/calendar\/getSchedule$/,
    route: "graph.schedule",
    ...calendars,
    run: schedules,
  },
];

const MOST_READ = 256 * 1024;

/** Serves one call of the service to Graph: token, permission, policy, fault, work, log. `path` is below `/graph/v1.0/`. */
export async function serveGraph(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const began = performance.now();
  const method = request.method ?? "GET";
  let body: unknown;
  let answer: Answer;
  try {
    const text = await readBody(request, MOST_READ);
    if (!world.keys.isTokenOfBot(request.headers.authorization, "graph"))
      throw refuse(401, "InvalidAuthenticationToken", "Access token is empty, expired, or for another audience.");
    const entry = entries.find((one) => one.method === method && one.path.test(path));
    if (!entry) throw refuse(404, "NotFound", `No such route: ${method} ${path}`);
    if (!world.grants.permissions.has(entry.permission))
      throw refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    if (entry.policy && !world.grants.accessPolicy)
      throw refuse(403, "Forbidden", "No application access policy found for this app.");
    const parts = (entry.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    const fault = world.faults.take(entry.route, parts[0]);
    if (fault && !fault.afterEffect) answer = failed(fault);
    else {
      body = text ? parseJson(text) : undefined;
      answer = await entry.run(world, { query, body, parts });
      if (fault) answer = failed(fault);
    }
  } catch (error) {
    if (error instanceof PageRefusal)
      answer = { status: 400, body: { error: { code: error.code, message: error.message } } };
    else if (error instanceof TeamsRefusal) {
      const { status, code, message } = error;
      answer = { status, body: { error: { code, message } } };
    } else throw error;
  }
  respond(world, request, response, { path: `/graph/v1.0/${path}`, began, body, answer });
}
