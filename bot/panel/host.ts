import * as app from "@microsoft/teams-js/dist/esm/packages/teams-js/src/public/app/app";
import { getAuthToken } from "@microsoft/teams-js/dist/esm/packages/teams-js/src/public/authentication";

/** Teams, which frames this page: who looks, where, in which theme, and a token that says so to the service. */

/** Milliseconds until the host counts as silent: it may never answer. */
const patience = { start: 8_000, token: 15_000 };

/** Outside Teams, or Teams does not say who it is. */
export class NoHost extends Error {
  override name = "NoHost";
}

/** As Teams says it. */
export interface Hosted {
  /** "tenant.person"; undefined for a guest without an account. */
  who: string | undefined;
  /** The meeting's chat, or the chat that the panel is a tab of. */
  chat: string | undefined;
}

/** Teams' names for its themes; any other is one of its light ones. */
export function showTheme(name: string): void {
  document.documentElement.dataset.theme = name === "dark" || name === "contrast" ? name : "light";
}

/** Before Teams has said: what the computer asks for. */
export function showOwnTheme(): void {
  if (matchMedia("(forced-colors: active)").matches) showTheme("contrast");
  else showTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

/** The first token, on its way. */
let early: Promise<string> | undefined;

/** Says hello to Teams and takes on its theme. @throws NoHost outside Teams. */
export async function startHost(): Promise<Hosted> {
  const hosts = document.querySelector<HTMLMetaElement>('meta[name="hosts"]')?.content.split(" ").filter(Boolean);
  await inTime(app.initialize(hosts), patience.start);
  const context = app.getContext();
  // Asked for early: it comes while the rest is looked up.
  early = getAuthToken();
  early.catch(() => undefined);
  const { app: shown, user, chat, page } = await inTime(context, patience.start);
  showTheme(shown.theme);
  // In a meeting nobody is shown the way in.
  document.documentElement.classList.toggle("in", app.getFrameContext() === "sidePanel");
  // Told behind the first view, not before it.
  setTimeout(() => {
    app.registerOnThemeChangeHandler(showTheme);
    app.notifySuccess().catch(() => undefined);
  });
  const tenant = user?.tenant?.id;
  if (page.subPageId && !location.search) nameSession(page.subPageId);
  return { who: user?.id && tenant ? `${tenant}.${user.id}`.toLowerCase() : undefined, chat: chat?.id };
}

/** A link into the tab names its session so: "case/method". */
function nameSession(subPage: string): void {
  const [caseId, method] = subPage.split("/");
  if (caseId && method) history.replaceState(null, "", `?${new URLSearchParams({ case: caseId, method })}`);
}

/**
 * A sign-in token of that person; Teams keeps one and renews it.
 * @throws NoHost when it gives none in time, or somebody else's.
 */
export async function token(who: string): Promise<string> {
  const asked = early ?? getAuthToken();
  early = undefined;
  const got = await inTime(asked, patience.token);
  if (personIn(got) !== who) throw new NoHost("Somebody else");
  return got;
}

/** Whose token it says it is; the service checks that, this only keeps one person's words out of another's name. */
function personIn(jwt: string): string | undefined {
  try {
    const { tid, oid } = JSON.parse(atob((jwt.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))) as {
      tid: string;
      oid: string;
    };
    return `${tid}.${oid}`.toLowerCase();
  } catch {
    return undefined;
  }
}

function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoHost("No answer")), ms);
    promise.then(resolve, (error: unknown) => reject(new NoHost(String(error)))).finally(() => clearTimeout(timer));
  });
}
