import type { Answer } from "../shape";
import { fetchLists, fetchMore, NoAnswer } from "./api";
import { NoHost, shown, start } from "./host";
import { askEarly } from "./queue/queueState";

/** Why there is nothing to show. */
export type Trouble = "outsideTeams" | "notSignedIn" | "notBound" | "tooOften" | "failed";

export type State =
  | { kind: "loading" }
  | { kind: "trouble"; trouble: Trouble }
  | { kind: "shown"; answer: Answer; stale: boolean };

const EVERY_MS = 60_000;

/** What the page shows and how it came there. One listener: the page draws whole. */
export class Tab {
  state: State = { kind: "loading" };
  /** The list whose next page is under way. */
  fetching: "cases" | "due" | undefined;
  private etag: string | null = null;
  private started = false;
  /** Further pages were asked for: what is shown then is left as it is. */
  private extended = false;
  private busy = false;

  constructor(private readonly changed: () => void) {}

  /** Starts, or starts again after trouble. */
  async open(): Promise<void> {
    this.set({ kind: "loading" });
    try {
      if (!this.started) await start();
      this.started = true;
    } catch {
      return this.set({ kind: "trouble", trouble: "outsideTeams" });
    }
    this.etag = null;
    this.extended = false;
    if (location.hash === "#queue") askEarly();
    await this.load();
    shown();
  }

  /** Looks again whenever the page is looked at, and each minute meanwhile. */
  keepFresh(): void {
    const look = () => {
      if (document.visibilityState === "visible" && this.state.kind === "shown" && !this.extended) void this.load();
    };
    document.addEventListener("visibilitychange", look);
    setInterval(look, EVERY_MS);
  }

  private async load(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const told = await fetchLists(this.etag);
      if (told) {
        this.etag = told.etag;
        this.set({ kind: "shown", answer: told.answer, stale: false });
      } else if (this.state.kind === "shown" && this.state.stale) this.set({ ...this.state, stale: false });
    } catch (error) {
      const trouble = troubleOf(error);
      const keep = this.state.kind === "shown" && (trouble === "failed" || trouble === "tooOften");
      if (keep && this.state.kind === "shown") this.set({ ...this.state, stale: true });
      else this.set({ kind: "trouble", trouble });
    } finally {
      this.busy = false;
    }
  }

  async more(list: "cases" | "due"): Promise<void> {
    const { state } = this;
    const after = state.kind === "shown" ? state.answer.more[list] : null;
    if (state.kind !== "shown" || !after || this.fetching) return;
    this.extended = true;
    this.fetching = list;
    this.changed();
    try {
      const next = await fetchMore(list, after);
      this.fetching = undefined;
      this.set({ kind: "shown", answer: joined(state.answer, next, list), stale: false });
    } catch {
      this.fetching = undefined;
      this.set({ ...state, stale: true });
    }
  }

  private set(state: State): void {
    this.state = state;
    this.changed();
  }
}

const joined = (first: Answer, next: Answer, list: "cases" | "due"): Answer => ({
  ...first,
  [list]: [...first[list], ...next[list]],
  more: { ...first.more, [list]: next.more[list] },
});

function troubleOf(error: unknown): Trouble {
  if (error instanceof NoHost) return "notSignedIn";
  if (!(error instanceof NoAnswer)) return "failed";
  if (error.code === "SignInNeeded") return "notSignedIn";
  if (error.code === "NotBound") return "notBound";
  return error.code === "TooManyRequests" ? "tooOften" : "failed";
}
