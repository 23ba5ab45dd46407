import { render } from "preact";
import { keepFocus } from "../look/focus";
import { showOwnTheme } from "./host";
import { Panel } from "./panel";
import { View } from "./view";

showOwnTheme();
const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the panel");
keepFocus(root);
const panel = new Panel(() => render(<View panel={panel} />, root));
// The shell is kept, so that the panel opens without a network; once it is open, so that this waits for nothing.
void panel
  .open()
  .then(() => navigator.serviceWorker?.register("/panel/sw.js", { scope: "/panel" }))
  .catch(() => undefined);

// biome-ignore lint/complexity/noUselessEmptyExport: without it esbuild takes this for CommonJS, and leaves nothing out
export {};
