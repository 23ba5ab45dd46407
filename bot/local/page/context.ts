import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { Client } from "./client";
import type { State } from "./state";

export const ClientContext = createContext<Client | undefined>(undefined);

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("No client round this part");
  return client;
}

/** The state now; the part is drawn again whenever it changes. */
export function useAppState(): State {
  const { store } = useClient();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const stop = store.subscribe(() => redraw(undefined));
    // What changed between drawing and listening.
    redraw(undefined);
    return stop;
  }, [store]);
  return store.state;
}

/** The product's instant, drawn again on every full minute. */
export function useNow(): string {
  const client = useClient();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const now = client.now();
  useEffect(() => {
    const timer = setTimeout(() => redraw(undefined), 60_000 - (Date.parse(now) % 60_000) + 20);
    return () => clearTimeout(timer);
  });
  return now;
}
