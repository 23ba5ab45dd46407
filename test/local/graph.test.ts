import { graphMeetings, type MeetingPlan, type Meetings } from "../../bot/graph/meetings";
import { chatPermissions } from "../../bot/local/graph";
import manifest from "../../manifest/manifest.json";
import { localTeams, type Teams } from "../support/teams";
import { TryBot } from "./tryBot";

/** Local Teams plays Graph, strictly; the product's own client speaks to it. */

let teams: Teams;
let meetings: Meetings;
const plan: MeetingPlan = {
  subject: "Interview, EX-2026-0001",
  start: "2026-03-02T10:00:00.000Z",
  minutes: 75,
  people: [
    { address: "ada.example@example.com", name: "Ada Example" },
    { address: "ben.sample@example.org", name: "Ben Sample" },
    { address: "priya.pretend@example.com", name: "Priya Pretend" },
  ],
};

beforeEach(async () => {
  const bot = new TryBot();
  teams = await localTeams({ bot: (local) => bot.start(local) });
  meetings = graphMeetings(teams.local.graphConfig(() => "https://epilogue.example.org"));
});
afterEach(() => teams.stop());

const value = <T>(outcome: { kind: string; value?: T }): T => {
  if (outcome.kind !== "ok") throw new Error(JSON.stringify(outcome));
  return outcome.value as T;
};
const made = async () => value(await meetings.make(plan, "case-n-9"));

describe("a call", () => {
  const users = () => `${teams.local.graphUrl}/users/${teams.local.people().find((p) => p.id === "ben")?.aadObjectId}`;

  test("without a token, or with the Connector's, is refused", async () => {
    expect((await fetch(users())).status).toBe(401);
    const connector = teams.local.keys.tokenOfBot("https://api.botframework.com/.default");
    expect((await fetch(users(), { headers: { authorization: `Bearer ${connector}` } })).status).toBe(401);
  });

  test.each([
    ["Calendars.ReadWrite", () => meetings.make(plan, "t"), "PermissionMissing"],
    ["OnlineMeetings.ReadWrite.All", async () => meetings.options((await made()).link, choice), "PermissionMissing"],
    ["AppCatalog.Read.All", () => meetings.install("19:x@thread.v2"), "PermissionMissing"],
    ["User.Read.All", () => meetings.organiser(), "PermissionMissing"],
  ])("without the permission %s is refused, and said so", async (permission, call, code) => {
    teams.local.grants.permissions.delete(permission);
    expect(await call()).toMatchObject({ kind: "failed", code, retryable: false });
  });

  test("with a wrong secret is a sign-in refused; without an answer it is in doubt", async () => {
    teams.local.faults.next({ route: "token", status: 401, code: "invalid_client" });
    expect(await meetings.organiser()).toMatchObject({ kind: "failed", code: "SignInRefused", retryable: false });
    teams.local.faults.next({ route: "graph.user", status: 0 });
    expect(await meetings.organiser()).toMatchObject({ kind: "ambiguous", code: "NoAnswer" });
    expect(value(await meetings.organiser())).toEqual({
      address: "cora.placeholder@example.org",
      name: "Cora Placeholder",
    });
  });

  test("that is throttled says for how long", async () => {
    teams.local.faults.next({ route: "graph.make", status: 429, retryAfter: 7 });
    expect(await meetings.make(plan, "t")).toEqual({ kind: "throttled", retryAfterMs: 7_000 });
  });

  test("in the name of nobody says that the organiser is not there", async () => {
    const config = { ...teams.local.graphConfig(() => ""), organiser: "11111111-1111-4111-8111-111111111111" };
    const nobody = graphMeetings(config);
    expect(await nobody.make(plan, "t")).toMatchObject({ kind: "failed", code: "OrganiserNotFound" });
  });
});
const choice = { lobby: "everyone" as const, recording: true };

describe("a meeting", () => {
  test("made twice under one transaction is one, and is found by it", async () => {
    const first = await made();
    expect(await made()).toEqual(first);
    expect(teams.local.calendar()).toHaveLength(1);
    expect(value(await meetings.find("case-n-9"))).toEqual(first);
    expect(value(await meetings.find("case-n-8"))).toBeNull();
  });

  test("has those who have Teams in its chat; all of them are invited", async () => {
    await made();
    expect(teams.local.snapshot("ada").meetings).toHaveLength(1);
    expect(teams.local.calendar()[0]?.attendees).toEqual(plan.people.map((p) => p.address));
  });

  test("takes lobby and recording, the app once, and the panel once", async () => {
    const { link } = await made();
    const { chat } = value(await meetings.options(link, choice));
    expect(teams.local.snapshot("ada").meetings[0]).toMatchObject({ chatId: chat, lobby: "everyone", recorded: true });
    expect(await meetings.addTab(chat)).toMatchObject({ kind: "failed", code: "PermissionMissing" });
    for (let n = 0; n < 2; n += 1) {
      expect((await meetings.install(chat)).kind).toBe("ok");
      expect((await meetings.addTab(chat)).kind).toBe("ok");
    }
  });

  test("moves; called off, it is gone, and calling it off again is as good", async () => {
    const { event } = await made();
    const later = { ...plan, start: "2026-03-03T10:00:00.000Z" };
    expect((await meetings.move(event, later)).kind).toBe("ok");
    expect(teams.local.snapshot("ben").meetings[0]?.startsAt).toBe(later.start);
    expect((await meetings.cancel(event)).kind).toBe("ok");
    expect((await meetings.cancel(event)).kind).toBe("ok");
    expect(teams.local.snapshot("ben").meetings).toEqual([]);
    expect(await meetings.move(event, later)).toMatchObject({ kind: "failed", code: "NotThere" });
    expect(value(await meetings.find("case-n-9"))).toBeNull();
  });

  test("makes those of the tenant busy, and says nothing of others", async () => {
    await made();
    const busy = value(
      await meetings.busy(
        plan.people.map((p) => p.address),
        "2026-03-01T00:00:00Z",
        "2026-03-08T00:00:00Z",
      ),
    );
    expect(busy).toEqual([{ address: "ben.sample@example.org", from: plan.start, to: "2026-03-02T11:15:00.000Z" }]);
  });

  test("of another link is not there yet", async () => {
    expect(await meetings.options("https://teams.microsoft.com/l/meetup-join/19%3ax/0", choice)).toMatchObject({
      kind: "failed",
      code: "NotThere",
    });
  });
});

test("what is consented to for a chat is what the manifest asks", () => {
  const asked = manifest.authorization.permissions.resourceSpecific.map((p) => `${p.name} ${p.type.toLowerCase()}`);
  expect(chatPermissions.map((p) => `${p.permissionValue} ${p.permissionType}`).sort()).toEqual(asked.sort());
});
