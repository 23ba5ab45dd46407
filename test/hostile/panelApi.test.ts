import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { Sql } from "../../bot/store/sql";
import { panelCommands } from "../../src/panel/shape";
import { temporaryFolder } from "../store/folder";
import { type Journey, journey, people, spare, tquk } from "../support/case";
import { PARTNER, STRANGER, seconds } from "../web/entra";
import { type As, Office, oidOf } from "../web/office";

/**
 * What strangers, forgers and colleagues send to the routes of panel and tab: each is refused with a plain code, and the store
 * is, byte for byte, what it was.
 */

const method = "discussion";
const running = journey(tquk).upTo("booked").started(method);
const others = journey(tquk, "case-2").registered({ ref: "EX-2026-0162" }).upTo("booked");
const assessor: As = { person: people.assessor };
const coordinator: As = { person: people.coordinator };

let office: Office;
let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
  const page = temporaryFolder();
  mkdirSync(page, { recursive: true });
  writeFileSync(path.join(page, "index.html"), "<!doctype html><title>Panel</title>");
  office = await new Office(folder).start({ panelFolder: page });
  for (const role of ["assessor", "iqa", "coordinator", "auditor"] as const)
    await office.staff(tquk.body.id, people[role], [role]);
  await office.bind(spare.assessor, "Una Untrue");
  await office.staff(tquk.body.id, spare.assessor, ["assessor"]);
  await office.put(others);
  await office.put(running);
  office.now = running.now;
});
afterAll(() => office.stop());

/** Every row of every table. */
function everything(): string {
  const sql = Sql.read(path.join(folder, "epilogue.db"));
  try {
    const tables = sql.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    return tables.map(({ name }) => `${name} ${JSON.stringify(sql.all(`SELECT * FROM "${name}"`))}`).join("\n");
  } finally {
    sql.close();
  }
}
let before: string;
beforeEach(() => {
  before = everything();
});
/** Nothing was written, and no token came into the log. */
function untouched(): void {
  expect(everything()).toBe(before);
  expect(office.lines.join("\n")).not.toMatch(/eyJ[\w-]{8}/);
}

const press = (type: string, data: object, over: object = {}) => ({
  id: randomUUID(),
  caseId: running.id,
  command: { type, data: { method, ...data } },
  occurred: { device: new Date(office.now).toISOString(), monotonic: 1e8, origin: "page", serverOffset: 0 },
  device: "computer",
  ...over,
});
const sent = () => ({ device: new Date(office.now).toISOString(), monotonic: 1e8, origin: "page" });
const batch = (...commands: object[]) => ({ sent: sent(), commands });
const note = (text: string, over: object = {}) => press("session.note", { text, criteria: [] }, over);
const codes = async (response: Response): Promise<unknown[]> => {
  const { answers } = (await response.json()) as { answers: { kind: string; problems?: { code: string }[] }[] };
  return answers.map((a) => (a.kind === "refused" ? a.problems?.map((p) => p.code).join() : a.kind));
};
/** A plain refusal: the code, where to look in the log, and nothing else. */
async function refusedWith(response: Response, status: number): Promise<void> {
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({
    error: { code: expect.stringMatching(/^[A-Z]\w+$/), correlationId: expect.any(String) },
  });
}

test("the store that is compared is the whole store: what is lawful shows in it", async () => {
  expect(await codes(await office.commands(assessor, batch(note("Calm"))))).toEqual(["done"]);
  expect(everything()).not.toBe(before);
});

// ---- tokens -----------------------------------------------------------------------------------------------------

const routes: [string, (as: As) => Promise<Response>][] = [
  ["reading the panel", (as) => office.panel(as, `?case=${running.id}&method=${method}`)],
  ["the panel's commands", (as) => office.commands(as, batch(note("x")))],
  ["the lists", (as) => office.ask(as)],
  ["the work queue", (as) => office.work(as, "queue")],
  ["allocation", (as) => office.work(as, "allocate", allocation())],
  ["registration", (as) => office.work(as, "register", { do: "register", rows: [["Apprentice"], ["Ada"]] })],
  ["the banks", (as) => office.work(as, "banks")],
];
const allocation = () => ({ id: randomUUID(), role: "assessor", person: spare.assessor, cases: [running.id] });

const otherKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
function forgeries(): Record<string, string | undefined> {
  const { entra } = office;
  const oid = oidOf(people.coordinator);
  const good = entra.token({ oid });
  return {
    none: undefined,
    "no token": "Bearer x",
    expired: `Bearer ${entra.token({ oid }, { exp: seconds(-120) })}`,
    "not valid yet": `Bearer ${entra.token({ oid }, { nbf: seconds(600) })}`,
    "of a foreign tenant": `Bearer ${entra.token({ oid, tid: STRANGER })}`,
    "of a foreign tenant's issuer": `Bearer ${entra.token({ oid }, { iss: entra.signIn.issuer(PARTNER) })}`,
    "for another audience": `Bearer ${entra.token({ oid }, { aud: STRANGER })}`,
    "for Graph": `Bearer ${entra.token({ oid }, { aud: "https://graph.microsoft.com" })}`,
    "of an app": `Bearer ${entra.token({ oid }, { scp: undefined, roles: ["coordinator"] })}`,
    "without algorithm": `Bearer ${entra.unsigned({ oid })}`,
    "without algorithm, with a signature": `Bearer ${entra.unsigned({ oid })}AAAA`,
    "signed with the public key as a secret": `Bearer ${entra.symmetric({ oid })}`,
    "signed by somebody else": `Bearer ${entra.token({ oid }, {}, {}, otherKey)}`,
    "that brings its own key": `Bearer ${entra.token({ oid }, {}, { header: { alg: "RS256", jku: "https://evil.example/keys" } }, otherKey)}`,
    "cut short": `Bearer ${good.slice(0, -4)}`,
    "in another scheme": `Basic ${good}`,
  };
}

test.each(routes)("%s: tokens that do not count are refused, and read nothing", async (_, ask) => {
  office.reads = 0;
  for (const [what, authorization] of Object.entries(forgeries())) {
    const response = await ask(authorization === undefined ? {} : { authorization });
    expect([what, response.status, response.headers.get("www-authenticate")]).toEqual([what, 401, "Bearer"]);
    expect(await response.json()).toEqual({ error: { code: "SignInNeeded", correlationId: expect.any(String) } });
  }
  expect(office.reads).toBe(0);
  untouched();
});

test("a token in the address or the body is none", async () => {
  const token = office.entra.token({ oid: oidOf(people.coordinator) });
  await refusedWith(await fetch(`${office.url}/api/panel?access_token=${token}`), 401);
  const body = JSON.stringify({ ...batch(note("x")), token, authorization: `Bearer ${token}` });
  const headers = { "content-type": "application/json", cookie: `authorization=${token}` };
  await refusedWith(await fetch(`${office.url}/api/panel/commands`, { method: "POST", headers, body }), 401);
  untouched();
});

// ---- other people's sessions, forged roles, replays -------------------------------------------------------------

const strangers = ["apprentice", "employer", "provider", "iqa", "coordinator", "auditor"] as const;
const samples: Readonly<Record<(typeof panelCommands)[number], object>> = {
  "session.draw": {},
  "session.start": {
    identityChecked: true,
    conditions: ["controlled"],
    recording: false,
    consent: false,
    storage: true,
  },
  "session.pause": { reason: "x" },
  "session.resume": {},
  "session.questions": { part: "open" },
  "session.ask": { text: "Why?", kind: "followUp", criteria: [] },
  "session.unask": { question: "one", reason: "x" },
  "session.note": { text: "x", criteria: [] },
  "session.correctNote": { note: "one", text: "x", criteria: [] },
  "session.mark": { marks: { "discussion-P1": "met" } },
  "session.present": { who: ["apprentice"], others: "x" },
  "session.descriptors": { ticked: [] },
  "session.end": { reason: "x", discretion: true },
  "grade.confirm": { grade: "pass", declared: true },
};

test.each(panelCommands)("%s: of nobody but the session's own assessor", async (type) => {
  for (const role of strangers)
    expect([
      role,
      await codes(await office.commands({ person: people[role] }, batch(press(type, samples[type])))),
    ]).toEqual([role, ["NOT_ALLOWED"]]);
  // Another assessor of the same body: to them there is no such case.
  for (const caseId of [running.id, others.id, "case-9"])
    expect(
      await codes(await office.commands({ person: spare.assessor }, batch(press(type, samples[type], { caseId })))),
    ).toEqual(["NO_SUCH_CASE"]);
  untouched();
});

test("a role, a person or a lifted rule that is claimed in the request is refused with it", async () => {
  const claims = [
    { role: "assessor" },
    { actor: { person: people.assessor, staff: { bodyId: tquk.body.id, roles: ["assessor"] } } },
    { by: people.assessor },
    { onBehalfOf: { role: "apprentice", channel: "phone", evidence: "x" } },
    { overrides: [{ rule: "R18", reason: "x" }] },
    { seen: 0 },
  ];
  for (const claim of claims)
    for (const as of [{ person: people.apprentice }, assessor]) {
      await refusedWith(await office.commands(as, batch(note("x", claim))), 400);
      await refusedWith(await office.commands(as, { ...batch(note("x")), ...claim }), 400);
      const inside = press("session.note", { text: "x", criteria: [], ...claim });
      expect(await codes(await office.commands(assessor, batch(inside)))).toEqual(["INPUT_UNREADABLE"]);
    }
  untouched();
});

test("commands that the panel has not are none of its, whoever sends them", async () => {
  for (const type of [
    "results.release",
    "rule.lift",
    "staff.allocate",
    "case.withdraw",
    "meeting.note",
    "constructor",
    "__proto__",
    "",
  ])
    for (const as of [assessor, coordinator])
      expect([type, await codes(await office.commands(as, batch(press(type, {}))))]).toEqual([
        type,
        ["INPUT_UNREADABLE"],
      ]);
  untouched();
});

test("sent again with its id: the same is answered as it was; another content, or another sender, is refused", async () => {
  const first = note("Said once");
  const ask = async (as: As, command: object) =>
    (await (await office.commands(as, batch(command))).json()) as { answers: object[] };
  const [answered] = (await ask(assessor, first)).answers;
  expect(answered).toMatchObject({ kind: "done", repeat: false });
  before = everything();
  expect((await ask(assessor, first)).answers).toEqual([{ ...answered, repeat: true }]);
  expect((await ask(assessor, first)).answers).toEqual([{ ...answered, repeat: true }]);
  const changes = [
    { ...first, command: { type: "session.note", data: { method, text: "Said otherwise", criteria: [] } } },
    { ...first, command: { type: "session.note", data: { method, text: "Said once", criteria: ["discussion-P1"] } } },
    { ...first, command: { type: "session.pause", data: { method, reason: "x" } } },
  ];
  for (const changed of changes)
    expect(await codes(await office.commands(assessor, batch(changed)))).toEqual(["COMMAND_ID_REUSED"]);
  for (const role of strangers)
    expect(await codes(await office.commands({ person: people[role] }, batch(first)))).toEqual(["NOT_ALLOWED"]);
  untouched();
});

// ---- shapes -----------------------------------------------------------------------------------------------------

const deep = (open: string, close: string, n: number) => open.repeat(n) + close.repeat(n);
/** Text in the place of a note's words, as it stands in the JSON. */
const raw = (over: string) => JSON.stringify(batch(note("@@"))).replace('"@@"', over);

test.each<[string, () => unknown, number]>([
  ["a note of 1 MB", () => batch(note("x".repeat(1_000_000))), 413],
  ["a note of 1 MB in signs of four bytes", () => batch(note("😀".repeat(250_000))), 413],
  ["50 notes of 20 kB", () => batch(...Array.from({ length: 50 }, () => note("x".repeat(20_000)))), 413],
  ["51 commands", () => batch(...Array.from({ length: 51 }, () => note("x"))), 400],
  ["no commands", () => batch(), 400],
  ["no batch", () => [], 400],
  ["null", () => "null", 400],
  ["a number", () => "1", 400],
  ["nothing", () => "", 400],
  ["half a batch", () => JSON.stringify(batch(note("x"))).slice(0, -5), 400],
  ["lists 100,000 deep", () => deep("[", "]", 100_000), 400],
  ["objects 50,000 deep", () => `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`, 400],
  ["a field of its own", () => ({ ...batch(note("x")), more: 1 }), 400],
  ["a field of its own in a command", () => batch(note("x", { more: 1 })), 400],
  ["a field of its own in a clock", () => ({ ...batch(note("x")), sent: { ...sent(), more: 1 } }), 400],
  ["a prototype", () => `{"__proto__":{"kind":"done"},${JSON.stringify(batch(note("x"))).slice(1)}`, 400],
  ["a constructor", () => ({ ...batch(note("x")), constructor: { prototype: { staff: true } } }), 400],
  ["a number beyond numbers", () => JSON.stringify(batch(note("x"))).replace("100000000", "1e999"), 400],
  [
    "a time that is none",
    () => batch(note("x", { occurred: { ...note("x").occurred, device: "2026-02-30T25:00:00Z" } })),
    400,
  ],
  ["an id that is none", () => batch(note("x", { id: "../../c-1" })), 400],
  ["an id of another type", () => batch(note("x", { id: { $ne: null } })), 400],
  ["a case that is none", () => batch(note("x", { caseId: "x".repeat(65) })), 400],
  ["a device that is none", () => batch(note("x", { device: "toaster" })), 400],
])("%s is refused whole", async (_, body, status) => {
  await refusedWith(await office.commands(assessor, body()), status);
  untouched();
});

test.each<[string, () => unknown]>([
  ["words 100,000 deep", () => raw(deep("[", "]", 100_000))],
  ["an object for words", () => raw('{"text":"x"}')],
  ["words with a prototype", () => raw('{"__proto__":{"text":"x"}}')],
  ["words over their measure", () => batch(note("x".repeat(8_001)))],
  ["blank words", () => batch(note(" \n\t "))],
  ["a prototype for a criterion", () => batch(press("session.note", { text: "x", criteria: [{ __proto__: null }] }))],
  [
    "a prototype in the data",
    () => JSON.stringify(batch(note("x"))).replace('"criteria":[]', '"criteria":[],"__proto__":{"a":1}'),
  ],
  ["marks that are none", () => batch(press("session.mark", { marks: { "discussion-P1": "superb" } }))],
])("%s: the command is refused by itself", async (_, body) => {
  expect(await codes(await office.commands(assessor, body()))).toEqual(["INPUT_UNREADABLE"]);
  untouched();
});

test("keys of every object's own are no criteria, and change no object", async () => {
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"]) {
    const body = JSON.stringify(batch(press("session.mark", { marks: { "@@": "met" } }))).replace(
      '"@@"',
      JSON.stringify(key),
    );
    const answered = await codes(await office.commands(assessor, body));
    const beside = body.replace('"marks":{', '"marks":{"discussion-P1":"met",');
    expect([key, await codes(await office.commands(assessor, beside))]).toEqual([key, answered]);
    expect([key, answered]).toEqual([key, [expect.stringMatching(/^(NO_SUCH_CRITERION|INPUT_UNREADABLE)$/)]]);
  }
  expect(({} as Record<string, unknown>).met).toBeUndefined();
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  untouched();
});

test.each([
  ["text/plain", 415],
  ["application/x-www-form-urlencoded", 415],
  ["multipart/form-data; boundary=x", 415],
  ["application/jsonp", 415],
  ["application/cloudevents+json", 415],
  ["", 415],
])("a body of type %p is refused at every door", async (type, status) => {
  const body = JSON.stringify(batch(note("x")));
  for (const where of ["panel/commands", "tab/allocate", "tab/register", "tab/banks"]) {
    const token = office.entra.token({ oid: oidOf(people.coordinator) });
    const headers = { authorization: `Bearer ${token}`, "content-type": type };
    await refusedWith(await fetch(`${office.url}/api/${where}`, { method: "POST", headers, body }), status);
    await refusedWith(
      await fetch(`${office.url}/api/${where}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", "content-encoding": "br" },
        body,
      }),
      415,
    );
  }
  untouched();
});

test("2 MB is refused at every door", async () => {
  const big = JSON.stringify({ x: "x".repeat(2_000_000) });
  for (const where of ["allocate", "register", "banks"])
    await refusedWith(await office.work(coordinator, where, big), 413);
  await refusedWith(await office.commands(assessor, big), 413);
  untouched();
});

test.each(["PUT", "PATCH", "DELETE", "OPTIONS", "POST"])(
  "%s where it is no way in: 405, and no other site is let in",
  async (verb) => {
    const headers = {
      authorization: `Bearer ${office.entra.token({ oid: oidOf(people.assessor) })}`,
      origin: "https://evil.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
      "x-http-method-override": "GET",
    };
    const doors = [
      "/api/panel",
      ...(verb === "POST" ? [] : ["/api/panel/commands"]),
      "/api/tab/queue",
      "/api/tab/cases",
    ];
    for (const door of doors) {
      const response = await fetch(`${office.url}${door}`, { method: verb, headers });
      expect([door, response.status]).toEqual([door, 405]);
      expect([...response.headers.keys()].filter((h) => h.startsWith("access-control"))).toEqual([]);
    }
    untouched();
  },
);

test("a way in is one of its own verb only: commands are not read, the panel is not posted", async () => {
  expect((await fetch(`${office.url}/api/panel/commands`)).status).toBe(405);
  untouched();
});

test("two lengths, or a length beside chunks, are no request", async () => {
  const { port } = new URL(office.url);
  const token = office.entra.token({ oid: oidOf(people.assessor) });
  const body = JSON.stringify(batch(note("smuggled")));
  const tell = (lines: string[]) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1");
      let heard = "";
      socket
        .on("data", (chunk) => {
          heard += String(chunk);
        })
        .on("close", () => resolve(heard))
        .on("error", () => undefined);
      socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
    });
  const head = [
    "POST /api/panel/commands HTTP/1.1",
    "Host: x",
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
  ];
  for (const lengths of [
    [`Content-Length: ${body.length}`, "Content-Length: 5"],
    [`Content-Length: ${body.length}`, "Transfer-Encoding: chunked"],
  ])
    expect(await tell([...head, ...lengths])).toMatch(/^HTTP\/1.1 400 /);
  untouched();
});

// ---- pace and headers -------------------------------------------------------------------------------------------

test("whoever asks without end is told for how long to wait; nothing of it is written", async () => {
  const own = temporaryFolder();
  const slow = await new Office(own).start({ burst: 2 });
  try {
    await slow.staff(tquk.body.id, people.assessor, ["assessor"]);
    await slow.put(running as Journey);
    slow.now = running.now;
    for (let n = 0; n < 2; n += 1) expect((await slow.commands(assessor, batch(note("x")))).status).toBe(200);
    const revision = (await slow.store.head(`case:${running.id}`))?.revision;
    const response = await slow.commands(assessor, batch(note("x")));
    const wait = response.headers.get("retry-after");
    await refusedWith(response, 429);
    expect(wait).toMatch(/^[1-9]\d*$/);
    expect((await slow.store.head(`case:${running.id}`))?.revision).toBe(revision);
  } finally {
    await slow.stop();
  }
});

test("the page may be framed by Microsoft's hosts alone, and by nobody else's script; answers by nobody", async () => {
  const page = await fetch(`${office.url}/panel`);
  const policy = page.headers.get("content-security-policy") ?? "";
  const ancestors = /frame-ancestors ([^;]+)/.exec(policy)?.[1]?.split(" ") ?? [];
  expect(ancestors.length).toBeGreaterThan(3);
  for (const host of ancestors)
    expect(host).toMatch(
      /^https:\/\/(\*\.)?[a-z0-9.]*(microsoft\.com|cloud\.microsoft|microsoft365\.com|office\.com|office365\.com)$/,
    );
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|data:|blob:/);
  for (const [, ask] of routes) {
    const answered = await ask(assessor);
    expect(answered.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(answered.headers.get("cache-control")).toBe("private, no-store");
    expect(answered.headers.get("x-content-type-options")).toBe("nosniff");
    expect([...answered.headers.keys()].filter((h) => h.startsWith("access-control"))).toEqual([]);
  }
});
