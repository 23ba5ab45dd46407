import { teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme } from "@fluentui/tokens";

/** The tokens that tab.css uses; the page bears no others. */
const used = [
  "borderRadiusMedium",
  "borderRadiusXLarge",
  "colorBrandBackground",
  "colorBrandBackgroundHover",
  "colorBrandBackgroundPressed",
  "colorBrandForeground1",
  "colorCompoundBrandBackground",
  "colorNeutralBackground1",
  "colorNeutralBackground1Hover",
  "colorNeutralBackground1Pressed",
  "colorNeutralBackground1Selected",
  "colorNeutralBackground3",
  "colorNeutralForeground1",
  "colorNeutralForeground1Hover",
  "colorNeutralForeground1Pressed",
  "colorNeutralForeground2",
  "colorNeutralForeground3",
  "colorNeutralForegroundOnBrand",
  "colorNeutralStencil1",
  "colorNeutralStroke1",
  "colorNeutralStroke2",
  "colorNeutralStrokeAccessible",
  "colorStatusDangerForeground3",
  "colorStatusSuccessForeground1",
  "colorStrokeFocus2",
  "colorTransparentStroke",
  "shadow16",
  "shadow4",
] as const;

const tokens = { light: teamsLightTheme, dark: teamsDarkTheme, contrast: teamsHighContrastTheme };
export type Theme = keyof typeof tokens;

/** Puts Fluent's tokens on the page, one set a theme, so that a change of theme redraws nothing. */
export function installTokens(): void {
  const rules = Object.entries(tokens).map(([theme, values]) => {
    const variables = used.map((name) => `--${name}:${values[name]};`);
    return `[data-theme="${theme}"]{${variables.join("")}}`;
  });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join("\n"));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Before Teams has said: what the computer asks for. */
export function themeOfComputer(): Theme {
  if (matchMedia("(forced-colors: active)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Teams' names for its themes; any other is one of its light ones. */
export const themeOf = (name: string): Theme => (name === "dark" || name === "contrast" ? name : "light");

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}
