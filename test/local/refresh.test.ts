import { localTeams, type Player, type Teams } from "../support/teams";
import { answer, answerCard, attached, card, execute, TryBot } from "./tryBot";

let teams: Teams;
let bot: TryBot;
let ada: Player;
let ben: Player;
/** What the bot sends: asks to be refreshed for Ben. */
const proposal = (text = "Proposal") =>
  card(text, [], { refresh: { action: execute("Refresh", "view", { seen: 1 }), userIds: [teams.local.mri("ben")] } });
const refreshes = () => bot.of("invoke").filter(({ value }) => value.trigger === "automatic");

beforeEach(async () => {
  bot = new TryBot();
  teams = await localTeams({ bot: (local) => bot.start(local) });
  bot.turn = async (context) => {
    const { type, name, text } = context.activity;
    if (name === "adaptiveCard/action") await answerCard(context, card(`For ${context.activity.from.name}`));
    else if (type === "message" && text.includes("change"))
      await context.updateActivity({
        id: text.split(" ").at(-1),
        type: "message",
        attachments: [attached(proposal("Changed"))],
      });
    else if (type === "message") await context.sendActivity({ attachments: [attached(proposal())] });
  };
  const cora = await teams.as("cora").starts("Ada Example, assessment", ["ada", "ben"]);
  await cora.say("@Epilogue proposal");
  ada = teams.as("ada").in("Ada Example, assessment");
  ben = teams.as("ben").in("Ada Example, assessment");
});
afterEach(() => teams.stop());

describe("views of a card for one person", () => {
  test("come by themselves to those whom the card names, and to no one else", async () => {
    expect((await ada.lastCard()).text).toBe("Proposal");
    expect(await ben.lastCard()).toMatchObject({ text: "For Ben Sample", own: true });
    expect(refreshes()).toHaveLength(1);
    expect(refreshes()[0]).toMatchObject({
      from: { id: teams.local.mri("ben") },
      value: { action: { type: "Action.Execute", verb: "view", data: { seen: 1 } }, trigger: "automatic" },
    });
  });

  test("do not come again while the person's own card asks for nothing", async () => {
    await ben.lastCard();
    teams.local.pace.skip(3_600_000);
    await ben.lastCard();
    expect(refreshes()).toHaveLength(1);
  });

  test("come at most once a minute", async () => {
    bot.turn = async (context) => {
      if (context.activity.name) await answerCard(context, proposal("Mine, and refreshing"));
    };
    // Each look of the driver takes ten seconds.
    await ben.chat();
    await ben.chat();
    await ben.chat();
    expect(refreshes()).toHaveLength(1);
    teams.local.pace.skip(60_000);
    await ben.chat();
    expect(refreshes()).toHaveLength(2);
  });

  test("come again when the clock was moved: days have passed for those who look", async () => {
    bot.turn = async (context) => {
      if (context.activity.name) await answerCard(context, proposal("Mine, and refreshing"));
    };
    await ben.chat();
    await teams.days(1);
    await ben.chat();
    expect(refreshes()).toHaveLength(2);
  });

  test("fall when the base card is changed, and come anew at once", async () => {
    const { messageId } = await ben.lastCard();
    await teams.as("cora").in("Ada Example, assessment").say(`@Epilogue change ${messageId}`);
    expect((await ada.lastCard()).text).toBe("Changed");
    expect((await ben.lastCard()).text).toBe("For Ben Sample");
    expect(refreshes()).toHaveLength(2);
    expect((await ben.chat()).messages.find(({ id }) => id === messageId)?.cards[0]?.revision).toBeGreaterThan(2);
  });

  test("stay as they were when a refresh fails", async () => {
    bot.turn = (context) => answer(context, undefined, 500).then();
    expect((await ben.lastCard()).text).toBe("Proposal");
  });
});
