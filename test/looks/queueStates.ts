import type { Frame } from "playwright-core";
import { people, spare, tquk } from "../support/case";
import type { Opened, Stage } from "../web/stage";
import { height, type State } from "./stages";

/** Every state of the tab: lists, work queue, registration of many, question banks. */

interface Row {
  name: string;
  look?: NonNullable<Parameters<Stage["open"]>[0]>;
  /** The section of the tab; none: as it opens. */
  section?: "Work queue" | "Register many" | "Question bank";
  press?: (opened: Opened, stage: Stage) => Promise<unknown>;
  shows: string | RegExp;
  wide?: true;
}

const titles =
  "Reference,Awarding body,Apprentice,Apprentice mail,Firm,Employer contact,Employer mail,Training provider contact,Training provider mail,Programme start";
const line = (n: number | string, mail = `nia${n}@example.com`) =>
  `,,Nia Newcomer ${n},${mail},Fictional Foods Ltd,Dev Fiction,dev.fiction@example.com,Priya Pretend,priya.pretend@example.com,02/09/2024`;
const sheet = (...rows: string[]) => [titles, ...rows].join("\n");
const paste =
  (text: string) =>
  async ({ tab }: Opened) => {
    await tab.getByLabel("Or paste it").fill(text);
    await tab.getByRole("button", { name: "Check what is pasted" }).click();
  };
/** Enough questions that together reach every criterion of the assessment that is shown. */
async function bank({ tab }: Opened, word: string): Promise<string> {
  await tab.getByText("Criteria and their ids").click();
  const ids = (await tab.locator(".criteria b").allTextContents()).map((id) => id.trim());
  await tab.getByText("Criteria and their ids").click();
  const criteria = (i: number) => ids.filter((_, k) => k % 5 === i % 5).join(" ");
  return [
    "Question,Criteria",
    ...Array.from({ length: 20 }, (_, i) => `What did ${word} ${i} ask of you?,${criteria(i)}`),
  ].join("\n");
}
const lines = (tab: Frame) => tab.locator("li.case");
/** Where there is little room the filters are folded away. */
const unfold = async ({ tab }: Opened) => tab.getByRole("button", { name: /^Filter and sort/ }).click();
const tick = async ({ tab }: Opened) => {
  for (const n of [0, 1, 2]) await lines(tab).nth(n).getByRole("checkbox").check();
};
const putOn = async ({ tab }: Opened, who: string) => {
  const form = tab.getByRole("form", { name: "Allocate" });
  await form.getByLabel("Who").selectOption(who);
  await form.getByRole("button", { name: "Allocate" }).click();
};
const queue = { section: "Work queue" as const };
const many = { section: "Register many" as const };
const banks = { section: "Question bank" as const };

const rows: Row[] = [
  { name: "lists", wide: true, shows: /^Show more/ },
  { name: "lists-empty", look: { as: spare.coordinator }, shows: "No cases yet." },
  { name: "not-known", look: { as: "nobody-here" }, shows: /code/ },
  { name: "signed-out", look: { query: "&signedIn=no" }, shows: /[Ss]ign in/ },
  { name: "queue", wide: true, ...queue, shows: "1 to 50 of 500" },
  { name: "queue-empty", look: { as: spare.coordinator }, ...queue, shows: /^No open cases/ },
  { name: "queue-own", look: { as: people.assessor }, ...queue, shows: /open case/ },
  {
    name: "queue-filtered",
    ...queue,
    press: async (opened) => {
      await unfold(opened);
      await opened.tab.getByLabel("Stage", { exact: true }).selectOption("handIn");
    },
    shows: /^\d+ of 500 open cases$/,
  },
  {
    name: "queue-no-hit",
    ...queue,
    press: ({ tab }) => tab.getByLabel("Search").fill("nobody"),
    shows: "No case fits.",
  },
  { name: "queue-ticked", wide: true, ...queue, press: tick, shows: "3 ticked" },
  {
    name: "queue-refused",
    ...queue,
    press: async (opened, { office }) => {
      await tick(opened);
      await opened.tab.getByLabel("Part").selectOption("iqa");
      await opened.tab.getByLabel("Why someone else, kept in the record").fill("Away for a month");
      await office.leaves(tquk.body.id, people.iqa);
      await putOn(opened, people.iqa);
      await opened.tab.locator(".refused").first().waitFor();
      await office.staff(tquk.body.id, people.iqa, ["iqa"]);
    },
    shows: "3 ticked",
  },
  {
    name: "queue-allocated",
    ...queue,
    press: async (opened) => {
      await opened.tab.getByLabel("Search").fill("EX-2026-0005");
      await opened.tab.getByText("1 of 500 open cases").waitFor();
      await lines(opened.tab).first().getByRole("checkbox").check();
      await putOn(opened, spare.assessor);
    },
    shows: /^Una Untrue is put on 1 case/,
  },
  { name: "register", ...many, shows: "Download the template" },
  {
    name: "register-errors",
    wide: true,
    ...many,
    press: paste(sheet(...[1, 2, 3, 4].map((n) => line(n)), line("x", "nia"), line(3))),
    shows: "No mail address.",
  },
  {
    name: "register-done",
    ...many,
    press: async (opened) => {
      await paste(sheet(line("a"), line("b"), line("x", "nia")))(opened);
      await opened.tab.getByRole("button", { name: "Register 2 apprentices" }).click();
    },
    shows: "2 registered, 1 not in order",
  },
  { name: "register-unreadable", ...many, press: paste("Apprentice\nNia"), shows: /These columns are missing/ },
  { name: "bank", ...banks, shows: "The sample that comes with Epilogue." },
  {
    name: "bank-errors",
    wide: true,
    ...banks,
    press: async (opened) => paste(`${await bank(opened, "customer")}\nAnd then?,X9`)(opened),
    shows: /has no criterion/,
  },
  {
    name: "bank-done",
    ...banks,
    press: async (opened) => {
      await paste(await bank(opened, "complaint"))(opened);
      await opened.tab.getByRole("button", { name: "Bring in 20 questions" }).click();
    },
    shows: /It is in force/,
  },
];

export const queueStates: State[] = rows.map(({ name, look = {}, section, press, shows, wide }) => ({
  name: `tab-${name}`,
  ...(wide ? { wide } : {}),
  open: async ({ tab: stage }) => {
    const opened = await stage.open({ width: 320, height, ...look });
    const { page, tab, failures } = opened;
    if (section) {
      await tab.getByRole("tab", { name: section }).click();
      await tab.getByRole("region", { name: section, exact: true }).waitFor();
    }
    await press?.(opened, stage);
    await tab.getByText(shows).first().waitFor({ state: "visible" });
    return { page, frame: tab, failures };
  },
}));
