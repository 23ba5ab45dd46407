import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import jwt from "jsonwebtoken";
import type { LiveEvent, Snapshot, TrafficDetail, TrafficLine } from "../../bot/local/protocol";
import { localTeams, type Teams } from "../support/teams";
import { TryBot } from "./tryBot";

let teams: Teams;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "page-"));
  writeFileSync(path.join(folder, "index.html"), "<!doctype html><title>Local Teams</title>");
  const bot = new TryBot();
  teams = await localTeams({
    bot: (local) => bot.start(local),
    pageFolder: folder,
    app: { tabs: [{ id: "cases", name: "Cases", url: "http://127.0.0.1:9/tab" }] },
    deadlines: async () => [
      { label: "Report due", sub: "EX-2, Ada Example", at: "2026-06-01T00:00:00Z" },
      { label: "Portfolio due", sub: "EX-1, Ada Example", at: "2026-05-26T00:00:00Z" },
    ],
  });
});
afterEach(async () => {
  await teams.stop();
  rmSync(folder, { recursive: true });
});

const get = (name: string, headers = {}) => fetch(`${teams.local.url}${name}`, { headers });
const json = async <T>(name: string) => (await (await get(name)).json()) as T;
const doIt = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${teams.local.url}/api/do`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** `fetch` will not lie about Host. */
const withHost = (host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    http
      .get(`${teams.local.url}/api/state?as=ada`, { headers: { host } }, (r) => resolve(r.resume().statusCode))
      .on("error", reject);
  });

describe("the page's calls", () => {
  test("give all that is drawn round a chat", async () => {
    await teams.as("ada").say("hello");
    const ada = await json<Snapshot>("/api/state?as=ada");
    expect(ada.chats[0]).toMatchObject({ title: "Epilogue", hasBot: true, last: { preview: "echo: hello" } });
    expect(ada.people.find(({ id }) => id === "ada")).toMatchObject({ role: "Apprentice", initials: "AE", unread: 1 });
    expect(ada.people.find(({ id }) => id === "priya")).toMatchObject({ hasTeams: false });
    expect((await json<Snapshot>("/api/state?as=priya")).chats).toEqual([]);
    expect(await json<Snapshot>("/api/state")).toMatchObject({ people: ada.people, chats: [], mail: [], meetings: [] });
  });

  test("do what a person does, and mark what was seen", async () => {
    await teams.as("ada").say("hello");
    const opened = await (await doIt({ do: "chat.open", as: "ada", chatId: "bot" })).json();
    expect(opened.messages.map(({ text }: { text: string }) => text)).toEqual(["hello", "echo: hello"]);
    expect((await json<Snapshot>("/api/state?as=ada")).people.find(({ id }) => id === "ada")?.unread).toBe(0);
  });

  test("list the deadlines, soonest first", async () => {
    expect((await json<{ label: string }[]>("/api/deadlines")).map(({ label }) => label)).toEqual([
      "Portfolio due",
      "Report due",
    ]);
  });

  test("log the traffic, with bodies to open", async () => {
    await teams.as("ada").say("hello");
    const lines = await json<TrafficLine[]>("/api/traffic");
    expect(
      lines.map(({ direction, method, path, status, summary }) => [direction, method, path, status, summary]),
    ).toEqual(
      expect.arrayContaining([
        ["toBot", "POST", "/api/messages", 200, "message: hello"],
        ["fromBot", "POST", expect.stringContaining("/activities"), 201, "message: echo: hello"],
      ]),
    );
    const last = lines.at(-1)?.n ?? 0;
    expect(await json<TrafficDetail>(`/api/traffic/${last}`)).toMatchObject({ request: { text: "hello" } });
    expect(await json<TrafficLine[]>(`/api/traffic?after=${last}`)).toEqual([]);
    expect((await get("/api/traffic/999")).status).toBe(404);
  });

  test("stream what changes", async () => {
    const stop = new AbortController();
    const stream = await fetch(`${teams.local.url}/api/events`, { signal: stop.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await teams.as("ada").say("hello");
    await teams.local.clock.advance(60_000);
    let heard = "";
    while (!heard.includes('"type":"clock"')) heard += (await reader?.read())?.value ?? "";
    stop.abort();
    const events = [...heard.matchAll(/data: (.*)\n\n/g)].map(([, line]) => JSON.parse(String(line)) as LiveEvent);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["chat", "state", "traffic", "clock"]));
    expect(events.find(({ type }) => type === "chat")).toMatchObject({ people: ["ada"] });
  });

  test("add people of every kind, who can be played at once", async () => {
    const add = { do: "people.add", role: "Employer", name: "Wil Wording" };
    const { personId } = await (await doIt({ ...add, kind: "federated" })).json();
    expect(personId).toBe("wil");
    await teams.as("Wil Wording").say("hello");
    expect((await (await doIt({ ...add, kind: "mailOnly" })).json()).personId).toBe("wil-2");
    expect((await doIt({ do: "chat.open", as: "wil-2", chatId: "bot" })).status).toBe(409);
  });

  test("start a new case by saying register as the coordinator", async () => {
    const { personId, chatId } = await (await doIt({ do: "case.new" })).json();
    expect(personId).toBe("cora");
    const [first] = (await teams.as("cora").chat()).messages;
    expect(first).toMatchObject({ text: "register", from: { id: "cora" } });
    expect((await teams.as("cora").chat()).id).toBe(chatId);
  });

  test("give a tab its person's token, checkable with the published key", async () => {
    const { token } = await (await doIt({ do: "tab.token", as: "dev" })).json();
    const { sso, tenantIds } = teams.local;
    const { keys } = await (await fetch(sso.jwksUrl)).json();
    const key = await crypto.subtle.importKey("jwk", keys[0], { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, true, [
      "verify",
    ]);
    const [head, body, signature] = token.split(".");
    const signed = new TextEncoder().encode(`${head}.${body}`);
    expect(await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, Buffer.from(signature, "base64url"), signed)).toBe(
      true,
    );
    expect(jwt.decode(token)).toMatchObject({
      aud: sso.audience,
      iss: sso.issuer(tenantIds.employer),
      tid: tenantIds.employer,
      name: "Dev Fiction",
    });
    expect((await doIt({ do: "tab.token", as: "visitor" })).status).toBe(409);
  });

  test("give Graph's view of a person to the bot, not to others", async () => {
    const { graphUrl, people } = teams.local;
    const ben = people().find(({ id }) => id === "ben")?.aadObjectId;
    expect((await fetch(`${graphUrl}/users/${ben}`)).status).toBe(401);
  });
});

describe("what is refused", () => {
  test.each([
    ["not JSON", "{", 400],
    ["an unknown deed", { do: "bot.destroy" }, 400],
    ["a missing part", { do: "chat.send", as: "ada" }, 400],
    ["an unknown person", { do: "chat.open", as: "nobody", chatId: "bot" }, 404],
    ["somebody else's chat", { do: "chat.open", as: "ada", chatId: "19:other@thread.v2" }, 404],
    [
      "a closed dialog",
      { do: "dialog.submit", as: "ada", dialogId: "d1", action: { type: "Action.Submit", data: {} } },
      404,
    ],
    ["a group with someone who has no Teams", { do: "group.create", as: "cora", title: "x", members: ["priya"] }, 409],
    ["a group with an anonymous guest", { do: "group.create", as: "cora", title: "x", members: ["visitor"] }, 409],
    ["nothing said", { do: "chat.send", as: "ada", chatId: "bot", text: "  " }, 400],
  ])("%s", async (_, body, status) => {
    const response = await doIt(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ code: expect.any(String), message: expect.any(String) });
  });

  test("another site's page, by Origin, by fetch metadata or by a name of its own for this computer", async () => {
    const deed = { do: "case.new" };
    expect((await doIt(deed, { origin: "https://evil.example" })).status).toBe(403);
    expect((await doIt(deed, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await doIt(deed, { "content-type": "text/plain" })).status).toBe(415);
    expect(await withHost("evil.example")).toBe(403);
    expect(await withHost(new URL(teams.local.url).host)).toBe(200);
    expect((await doIt(deed, { origin: teams.local.url })).status).toBe(200);
    expect(teams.local.traffic.after(0).filter(({ summary }) => summary === "message: register")).toHaveLength(1);
  });

  test("files outside the page's folder", async () => {
    const page = await get("/");
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Local Teams");
    expect(page.headers.get("content-security-policy")).toContain("frame-src 'self' http://127.0.0.1:9;");
    for (const name of ["/%2e%2e/package.json", "/..%2f..%2fetc/hosts", "/missing.js", "/%E0%A4%A"])
      expect((await get(name)).status).toBeGreaterThanOrEqual(400);
  });
});
