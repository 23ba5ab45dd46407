import { documents } from "../../bot/local/documents";
import { localTeams, type Player, type Teams } from "../support/teams";
import { answer, answerCard, attached, botToken, card, execute, TryBot } from "./tryBot";

/** Stricter than Teams, on purpose: what Teams refuses, or lets fail in silence, a row each with the page that says so. */

let teams: Teams;
let bot: TryBot;
let token: string;
let ben: Player;
/** Ben's own chat with the app, and one that the app is in with others. */
let own: string;
let group: Player;
let groupId: string;

beforeEach(async () => {
  bot = new TryBot();
  teams = await localTeams({
    bot: (local) => bot.start(local),
    // Real time would let a slow machine slip between the windows.
    clock: { realNow: () => Date.parse("2026-05-22T08:00:00Z") },
  });
  token = await botToken(teams.local);
  ben = teams.as("ben");
  own = (await ben.chat()).id;
  group = await teams.as("cora").starts("Ada Example, assessment", ["ada", "dev"]);
  groupId = (await group.chat()).id;
  bot.heard.length = 0;
  teams.local.pace.skip(3_600_000);
});
afterEach(() => teams.stop());

interface Got {
  status: number;
  code?: string;
  retryAfter: string | null;
  body: { id?: string; members?: unknown[] };
}

/** A call of the bot to the connector, by hand: botbuilder would not let some of these out. */
async function call(method: string, path: string, body?: object, bearer = `Bearer ${token}`): Promise<Got> {
  const response = await fetch(`${teams.local.serviceUrl}${path}`, {
    method,
    headers: { "content-type": "application/json", ...(bearer ? { authorization: bearer } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : {};
  return {
    status: response.status,
    code: answer.error?.code,
    retryAfter: response.headers.get("retry-after"),
    body: answer,
  };
}
const at = (chatId: string, id = "") =>
  `v3/conversations/${encodeURIComponent(chatId)}/activities${id && `/${encodeURIComponent(id)}`}`;
const send = (chatId: string, more: object) => call("POST", at(chatId), { type: "message", ...more });
const sendCard = (content: object, chatId = own) => send(chatId, { attachments: [attached(content)] });
const refreshing = (userIds: unknown) =>
  card("Proposal", [], { refresh: { action: execute("Refresh", "view"), userIds } });
const create = (member: string, tenantId: string, more: object = {}) =>
  call("POST", "v3/conversations", { isGroup: false, members: [{ id: member }], tenantId, ...more });
const home = () => teams.local.tenantIds.awardingBody;
const objectId = (id: string) => String(teams.local.people().find((person) => person.id === id)?.aadObjectId);

interface Row {
  refuses: string;
  document: string;
  proof(): Promise<void>;
}

const rows: Row[] = [
  {
    refuses: "a call without a token",
    document: documents.authentication,
    proof: async () => {
      expect(await call("POST", at(own), { type: "message", text: "hello" }, "")).toMatchObject({ status: 401 });
      expect((await ben.messages()).length).toBe(0);
    },
  },
  {
    refuses: "a token that has expired",
    document: documents.authentication,
    proof: async () => {
      const old = teams.local.keys.tokenOfBot("https://api.botframework.com/.default", -1);
      expect(await call("POST", at(own), { type: "message", text: "hello" }, `Bearer ${old}`)).toMatchObject({
        status: 401,
      });
    },
  },
  {
    refuses: "a token for another service, or Teams' own",
    document: documents.authentication,
    proof: async () => {
      const graph = await botToken(teams.local, "https://graph.microsoft.com/.default");
      for (const wrong of [graph, teams.local.keys.tokenForBot(), "nonsense"])
        expect(await call("POST", at(own), { type: "message", text: "hello" }, `Bearer ${wrong}`)).toMatchObject({
          status: 401,
        });
    },
  },
  {
    refuses: "a wrong password at the token endpoint",
    document: documents.authentication,
    proof: async () => {
      const form = { grant_type: "client_credentials", client_id: teams.local.appId, client_secret: "guess" };
      const response = await fetch(teams.local.tokenUrl, { method: "POST", body: new URLSearchParams(form) });
      expect(response.status).toBe(401);
    },
  },
  {
    refuses: "ids that are not MRIs in refresh.userIds",
    document: documents.universalActions,
    proof: async () => {
      expect(await sendCard(refreshing([objectId("ben")]))).toMatchObject({ status: 400, code: "BadArgument" });
      expect(await sendCard(refreshing([teams.local.mri("ben")]))).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "more than sixty ids in refresh.userIds",
    document: documents.universalActions,
    proof: async () => {
      const ids = Array.from({ length: 61 }, (_, n) => `29:1person-${n}`);
      expect(await sendCard(refreshing(ids))).toMatchObject({ status: 400 });
      expect(await sendCard(refreshing(ids.slice(1)))).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "a refresh that is not an Action.Execute",
    document: documents.universalActions,
    proof: async () => {
      const submit = { type: "Action.Submit", data: {} };
      expect(await sendCard(card("x", [], { refresh: { action: submit, userIds: [] } }))).toMatchObject({
        status: 400,
      });
    },
  },
  {
    refuses: "a card of a schema that Teams does not draw",
    document: documents.cardReference,
    proof: async () => {
      for (const version of ["1.6", "2.0", undefined])
        expect(await sendCard({ ...card("x"), version })).toMatchObject({ status: 400 });
      expect(await sendCard({ ...card("x"), version: "1.5" })).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "Action.Execute in a card older than 1.4",
    document: documents.actionModel,
    proof: async () => {
      const old = { ...card("x", [execute("Accept", "accept")]), version: "1.3" };
      expect(await sendCard(old)).toMatchObject({ status: 400 });
    },
  },
  {
    refuses: "two inputs of one id",
    document: documents.cardReference,
    proof: async () => {
      const input = { type: "Input.Text", id: "why" };
      expect(await sendCard({ ...card("x"), body: [input, input] })).toMatchObject({ status: 400 });
    },
  },
  {
    refuses: "Action.Execute in a dialog",
    document: documents.dialogs,
    proof: async () => {
      await sendCard(card("x", [{ type: "Action.Submit", title: "Open", data: { msteams: { type: "task/fetch" } } }]));
      const value = { title: "Book", card: attached(card("y", [execute("Book", "book")])) };
      bot.turn = (context) => answer(context, { task: { type: "continue", value } }).then();
      expect(await ben.tryPress("Open")).toMatchObject({ outcome: "error" });
    },
  },
  {
    refuses: "a dialog whose card is not an attachment",
    document: documents.dialogs,
    proof: async () => {
      await sendCard(card("x", [{ type: "Action.Submit", title: "Open", data: { msteams: { type: "task/fetch" } } }]));
      bot.turn = (context) =>
        answer(context, { task: { type: "continue", value: { title: "Book", card: card("y") } } }).then();
      expect(await ben.tryPress("Open")).toMatchObject({ outcome: "error" });
    },
  },
  {
    refuses: "dialogs from Action.Execute",
    document: documents.dialogs,
    proof: async () => {
      await sendCard(card("x", [execute("Open", "open", { msteams: { type: "task/fetch" } })]));
      bot.turn = (context) => answer(context, { task: { type: "message", value: "never shown" } }).then();
      expect(await ben.tryPress("Open")).toMatchObject({ outcome: "error" });
      expect(bot.of("invoke")[0]?.name).toBe("adaptiveCard/action");
    },
  },
  {
    refuses: "the bot's ear to a group message without a mention",
    document: documents.groupConversations,
    proof: async () => {
      await group.say("case EX-1");
      await group.say("Epilogue, case EX-1");
      await group.say("write to me@Epilogueish.example");
      expect(bot.of("message")).toHaveLength(0);
      await group.say("@Epilogue case EX-1");
      expect(bot.of("message")).toHaveLength(1);
    },
  },
  {
    refuses: "a chat that the bot is not in",
    document: documents.messages,
    proof: async () => {
      await teams.act({ do: "bot.uninstall", as: "cora", chatId: groupId });
      const answers = [
        await send(groupId, { text: "hello" }),
        await call("GET", `v3/conversations/${encodeURIComponent(groupId)}/pagedmembers`),
      ];
      for (const got of answers) expect(got).toMatchObject({ status: 403, code: "BotNotInConversationRoster" });
    },
  },
  {
    refuses: "a chat that is not there",
    document: documents.messages,
    proof: async () => {
      expect(await send("19:gone@thread.v2", { text: "x" })).toMatchObject({
        status: 404,
        code: "ConversationNotFound",
      });
    },
  },
  {
    refuses: "someone who has blocked the bot",
    document: documents.messages,
    proof: async () => {
      await teams.act({ do: "bot.block", as: "ben", blocked: true });
      expect(await send(own, { text: "hello" })).toMatchObject({ status: 403, code: "ConversationBlockedByUser" });
      expect(await ben.say("hello")).toMatchObject({ failed: expect.any(String) });
      await teams.act({ do: "bot.block", as: "ben", blocked: false });
      expect(await send(own, { text: "hello" })).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "a personal chat with someone who does not have the app",
    document: documents.proactive,
    proof: async () => {
      expect(await create(objectId("ivy"), home())).toMatchObject({ status: 403, code: "BotNotInConversationRoster" });
      await teams.as("ivy").chat();
      expect(await create(objectId("ivy"), home())).toMatchObject({ status: 201 });
      expect(await create(teams.local.mri("ivy"), home())).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "a person named by mail address, name or another bot's id",
    document: documents.proactive,
    proof: async () => {
      for (const id of ["ben.sample@example.org", "Ben Sample", "29:1another-bots"])
        expect(await create(id, home())).toMatchObject({ status: 400, code: "BadArgument" });
    },
  },
  {
    refuses: "a conversation without its tenant, or in another",
    document: documents.proactive,
    proof: async () => {
      const members = [{ id: objectId("ben") }];
      expect(await call("POST", "v3/conversations", { isGroup: false, members })).toMatchObject({ status: 400 });
      expect(await create(objectId("ben"), teams.local.tenantIds.employer)).toMatchObject({ status: 400 });
    },
  },
  {
    refuses: "a group chat made by a bot",
    document: documents.proactive,
    proof: async () => {
      expect(await create(objectId("ben"), home(), { isGroup: true })).toMatchObject({ status: 403 });
    },
  },
  {
    refuses: "the eighth send in a second",
    document: documents.rateLimit,
    proof: async () => {
      for (let n = 0; n < 7; n += 1) expect(await send(own, { text: "x" })).toMatchObject({ status: 201 });
      expect(await send(own, { text: "x" })).toMatchObject({ status: 429, code: "Throttled", retryAfter: "1" });
      expect(await send(groupId, { text: "x" })).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "the ninth send in two seconds",
    document: documents.rateLimit,
    proof: async () => {
      for (let n = 0; n < 8; n += 1) {
        if (n === 4) teams.local.pace.skip(1_000);
        expect(await send(own, { text: "x" })).toMatchObject({ status: 201 });
      }
      expect(await send(own, { text: "x" })).toMatchObject({ status: 429 });
      teams.local.pace.skip(1_000);
      expect(await send(own, { text: "x" })).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "the sixty-first send in thirty seconds, a change of a message counting as one",
    document: documents.rateLimit,
    proof: async () => {
      const { id } = (await send(own, { text: "x" })).body;
      for (let n = 1; n < 60; n += 1) {
        teams.local.pace.skip(400);
        expect(await call("PUT", at(own, id), { type: "message", text: `${n}` })).toMatchObject({ status: 200 });
      }
      teams.local.pace.skip(400);
      expect(await send(own, { text: "x" })).toMatchObject({ status: 429, retryAfter: "6" });
    },
  },
  {
    refuses: "more than 1,800 sends in an hour",
    document: documents.rateLimit,
    proof: async () => {
      for (let n = 0; n < 1800; n += 1) {
        teams.local.limits.spend(["send", own]);
        teams.local.pace.skip(1_500);
      }
      expect(await send(own, { text: "x" })).toMatchObject({ status: 429 });
    },
  },
  {
    refuses: "more than thirty requests a second in a tenant, spread as they may be",
    document: documents.rateLimit,
    proof: async () => {
      const chats = [own, groupId];
      for (const who of ["ada", "cora", "ivy", "max"]) chats.push((await teams.as(who).chat()).id);
      teams.local.pace.skip(3_600_000);
      const got = await Promise.all(chats.flatMap((chat) => [1, 2, 3, 4, 5, 6].map(() => send(chat, { text: "x" }))));
      expect(got.filter(({ status }) => status === 201)).toHaveLength(30);
      expect(got.filter(({ status }) => status === 429)).toHaveLength(6);
    },
  },
  {
    refuses: "more than fourteen looks at the roster in a second",
    document: documents.rateLimit,
    proof: async () => {
      const look = () => call("GET", `v3/conversations/${encodeURIComponent(groupId)}/pagedmembers`);
      for (let n = 0; n < 14; n += 1) expect(await look()).toMatchObject({ status: 200 });
      expect(await look()).toMatchObject({ status: 429 });
    },
  },
  {
    refuses: "an invoke answered with anything but HTTP 200",
    document: documents.actionModel,
    proof: async () => {
      await sendCard(card("x", [execute("Accept", "accept")]));
      bot.turn = (context) =>
        answer(
          context,
          { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "x" },
          400,
        ).then();
      expect(await ben.tryPress("Accept")).toMatchObject({ outcome: "error" });
      expect(bot.of("invoke")).toHaveLength(1);
    },
  },
  {
    refuses: "an invoke answered with nothing",
    document: documents.actionModel,
    proof: async () => {
      await sendCard(card("x", [execute("Accept", "accept")]));
      bot.turn = (context) => answer(context, undefined).then();
      expect(await ben.tryPress("Accept")).toMatchObject({ outcome: "error" });
    },
  },
  {
    refuses: "to wait over five seconds: the invoke comes again, twice, under new ids",
    document: documents.invokeTimeout,
    proof: async () => {
      await sendCard(card("x", [execute("Accept", "accept")]));
      teams.local.timeouts.invoke = 120;
      bot.turn = async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
      };
      expect(await ben.tryPress("Accept")).toMatchObject({ outcome: "error" });
      expect(bot.of("invoke")).toHaveLength(3);
      expect(new Set(bot.of("invoke").map(({ id }) => id)).size).toBe(3);
    },
  },
  {
    refuses: "to forget a late answer's work: a redelivery may still succeed",
    document: documents.invokeTimeout,
    proof: async () => {
      await sendCard(card("x", [execute("Accept", "accept")]));
      teams.local.timeouts.invoke = 600;
      bot.turn = async (context) => {
        if (bot.of("invoke").length === 1) await new Promise((resolve) => setTimeout(resolve, 1_200));
        await answerCard(context, card("accepted"));
      };
      expect(await ben.tryPress("Accept")).toMatchObject({ outcome: "card" });
      expect(bot.of("invoke")).toHaveLength(2);
    },
  },
  {
    refuses: "an answer card that it could not draw",
    document: documents.cardReference,
    proof: async () => {
      await sendCard(card("x", [execute("Accept", "accept")]));
      bot.turn = (context) => answerCard(context, { ...card("y"), version: "1.6" }).then();
      expect(await ben.tryPress("Accept")).toMatchObject({ outcome: "error" });
      expect((await ben.lastCard()).text).toBe("x");
    },
  },
  {
    refuses: "an answer card that weighs too much",
    document: documents.messageFormat,
    proof: async () => {
      await sendCard(card("x", [execute("Accept", "accept")]));
      bot.turn = (context) => answerCard(context, card("y".repeat(29_000))).then();
      expect(await ben.tryPress("Accept")).toMatchObject({ outcome: "error" });
    },
  },
  {
    refuses: "a message that weighs too much",
    document: documents.messageFormat,
    proof: async () => {
      expect(await send(own, { text: "x".repeat(29_000) })).toMatchObject({ status: 413, code: "MessageSizeTooBig" });
      expect(await sendCard(card("é".repeat(14_500)))).toMatchObject({ status: 413 });
      expect(await send(own, { text: "x".repeat(27_000) })).toMatchObject({ status: 201 });
    },
  },
  {
    refuses: "to tell the id of words sent with a card: they become two messages",
    document: documents.messages,
    proof: async () => {
      const got = await send(own, { text: "Look", attachments: [attached(card("x"))] });
      expect(got).toMatchObject({ status: 201, body: {} });
      expect(got.body).not.toHaveProperty("id");
      expect(await ben.messages()).toHaveLength(2);
    },
  },
  {
    refuses: "an empty message",
    document: documents.connector,
    proof: async () => {
      expect(await send(own, {})).toMatchObject({ status: 400, code: "BadSyntax" });
    },
  },
  {
    refuses: "a change of a message that is not there",
    document: documents.updateAndDelete,
    proof: async () => {
      const gone = { status: 404, code: "ActivityNotFoundInConversation" };
      expect(await call("PUT", at(own, "17"), { type: "message", text: "x" })).toMatchObject(gone);
      expect(await call("DELETE", at(own, "17"))).toMatchObject(gone);
    },
  },
  {
    refuses: "a change of a deleted message, and its buttons",
    document: documents.updateAndDelete,
    proof: async () => {
      const { id } = (await sendCard(card("x", [execute("Accept", "accept")]))).body;
      const before = await ben.lastCard();
      expect(await call("DELETE", at(own, id))).toMatchObject({ status: 200 });
      expect(await call("PUT", at(own, id), { type: "message", text: "x" })).toMatchObject({ status: 404 });
      await expect(ben.tryPress("Accept", {}, before)).rejects.toMatchObject({ code: "UnknownCard" });
    },
  },
  {
    refuses: "a change of somebody else's message",
    document: documents.updateAndDelete,
    proof: async () => {
      const { id } = await ben.say("mine");
      expect(await call("PUT", at(own, id), { type: "message", text: "x" })).toMatchObject({ status: 403 });
    },
  },
  {
    refuses: "a member who is not in the conversation",
    document: documents.connector,
    proof: async () => {
      const path = `v3/conversations/${encodeURIComponent(groupId)}/members`;
      expect(await call("GET", `${path}/${objectId("ada")}`)).toMatchObject({ status: 200 });
      expect(await call("GET", `${path}/${objectId("max")}`)).toMatchObject({
        status: 404,
        code: "MemberNotFoundInConversation",
      });
    },
  },
  {
    refuses: "the whole directory to a people picker in a group chat",
    document: documents.peoplePicker,
    proof: async () => {
      const search = { do: "people.search", as: "cora", text: "Ben", dataset: "graph.microsoft.com/users" } as const;
      expect((await teams.act({ ...search, chatId: groupId })).people).toEqual([]);
      expect((await teams.act({ ...search, chatId: "bot" })).people).toEqual([
        { value: objectId("ben"), title: "Ben Sample", subtitle: "ben.sample@example.org" },
      ]);
      const here = { ...search, text: "", dataset: "graph.microsoft.com/users?scope=currentContext", chatId: groupId };
      expect((await teams.act(here)).people.map(({ title }) => title)).toContain("Dev Fiction");
    },
  },
  {
    refuses: "federated people in the directory",
    document: documents.peoplePicker,
    proof: async () => {
      const { people } = await teams.act({ do: "people.search", as: "cora", text: "Dev" });
      expect(people).toEqual([]);
    },
  },
  {
    refuses: "a participant without the tenant's id",
    document: documents.meetings,
    proof: async () => {
      const { meetingId } = await teams.act({
        do: "meeting.schedule",
        as: "cora",
        title: "Interview",
        startsAt: "2026-06-09T09:00:00Z",
        members: ["ben"],
      });
      const path = `v1/meetings/${encodeURIComponent(meetingId)}/participants/${objectId("ben")}`;
      expect(await call("GET", path)).toMatchObject({ status: 400 });
      expect(await call("GET", `${path}?tenantId=${home()}`)).toMatchObject({ status: 200 });
    },
  },
  {
    refuses: "a meeting notification to someone who is not in it",
    document: documents.meetings,
    proof: async () => {
      const plan = { title: "Interview", startsAt: "2026-06-09T09:00:00Z", members: ["ben"] };
      const { meetingId } = await teams.act({ do: "meeting.schedule", as: "cora", ...plan });
      const notify = (...recipients: string[]) =>
        call("POST", `v1/meetings/${encodeURIComponent(meetingId)}/notification`, {
          type: "targetedMeetingNotification",
          value: { recipients: recipients.map((id) => teams.local.mri(id)), surfaces: [] },
        });
      expect(await notify("ben")).toMatchObject({ status: 202 });
      expect(await notify("ben", "max")).toMatchObject({ status: 207 });
    },
  },
];

test.each(rows)("Teams refuses $refuses ($document)", ({ document, proof }) => {
  expect(document).toMatch(/^https:\/\/learn\.microsoft\.com\//);
  return proof();
});
