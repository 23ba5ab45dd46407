import { Agent, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { answer, createHttp, type HttpService, jsonBody, MAX_BODY } from "../../bot/http";
import { createLog } from "../../bot/log";
import { createAdapter, type Handlers, type TeamsAdapter } from "../../bot/teams/adapter";
import { cardAnswer } from "../../bot/teams/answers";
import { Channel } from "../support/channel";

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

let channel: Channel;
let adapter: TeamsAdapter;
let service: HttpService;
let port: number;
let lines: Record<string, unknown>[] = [];
let storeReady: () => boolean | Promise<boolean> = () => true;
let mailReady: () => boolean | Promise<boolean> = () => true;
let finish: () => void = () => undefined;

const quiet = async (): Promise<void> => undefined;
const handlers: Handlers = {
  message: quiet,
  cardAction: async () => cardAnswer({ type: "AdaptiveCard" }),
  taskFetch: async () => undefined,
  taskSubmit: async () => undefined,
  installed: quiet,
  removed: quiet,
  membersAdded: quiet,
  membersRemoved: quiet,
  meetingEvent: quiet,
};

/** One raw request: fetch would tidy up what is to be untidy here. */
function ask(
  method: string,
  path: string,
  body?: string | Buffer,
  headers: OutgoingHttpHeaders = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}
const json = { "content-type": "application/json" };
const post = (body: string | Buffer, headers: OutgoingHttpHeaders = {}) =>
  ask("POST", "/api/messages", body, { ...json, ...headers });
const code = ({ text }: Answered) => JSON.parse(text).error.code;

beforeAll(async () => {
  channel = await new Channel().start();
  const log = createLog({ write: (line) => lines.push(JSON.parse(line)) });
  adapter = createAdapter({ trust: channel.trust(), handlers, log });
  service = createHttp({
    receive: adapter.receive,
    log,
    secure: true,
    checkTimeoutMs: 100,
    checks: { store: () => storeReady(), mail: () => true },
    watched: { mail: () => mailReady() },
    routes: [
      (server) =>
        server.get("/broken", async () => {
          throw new Error("Ada Example's file at /srv/app.js");
        }),
      (server) => server.post("/echo", ...jsonBody(100), async (req, res) => answer(res, 200, { body: req.body })),
      (server) =>
        server.get("/slow", async (_req, res) => {
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          answer(res, 200, { done: true });
        }),
    ],
  });
  port = await service.listen(0, "127.0.0.1");
});

afterAll(async () => {
  await service.close(500);
  adapter.connector.close();
  await channel.stop();
});

beforeEach(() => {
  lines = [];
  storeReady = () => true;
  mailReady = () => true;
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

describe("health", () => {
  test("the process lives", async () => {
    const health = await ask("GET", "/healthz");
    expect([health.status, JSON.parse(health.text)]).toEqual([200, { alive: true }]);
  });

  test.each<[string, () => boolean | Promise<boolean>]>([
    ["says no", () => false],
    ["breaks", () => Promise.reject(new Error("no disk"))],
    [
      "throws",
      () => {
        throw new Error("no disk");
      },
    ],
    ["hangs", () => new Promise(() => undefined)],
  ])("what depends on a store that %s is not ready, and says which", async (_name, check) => {
    storeReady = check;
    const ready = await ask("GET", "/readyz");
    expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { ready: false, notReady: ["store"] }]);
    expect((await ask("GET", "/healthz")).status).toBe(200);
  });

  test("what the service can go on without is told, and it stays ready", async () => {
    mailReady = () => false;
    const ready = await ask("GET", "/readyz");
    expect([ready.status, JSON.parse(ready.text)]).toEqual([200, { ready: true, notReady: [], degraded: ["mail"] }]);
  });

  test("all well is ready", async () => {
    const ready = await ask("GET", "/readyz");
    expect([ready.status, JSON.parse(ready.text)]).toEqual([200, { ready: true, notReady: [] }]);
  });
});

describe("messages", () => {
  test("a good one is answered, whatever the client accepts", async () => {
    const authorization = `Bearer ${channel.token()}`;
    const name = "adaptiveCard/action";
    const value = { action: { type: "Action.Execute", verb: "case.show" } };
    const body = JSON.stringify(channel.activity({ type: "invoke", name, value }));
    const plain = await post(JSON.stringify(channel.activity()), { authorization });
    const pressed = await post(body, {
      authorization,
      accept: "text/html",
      "content-type": "application/json; charset=utf-8",
    });
    expect([plain.status, plain.text]).toEqual([200, ""]);
    expect([pressed.status, JSON.parse(pressed.text).statusCode]).toEqual([200, 200]);
  });

  test.each<[string, number, string, () => Promise<Answered>]>([
    ["no body", 400, "BadRequest", () => post("")],
    ["half a JSON", 400, "BadRequest", () => post('{"type":')],
    ["a list", 400, "BadRequest", () => post("[]")],
    ["no conversation", 400, "BadRequest", () => post('{"type":"message","from":{"id":"29:1"}}')],
    ["nesting without end", 400, "BadRequest", () => post("[".repeat(100_000))],
    ["a form", 415, "UnsupportedMediaType", () => post("a=1", { "content-type": "application/x-www-form-urlencoded" })],
    ["no type at all", 415, "UnsupportedMediaType", () => post("{}", { "content-type": "" })],
    ["a file", 415, "UnsupportedMediaType", () => post("--x--", { "content-type": "multipart/form-data; boundary=x" })],
    ["a compressed body", 415, "UnsupportedMediaType", () => post(gzipSync("{}"), { "content-encoding": "gzip" })],
    ["a body too large", 413, "PayloadTooLarge", () => post(`"${"x".repeat(MAX_BODY)}"`)],
    [
      "a body too large that does not say so",
      413,
      "PayloadTooLarge",
      () => post(`"${"x".repeat(MAX_BODY)}"`, { "transfer-encoding": "chunked" }),
    ],
    ["no token", 401, "Unauthorized", () => post(JSON.stringify(channel.activity()))],
    ["another method", 405, "MethodNotAllowed", () => ask("GET", "/api/messages")],
    ["another path", 404, "NotFound", () => ask("POST", "/api/message", "{}", json)],
    ["a path that cannot be decoded", 404, "NotFound", () => ask("GET", "/%zz")],
  ])("%s is %i", async (_name, status, expected, send) => {
    const refused = await send();
    expect([refused.status, code(refused)]).toEqual([status, expected]);
    expect(Object.keys(JSON.parse(refused.text).error)).toEqual(["code", "correlationId"]);
  });
});

describe("a body that is refused unread", () => {
  const large = Buffer.alloc(1_000_000, "x");
  test.each<[string, number, string, OutgoingHttpHeaders]>([
    ["too large", 413, "/api/messages", json],
    ["of another kind", 415, "/api/messages", { "content-type": "text/plain" }],
    ["at no route", 404, "/nowhere", json],
    ["at a route without bodies", 405, "/healthz", json],
  ])("%s: the client hears %i though it listens late", async (_what, status, path, headers) => {
    for (let i = 0; i < 10; i++) expect(await patient(path, headers, large)).toMatch(`HTTP/1.1 ${status} `);
  });

  test("a connection that is kept is used again once the body is through", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const through = (path: string) =>
      new Promise<[number | undefined, unknown]>((resolve, reject) => {
        const call = httpRequest({ agent, host: "127.0.0.1", port, method: "POST", path }, (response) => {
          response.resume().on("end", () => resolve([response.statusCode, response.socket]));
        });
        call.on("error", reject).end(large);
      });
    const [first, one] = await through("/nowhere");
    const [second, two] = await through("/nowhere");
    expect([first, second, one === two]).toEqual([404, 404, true]);
    agent.destroy();
  });

  /** A client that sends on for a while before it listens: one cut off meanwhile never hears what was answered. */
  function patient(path: string, headers: OutgoingHttpHeaders, body: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      let heard = "";
      const socket = connect(port, "127.0.0.1", async () => {
        const head = `Host: x\r\nConnection: close\r\nContent-Type: ${headers["content-type"]}\r\nContent-Length: ${body.length}`;
        socket.pause().on("data", (chunk) => {
          heard += chunk;
        });
        socket.write(`POST ${path} HTTP/1.1\r\n${head}\r\n\r\n`);
        for (const part of [0, 1, 2, 3].map((n) => body.subarray((n * body.length) / 4, ((n + 1) * body.length) / 4))) {
          socket.write(part);
          await new Promise((next) => setTimeout(next, 10));
        }
        socket.resume();
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(heard));
    });
  }

  /** Announces a body and sends so much of it, then nothing: resolves with the answer when the service ends the connection. */
  const dribble = (announced: string, bytes: number) =>
    new Promise<string>((resolve) => {
      let heard = "";
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(`POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n${announced}\r\n\r\n`);
        socket.write("x".repeat(bytes));
      });
      socket.setEncoding("utf8");
      socket.on("data", (text: string) => {
        heard += text;
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(heard));
    });

  test("whoever never sends the rest is answered and let go", async () => {
    expect(await dribble("Content-Length: 100000", 10)).toMatch(/^HTTP\/1\.1 415 /);
    expect(await dribble("Transfer-Encoding: chunked", 0)).toMatch(/^HTTP\/1\.1 415 /);
  });

  test("whoever sends without end is let go after a bounded amount", async () => {
    const sent = await new Promise<number>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(
          "POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000000000\r\n\r\n",
        );
        const more = () => {
          while (!socket.destroyed && socket.write(large));
        };
        socket.on("drain", more);
        more();
      });
      socket.resume();
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(socket.bytesWritten));
    });
    // What was taken, and what the buffers of both ends held.
    expect(sent).toBeLessThan(100_000_000);
    expect((await ask("GET", "/healthz")).status).toBe(200);
  });
});

describe("every answer", () => {
  test.each(["/healthz", "/readyz", "/nowhere", "/broken"])(
    "of %s bears the security headers and its own id",
    async (path) => {
      const { headers } = await ask("GET", path);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-correlation-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(headers).not.toHaveProperty("server");
      expect(headers).not.toHaveProperty("x-powered-by");
    },
  );

  test("to a route that breaks is a code and where to look, and the log has it", async () => {
    const broken = await ask("GET", "/broken");
    expect(broken.status).toBe(500);
    expect(JSON.parse(broken.text)).toEqual({
      error: { code: "InternalServerError", correlationId: broken.headers["x-correlation-id"] },
    });
    expect(lines).toMatchObject([
      {
        event: "http.failed",
        correlationId: broken.headers["x-correlation-id"],
        route: "/broken",
        error: { kind: "Error" },
      },
    ]);
  });
});

describe("routes of others", () => {
  test("read a body of their own size", async () => {
    expect((await ask("POST", "/echo", '{"a":1}', json)).text).toBe('{"body":{"a":1}}');
    expect((await ask("POST", "/echo", JSON.stringify("x".repeat(100)), json)).status).toBe(413);
  });
});

describe("hostile requests", () => {
  const clean = ({ status, text }: Answered) => {
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/\bat .*\(?\/|node_modules|\.[cm]?[jt]s:\d|Error:/);
  };
  /** Ways an activity can be bent: any part replaced by anything. */
  const parts = ["type", "name", "id", "from", "conversation", "channelData", "recipient", "text", "value", "entities"];
  const bent = fc
    .tuple(
      fc.subarray([...parts, "serviceUrl", "channelId", "action"], { minLength: 1, maxLength: 2 }),
      anything(),
      anything(),
    )
    .map(([[one = "", two = ""], a, b]) => (two === "" ? { [one]: a } : { [one]: a, [two]: b }));
  function anything() {
    const hostile = fc.constantFrom<unknown>(
      "invoke",
      "message",
      "event",
      "adaptiveCard/action",
      "task/fetch",
      "task/submit",
      "conversationUpdate",
      "${1+1}",
      "\u202eevil",
      "<at>x</at>",
      "**bold**[x](javascript:0)",
      "\u0000",
      "\ud800",
      -0,
      1e308,
      null,
      { action: { type: "Action.Execute", verb: "constructor", data: { toString: 1 } } },
      { id: "29:x", tenantId: { $ne: 1 } },
    );
    return fc.oneof({ weight: 2, arbitrary: fc.jsonValue({ maxDepth: 6 }) }, { weight: 3, arbitrary: hostile });
  }

  test("1,000 bent activities with a token that holds: never a server error, never a stack", async () => {
    const authorization = `Bearer ${channel.token()}`;
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(bent, async (over) => {
        const answered = await post(JSON.stringify(channel.activity(over)), { authorization });
        statuses.add(answered.status);
        clean(answered);
      }),
      { numRuns: 1_000 },
    );
    // The generator reaches past every gate, or it would prove nothing.
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401]));
  }, 60_000);

  test("1,000 arbitrary bodies, types and tokens at every route", async () => {
    const body = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
      fc.nat(300).map((depth) => Buffer.from(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`)),
    );
    const type = fc.constantFrom(
      "application/json",
      "application/json; charset=utf-16",
      "application/vnd.x+json",
      "text/plain",
      "multipart/form-data",
      "application/x-www-form-urlencoded",
      "",
    );
    const path = fc.oneof(
      fc.constantFrom(
        "/api/messages",
        "/api/messages/",
        "/healthz",
        "/readyz",
        "/echo",
        "/",
        "//",
        "/%",
        "/api/messages?x=%",
        "/..%2f",
      ),
      fc.webPath().map((text) => `/${text}`),
    );
    const header = fc.oneof(
      fc.constant("Bearer a.b.c"),
      fc.base64String().map((text) => `Bearer ${text}`),
    );
    const method = fc.constantFrom("POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS");
    const encoding = fc.constantFrom(undefined, undefined, undefined, "gzip", "deflate", "x");
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        body,
        type,
        header,
        encoding,
        async (verb, to, sent, kind, authorization, squeezed) => {
          const extra = squeezed === undefined ? {} : { "content-encoding": squeezed };
          clean(await ask(verb, to, sent, { "content-type": kind, authorization, ...extra }));
        },
      ),
      { numRuns: 1_000 },
    );
  }, 60_000);

  test("something that is not HTTP does not bring the service down", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("\u0016\u0003\u0001 hello\r\n\r\n"));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
      socket.resume();
    });
    expect((await ask("GET", "/healthz")).status).toBe(200);
  });

  test("a client that hangs up half-way leaves nothing behind", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(
          "POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        );
        setTimeout(() => socket.destroy(), 50);
      });
      socket.on("close", () => setTimeout(resolve, 50));
    });
    expect((await ask("GET", "/healthz")).status).toBe(200);
    expect(lines.filter(({ event }) => event === "http.failed")).toEqual([]);
  });
});

describe("closing", () => {
  test("waits for what is under way, takes nothing new, and cuts what never ends", async () => {
    const log = createLog({ write: () => undefined });
    let done: (() => void) | undefined;
    const other = createHttp({
      receive: () =>
        new Promise((resolve) => {
          done = () => resolve({ status: 200, body: {} });
        }),
      checks: {},
      log,
    });
    const usual = port;
    port = await other.listen(0, "127.0.0.1");
    try {
      const under = post("{}");
      while (done === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
      let closed = false;
      const closing = other.close(5_000).then(() => {
        closed = true;
      });
      await expect(ask("GET", "/healthz")).rejects.toThrow();
      expect(closed).toBe(false);
      done();
      expect((await under).status).toBe(200);
      await closing;
    } finally {
      port = usual;
    }
    const slow = ask("GET", "/slow");
    const cut = expect(slow).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await service.close(200);
    await cut;
    finish();
  });

  test("a port that is taken is said so", async () => {
    const make = () => createHttp({ receive: async () => ({ status: 200 }), checks: {}, log: createLog() });
    const first = make();
    const taken = await first.listen(0, "127.0.0.1");
    await expect(make().listen(taken, "127.0.0.1")).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
  });
});
