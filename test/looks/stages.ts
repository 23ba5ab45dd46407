import type { Browser, Frame, Page } from "playwright-core";
import { Stage as PanelStage } from "../panel/stage";
import { gq, journey, people, spare, tquk } from "../support/case";
import { Stage as TabStage } from "../web/stage";

/** A page of the product in the frame of a host, as it stands in one of its states. */
export interface Shown {
  page: Page;
  frame: Frame;
  failures: string[];
}

/** One thing that a person can have before them. */
export interface State {
  name: string;
  /** Opens it in a browser of its own, at 320 px in the light theme, and brings it to that state. */
  open: (on: Stages) => Promise<Shown>;
  /** Where there is room, its parts stand in another order: looked at closely there too. */
  wide?: true;
  /** On a telephone, and there only. */
  phone?: true;
}

/** Teams' names for its themes, and ours. */
export const themes = { default: "light", dark: "dark", contrast: "contrast" } as const;
export type Theme = keyof typeof themes;
/** A side panel at its narrowest and as usual, and a personal tab. */
export const widths = [280, 320, 1024] as const;
export const height = 720;
export const telephone = { width: 390, height: 844 } as const;

/** The sizes at which a state is looked at. */
export const sizesOf = ({ phone }: State): readonly { width: number; height: number }[] =>
  phone ? [telephone] : widths.map((width) => ({ width, height }));

/** How many open cases the work queue shows. */
const open = 500;

/** Panel and tab in one browser, each over an office of its own. */
export class Stages {
  private constructor(
    readonly panel: PanelStage,
    readonly tab: TabStage,
  ) {}

  /** @param folder gives a new empty folder for the data of each. */
  static async open(browser: Browser, folder: () => string): Promise<Stages> {
    const [panel, tab] = await Promise.all([
      PanelStage.open(folder(), browser),
      new TabStage().start(folder(), browser),
    ]);
    await panel.office.staff(gq.body.id, people.assessor, ["assessor"]);
    await panel.office.bind(spare.coordinator, "Tom Testcase");
    await panel.office.bind(spare.iqa, "Max Mock");
    await panel.office.staff(tquk.body.id, spare.iqa, ["iqa"]);
    const { office } = tab;
    for (const role of ["assessor", "iqa", "coordinator"] as const)
      await office.staff(tquk.body.id, people[role], [role]);
    await office.staff(tquk.body.id, spare.assessor, ["assessor"]);
    await office.bind(spare.assessor, "Una Untrue");
    // A body that has no case yet.
    await office.staff(gq.body.id, spare.coordinator, ["coordinator"]);
    await office.bind(spare.coordinator, "Tom Testcase");
    const firms = ["Fictional Foods Ltd", "Invented Inns", "Made-up Motors", "Sample Stores"];
    const until = ["registered", "planningScheduled", "planningFinished", "proposalAccepted", "booked"] as const;
    for (let n = 1; n <= open; n++) {
      const apprentice = `apprentice-${n}`;
      await office.bind(apprentice, `${["Nia Newcomer", "Max Mock", "Lee Lorem", "Pat Pending"][n % 4]} ${n}`);
      await office.put(
        journey(tquk, `case-${n}`)
          .registered({ ref: `EX-2026-${String(n).padStart(4, "0")}`, apprentice, employerName: firms[n % 3] ?? "" })
          .upTo(until[n % until.length] ?? "registered"),
      );
    }
    office.now = journey(tquk, "clock").upTo("proposalAccepted").now;
    return new Stages(panel, tab);
  }

  /** The browser stays open. */
  async close(): Promise<void> {
    await Promise.all([this.panel.close(), this.tab.stop()]);
  }
}

/** The host changes its theme; settles when the page has taken it on. */
export async function inTheme({ page, frame }: Shown, theme: Theme): Promise<void> {
  await page.evaluate((name) => (window as unknown as { theme(n: string): void }).theme(name), theme);
  await frame.locator(`html[data-theme=${themes[theme]}]`).waitFor();
}
