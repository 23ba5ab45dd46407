import { type Connector, createConnector, retryAfterMs } from "../../bot/teams/connector";
import { createTokens } from "../../bot/teams/tokens";
import { serviceUrlCheck } from "../../bot/teams/trust";
import { APP, Channel, type Reply, TENANT } from "../support/channel";

let channel: Channel;
let connector: Connector;
let chat: { serviceUrl: string; conversationId: string };

beforeEach(async () => {
  channel = await new Channel().start();
  const trust = channel.trust();
  connector = createConnector({ appId: APP, tokens: createTokens(trust), trusted: serviceUrlCheck(trust) });
  chat = { serviceUrl: channel.serviceUrl, conversationId: "a:ada" };
});

afterEach(async () => {
  connector.close();
  await channel.stop();
});

const answers = (reply: Reply) => {
  channel.reply = () => reply;
};
const error = (status: number, code?: string, headers?: Record<string, string>): Reply => ({
  status,
  ...(headers ? { headers } : {}),
  body: code === undefined ? {} : { error: { code, message: "words for people" } },
});

describe("what goes out", () => {
  test("a message, an update, a removal and a new personal chat take Microsoft's routes, each with the token", async () => {
    const card = { contentType: "application/vnd.microsoft.card.adaptive", content: { type: "AdaptiveCard" } };
    expect(await connector.send(chat, { text: "Hello" })).toEqual({ kind: "ok", value: { id: "sent-1" } });
    expect(await connector.update(chat, "m/1", { attachments: [card] })).toEqual({ kind: "ok", value: { id: "m/1" } });
    expect(await connector.remove(chat, "m/1")).toEqual({ kind: "ok", value: undefined });
    expect(await connector.createPersonalConversation(chat.serviceUrl, TENANT, "29:ada")).toEqual({
      kind: "ok",
      value: { serviceUrl: chat.serviceUrl, conversationId: "sent-4" },
    });
    const root = "/uk/v3/conversations";
    expect(channel.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${root}/a%3Aada/activities`,
      `PUT ${root}/a%3Aada/activities/m%2F1`,
      `DELETE ${root}/a%3Aada/activities/m%2F1`,
      `POST ${root}`,
    ]);
    expect(new Set(channel.calls.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer outbound-1"]));
    expect(channel.calls[0]?.body).toMatchObject({ type: "message", text: "Hello", from: { id: `28:${APP}` } });
    expect(channel.calls[3]?.body).toMatchObject({ members: [{ id: "29:ada" }], tenantId: TENANT });
  });

  test("the roster comes as we name it, all pages of it", async () => {
    channel.reply = ({ path }) => ({
      status: 200,
      body: path.includes("continuationToken=second%3D")
        ? { members: [{ id: "29:ben" }] }
        : {
            members: [{ id: "29:ada", objectId: "o-1", tenantId: TENANT, email: "ada@example.org" }],
            continuationToken: "second=",
          },
    });
    expect(await connector.members(chat)).toEqual({
      kind: "ok",
      value: [{ mri: "29:ada", aadObjectId: "o-1", tenantId: TENANT, mail: "ada@example.org" }, { mri: "29:ben" }],
    });
  });

  test("a crowd at the start asks for one token", async () => {
    await Promise.all(Array.from({ length: 20 }, () => connector.send(chat, { text: "x" })));
    expect(channel.tokenRequests).toBe(1);
    expect(channel.calls).toHaveLength(20);
  });
});

describe("what became of it", () => {
  const table: [string, Reply, object][] = [
    [
      "blocked by the person",
      error(403, "ConversationBlockedByUser"),
      { kind: "dead", code: "ConversationBlockedByUser" },
    ],
    [
      "the bot is not there",
      error(403, "BotNotInConversationRoster"),
      { kind: "dead", code: "BotNotInConversationRoster" },
    ],
    [
      "switched off by an administrator",
      error(403, "BotDisabledByAdmin"),
      { kind: "dead", code: "BotDisabledByAdmin" },
    ],
    ["no such conversation", error(404, "ConversationNotFound"), { kind: "dead", code: "ConversationNotFound" }],
    ["forbidden without a code", error(403), { kind: "dead", code: "Http403" }],
    [
      "the more exact inner code",
      { status: 403, body: { error: { code: "ServiceError", innerHttpError: { code: "ConversationBlockedByUser" } } } },
      { kind: "dead", code: "ConversationBlockedByUser" },
    ],
    ["the wrong cloud's host", error(403, "InvalidBotApiHost"), { kind: "failed", retryable: false }],
    ["throttled", error(429, "Throttled", { "retry-after": "7" }), { kind: "throttled", retryAfterMs: 7000 }],
    ["throttled without a time", error(429), { kind: "throttled", retryAfterMs: 2000 }],
    ["precondition failed", error(412), { kind: "failed", retryable: true, status: 412 }],
    ["bad argument", error(400, "BadArgument"), { kind: "failed", retryable: false, code: "BadArgument" }],
    ["too big", error(413, "MessageSizeTooBig"), { kind: "failed", retryable: false }],
    ["the message is gone", error(404, "ActivityNotFoundInConversation"), { kind: "failed", retryable: false }],
    ["a code that is prose", error(400, "Ada Example is not here"), { kind: "failed", code: "Http400" }],
    ["a server error", error(500), { kind: "ambiguous" }],
    ["a bad gateway", error(502), { kind: "ambiguous" }],
    ["a gateway's time-out", error(504), { kind: "ambiguous" }],
    ["a redirect, which is not followed", { status: 307, headers: { location: "/elsewhere" } }, { kind: "failed" }],
    ["hung up on", undefined, { kind: "ambiguous" }],
  ];
  test.each(table)("%s", async (_name, reply, expected) => {
    answers(reply);
    expect(await connector.send(chat, { text: "Hello" })).toMatchObject(expected);
    expect(channel.calls).toHaveLength(1);
  });

  test("a refused token is renewed once, and only once", async () => {
    channel.reply = ({ authorization }) =>
      authorization === "Bearer outbound-2" ? { status: 201, body: { id: "m" } } : error(401);
    expect(await connector.send(chat, { text: "Hello" })).toEqual({ kind: "ok", value: { id: "m" } });
    answers(error(401, "Unauthorized"));
    expect(await connector.send(chat, { text: "Hello" })).toMatchObject({ kind: "failed", status: 401 });
    expect(channel.calls).toHaveLength(4);
  });

  test("no answer in time leaves it open", async () => {
    answers("never");
    expect(await connector.send(chat, { text: "x" }, { timeoutMs: 150 })).toEqual({
      kind: "ambiguous",
      code: "TimedOut",
    });
  });

  test("stopped on the way leaves it open, stopped before it began does not", async () => {
    answers("never");
    const stop = new AbortController();
    const sending = connector.send(chat, { text: "x" }, { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    expect(await sending).toEqual({ kind: "ambiguous", code: "Aborted" });
    expect(await connector.send(chat, { text: "x" }, { signal: stop.signal })).toMatchObject({
      kind: "failed",
      code: "Aborted",
    });
    expect(channel.calls).toHaveLength(1);
  });

  test("nobody listening is certain, and worth another try", async () => {
    await connector.send(chat, { text: "x" });
    await channel.stop();
    connector.close();
    expect(await connector.send(chat, { text: "x" })).toMatchObject({
      kind: "failed",
      code: "ECONNREFUSED",
      retryable: true,
    });
  });

  test("without a token nothing is sent", async () => {
    const poor = createConnector({ appId: APP, tokens: () => Promise.reject(new Error("no")), trusted: () => true });
    expect(await poor.send(chat, { text: "x" })).toEqual({ kind: "failed", code: "TokenUnavailable", retryable: true });
    expect(channel.calls).toHaveLength(0);
  });
});

describe("no token goes elsewhere", () => {
  const trusted = serviceUrlCheck({ serviceHosts: ["smba.trafficmanager.net", "*.botframework.com"] });
  test.each([
    "https://smba.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net:443/uk/tenant/",
    "https://europe.api.botframework.com/",
  ])("%s is Teams", (url) => expect(trusted(url)).toBe(true));

  test.each([
    "http://smba.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net:8443/",
    "https://other.trafficmanager.net/",
    "https://smba.trafficmanager.net.example.org/",
    "https://botframework.com/",
    "https://notbotframework.com/",
    "https://smba.trafficmanager.net@example.org/",
    "https://user@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net/?to=https://example.org",
    "https://127.0.0.1/",
    "http://localhost:3978/",
    "ftp://smba.trafficmanager.net/",
    "smba.trafficmanager.net",
    "",
  ])("%s is not", (url) => {
    expect(trusted(url)).toBe(false);
    expect(trusted(url)).toBe(false);
  });

  test("nor from Local Teams to the world", () => {
    const local = serviceUrlCheck({ serviceHosts: ["smba.trafficmanager.net"], loopback: true });
    expect(local("http://127.0.0.1:4000/uk/")).toBe(true);
    expect(local("https://smba.trafficmanager.net/uk/")).toBe(false);
    expect(local("http://127.0.0.1.example.org/")).toBe(false);
  });

  test("an untrusted service URL is not called, nor is a token fetched for it", async () => {
    const away = { serviceUrl: "https://smba.example.org/", conversationId: "a:1" };
    expect(await connector.send(away, { text: "x" })).toMatchObject({ kind: "failed", code: "ServiceUrlUntrusted" });
    expect(channel.tokenRequests).toBe(0);
  });
});

test.each([
  ["3", 3_000],
  ["0", 0],
  ["99999999", 3_600_000],
  ["Sun, 22 Nov 2026 12:00:10 GMT", 10_000],
  ["Sun, 22 Nov 2026 11:00:00 GMT", 0],
  ["soon", 2_000],
  [undefined, 2_000],
])("Retry-After %s is %i ms", (header, ms) => {
  expect(retryAfterMs(header, Date.parse("2026-11-22T12:00:00Z"))).toBe(ms);
});
