/// <reference lib="webworker" />
/**
 * Keeps the panel's shell (its page, script and styles, nothing of any session), so that it opens without a network. With one,
 * the page comes from there: a new one is kept only once all of its files are.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;
const SHELL = "epilogue-shell";
const PAGE = "/panel";
/** A slow line counts as none for the page when there is a kept one. */
const PATIENCE_MS = 4_000;

/** Static routing, where a browser knows it: files that are kept come without this worker being asked. */
interface Routing {
  addRoutes?(route: { condition: { urlPattern: object }; source: { cacheName: string } }): Promise<void>;
}
declare const URLPattern: (new (parts: { pathname: string; search: string }) => object) | undefined;

worker.addEventListener("install", (event) => {
  if (typeof URLPattern !== "undefined")
    (event as Routing)
      .addRoutes?.({
        condition: { urlPattern: new URLPattern({ pathname: `${PAGE}/*`, search: "(.+)" }) },
        source: { cacheName: SHELL },
      })
      .catch(() => undefined);
  event.waitUntil(
    fetch(PAGE, { cache: "no-cache" })
      .then(keep)
      .then(() => worker.skipWaiting()),
  );
});
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) {
    event.respondWith(page(event));
  } else if (pathname.startsWith(`${PAGE}/`) && search) {
    // Its name tells its content: what is kept is what the network would send.
    event.respondWith(kept(request.url).then((there) => there ?? fetch(request)));
  }
});

const kept = async (url: string): Promise<Response | undefined> => (await caches.open(SHELL)).match(url);

async function page(event: FetchEvent): Promise<Response> {
  const late = new AbortController();
  const asked = fetch(event.request.url, { cache: "no-cache", redirect: "error", signal: late.signal });
  asked.catch(() => undefined);
  // Looked for while the network is asked.
  const there = await kept(PAGE);
  const patience = there && setTimeout(() => late.abort(), PATIENCE_MS);
  try {
    const fresh = await asked;
    if (!fresh.ok && there) return there;
    event.waitUntil(keep(fresh.clone()).catch(() => undefined));
    return fresh;
  } catch (error) {
    if (there) return there;
    throw error;
  } finally {
    clearTimeout(patience);
  }
}

/** All of it or nothing: files first, then the page that names them, then what no page names any more goes. */
async function keep(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`The page answers ${response.status}`);
  const html = await response.clone().text();
  const files = [...html.matchAll(/(?:href|src)="(\/panel\/[^"]+)"/g)].map(
    ([, file]) => new URL(file ?? "", location.origin).href,
  );
  const shell = await caches.open(SHELL);
  for (const file of files) if (!(await shell.match(file))) await shell.add(file);
  await shell.put(PAGE, response);
  const wanted = new Set([...files, new URL(PAGE, location.origin).href]);
  for (const { url } of await shell.keys()) if (!wanted.has(url)) await shell.delete(url);
}

export {};
