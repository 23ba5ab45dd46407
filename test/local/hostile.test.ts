import fc from "fast-check";
import { localTeams, type Teams } from "../support/teams";
import { botToken, TryBot } from "./tryBot";

let teams: Teams;
let token: string;
let own: string;
let message: string;

beforeAll(async () => {
  const bot = new TryBot();
  teams = await localTeams({ bot: (local) => bot.start(local) });
  token = await botToken(teams.local);
  const ben = teams.as("ben");
  message = (await ben.say("hello")).id;
  own = (await ben.chat()).id;
});
afterAll(() => teams.stop());

const attachment = (content: fc.Arbitrary<unknown>) =>
  fc.record({ contentType: fc.constant("application/vnd.microsoft.card.adaptive"), content });
const cardLike = fc.record(
  {
    type: fc.constant("AdaptiveCard"),
    version: fc.constantFrom("1.5", "1.6", null),
    body: fc.jsonValue(),
    actions: fc.jsonValue(),
    refresh: fc.oneof(fc.jsonValue(), fc.record({ action: fc.jsonValue(), userIds: fc.jsonValue() })),
  },
  { requiredKeys: ["type"] },
);
const anything = fc.oneof(
  fc.jsonValue(),
  fc.record({ type: fc.constant("message"), text: fc.jsonValue(), attachments: fc.jsonValue() }),
  fc.record({ type: fc.constant("message"), attachments: fc.array(attachment(cardLike)) }),
  fc.record({ members: fc.array(fc.jsonValue()), channelData: fc.jsonValue(), activity: fc.jsonValue() }),
  fc.record({ value: fc.record({ recipients: fc.jsonValue() }) }),
);
const piece = fc.oneof(fc.constantFrom("%E0%A4%A", "..", "%00", "x"), fc.constant("own"), fc.constant("message"));

/** Sends a body as it is and gives the status. */
async function status(method: string, path: string, body: string): Promise<number> {
  teams.local.pace.skip(60_000);
  const response = await fetch(`${teams.local.url}${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    ...(method === "GET" ? {} : { body }),
  });
  await response.text();
  return response.status;
}

describe("whatever is sent, nothing breaks", () => {
  test("to the connector", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ["POST", "v3/conversations"],
          ["POST", "v3/conversations/A/activities"],
          ["PUT", "v3/conversations/A/activities/B"],
          ["DELETE", "v3/conversations/A/activities/B"],
          ["GET", "v3/conversations/A/members/B"],
          ["GET", "v3/conversations/A/pagedmembers?pageSize=-1&continuationToken=!"],
          ["GET", "v1/meetings/A/participants/B"],
          ["POST", "v1/meetings/A/notification"],
        ),
        piece,
        piece,
        anything,
        async ([method = "", path = ""], a, b, body) => {
          const named = (one: string) => (one === "own" ? encodeURIComponent(own) : one === "message" ? message : one);
          const full = path.replace("/A", `/${named(a)}`).replace("/B", `/${named(b)}`);
          expect(await status(method, `/uk/${full}`, JSON.stringify(body))).toBeLessThan(500);
        },
      ),
      { numRuns: 400 },
    ));

  test("to the page's calls", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            do: fc.constantFrom(
              "chat.send",
              "card.press",
              "dialog.submit",
              "group.create",
              "people.search",
              "clock.set",
            ),
            as: fc.constantFrom("ben", "ada", "nobody"),
            chatId: fc.constantFrom("bot", "x"),
            text: fc.string(),
            at: fc.string(),
          }),
        ),
        async (body) => {
          expect(await status("POST", "/api/do", JSON.stringify(body))).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    ));

  test.each([
    ["deep nesting", "[".repeat(50_000)],
    ["deep nesting, whole", `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
    ["not JSON", "{"],
    ["nothing", ""],
    ["brackets in a string only, which is no nesting", JSON.stringify("[".repeat(5_000))],
    ["far too much", JSON.stringify("x".repeat(2_000_000))],
  ])("%s", async (_, body) => {
    for (const path of [`/uk/v3/conversations/${encodeURIComponent(own)}/activities`, "/api/do"]) {
      const got = await status("POST", path, body);
      expect(got).toBeGreaterThanOrEqual(400);
      expect(got).toBeLessThan(500);
    }
  });

  test.each(["/api/mail/%E0%A4%A?as=ada", "/api/traffic/x", "/api/state?as=%00", "/%E0%A4%A", "/api/none"])(
    "GET %s",
    async (path) => {
      const got = await status("GET", path, "");
      expect(got).toBeGreaterThanOrEqual(400);
      expect(got).toBeLessThan(500);
    },
  );
});
