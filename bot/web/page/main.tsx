import { render } from "preact";
import { Tab } from "./state";
import { installTokens, showTheme, themeOfComputer } from "./themes";
import { View } from "./view";

installTokens();
showTheme(themeOfComputer());

const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the app");
const tab = new Tab(() => render(<View tab={tab} />, root));
void tab.open();
tab.keepFresh();
