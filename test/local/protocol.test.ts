import { TeamsInfo } from "botbuilder";
import { localTeams, type Teams } from "../support/teams";
import { answer, answerCard, attached, card, execute, TryBot } from "./tryBot";

let teams: Teams;
let bot: TryBot;

beforeEach(async () => {
  bot = new TryBot();
  teams = await localTeams({ bot: (local) => bot.start(local) });
});
afterEach(() => teams.stop());

describe("a bot made with botbuilder, in Local Teams", () => {
  test("answers in a personal chat, under checked tokens both ways", async () => {
    const ada = teams.as("apprentice");
    await ada.say("hello");
    expect(await ada.lastWords()).toBe("echo: hello");
  });

  test("takes nothing that Teams did not sign", async () => {
    const log = jest.spyOn(console, "error").mockImplementation(() => undefined); // botbuilder prints each refusal
    await teams.as("ada").say("hello");
    const heard = bot.heard.length;
    const forged = { ...bot.heard.at(-1), text: "let me in" };
    const { keys } = teams.local;
    const bearers = [
      undefined,
      keys.tokenForBot({}, { audience: "11111111-1111-4111-8111-111111111111" }),
      keys.tokenForBot({}, { issuer: "https://evil.example" }),
      keys.tokenForBot({}, { expiresIn: -3600 }),
      keys.tokenForBot({ serviceurl: "https://evil.example/" }),
    ];
    for (const bearer of bearers) {
      const response = await fetch(bot.endpoint, {
        method: "POST",
        headers: { "content-type": "application/json", ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
        body: JSON.stringify(forged),
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    expect(bot.heard).toHaveLength(heard);
    expect(log).toHaveBeenCalled();
    log.mockRestore();
  });

  test("hears of its installation when a person first opens the chat, once", async () => {
    const ada = teams.as("ada");
    await ada.chat();
    await ada.chat();
    expect(bot.of("installationUpdate").map((activity) => activity.action)).toEqual(["add"]);
    const [joined] = bot.of("conversationUpdate");
    expect(joined?.membersAdded?.map(({ id }) => id)).toEqual([`28:${teams.local.appId}`, teams.local.mri("ada")]);
  });

  test("sees a guest in the host's tenant, and a federated person's own tenant in the roster only", async () => {
    await teams.as("cora").starts("Ada Example, assessment", ["ada", "dev"]);
    const told = bot.of("conversationUpdate")[0];
    expect(told?.conversation).toMatchObject({
      isGroup: true,
      conversationType: "groupChat",
      tenantId: teams.local.tenantIds.awardingBody,
    });
    let members: { name: string; tenantId: string; userRole: string }[] = [];
    bot.turn = async (context) => {
      members = (await TeamsInfo.getPagedMembers(context)).members as never;
    };
    await teams.as("dev").in("Ada Example, assessment").say("@Epilogue who is here?");
    const { awardingBody, employer } = teams.local.tenantIds;
    expect(members.map(({ name, tenantId, userRole }) => [name, tenantId, userRole])).toEqual([
      ["Cora Placeholder", awardingBody, "user"],
      ["Ada Example", awardingBody, "guest"],
      ["Dev Fiction", employer, "user"],
    ]);
  });

  test("gets a group message with its mention, as text and as entity", async () => {
    const group = await teams.as("cora").starts("Ada Example, assessment", ["ada"]);
    await group.say("@Epilogue case EX-1");
    const [heard] = bot.of("message");
    expect(heard?.text).toBe("<at>Epilogue</at> case EX-1");
    expect(heard?.entities).toContainEqual({
      type: "mention",
      mentioned: { id: `28:${teams.local.appId}`, name: "Epilogue" },
      text: "<at>Epilogue</at>",
    });
  });

  test("updates and deletes its own messages", async () => {
    const ada = teams.as("ada");
    const ids: string[] = [];
    bot.turn = async (context) => {
      if (context.activity.type !== "message") return;
      for (const text of ["one", "two"]) ids.push((await context.sendActivity(text))?.id ?? "");
      await context.updateActivity({ id: ids[0], type: "message", text: "one, changed" });
      await context.deleteActivity(String(ids[1]));
    };
    await ada.say("go");
    const [, first, second] = (await ada.chat()).messages;
    expect(first).toMatchObject({ id: ids[0], text: "one, changed", editedAt: expect.any(String) });
    expect(second).toMatchObject({ id: ids[1], deleted: true });
    expect(second).not.toHaveProperty("text");
  });

  test("opens the personal chat of someone who has the app, by object id, and writes there", async () => {
    await teams.as("ben").chat();
    const ben = teams.local.people().find(({ id }) => id === "ben");
    await bot.adapter.createConversationAsync(
      teams.local.appId,
      "msteams",
      teams.local.serviceUrl,
      "https://api.botframework.com",
      {
        isGroup: false,
        bot: { id: `28:${teams.local.appId}`, name: "Epilogue" },
        members: [{ id: String(ben?.aadObjectId), name: "" }],
        tenantId: String(ben?.tenantId),
        channelData: { tenant: { id: ben?.tenantId } },
        activity: undefined as never,
      },
      async (context) => {
        await context.sendActivity("A case is yours");
      },
    );
    expect(await teams.as("ben").lastWords()).toBe("A case is yours");
    expect(teams.local.snapshot("ben").people.find(({ id }) => id === "ben")?.unread).toBe(0);
  });

  test("is told of a meeting, its people and its end", async () => {
    const cora = teams.as("cora");
    const { meetingId } = await teams.act({
      do: "meeting.schedule",
      as: cora.id,
      title: "Professional discussion",
      startsAt: "2026-06-09T09:00:00Z",
      members: ["ben", "ada"],
    });
    await teams.act({ do: "meeting.join", as: "ben", meetingId });
    await teams.act({ do: "meeting.join", as: "visitor", meetingId });
    let seen: unknown[] = [];
    bot.turn = async (context) => {
      const { tenantId = "", aadObjectId } = { ...context.activity.conversation, ...context.activity.from };
      const [info, who] = [
        await TeamsInfo.getMeetingInfo(context),
        await TeamsInfo.getMeetingParticipant(context, meetingId, aadObjectId, tenantId),
      ];
      seen = [info.details.title, who.meeting?.role, who.meeting?.inMeeting];
    };
    await teams.as("ben").in("Professional discussion").say("@Epilogue where are we?");
    expect(seen).toEqual(["Professional discussion", "Presenter", true]);
    await teams.act({ do: "meeting.end", as: "ben", meetingId });
    expect(bot.of("event").map(({ name }) => name?.replace("application/vnd.microsoft.", ""))).toEqual([
      "meetingStart",
      "meetingParticipantJoin",
      "meetingParticipantJoin",
      "meetingEnd",
    ]);
    expect(bot.of("event")[0]?.channelData).toMatchObject({ meeting: { id: meetingId } });
    const guest = bot.of("event")[2]?.value.members[0].user;
    expect(guest.name).toBe("Vic Visitor");
    expect(guest).not.toHaveProperty("aadObjectId");
  });
});

describe("buttons", () => {
  beforeEach(() => {
    bot.turn = async (context) => {
      const { type, name, value } = context.activity;
      if (type === "message" && !value)
        await context.sendActivity({
          attachments: [
            attached(
              card("Proposal", [
                execute("Accept", "accept", { caseId: "EX-1" }),
                { type: "Action.Submit", title: "Remind", data: { verb: "remind" } },
                {
                  type: "Action.ShowCard",
                  title: "Return",
                  card: {
                    type: "AdaptiveCard",
                    body: [{ type: "Input.Text", id: "why-1", label: "Why", isRequired: true }],
                    actions: [execute("Return proposal", "return")],
                  },
                },
                { type: "Action.Submit", title: "Book", data: { msteams: { type: "task/fetch" }, verb: "book" } },
              ]),
            ),
          ],
        });
      if (name === "adaptiveCard/action") await answerCard(context, card(`Done: ${value.action.verb}`));
    };
  });

  test("Action.Execute changes the card for the one who pressed, and for no one else", async () => {
    const ben = await teams.as("ben").starts("Ada Example, assessment", ["ada"]);
    await ben.say("@Epilogue proposal");
    await ben.press("Accept");
    const sent = bot.of("invoke")[0];
    expect(sent).toMatchObject({
      name: "adaptiveCard/action",
      value: {
        action: { type: "Action.Execute", verb: "accept", data: { caseId: "EX-1" } },
        trigger: "manual",
      },
      replyToId: (await ben.lastCard()).messageId,
    });
    expect(await ben.lastCard()).toMatchObject({ own: true, text: "Done: accept" });
    const others = await teams.as("ada").in("Ada Example, assessment").lastCard();
    expect(others.own).toBe(false);
    expect(others.buttons).toContain("Accept");
  });

  test("inputs come merged into the data, under their ids", async () => {
    const ben = teams.as("ben");
    await ben.say("proposal");
    await expect(ben.press("Return proposal")).rejects.toThrow("required");
    await ben.press("Return proposal", { Why: "Too wide" });
    expect(bot.of("invoke")[0]?.value.action.data).toEqual({ "why-1": "Too wide" });
  });

  test("Action.Submit sends a message with a value, answering the card's message", async () => {
    const ben = teams.as("ben");
    await ben.say("proposal");
    await ben.press("Remind");
    const heard = bot.of("message")[1];
    expect(heard).toMatchObject({ value: { verb: "remind" }, replyToId: (await ben.lastCard()).messageId });
    expect(heard?.text).toBeUndefined();
  });

  test("a dialog opens, keeps open when refused, and closes", async () => {
    const ben = teams.as("ben");
    await ben.say("proposal");
    const form = (text: string, n: number) => ({
      task: {
        type: "continue",
        value: {
          title: "Book observation",
          height: "medium",
          width: 480,
          card: attached({
            ...card(text, [{ type: "Action.Submit", title: "Book", data: { verb: "book" } }]),
            body: [
              { type: "TextBlock", text },
              { type: "Input.Date", id: `date-${n}`, label: "Date" },
            ],
          }),
        },
      },
    });
    bot.turn = async (context) => {
      const { name, value } = context.activity;
      if (name === "task/fetch") await answer(context, form("When?", 1));
      else if (value.data["date-1"] === "2026-06-01") await answer(context, form("Too early", 2));
      else await answer(context, { task: { type: "message", value: "Booked" } });
    };
    const dialog = await ben.dialog("Book");
    expect(dialog.title).toBe("Book observation");
    const refused = await dialog.refused({ Date: "2026-06-01" });
    expect(refused.text).toContain("Too early");
    expect(await refused.submit({ Date: "2026-06-10" })).toBe("Booked");
    expect(bot.of("invoke").map(({ name }) => name)).toEqual(["task/fetch", "task/submit", "task/submit"]);
    expect(bot.of("invoke")[0]?.value).toEqual({
      data: { msteams: { type: "task/fetch" }, verb: "book" },
      context: { theme: "default" },
    });
    expect(bot.of("invoke")[2]?.value.data).toEqual({ verb: "book", "date-2": "2026-06-10" });
  });

  test("a message in answer is shown, an error inside is shown as one", async () => {
    const ben = teams.as("ben");
    await ben.say("proposal");
    bot.turn = (context) =>
      answer(context, { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "Noted" }).then();
    expect(await ben.press("Accept")).toEqual({ outcome: "message", text: "Noted" });
    bot.turn = (context) =>
      answer(context, {
        statusCode: 403,
        type: "application/vnd.microsoft.error",
        value: { code: "Forbidden", message: "Not yours" },
      }).then();
    expect(await ben.tryPress("Accept")).toEqual({ outcome: "error", text: "Not yours" });
  });
});
