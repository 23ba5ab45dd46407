import { teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme } from "@fluentui/tokens";

export const themes = ["light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

const tokens = { light: teamsLightTheme, dark: teamsDarkTheme, contrast: teamsHighContrastTheme };
const KEY = "local-teams.theme";

/** Puts Fluent's tokens on the page, one set a theme, so that a change of theme redraws nothing. */
export function installTokens(): void {
  const rules = themes.map((theme) => {
    const variables = Object.entries(tokens[theme]).map(([name, value]) => `--${name}:${value};`);
    return `[data-theme="${theme}"]{${variables.join("")}}`;
  });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join("\n"));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** The theme chosen here last, else the one the computer asks for. */
export function initialTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  const known = themes.find((theme) => theme === kept);
  if (known) return known;
  if (matchMedia("(forced-colors: active)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(KEY, theme);
}
