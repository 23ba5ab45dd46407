import { generateKeyPairSync } from "node:crypto";
import { createLog } from "../../bot/log";
import { createAdapter, type Handlers, type TeamsAdapter } from "../../bot/teams/adapter";
import { type CardAnswer, cardAnswer } from "../../bot/teams/answers";
import { StrictAuth } from "../../bot/teams/auth";
import type { Turn } from "../../bot/teams/turn";
import { APP, Channel, PARTNER, TENANT } from "../support/channel";

const STRANGER = "cccccccc-1111-4111-8111-111111111111";

let channel: Channel;
let adapter: TeamsAdapter;
let lines: Record<string, unknown>[] = [];
let heard: { what: string; turn: Turn; more?: unknown }[] = [];
let misbehave: Error | undefined;

const handlers: Handlers = {
  message: async (turn) => void note("message", turn),
  cardAction: async (turn, action) => {
    note("cardAction", turn, action);
    return cardAnswer({ type: "AdaptiveCard" });
  },
  taskFetch: async (turn, data) => {
    note("taskFetch", turn, data);
    return { task: { type: "message", value: "hello" } };
  },
  taskSubmit: async (turn, data) => void note("taskSubmit", turn, data),
  installed: async (turn) => void note("installed", turn),
  removed: async (turn) => void note("removed", turn),
  membersAdded: async (turn, members) => void note("membersAdded", turn, members),
  membersRemoved: async (turn, members) => void note("membersRemoved", turn, members),
  meetingEvent: async (turn, event) => void note("meetingEvent", turn, event),
};

function note(what: string, turn: Turn, more?: unknown): undefined {
  heard.push({ what, turn, more });
  if (misbehave) throw misbehave;
}

beforeAll(async () => {
  channel = await new Channel().start();
  const log = createLog({ level: "debug", write: (line) => lines.push(JSON.parse(line)) });
  adapter = createAdapter({ trust: channel.trust([TENANT, PARTNER]), handlers, log });
});

afterAll(async () => {
  adapter.connector.close();
  await channel.stop();
});

beforeEach(() => {
  lines = [];
  heard = [];
  misbehave = undefined;
  channel.calls.length = 0;
  channel.reply = () => ({ status: 201, body: { id: "sent-1" } });
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => jest.restoreAllMocks());

const receive = (body: unknown, authorization: string | undefined = `Bearer ${channel.token()}`) =>
  adapter.receive({ authorization, body, correlationId: "c-1" });
const invoke = (name: string, value: unknown, over: object = {}) =>
  receive(channel.activity({ type: "invoke", name, value, text: undefined, ...over }));
const press = (action: object, over: object = {}) =>
  invoke("adaptiveCard/action", { action: { type: "Action.Execute", ...action }, trigger: "manual", ...over });
const group = { conversation: { id: "19:case@thread.v2", conversationType: "groupChat", tenantId: TENANT } };

describe("a token that holds", () => {
  test("reaches the handler once, with who and where", async () => {
    // when
    const answer = await receive(channel.activity());
    // then
    expect(answer.status).toBe(200);
    expect(heard.map(({ what }) => what)).toEqual(["message"]);
    expect(heard[0]?.turn).toMatchObject({
      who: { mri: "29:ada", aadObjectId: "ada00000-0000-4000-8000-000000000001", tenantId: TENANT },
      conversation: { conversationId: "a:ada", type: "personal", tenantId: TENANT, serviceUrl: channel.serviceUrl },
      text: "cases",
    });
  });

  test("is checked against keys fetched once, not with each message", async () => {
    await receive(channel.activity());
    const before = channel.keyRequests;
    for (let i = 0; i < 5; i++) await receive(channel.activity());
    expect(channel.keyRequests).toBe(before);
    expect(heard).toHaveLength(6);
  });

  test.each([
    ["up to five minutes past its end", () => channel.token({}, { expiresIn: -120 })],
    ["up to five minutes before its time", () => channel.token({}, { notBefore: 120 })],
  ])("passes %s", async (_name, token) => {
    expect((await receive(channel.activity(), `Bearer ${token()}`)).status).toBe(200);
    expect(heard).toHaveLength(1);
  });
});

describe("a forgery is 401, is told nothing, and makes nobody call out", () => {
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const unsigned = (head: object, claims: object) =>
    `${[head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;
  const good = () => ({ iss: channel.issuer, aud: APP, serviceurl: channel.serviceUrl, exp: 9e9 });
  const bearer = (token: string) => `Bearer ${token}`;
  const tampered = (change: object) => {
    const [head, claims, signature] = channel.token().split(".");
    const read = JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
    return [head, Buffer.from(JSON.stringify({ ...read, ...change })).toString("base64url"), signature].join(".");
  };

  const table: [name: string, reason: string, header: () => string | undefined, over?: object][] = [
    ["no header", "no-token", () => ""],
    ["another scheme", "not-a-token", () => "Basic YWRhOmFkYQ=="],
    ["the scheme alone", "not-a-token", () => "Bearer "],
    ["no scheme", "not-a-token", () => channel.token()],
    ["garbage", "not-a-token", () => "Bearer garbage"],
    ["three parts of garbage", "not-a-token", () => "Bearer aaaa.bbbb.cccc"],
    ["two tokens", "not-a-token", () => `Bearer ${channel.token()} ${channel.token()}`],
    ["a huge token", "not-a-token", () => bearer(channel.token({ pad: "x".repeat(20_000) }))],
    ["no key id", "not-a-token", () => bearer(`${unsigned({ alg: "RS256" }, good())}abc`)],
    ["alg none, unsigned", "not-a-token", () => bearer(unsigned({ alg: "none", kid: "key-1" }, good()))],
    ["alg none, with a signature", "algorithm", () => `${bearer(unsigned({ alg: "none", kid: "key-1" }, good()))}abc`],
    [
      "alg HS256 with the public key",
      "algorithm",
      () => bearer(channel.token({}, { algorithm: "HS256" }, channel.publicPem())),
    ],
    ["alg PS256, which is not on the list", "algorithm", () => bearer(channel.token({}, { algorithm: "PS256" }))],
    ["for another bot", "audience", () => bearer(channel.token({}, { audience: STRANGER }))],
    ["for several bots", "audience", () => bearer(channel.token({}, { audience: [APP, STRANGER] }))],
    ["from another issuer", "issuer", () => bearer(channel.token({}, { issuer: "https://issuer.example.org" }))],
    [
      "from the emulator's issuer",
      "issuer",
      () =>
        bearer(
          channel.token(
            { ver: "1.0", appid: APP },
            { issuer: "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/" },
          ),
        ),
    ],
    ["expired", "expired", () => bearer(channel.token({}, { expiresIn: -600 }))],
    [
      "without an end",
      "expired",
      () => bearer(`${unsigned({ alg: "RS256", kid: "key-1" }, { ...good(), exp: undefined })}abc`),
    ],
    ["not yet valid", "not-yet-valid", () => bearer(channel.token({}, { notBefore: 3600 }))],
    ["another key under the same id", "signature", () => bearer(channel.token({}, {}, other))],
    ["an unknown key", "signature", () => bearer(channel.token({}, { keyid: "nobody" }, other))],
    ["a changed payload", "signature", () => bearer(tampered({ jti: "changed" }))],
    ["a lengthened life", "signature", () => bearer(tampered({ exp: 9e9 }))],
    ["no service URL in the token", "service-url-mismatch", () => bearer(channel.token({ serviceurl: undefined }))],
    [
      "another service URL in the token",
      "service-url-mismatch",
      () => bearer(channel.token({ serviceurl: "https://smba.example.org/" })),
    ],
    ["no service URL in the activity", "service-url-missing", () => bearer(channel.token()), { serviceUrl: undefined }],
    ["an empty service URL", "service-url-missing", () => bearer(channel.token()), { serviceUrl: "" }],
    [
      "a service URL elsewhere, in both",
      "service-url-untrusted",
      () => bearer(channel.token({ serviceurl: "https://smba.example.org/" })),
      { serviceUrl: "https://smba.example.org/" },
    ],
    ["another channel", "channel", () => bearer(channel.token()), { channelId: "webchat" }],
    [
      "a channel that botbuilder checks otherwise",
      "channel",
      () => bearer(channel.token()),
      { channelId: "AseChannel" },
    ],
    ["no channel", "channel", () => bearer(channel.token()), { channelId: undefined }],
  ];

  // A row without its last cell would make jest hand over a callback instead.
  test.each(table.map(([name, reason, header, over = {}]) => [name, reason, header, over] as const))(
    "%s",
    async (_name, reason, header, over) => {
      // given
      await receive(channel.activity());
      heard = [];
      const { keyRequests, tokenRequests } = channel;
      // when
      const answer = await receive(channel.activity(over), header());
      // then
      expect(answer).toEqual({ status: 401, body: { error: { code: "Unauthorized", correlationId: "c-1" } } });
      expect(lines.find(({ event }) => event === "auth.refused")?.reason).toBe(reason);
      expect(heard).toEqual([]);
      expect(channel.calls).toEqual([]);
      expect(channel).toMatchObject({ keyRequests, tokenRequests });
    },
  );

  test("keys that cannot be fetched turn nobody in", async () => {
    // given a channel whose keys are gone
    const gone = await new Channel().start();
    const lost = createAdapter({
      trust: gone.trust(),
      handlers,
      log: createLog({ write: (l) => lines.push(JSON.parse(l)) }),
    });
    const token = gone.token();
    const body = gone.activity();
    await gone.stop();
    // when
    const answer = await lost.receive({ authorization: `Bearer ${token}`, body, correlationId: "c-1" });
    // then
    expect(answer.status).toBe(401);
    expect(lines.find(({ event }) => event === "auth.refused")?.reason).toBe("keys-unavailable");
    expect(heard).toEqual([]);
  });

  test("an empty app id, which would switch checks off, is refused at start", () => {
    expect(() => new StrictAuth({ ...channel.trust(), appId: " " })).toThrow(/app id/);
  });
});

describe("a tenant that is not let in is 403", () => {
  test.each([
    ["the conversation's in channelData", { channelData: { tenant: { id: STRANGER } } }],
    ["the conversation's in conversation", { conversation: { id: "a:1", tenantId: STRANGER } }],
    [
      "only one of the two",
      { channelData: { tenant: { id: TENANT } }, conversation: { id: "a:1", tenantId: STRANGER } },
    ],
    ["the sender's", { from: { id: "29:eve", name: "Eve", tenantId: STRANGER } }],
    ["none named at all", { channelData: {}, conversation: { id: "a:1" } }],
    [
      "only the sender's named",
      { channelData: {}, conversation: { id: "a:1" }, from: { id: "29:1", tenantId: TENANT } },
    ],
  ])("%s", async (_name, over) => {
    const answer = await receive(channel.activity(over));
    expect(answer.status).toBe(403);
    expect(heard).toEqual([]);
    expect(channel.calls).toEqual([]);
  });

  test("an allowed partner's conversation passes, in any case of letters", async () => {
    const answer = await receive(
      channel.activity({
        channelData: { tenant: { id: PARTNER.toUpperCase() } },
        conversation: { id: "a:1", tenantId: PARTNER },
      }),
    );
    expect(answer.status).toBe(200);
    expect(heard[0]?.turn.who.tenantId).toBe(PARTNER);
  });
});

describe("whose tenant the sender's is, in a group", () => {
  const roster = (tenantId: string | undefined) => {
    channel.reply = ({ path }) =>
      path.includes("/members/") ? { status: 200, body: { id: "29:x", tenantId } } : { status: 404, body: {} };
  };
  const saying = (mri: string) => receive(channel.activity({ ...group, from: { id: mri, name: "Tom Testcase" } }));

  test("is not taken from the conversation but from the roster, and asked once", async () => {
    // given
    roster(PARTNER);
    // when
    await saying("29:federated");
    await saying("29:federated");
    // then
    expect(heard.map(({ turn }) => turn.who.tenantId)).toEqual([undefined, undefined]);
    for (const { turn } of heard) expect(await turn.senderTenant()).toBe(PARTNER);
    expect(channel.calls.map(({ path }) => path)).toEqual([
      "/uk/v3/conversations/19%3Acase%40thread.v2/members/29%3Afederated",
    ]);
  });

  test.each([
    ["a tenant that is not let in", STRANGER],
    ["a roster that does not say", undefined],
  ])("is nobody's with %s", async (name, tenantId) => {
    roster(tenantId);
    await saying(`29:${name}`);
    expect(await heard[0]?.turn.senderTenant()).toBeUndefined();
  });

  test("is nobody's when the roster does not answer, and asked again later", async () => {
    channel.reply = () => ({ status: 500, body: {} });
    await saying("29:later");
    expect(await heard[0]?.turn.senderTenant()).toBeUndefined();
    roster(TENANT);
    expect(await heard[0]?.turn.senderTenant()).toBe(TENANT);
  });
});

describe("a malformed activity is 400 before its token is looked at", () => {
  const nested = (depth: number): unknown => (depth === 0 ? "x" : { in: nested(depth - 1) });
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a string", "message"],
    ["a list", []],
    ["no type", { from: { id: "29:1" }, conversation: { id: "a:1" } }],
    ["no conversation", { type: "message", from: { id: "29:1" } }],
    ["a conversation without id", { type: "message", from: { id: "29:1" }, conversation: {} }],
    ["no sender", { type: "message", conversation: { id: "a:1" } }],
    ["a number for a text", { type: "message", text: 1, from: { id: "29:1" }, conversation: { id: "a:1" } }],
    ["too deep", { type: "message", from: { id: "29:1" }, conversation: { id: "a:1" }, value: nested(40) }],
    ["too long", { type: "message", from: { id: "29:1" }, conversation: { id: "a:1" }, value: "x".repeat(40_000) }],
    [
      "a prototype",
      JSON.parse('{"type":"message","from":{"id":"29:1"},"conversation":{"id":"a"},"value":{"__proto__":{}}}'),
    ],
  ])("%s", async (_name, body) => {
    const answer = await receive(body, "Bearer garbage");
    expect(answer).toEqual({ status: 400, body: { error: { code: "BadRequest", correlationId: "c-1" } } });
  });
});

describe("a pressed button", () => {
  test("comes with its verb, data and trigger, and its answer goes out whole under HTTP 200", async () => {
    const answer = await press({ verb: "proposal.accept", data: { caseId: "case-1" } });
    expect(heard[0]?.more).toEqual({ verb: "proposal.accept", data: { caseId: "case-1" }, trigger: "manual" });
    expect(answer).toEqual({
      status: 200,
      body: { statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: { type: "AdaptiveCard" } },
    });
  });

  test("keeps HTTP 200 for an inner refusal, which botbuilder would copy outside", async () => {
    const refuse = { statusCode: 403, type: "application/vnd.microsoft.error", value: {} } as CardAnswer;
    const strict = createAdapter({
      trust: channel.trust(),
      handlers: { ...handlers, cardAction: async () => refuse },
      log: createLog({ write: () => undefined }),
    });
    const body = channel.activity({
      type: "invoke",
      name: "adaptiveCard/action",
      value: { action: { type: "Action.Execute", verb: "x" } },
    });
    expect(await strict.receive({ authorization: `Bearer ${channel.token()}`, body, correlationId: "c" })).toEqual({
      status: 200,
      body: refuse,
    });
  });

  test.each([
    ["no value", undefined],
    ["no action", {}],
    ["no verb", { action: { type: "Action.Execute" } }],
    ["a verb that is no word", { action: { type: "Action.Execute", verb: { a: 1 } } }],
    ["another action", { action: { type: "Action.Submit", verb: "x" } }],
    ["data that is a list", { action: { type: "Action.Execute", verb: "x", data: [1] } }],
    ["an unknown trigger", { action: { type: "Action.Execute", verb: "x" }, trigger: "psychic" }],
  ])("with %s never reaches the handler", async (_name, value) => {
    const answer = await invoke("adaptiveCard/action", value);
    expect(answer).toMatchObject({ status: 200, body: { statusCode: 400, type: "application/vnd.microsoft.error" } });
    expect(heard).toEqual([]);
  });
});

describe("dialogs", () => {
  test("are opened and closed under HTTP 200", async () => {
    expect(await invoke("task/fetch", { data: { form: "register" } })).toEqual({
      status: 200,
      body: { task: { type: "message", value: "hello" } },
    });
    expect(await invoke("task/submit", { data: { name: "Ada Example" } })).toEqual({ status: 200, body: {} });
    expect(heard.map(({ more }) => more)).toEqual([{ form: "register" }, { name: "Ada Example" }]);
  });

  test("whose data is none never reach the handler", async () => {
    expect(await invoke("task/submit", { data: "text" })).toMatchObject({
      status: 200,
      body: { task: { type: "message" } },
    });
    expect(heard).toEqual([]);
  });
});

describe("what else Teams tells", () => {
  test("the app's coming and going, people and meetings, each to its handler", async () => {
    const at = "2026-03-02T11:00:00.000Z";
    const said = { type: "event", name: "application/vnd.microsoft.meetingEnd", value: { EndTime: at } };
    await receive(channel.activity({ type: "installationUpdate", action: "add" }));
    await receive(channel.activity({ type: "installationUpdate", action: "remove-upgrade" }));
    await receive(
      channel.activity({
        type: "conversationUpdate",
        membersAdded: [{ id: `28:${APP}` }, { id: "29:ben", aadObjectId: "BEN" }],
        membersRemoved: [{ id: "29:cora" }],
      }),
    );
    await receive(channel.activity({ ...said, channelData: { tenant: { id: TENANT }, meeting: { id: "M-1" } } }));
    expect(heard.map(({ what, more }) => [what, more])).toEqual([
      ["installed", undefined],
      ["removed", undefined],
      ["membersAdded", [{ mri: "29:ben", aadObjectId: "ben" }]],
      ["membersRemoved", [{ mri: "29:cora" }]],
      ["meetingEvent", { what: "ended", at, who: [] }],
    ]);
    expect(heard[4]?.turn.meetingId).toBe("M-1");
  });

  test("the bot's own joining is no person's", async () => {
    await receive(channel.activity({ type: "conversationUpdate", membersAdded: [{ id: `28:${APP}` }] }));
    expect(heard).toEqual([]);
  });

  test.each(["typing", "messageReaction", "somethingNew"])("%s is heard and left", async (type) => {
    expect(await receive(channel.activity({ type }))).toEqual({ status: 200 });
    expect(heard).toEqual([]);
  });

  test("an unknown invoke is refused, not a server error", async () => {
    expect((await invoke("composeExtension/query", {})).status).toBe(400);
  });

  test("a mention of the bot is taken out, of a person left as the name", async () => {
    await receive(
      channel.activity({
        text: "<at>Epilogue</at>&nbsp; case  EX-1 for <at>Ada Example</at>\r\n now",
        entities: [
          { type: "clientInfo", locale: "en-GB" },
          { type: "mention", text: "<at>Epilogue</at>", mentioned: { id: `28:${APP}`, name: "Epilogue" } },
          { type: "mention", text: "<at>Ada Example</at>", mentioned: { id: "29:ada", name: "Ada Example" } },
        ],
      }),
    );
    expect(heard[0]?.turn.text).toBe("case EX-1 for Ada Example\nnow");
  });
});

describe("a handler that breaks", () => {
  beforeEach(() => {
    misbehave = new TypeError("Cannot read properties of Ada Example's file at /srv/app.js:1");
  });
  const clean = (answer: unknown) => expect(JSON.stringify(answer)).not.toMatch(/TypeError|Cannot read|\.js|Ada/);

  test("at a message apologises in the chat with the reference", async () => {
    expect(await receive(channel.activity())).toEqual({ status: 200 });
    expect(channel.calls).toHaveLength(1);
    expect(channel.calls[0]).toMatchObject({ method: "POST", path: "/uk/v3/conversations/a%3Aada/activities" });
    expect(JSON.stringify(channel.calls[0]?.body)).toContain("c-1");
    clean(channel.calls[0]?.body);
  });

  test("at a button apologises in its place, at a refresh leaves the card", async () => {
    const pressed = await press({ verb: "x" });
    expect(pressed).toMatchObject({ status: 200, body: { type: "application/vnd.microsoft.activity.message" } });
    expect(JSON.stringify(pressed.body)).toContain("c-1");
    clean(pressed);
    expect(await press({ verb: "x" }, { trigger: "automatic" })).toMatchObject({
      status: 200,
      body: { statusCode: 500, type: "application/vnd.microsoft.error" },
    });
  });

  test.each(["task/fetch", "task/submit"])("at %s apologises in the dialog", async (name) => {
    const answer = await invoke(name, { data: {} });
    expect(answer).toMatchObject({ status: 200, body: { task: { type: "message" } } });
    expect(JSON.stringify(answer.body)).toContain("c-1");
    clean(answer);
  });

  test("is logged under its reference, with its place", async () => {
    await press({ verb: "x" });
    expect(lines.find(({ event }) => event === "turn.failed")).toMatchObject({
      level: "error",
      correlationId: "c-1",
      during: "cardAction",
      error: { kind: "TypeError" },
    });
  });
});
