import { published, readPacks } from "../../src/rules/packs";
import { type Lost, notReached } from "../../src/wording/notReached";
import { wordsFor } from "../../src/wording/words";

const names: Record<string, string> = { ada: "Ada Example", dev: "Dev Fiction" };
const [pack] = readPacks(published).values();
if (!pack) throw new Error("No packs");
const words = wordsFor(pack, (id) => names[id]);
const lost = (over: Partial<Lost> = {}): Lost => ({ kind: "told", to: "ada", state: "dead", ...over });
const lines = (...all: Lost[]) => notReached(all, words)?.lines.join(" ") ?? "";

describe("what the coordinator is told of something that did not arrive", () => {
  it("given an invitation, then who was not reached is in the title, and inviting anew is what is left", () => {
    const told = notReached([lost({ kind: "invite" })], words);
    expect(told?.title).toContain("Ada Example");
    expect(lines(lost({ kind: "invite" }))).toMatch(/invitation to Ada Example.*invite them anew/);
  });

  it("given it may have arrived, then it is not said that it did not", () => {
    expect(lines(lost({ kind: "result", state: "unconfirmed" }))).toContain("may not have arrived");
    expect(lines(lost({ kind: "result", state: "unconfirmed" }))).not.toContain("did not arrive");
  });

  it("given several of one kind for one person, then it is said once; given two people, then both are named", () => {
    expect(lines(lost(), lost()).match(/did not arrive/g)).toHaveLength(1);
    expect(notReached([lost(), lost({ to: "dev" })], words)?.title).toMatch(/Ada Example and Dev Fiction/);
  });

  it("given cards only, which are nobody's news, then nothing is said", () => {
    expect(notReached([lost({ kind: "cards", to: "cards" })], words)).toBeNull();
  });

  it("given the case's chat, then it says how the chat comes back", () => {
    expect(lines(lost({ kind: "chat", to: "chat" }))).toContain("@Epilogue case");
  });
});
