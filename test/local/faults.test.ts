import { localTeams, type Teams } from "../support/teams";
import { botToken, TryBot } from "./tryBot";

let teams: Teams;
let own: string;
let token: string;

beforeEach(async () => {
  const bot = new TryBot();
  teams = await localTeams({ bot: (local) => bot.start(local) });
  own = (await teams.as("ben").chat()).id;
  token = await botToken(teams.local);
});
afterEach(() => teams.stop());

const send = (text: string) =>
  fetch(`${teams.local.serviceUrl}v3/conversations/${encodeURIComponent(own)}/activities`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ type: "message", text }),
  });
const texts = async () => (await teams.as("ben").messages()).map(({ text }) => text);

describe("faults ordered by a test", () => {
  test("fail the next call only, with nothing done", async () => {
    teams.local.faults.next({ route: "send", status: 502 });
    expect((await send("one")).status).toBe(502);
    expect((await send("two")).status).toBe(201);
    expect(await texts()).toEqual(["two"]);
  });

  test("carry Retry-After and Microsoft's code", async () => {
    teams.local.faults.next({ route: "send", status: 429, retryAfter: 7, code: "Throttled", times: 2 });
    await send("one");
    const response = await send("two");
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.json()).toMatchObject({ error: { code: "Throttled" } });
    expect((await send("three")).status).toBe(201);
  });

  test("lose the answer after the work is done", async () => {
    teams.local.faults.next({ route: "send", status: 504, afterEffect: true });
    expect((await send("one")).status).toBe(504);
    expect(await texts()).toEqual(["one"]);
  });

  test("cut the connection", async () => {
    teams.local.faults.next({ route: "send", status: 0, afterEffect: true });
    await expect(send("one")).rejects.toThrow();
    expect(await texts()).toEqual(["one"]);
  });

  test("strike one conversation, or the token endpoint", async () => {
    teams.local.faults.next({ route: "send", status: 502, to: "19:other@thread.v2" });
    expect((await send("one")).status).toBe(201);
    teams.local.faults.next({ route: "token", status: 503 });
    expect(await botToken(teams.local)).toBeUndefined();
  });
});

describe("a bot that fails", () => {
  test("leaves the person's message marked as not delivered", async () => {
    teams.local.connect("http://127.0.0.1:1/api/messages");
    expect(await teams.as("ben").say("hello")).toMatchObject({ failed: expect.stringContaining("Epilogue") });
  });
});
