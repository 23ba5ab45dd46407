import { chips } from "../../bot/local/chips";
import { commandWords, understand } from "../../bot/teams/commands";

/** What can be typed can be pressed in Local Teams, and every chip is understood. */

test("given a personal chat, then every command there is has its chip", () => {
  expect(chips.personal.map(({ title }) => title).sort()).toEqual([...commandWords].sort());
});

test("given any chat, then what a chip says is understood, and it says what it does", () => {
  for (const { title, description } of Object.values(chips).flat()) {
    expect({ title, want: understand(title).want }).not.toMatchObject({ want: "unknown" });
    expect(description.length).toBeGreaterThan(title.length);
  }
});
