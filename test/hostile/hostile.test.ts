import fc from "fast-check";
import { localBodies } from "../../bot/local/start";
import { createLog } from "../../bot/log";
import type { Json } from "../support/cardReading";
import { type Product, product } from "../support/service";
import { everyButton, type Found } from "./buttons";
import { activityType, evaluated, pressed, text, value, warped } from "./payloads";
import { Asked, Ledger } from "./record";
import { type Answer, activityOf, opening, pressing, send, submitting, vouched } from "./wire";

/**
 * Whatever is sent to any route: an answer below 500 that tells nothing of the inside, nothing on the record that nobody
 * might press, and a service that goes on. `EPILOGUE_HOSTILE` says how many payloads there are.
 */

const total = Number(process.env.EPILOGUE_HOSTILE ?? 4_000);
/** Sent at once, so that they also cross each other. */
const together = 10;
/** Runs of a property for that share of all payloads. */
const share = (part: number) => ({ numRuns: Math.ceil((total * part) / together), endOnFailure: true });
const several = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: together, maxLength: together });

const people = ["cora", "ben", "ivy", "max", "tom", "noor", "ada", "sam", "dev", "stranger"];
const cases = ["sample-ada", "sample-sam"];

/** What only the inside knows: places in code, names of errors and of the engine's parts. */
const inside =
  /\bat .{1,80}:\d+:\d+|node_modules|\.(?:ts|cjs):\d|(?:Type|Range|Reference|Syntax|Zod|Sqlite|BrokenCard|Assertion)Error|BrokenCard|SQLITE_|libsql|Cannot read prop|is not a function|\[object Object\]/;
const apology = "something went wrong here";

jest.setTimeout(180_000);

let running: Product;
let logged: string[];
let pool: Found[];
let ledger: Ledger;
const asked = new Asked();
const personOf = new Map<string, string>();
const groups = new Map<string, string>();

beforeAll(async () => {
  logged = [];
  const log = createLog({ level: "error", write: (line) => logged.push(line) });
  running = await product({ samples: true, log });
  const { teams, service, url } = running;
  await teams.local.perform({ do: "people.add", name: "Stranger", role: "Nobody", kind: "federated" });
  // Those who come by any chat have their own, and the bot in it.
  for (const who of people) await teams.as(who).say("cases");
  const group = await teams.as("cora").starts("Ada Example, assessment", ["ada", "ben", "dev"]);
  await group.say("@Epilogue case EX-2026-0147");
  for (const who of ["cora", "ada", "ben", "dev"])
    groups.set(who, teams.local.snapshot(who).chats.find((chat) => chat.kind !== "personal")?.id ?? "");
  for (const one of teams.local.people()) {
    if (!one.tenantId || !one.aadObjectId) continue;
    const person = await service.people.byBinding(one.tenantId, one.aadObjectId.toLowerCase());
    if (person) personOf.set(one.id, person.id);
  }
  // Whoever withdraws a case ends the attack on it.
  pool = (await everyButton(url, teams.local, people, cases)).filter((f) => f.data.verb !== "case.withdraw");
  await teams.settled();
  ledger = await Ledger.now(service, localBodies);
});
afterAll(() => running.stop());

async function post(activity: unknown): Promise<Answer> {
  const { data } = ((activity as Json)?.value ?? {}) as { data?: unknown };
  const { action } = ((activity as Json)?.value ?? {}) as { action?: { data?: unknown; verb?: unknown } };
  const from = ((activity as Json)?.from ?? {}) as { id?: unknown; aadObjectId?: unknown };
  const who = running.teams.local
    .people()
    .find((one) => one.aadObjectId !== undefined && one.aadObjectId === from.aadObjectId);
  const verb = action?.verb === undefined ? {} : { verb: action.verb };
  for (const given of [data, action?.data && { ...(action.data as object), ...verb }, (activity as Json)?.value])
    asked.note(who && personOf.get(who.id), given);
  return send(running.url, vouched(running.teams.local, activity));
}

function mustTellNothing(answer: Answer): void {
  expect(answer.status).toBeGreaterThanOrEqual(200);
  expect(answer.status).toBeLessThan(500);
  // The page's own program may speak of errors: it is nobody's answer.
  if (!/javascript|css/.test(String(answer.headers["content-type"]))) expect(answer.text).not.toMatch(inside);
  expect(answer.text).not.toContain(apology);
  expect(answer.text).not.toContain(evaluated);
}

/** Sends all of them at once; each is judged, and so is what was logged meanwhile. */
async function all<T>(payloads: readonly T[], sendOne: (payload: T) => Promise<Answer>): Promise<void> {
  running.teams.local.pace.skip(60_000);
  const answers = await Promise.all(payloads.map(sendOne));
  for (const [i, answer] of answers.entries()) {
    try {
      mustTellNothing(answer);
    } catch (error) {
      throw new Error(
        `${(error as Error).message.slice(0, 1_000)}\nSent: ${JSON.stringify(payloads[i])?.slice(0, 3_000)}`,
      );
    }
  }
  expect(logged).toEqual([]);
}

const someone = fc.constantFrom(...people);
const base = (who: string, inGroup: boolean) =>
  activityOf(running.teams.local, who, inGroup ? groups.get(who) : undefined);

test("there is something to attack: presses, dialogs and submits of every kind of person", () => {
  for (const kind of ["press", "fetch", "submit"])
    expect(pool.filter((f) => f.kind === kind).length).toBeGreaterThan(20);
  for (const who of ["cora", "ben", "ada", "dev"]) expect(pool.filter((f) => f.who === who).length).toBeGreaterThan(3);
});

test("buttons of anyone, changed and pressed by anyone", () =>
  fc.assert(
    fc.asyncProperty(
      fc
        .constant(undefined)
        .chain(() =>
          several(fc.record({ who: someone, inGroup: fc.boolean(), own: fc.boolean(), p: pressed(pool, cases) })),
        ),
      (presses) =>
        all(presses, ({ who, inGroup, own, p }) => {
          const activity = base(own ? p.of : who, inGroup);
          if (p.kind === "press") return post(pressing(activity, p.data));
          return post(p.kind === "fetch" ? opening(activity, p.data) : submitting(activity, p.data));
        }),
    ),
    share(0.6),
  ));

test("activities of every type with any part of them anything", () =>
  fc.assert(
    fc.asyncProperty(
      several(
        fc.record({
          who: someone,
          inGroup: fc.boolean(),
          type: activityType,
          name: fc.oneof(
            fc.constantFrom("adaptiveCard/action", "task/fetch", "task/submit", "signin/verifyState"),
            text,
          ),
          words: text,
          changes: fc.array(warped, { maxLength: 3 }),
        }),
      ),
      (activities) =>
        all(activities, ({ who, inGroup, type, name, words, changes }) => {
          const whole = { ...base(who, inGroup), type, name, text: words };
          return post(changes.reduce<unknown>((a, change) => change(a as Json), whole));
        }),
    ),
    share(0.2),
  ));

test("anything typed in any chat", () =>
  fc.assert(
    fc.asyncProperty(
      several(
        fc.record({
          who: someone,
          inGroup: fc.boolean(),
          before: fc.constantFrom("", "case ", "<at>Epilogue</at> case ", "register "),
          words: text,
          also: value,
        }),
      ),
      (messages) =>
        all(messages, ({ who, inGroup, before, words, also }) => {
          const mention = {
            type: "mention",
            text: words,
            mentioned: { id: `28:${running.teams.local.appId}`, name: words },
          };
          return post({
            ...base(who, inGroup),
            text: `${before}${words}`,
            entities: [mention],
            channelData: { tenant: { id: running.teams.local.tenantIds.awardingBody }, extra: also },
          });
        }),
    ),
    share(0.1),
  ));

const heads = fc.dictionary(
  fc.constantFrom(
    "content-type",
    "authorization",
    "accept",
    "accept-encoding",
    "content-encoding",
    "x-forwarded-for",
    "origin",
    "if-none-match",
    "range",
  ),
  fc.oneof(
    fc.constantFrom(
      "application/json",
      "application/json; charset=utf-16",
      "text/plain",
      "multipart/form-data; boundary=x",
      "Bearer x.y.z",
      "gzip",
      "*",
      '"x"',
      "bytes=0-",
    ),
    fc.string({ maxLength: 30 }).map((s) => s.replace(/[^\x20-\x7e]/g, "?")),
  ),
);
const paths = fc.oneof(
  fc.constantFrom(
    "/",
    "/tab",
    "/tab/",
    "/tab/main.js",
    "/api/tab/cases",
    "/healthz",
    "/readyz",
    "/api/messages",
    "/panel/configure",
    "/nothing",
    "/api",
    "//",
    "/%E0%A4%A",
    "/..%2f..%2fetc/passwd",
    "/tab/..%2f..%2fmain.cjs",
    "/api/messages/%00",
    "/.git/config",
  ),
  fc.webPath().map((path) => `/${path}`.replace(/[^\x21-\x7e]/g, "%20")),
);
const query = fc.oneof(
  fc.constant(""),
  fc.webQueryParameters().map((q) => `?${q}`),
  fc.constantFrom(
    "?after=%00",
    "?after[]=1&after=2",
    "?__proto__=1",
    "?list=cases&after=-1",
    "?show=due&show=cases",
    "?%E0%A4%A",
  ),
);
const bodies = fc.oneof(
  value.map((x) => JSON.stringify(x) ?? ""),
  text,
  fc.constantFrom(
    "{",
    "[".repeat(30_000),
    `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`,
    '{"type":"message","type":1e999}',
    "\ufeff{}",
    JSON.stringify("x".repeat(300_000)),
  ),
);

test("any request to any route", () =>
  fc.assert(
    fc.asyncProperty(
      several(
        fc.record({
          method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
          path: paths,
          query,
          headers: heads,
          body: bodies,
          who: fc.option(fc.constantFrom("cora", "ada", "stranger"), { nil: undefined }),
        }),
      ),
      (requests) =>
        all(requests, async ({ method, path, query: asking, headers, body, who }) => {
          const { token } = who
            ? await running.teams.local.perform({ do: "tab.token", as: who })
            : { token: undefined };
          const signed: Record<string, string> =
            token && path.startsWith("/api/tab") ? { authorization: `Bearer ${token}` } : {};
          const bare = method === "GET" || method === "HEAD";
          return send(running.url, {
            method,
            path: `${path}${asking}`,
            headers: { ...headers, ...signed },
            ...(bare ? {} : { body }),
          });
        }),
    ),
    share(0.1),
  ));

test("afterwards the record is whole and holds only what somebody might press, and everyone is still answered", async () => {
  const { teams, service } = running;
  await teams.settled();
  const { faults, events } = await ledger.faults(asked);
  expect(faults).toEqual([]);
  // Some of what was sent was lawful: had nothing come through, nothing would have been tried.
  expect(events).toBeGreaterThan(0);
  expect(logged).toEqual([]);
  for (const who of ["cora", "ben", "ada"]) {
    await teams.as(who).say("help");
    expect(await teams.as(who).lastWords()).toContain("Epilogue");
  }
  await teams.as("cora").say("cases");
  expect(await teams.as("cora").lastWords()).toContain("EX-2026-01");
  await expect(service.ports.store.ready()).resolves.toBeUndefined();
});
