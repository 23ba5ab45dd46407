import type { Persona } from "../protocol";
import { act } from "./api";
import type { Theme } from "./themes";

const teamsTheme: Record<Theme, string> = { light: "default", dark: "dark", contrast: "contrast" };

/** What this host can do, as teams-js asks for it (the runtime configuration of its `initialize`). */
const runtime = JSON.stringify({
  apiVersion: 4,
  isLegacyTeams: false,
  hostVersionsInfo: { adaptiveCardSchemaVersion: { majorVersion: 1, minorVersion: 5 } },
  supports: { app: { lifecycle: {} }, pages: { tabs: {} } },
});

interface Call {
  id: number;
  uuidAsString?: string;
  func: string;
  args?: unknown[];
}

export interface TabHost {
  theme: (theme: Theme) => void;
  stop: () => void;
}

/** Where in Teams a page is shown: by itself, or beside a meeting. */
export type Where = { frameContext: "content" } | { frameContext: "sidePanel"; meetingId: string; chatId: string };

/**
 * Plays Teams for a page in a frame: answers what teams-js 2 asks by messages (start, context, sign-in token, theme). Only the
 * frame's own window at the page's own origin is heard. `write` takes the words that a link to the app's chat brings along.
 */
export function hostTab(
  frame: HTMLIFrameElement,
  url: string,
  person: Persona,
  start: Theme,
  write: (words: string) => void = () => undefined,
  where: Where = { frameContext: "content" },
): TabHost {
  const { origin } = new URL(url, location.href);
  let theme = start;
  let wantsTheme = false;
  const post = (message: object) => frame.contentWindow?.postMessage(message, origin);

  /** The answer's arguments; undefined when the call wants none. */
  async function answer({ func, args = [] }: Call): Promise<unknown[] | undefined> {
    switch (func) {
      case "initialize":
        return [where.frameContext, "web", runtime, "2.0.0"];
      case "getContext":
        return [context(person, teamsTheme[theme], where)];
      case "authentication.getAuthToken":
        return act({ do: "tab.token", as: person.id }).then(
          ({ token }) => [true, token],
          (error: Error) => [false, error.message],
        );
      case "executeDeepLink": {
        const words = wordsForChat(args[0]);
        if (words !== undefined) write(words);
        return [words !== undefined, "Only links to the app's own chat work here"];
      }
      case "registerHandler":
        wantsTheme ||= args[0] === "themeChange";
        return undefined;
      default:
        return func.startsWith("appInitialization.") ? undefined : [{ errorCode: 100, message: `${func} is not here` }];
    }
  }

  const heard = async (event: MessageEvent<Call | undefined>) => {
    if (event.source !== frame.contentWindow || event.origin !== origin || typeof event.data?.func !== "string") return;
    const { id, uuidAsString } = event.data;
    const args = await answer(event.data);
    if (args) post({ id, uuidAsString, args });
  };
  addEventListener("message", heard);
  return {
    theme(next) {
      theme = next;
      if (wantsTheme) post({ func: "themeChange", args: [teamsTheme[next]] });
    },
    stop: () => removeEventListener("message", heard),
  };
}

/** What a link to the chat with a bot writes there; undefined for any other link. */
export function wordsForChat(link: unknown): string | undefined {
  if (typeof link !== "string" || !URL.canParse(link)) return undefined;
  const { origin, pathname, searchParams } = new URL(link);
  const toBot = origin === "https://teams.microsoft.com" && pathname === "/l/chat/0/0";
  return toBot && searchParams.get("users")?.startsWith("28:") ? (searchParams.get("message") ?? "") : undefined;
}

function context(person: Persona, theme: string, where: Where): object {
  return {
    locale: "en-gb",
    theme,
    ...where,
    userObjectId: person.aadObjectId ?? "",
    tid: person.tenantId ?? "",
    loginHint: person.mail ?? "",
    userPrincipalName: person.mail ?? "",
    userDisplayName: person.name,
    hostName: "Teams",
    hostClientType: "web",
    sessionId: "local",
    appSessionId: "local",
    ringId: "general",
    userLicenseType: "Unknown",
  };
}
