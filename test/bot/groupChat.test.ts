import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { type Product, product } from "../support/service";

/** A group chat is for one case, a case has one chat, and what stands in it is for everyone there. */

let p: Product;
let refs: string[];
const cora = () => p.teams.as("cora");

beforeAll(async () => {
  p = await product({ samples: true });
  const page = await p.service.ports.store.casesOf(
    { bodyId: "gateway-qualifications" },
    { limit: 10, after: null, closed: true },
  );
  const other = await p.service.ports.store.casesOf({ bodyId: "tquk" }, { limit: 10, after: null, closed: true });
  refs = [...page.rows, ...other.rows].map((r) => r.ref);
  expect(refs).toHaveLength(2);
}, 60_000);
afterAll(() => p.stop());

const a = () => refs[0] ?? "";
const b = () => refs[1] ?? "";
const caseOf = async (ref: string): Promise<Case> => {
  const pk = (await p.service.ports.store.byRef(ref)) ?? "";
  const head = await p.service.ports.store.head<Case>(pk);
  if (!head) throw new Error(`No case ${ref}`);
  expect(pk).toBe(casePk(head.state.id));
  return head.state;
};
const rooms = { first: "Room one", second: "Room two", third: "Room three" };

describe("a chat and its case", () => {
  test("a coordinator names a case in a chat, and the chat is the case's", async () => {
    await cora().starts(rooms.first, ["ada", "ben"]);
    await cora().in(rooms.first).say(`@Epilogue case ${a()}`);
    expect((await cora().in(rooms.first).lastCard()).text).toContain(a());
    expect((await caseOf(a())).chat).toBeDefined();
  });

  test("another case named there changes nothing, and shows nothing of it", async () => {
    const before = await caseOf(a());
    await cora().in(rooms.first).say(`@Epilogue case ${b()}`);
    expect(await cora().in(rooms.first).lastWords()).toContain("another case’s");
    expect((await caseOf(a())).chat).toEqual(before.chat);
    expect((await caseOf(b())).chat).toBeUndefined();
    await cora().in(rooms.first).say("@Epilogue case");
    expect((await cora().in(rooms.first).lastCard()).text).toContain(a());
  });

  test("the case moved to another chat leaves the first, which is free for the other case", async () => {
    const before = await caseOf(a());
    await cora().starts(rooms.second, ["ada"]);
    await cora().in(rooms.second).say(`@Epilogue case ${a()}`);
    expect((await caseOf(a())).chat?.conversation).not.toBe(before.chat?.conversation);
    await cora().in(rooms.first).say("@Epilogue case");
    expect(await cora().in(rooms.first).lastWords()).toContain("belongs to no case yet");
    await cora().in(rooms.first).say(`@Epilogue case ${b()}`);
    expect((await caseOf(b())).chat?.conversation).toBe(before.chat?.conversation);
  });

  test("somebody of the case who names it in any other chat is sent to their own", async () => {
    await cora().starts(rooms.third, ["ada", "ben", "dev", "sam"]);
    const parties = (await caseOf(a())).parties;
    const names = await p.service.people.names(Object.values(parties));
    const party = p.teams.local.people().find((one) => one.id !== "cora" && [...names.values()].includes(one.name));
    if (!party) throw new Error("Nobody of the case is in Teams");
    const room = p.teams.as(party.id);
    const theirs = room.in(rooms.third);
    const before = (await caseOf(a())).chat;
    const cards = (await theirs.cards()).length;
    await theirs.say(`@Epilogue case ${a()}`);
    expect(await theirs.lastWords()).toContain("your own chat");
    expect(await theirs.cards()).toHaveLength(cards);
    expect((await caseOf(a())).chat).toEqual(before);
  });

  test("a button that comes back as a message shows nobody's own card there, and does nothing", async () => {
    const room = cora().in(rooms.second);
    const [card] = await room.cards();
    if (!card) throw new Error("No card");
    const before = await room.cards();
    await p.teams.act({
      do: "card.press",
      as: "cora",
      chatId: card.chatId,
      messageId: card.messageId,
      card: card.index,
      action: { type: "Action.Submit", data: { verb: "view.case", caseId: (await caseOf(a())).id } },
    });
    expect(await room.lastWords()).toContain("your own chat");
    expect(await room.cards()).toHaveLength(before.length);
  });

  test("lists of one's own are never posted in a group", async () => {
    for (const said of ["cases", "due", "register", "staff"]) {
      await cora().in(rooms.second).say(`@Epilogue ${said}`);
      expect(await cora().in(rooms.second).lastWords()).not.toContain(b());
    }
  });
});
