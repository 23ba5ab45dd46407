import { render } from "preact";
import { keepFocus } from "../../look/focus";
import { Tab } from "./state";
import { installTokens, showTheme, themeOfComputer } from "./themes";
import { View } from "./view";

installTokens();
showTheme(themeOfComputer());

const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the app");
keepFocus(root);
const tab = new Tab(() => render(<View tab={tab} />, root));
void tab.open();
tab.keepFresh();
