import type { Frame, Keyboard } from "playwright-core";
import { eventually } from "./eventually";

/**
 * A page in a frame, used by real key presses and nothing else. After each of them the focus must be somewhere: on an element of
 * the page that can be seen, with a ring round it or round what it stands in.
 */
export class Keys {
  constructor(
    private readonly keyboard: Keyboard,
    private readonly frame: Frame,
  ) {}

  /** What has the focus: its name for people, or its text. Empty when nothing has. */
  async focus(): Promise<string> {
    return this.frame.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement) || at === document.body) return "";
      const labels = "labels" in at ? [...((at as HTMLInputElement).labels ?? [])] : [];
      const label = labels.map((one) => one.textContent).join(" ");
      const said = at.getAttribute("aria-label") || label || at.textContent || at.getAttribute("name") || at.tagName;
      return said.replaceAll(/\s+/g, " ").trim();
    });
  }

  /** Presses keys one after the other; after each the focus is somewhere, and can be seen. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.keyboard.press(key);
      await this.stands(key);
    }
  }

  /** Types words into what has the focus. */
  async type(words: string): Promise<void> {
    await this.keyboard.type(words);
    await this.stands(`“${words}”`);
  }

  /** The focus is on something that can be seen. */
  async stands(after: string): Promise<void> {
    await eventually(async () => {
      const found = await this.frame.evaluate(() => {
        const at = document.activeElement;
        if (!(at instanceof HTMLElement) || at === document.body) return "nothing has the focus";
        const { top, bottom, left, right } = at.getBoundingClientRect();
        const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
        if (!inside) return `${at.outerHTML.slice(0, 120)} is out of sight`;
        const ringed = (one: Element | null): boolean => {
          if (!one) return false;
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
          return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none";
        };
        const holders = [at, at.parentElement, at.closest(".row, label, li, .write, form")];
        return holders.some(ringed) ? "" : `${at.outerHTML.slice(0, 120)} has no ring`;
      });
      expect(`after ${after}: ${found}`).toBe(`after ${after}: `);
    }, 3);
  }

  /** That has the focus, of itself or soon. */
  async at(name: string | RegExp): Promise<void> {
    await eventually(async () => {
      const now = await this.focus();
      if (typeof name === "string") expect(now).toBe(name);
      else expect(now).toMatch(name);
    }, 5);
    await this.stands(`${name}`);
  }

  /** Goes on by Tab (or another key) until that has the focus. */
  async reach(name: string | RegExp, key = "Tab", most = 80): Promise<void> {
    const seen: string[] = [];
    for (let n = 0; n <= most; n++) {
      const now = await this.focus();
      if (typeof name === "string" ? now === name : name.test(now)) return this.stands(`${key} to ${now}`);
      seen.push(now.slice(0, 40));
      // On its way round it leaves the frame and comes back.
      await this.keyboard.press(key);
    }
    throw new Error(`${name} is not reached by ${key}; the focus went over ${seen.join(" | ")}`);
  }
}
