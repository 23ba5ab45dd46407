import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { panelStates } from "../looks/panelStates";
import { queueStates } from "../looks/queueStates";
import { inTheme, Stages, type State, sizesOf, type Theme, themes } from "../looks/stages";

const gap = 16;

/**
 * Takes every state of panel and tab at every width in every theme into that folder, and a page that lays them side by side.
 * @param wanted part of a state's name; empty: all.
 * @returns how many pictures there are.
 */
export async function takeStates(
  browser: Browser,
  { target, folder, wanted }: { target: string; folder: () => string; wanted: string },
): Promise<number> {
  mkdirSync(target, { recursive: true });
  const stages = await Stages.open(browser, folder);
  const sections: string[] = [];
  let taken = 0;
  try {
    for (const state of [...panelStates, ...queueStates].filter(({ name }) => name.includes(wanted))) {
      const names = await take(stages, state, target);
      taken += names.length;
      sections.push(section(state.name, names));
      console.log(`${state.name}: ${names.length}`);
    }
  } finally {
    await stages.close();
  }
  writeFileSync(path.join(target, "index.html"), pageOf(sections));
  return taken;
}

async function take(stages: Stages, state: State, target: string): Promise<string[]> {
  const shown = await state.open(stages);
  const { page } = shown;
  const names: string[] = [];
  for (const theme of Object.keys(themes) as Theme[]) {
    await inTheme(shown, theme);
    for (const { width, height } of sizesOf(state)) {
      await page.setViewportSize({ width, height });
      // Rows out of sight are drawn a moment after they have come into it.
      await shown.frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const name = `${state.name}-${themes[theme]}-${width}.png`;
      await page.screenshot({ path: path.join(target, name), animations: "disabled", caret: "hide" });
      names.push(name);
    }
  }
  await page.context().close();
  return names;
}

const section = (name: string, pictures: string[]): string =>
  `<h2>${name}</h2><div>${pictures.map((one) => `<img src="${one}" alt="${one}" loading="lazy">`).join("")}</div>`;

const pageOf = (sections: string[]): string =>
  `<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Every state</title>
<style>body{font:14px system-ui;background:#888;margin:${gap}px}div{display:flex;flex-wrap:wrap;gap:${gap}px;align-items:start}</style>
${sections.join("\n")}</html>
`;
