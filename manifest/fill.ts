import template from "./manifest.json";

/** What a tenant's package is filled with. Addresses are https URLs; `baseUrl` has no closing slash. */
export interface Particulars {
  appId: string;
  baseUrl: string;
  publisher: string;
  websiteUrl: string;
  privacyUrl: string;
  termsUrl: string;
  version: string;
}

/** Why a package cannot be made: a variable of the environment, and what it should hold. */
export interface Lack {
  variable: string;
  wanted: string;
}

type Environment = Record<string, string | undefined>;

/**
 * Reads a package's particulars from the environment.
 *
 * `MicrosoftAppId` and `EPILOGUE_BASE_URL` are needed. The publisher's name and pages are the service's own unless
 * `EPILOGUE_PUBLISHER`, `EPILOGUE_WEBSITE_URL`, `EPILOGUE_PRIVACY_URL` and `EPILOGUE_TERMS_URL` say otherwise. Everything
 * that lacks is named at once.
 */
export function particulars(env: Environment, version: string): Particulars | { lacks: Lack[] } {
  const lacks: Lack[] = [];
  const take = (variable: string, wanted: string, fits: (value: string) => boolean, otherwise?: string): string => {
    const value = env[variable]?.trim() || otherwise;
    if (value !== undefined && fits(value)) return value;
    lacks.push({ variable, wanted });
    return "";
  };
  const appId = take("MicrosoftAppId", "the bot's application id, a GUID", isGuid);
  const base = "the public https address of this service, such as https://epilogue.example.org";
  const baseUrl = take("EPILOGUE_BASE_URL", base, isOrigin).replace(/\/$/, "");
  const publisher = take("EPILOGUE_PUBLISHER", "at most 32 characters", (name) => name.length <= 32, "Epilogue");
  const page = (variable: string, what: string) =>
    take(variable, `the https address of ${what}`, isHttps, isHttps(baseUrl) ? baseUrl : "https://example.org");
  const found = {
    appId,
    baseUrl,
    publisher,
    websiteUrl: page("EPILOGUE_WEBSITE_URL", "your website"),
    privacyUrl: page("EPILOGUE_PRIVACY_URL", "your privacy notice"),
    termsUrl: page("EPILOGUE_TERMS_URL", "your terms of use"),
    version,
  };
  return lacks.length > 0 ? { lacks } : found;
}

/** The manifest of one tenant: the template with every placeholder filled. */
export function fill(given: Particulars): Record<string, unknown> {
  const values: Record<string, string> = {
    APP_ID: given.appId.toLowerCase(),
    BASE_URL: given.baseUrl,
    DOMAIN: new URL(given.baseUrl).host,
    PUBLISHER: given.publisher,
    WEBSITE_URL: given.websiteUrl,
    PRIVACY_URL: given.privacyUrl,
    TERMS_URL: given.termsUrl,
    VERSION: given.version,
  };
  const filled = JSON.stringify(template).replace(/\$\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`manifest.json holds an unknown placeholder, ${placeholder}`);
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(filled);
}

function isGuid(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === "https:";
}

/** An address without a path: Teams derives the app's identity from the host alone. */
function isOrigin(value: string): boolean {
  if (!isHttps(value)) return false;
  const { origin } = new URL(value);
  return value.toLowerCase().replace(/\/$/, "") === origin;
}
