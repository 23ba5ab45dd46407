import { HostConfig } from "adaptivecards";
import published from "./microsoft-teams.host-config.json";

const token = (name: string) => `var(--${name})`;
const both = (name: string) => ({ default: token(name), subtle: token(name) });

/** The published colours predate Fluent 2 and are too pale to read (good has 2.1:1 on white), so tokens are laid over them. */
const foregroundColors = {
  default: { default: token("colorNeutralForeground1"), subtle: token("colorNeutralForeground3") },
  dark: both("colorNeutralForeground1"),
  light: { default: token("colorNeutralForegroundInverted"), subtle: token("colorNeutralForegroundInverted") },
  accent: both("colorBrandForeground1"),
  good: both("colorStatusSuccessForeground1"),
  warning: both("colorStatusWarningForeground1"),
  attention: both("colorStatusDangerForeground3"),
};

const style = (background: string, border: string) => ({
  backgroundColor: token(background),
  borderColor: token(border),
  foregroundColors,
});

/**
 * Teams' measures as Microsoft publishes them, with Fluent's colours. The published light and dark files differ in colours
 * only, and every colour here is a variable that the theme sets: one configuration serves the three themes.
 */
export const hostConfig = new HostConfig({
  ...published,
  fontTypes: {
    default: { ...published.fontTypes.default, fontFamily: token("font") },
    monospace: { ...published.fontTypes.monospace, fontFamily: token("mono") },
  },
  lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
  separator: { ...published.separator, lineColor: token("colorNeutralStroke2") },
  textBlock: { headingLevel: 3 },
  containerStyles: {
    default: style("colorNeutralBackground1", "colorNeutralStroke2"),
    emphasis: style("colorNeutralBackground3", "colorNeutralStroke2"),
    accent: style("colorBrandBackground2", "colorBrandStroke2"),
    good: style("colorStatusSuccessBackground1", "colorStatusSuccessBorder1"),
    attention: style("colorStatusDangerBackground1", "colorStatusDangerBorder1"),
    warning: style("colorStatusWarningBackground1", "colorStatusWarningBorder1"),
  },
  inputs: {
    label: {
      inputSpacing: "Small",
      requiredInputs: { weight: "Default", suffix: " *", suffixColor: "Attention" },
      optionalInputs: { weight: "Default" },
    },
    errorMessage: { size: "Small", color: "Attention", spacing: "Small", weight: "Default" },
  },
});
