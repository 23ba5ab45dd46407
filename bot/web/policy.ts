/**
 * Where Microsoft shows the pages of an app in a frame, as it asks apps to allow:
 * https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/tab-requirements
 */
const TEAMS_HOSTS = [
  "https://teams.microsoft.com",
  "https://*.teams.microsoft.com",
  "https://*.cloud.microsoft",
  "https://*.microsoft365.com",
  "https://*.office.com",
  "https://outlook.office.com",
  "https://outlook.office365.com",
];
/** The same in the clouds of the US government. */
const SOVEREIGN_HOSTS = ["https://*.teams.microsoft.us", "https://outlook.office365.us"];

/** Who may show this service's pages in a frame, beside Microsoft's hosts. */
export interface Framing {
  /** Origins; Local Teams' page. With any, Microsoft's hosts are left out: only this computer is spoken to. */
  readonly local: readonly string[];
  /** Another cloud than the public one. */
  readonly sovereign: boolean;
}

export const ancestors = ({ local, sovereign }: Framing): readonly string[] =>
  local.length > 0 ? local : sovereign ? [...TEAMS_HOSTS, ...SOVEREIGN_HOSTS] : TEAMS_HOSTS;

/** Headers of a page: its own scripts and styles only, framed by Teams only. */
export function pageHeaders(framing: Framing): Readonly<Record<string, string>> {
  return {
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${ancestors(framing).join(" ")}`,
    ].join("; "),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  };
}
