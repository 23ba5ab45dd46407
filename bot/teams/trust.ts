import type { Authorities, TeamsConfig } from "../config";
import { Secret } from "../secret";

/** Who this bot is, what signs its callers' tokens, and whom and where it trusts. */
export interface Trust extends TeamsConfig {
  /** Local Teams only: plain HTTP to this computer counts as trusted, and nothing else does. */
  readonly loopback?: boolean;
}

/** The settings under which a stand-in for Teams on this computer is spoken to, as environment variables name them. */
export type LoopbackSettings = { readonly [K in keyof Omit<Authorities, "ValidateAuthority">]: string } & {
  readonly MicrosoftAppId: string;
  readonly MicrosoftAppPassword: string;
  readonly MicrosoftAppTenantId: string;
};

/** Trust in a stand-in on this computer and nothing else; the same checks apply as to Microsoft's. */
export function loopbackTrust(settings: LoopbackSettings, tenants: readonly string[]): Trust {
  const { MicrosoftAppId, MicrosoftAppPassword, MicrosoftAppTenantId, ...authorities } = settings;
  return {
    appId: MicrosoftAppId,
    appType: "SingleTenant",
    appPassword: new Secret(MicrosoftAppPassword),
    tenantId: MicrosoftAppTenantId,
    tenants: [...new Set([MicrosoftAppTenantId, ...tenants])],
    serviceHosts: [],
    authorities: { ...authorities, ValidateAuthority: false },
    loopback: true,
  };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * A check whether a `serviceUrl` may be called with this bot's token: https and a host on the list, or, for Local Teams,
 * this computer. Anything else, whatever a signed activity says, is refused.
 */
export function serviceUrlCheck(trust: Pick<Trust, "serviceHosts" | "loopback">): (serviceUrl: string) => boolean {
  const exact = new Set(trust.serviceHosts.filter((host) => !host.startsWith("*.")));
  const suffixes = trust.serviceHosts.filter((host) => host.startsWith("*.")).map((host) => host.slice(1));
  /** Few service URLs exist (one a region), so each is judged once; the bound stops a flood of invented ones. */
  const judged = new Map<string, boolean>();

  const judge = (serviceUrl: string): boolean => {
    if (!URL.canParse(serviceUrl)) return false;
    const url = new URL(serviceUrl);
    if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
    if (trust.loopback) return (url.protocol === "http:" || url.protocol === "https:") && LOOPBACK.test(url.hostname);
    if (url.protocol !== "https:" || (url.port !== "" && url.port !== "443")) return false;
    return exact.has(url.hostname) || suffixes.some((suffix) => url.hostname.endsWith(suffix));
  };

  return (serviceUrl) => {
    const known = judged.get(serviceUrl);
    if (known !== undefined) return known;
    const verdict = judge(serviceUrl);
    if (judged.size >= 256) judged.clear();
    judged.set(serviceUrl, verdict);
    return verdict;
  };
}
