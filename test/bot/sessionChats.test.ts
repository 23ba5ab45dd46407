import { chatIn, forgetSessionChat, keepSessionChats, sessionOfChat } from "../../bot/sessionChats";
import { openEmbedded } from "../../bot/store/embedded";
import { free } from "../../src/case/case";
import { casePk } from "../../src/handle";
import type { Store } from "../../src/ports";
import { temporaryFolder } from "../store/folder";
import { journey, tquk } from "../support/case";

const chat = "19:meeting_ZXhhbXBsZQ@thread.v2";
const link = `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(chat)}/0?context=%7b%7d`;

describe("the chat in a meeting's link", () => {
  it.each([
    [link, chat],
    ["https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0", "19:meeting_a@thread.v2"],
    ["https://teams.microsoft.com/meet/123?p=x", undefined],
    ["https://teams.microsoft.com/l/meetup-join/%E0%A4%A/0", undefined],
    ["https://teams.microsoft.com/l/meetup-join/..%2fcase%3a1/0", undefined],
    ["no link", undefined],
    ["", undefined],
  ])("of %s is %s", (text, found) => {
    expect(chatIn(text)).toBe(found);
  });
});

describe("the session of a chat", () => {
  const booked = journey(tquk).upTo("booked");
  const { at } = booked.attempt("project").session.booking ?? { at: "" };
  const linked = booked.do("session.move", {
    method: "project",
    at,
    setting: "teams",
    where: "Online",
    reason: "Snow",
    link,
  });
  const packs = new Map([[tquk.id, tquk]]);
  let store: Store;
  beforeEach(async () => {
    store = openEmbedded(temporaryFolder());
    const head = { pk: casePk(linked.id), revision: 0, hash: "", state: linked.case };
    const one = { ...store, head: async () => head } as unknown as Store;
    Object.setPrototypeOf(one, Object.getPrototypeOf(store) as object);
    store = one;
    await keepSessionChats(store, linked.case, tquk);
  });

  afterEach(() => store.close());

  it("is the one whose booking has its link, and none once that is forgotten", async () => {
    expect(await sessionOfChat(store, packs, chat, at)).toEqual({ caseId: linked.id, method: "project" });
    await forgetSessionChat(store, { link: free(link) });
    expect(await sessionOfChat(store, packs, chat, at)).toBeUndefined();
  });

  it("is not one that only says so: the booking is asked", async () => {
    await store.putDoc("meeting:19:other@thread.v2", "session", { caseId: linked.id, method: "project" }, "any");
    expect(await sessionOfChat(store, packs, "19:other@thread.v2", at)).toBeUndefined();
  });
});
