import { h, render } from "preact";
import { act } from "./api";
import { App } from "./app";
import { TeamsChoiceSet } from "./card/choiceSet";
import { Client } from "./client";
import { ClientContext } from "./context";
import { Store } from "./state";
import { initialTheme, installTokens, showTheme } from "./themes";

const theme = initialTheme();
installTokens();
showTheme(theme);

const store = new Store({
  theme,
  connected: true,
  aloud: "",
  deadlines: [],
  section: "chat",
  pane: "list",
  appTab: "chat",
  dialogs: {},
  notes: {},
  trafficOpen: false,
  traffic: [],
});
const client = new Client(store);

TeamsChoiceSet.directory = {
  async search(text, dataset) {
    const { viewer, chat } = store.state;
    if (!viewer) return [];
    return (await act({ do: "people.search", as: viewer, text, dataset, ...(chat && { chatId: chat.id }) })).people;
  },
  nameOf: (value) => store.state.snapshot?.people.find((person) => person.aadObjectId === value)?.name,
};

const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the app");
render(h(ClientContext.Provider, { value: client }, h(App, {})), root);
void client.start();
