import { app, authentication } from "@microsoft/teams-js";
import { showTheme, themeOf } from "./themes";

/** Milliseconds until the host counts as silent: it may never answer. */
const patience = { start: 8_000, token: 15_000, link: 5_000 };

/** Nobody answers: this page is not inside Teams, or Teams has not signed the person in. */
export class NoHost extends Error {
  override name = "NoHost";
}

/** Says hello to Teams and takes on its theme. @throws NoHost outside Teams. */
export async function start(): Promise<void> {
  const hosts = document.querySelector<HTMLMetaElement>('meta[name="hosts"]')?.content.split(" ").filter(Boolean);
  await inTime(app.initialize(hosts), patience.start);
  app.registerOnThemeChangeHandler((theme) => showTheme(themeOf(theme)));
  const context = await inTime(app.getContext(), patience.start);
  showTheme(themeOf(context.app.theme));
}

/** A sign-in token; Teams keeps one and renews it. @throws NoHost when it gives none in time. */
export const token = (): Promise<string> => inTime(authentication.getAuthToken(), patience.token);

/** Whether Teams followed the link. */
export async function follow(link: string): Promise<boolean> {
  try {
    await inTime(app.openLink(link), patience.link);
    return true;
  } catch {
    return false;
  }
}

/** Teams takes its own loading sign away, whatever the page has to show. */
export function shown(): void {
  app.notifySuccess().catch(() => undefined);
}

function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoHost("No answer")), ms);
    promise.then(resolve, (error: unknown) => reject(new NoHost(String(error)))).finally(() => clearTimeout(timer));
  });
}
