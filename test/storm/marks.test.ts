import type { Compose, Message } from "../../bot/compose";
import { layout } from "../../bot/mail/layout";
import type { Case } from "../../src/case/case";
import type { Recorded } from "../../src/ports";
import { marking, marksIn } from "./marks";

/** The storm counts what arrives by its marks: each thing once, however many cards it has, and each time that it is there. */

const told = async (): Promise<Message> => ({
  activity: { attachments: ["one", "two"].map((content) => ({ contentType: "card", content })) },
  letter: { subject: "News", greeting: "Hello,", parts: [{ kind: "text", text: "Something happened." }], foot: [] },
});
const marked = marking({ told } as unknown as Compose);
const about = (seq: number) => marked.told({ id: "c" } as Case, [{ seq } as Recorded], "ada") as Promise<Message>;
const inChat = (...messages: Message[]) =>
  marksIn(JSON.stringify({ attachments: messages.flatMap((m) => m.activity.attachments ?? []) }));
const byMail = (...messages: Message[]) => marksIn(layout(...messages.map((m) => m.letter)).text);

test("given a message of several cards, then it bears its mark once", async () => {
  expect(inChat(await about(3))).toEqual(["[told c 3 ada]"]);
  expect(byMail(await about(3))).toEqual(["[told c 3 ada]"]);
});

test("given the same thing stands twice in one message, then it is seen twice", async () => {
  const twice = [await about(3), await about(3), await about(4)];
  for (const marks of [inChat(...twice), byMail(...twice)])
    expect(marks).toEqual(["[told c 3 ada]", "[told c 3 ada]", "[told c 4 ada]"]);
});
