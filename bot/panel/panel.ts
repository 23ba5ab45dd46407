import type { Envelope, GradingPanel, PanelAnswer, PanelRequest, PanelView } from "../../src/panel/shape";
import { deviceKind, reading, ServiceClock } from "./device";
import { startHost } from "./host";
import { type Code, Line, NoAnswer } from "./line";
import { projected } from "./project";
import { batchOf, merged, settled, unreadable, waitingOf } from "./queue";
import { type Entry, openVault, type Vault, warmVault } from "./vault";

/** Why there is no session to show. */
export type Trouble = "outsideTeams" | "signIn" | "notBound" | "noSession" | "offline" | "failed";

/** A note that is being written. */
export interface Draft {
  text: string;
  criteria: string[];
  question: string | null;
}
const emptyDraft: Draft = { text: "", criteria: [], question: null };

/** What is kept of the last answer, for a start without a network. */
interface Last {
  answer: PanelAnswer;
  offset: number | null;
}
/** What tabs of one person tell each other. */
interface Told {
  answer?: PanelAnswer;
  etag?: string | null;
}

const EVERY_MS = { running: 4_000, else: 15_000, hidden: 60_000 };
/** A start within this shows nothing before the session itself. */
const SWIFT_MS = 500;
/** Views and drafts that were not written for so long go. */
const KEPT_MS = 30 * 86_400_000;
const BACKOFF_MS = [2_000, 4_000, 8_000, 15_000, 30_000];

/** What the panel shows and how it came there. One listener: it draws the whole. */
export class Panel {
  readonly clock = new ServiceClock();
  /** As the service drew it last. */
  answer: PanelAnswer | undefined;
  trouble: Trouble | undefined;
  /** Since when the service is out of reach, by its own clock. */
  offlineSince: number | null = null;
  signedOut = false;
  savedAt: number | null = null;
  /** False: nothing outlives this page. */
  keeps = true;
  entries: Entry[] = [];
  draft: Draft = emptyDraft;
  private vault: Vault | undefined;
  private line: Line | undefined;
  private who = "";
  private chat: string | undefined;
  private etag: string | null = null;
  private channel: BroadcastChannel | undefined;
  private readonly onTheirWay = new Set<string>();
  private pumping = false;
  private again = false;
  private failures = 0;
  private looking = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  private drawn: { from: PanelView; entries: Entry[]; view: GradingPanel } | undefined;

  constructor(private readonly changed: () => void) {}

  /** The session's view with what waits laid over it. */
  get view(): PanelView | undefined {
    const panel = this.answer?.kind === "session" ? this.answer.panel : undefined;
    if (panel?.kind !== "grading") return panel;
    if (this.drawn?.from !== panel || this.drawn.entries !== this.entries)
      this.drawn = { from: panel, entries: this.entries, view: projected(panel, this.entries) };
    return this.drawn.view;
  }

  get waiting(): number {
    return waitingOf(this.entries).length;
  }
  /** Of those that wait, how many a crash would leave; all of them, where nothing outlives the page anyway. */
  get kept(): number {
    const waiting = waitingOf(this.entries);
    return this.keeps ? waiting.filter(({ id }) => !this.onTheirWay.has(id)).length : waiting.length;
  }
  waits(id: string): boolean {
    return this.entries.some((e) => !e.held && e.envelope.id === id);
  }

  /** Starts, or starts again after trouble. */
  async open(): Promise<void> {
    const first = !this.trouble && !this.line;
    this.trouble = undefined;
    // Bones that stand for a moment only would flash, and cost the first view its time.
    if (first) setTimeout(() => !this.answer && this.changed(), SWIFT_MS);
    else this.changed();
    if (!this.line) {
      try {
        warmVault(`last${this.query}`);
        const { who, chat } = await startHost();
        this.chat = chat;
        if (!who) return this.fail("signIn");
        await this.become(who);
      } catch {
        return this.fail("outsideTeams");
      }
    }
    await this.look();
    await this.readDraft();
    // By the service's clock: one that somebody moved makes nothing old.
    if (this.offlineSince === null) this.forget("");
    void this.pump();
  }

  private async become(who: string): Promise<void> {
    this.who = who;
    this.vault = await openVault(who);
    this.keeps = this.vault.keeps;
    this.line = new Line(who, (instant) => this.clock.heard(instant));
    const [entries, last] = await Promise.all([this.vault.entries(), this.vault.read<Last>(`last${this.query}`)]);
    this.entries = entries;
    if (last) {
      if (last.offset !== null) this.clock.recall(last.offset);
      this.answer = last.answer;
    }
    if (last) this.changed();
    await this.readDraft();
    if (this.keeps && typeof BroadcastChannel === "function") {
      this.channel = new BroadcastChannel(`epilogue ${who}`);
      this.channel.onmessage = ({ data }: MessageEvent<Told>) => void this.told(data);
    }
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.wake();
      else void this.keepDraft();
    });
    addEventListener("pagehide", () => void this.keepDraft());
  }

  /** The network may be back, or the device awake. */
  wake(): void {
    this.failures = 0;
    void this.look();
    void this.pump();
  }

  /** How the session is named to the service. */
  private get query(): string {
    if (new URLSearchParams(location.search).has("case")) return location.search;
    return this.chat ? `?${new URLSearchParams({ chat: this.chat })}` : "";
  }

  /** Shows another session. */
  choose(caseId: string, method: string): void {
    history.replaceState(null, "", `?${new URLSearchParams({ case: caseId, method })}`);
    this.answer = undefined;
    this.etag = null;
    this.draft = emptyDraft;
    void this.open();
  }

  // ---- reading ---------------------------------------------------------------------------------------------------

  /** Asks the service how the session stands. */
  async look(): Promise<void> {
    if (this.looking || !this.line) return;
    this.looking = true;
    try {
      const told = await this.line.read(this.query, this.answer ? this.etag : null);
      const back = this.offlineSince !== null || this.signedOut;
      this.reached();
      if (told) this.take(told.answer, told.etag);
      this.trouble = undefined;
      // What waits need not sit out its own delay.
      if (back) void this.pump();
    } catch (error) {
      this.unanswered(error);
    } finally {
      this.looking = false;
      this.schedule();
      this.changed();
    }
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const running = this.view?.kind !== "closed" && this.view?.timer.phase === "running";
    const ms = document.visibilityState === "hidden" ? EVERY_MS.hidden : running ? EVERY_MS.running : EVERY_MS.else;
    this.timer = setTimeout(() => void this.look(), Math.max(ms, this.wait));
  }

  /** Once a second: whether the device slept. */
  check(): void {
    if (this.clock.apart) void this.look();
  }

  private take(answer: PanelAnswer, etag: string | null): void {
    const [now, then] = [panelOf(answer), panelOf(this.answer)];
    // An answer that was overtaken on its way.
    const same =
      now && then && now.session.caseId === then.session.caseId && now.session.method === then.session.method;
    if (same && now.kind === "grading" && then.kind === "grading" && now.revision < then.revision) return;
    this.answer = answer;
    this.etag = etag;
    const of = now ? nameOf(now.session) : "";
    const last: Last = { answer, offset: this.clock.offset };
    // Nobody goes on with what is over: it need not start without a network.
    if (now && isOver(now)) this.forget(of);
    else this.vault?.write(`last${this.query}`, last, of, this.clock.now()).catch(() => this.lost());
  }

  /** Views and drafts of that session, and those that are old; what waits to be sent stays. */
  private forget(of: string, before = this.clock.now() - KEPT_MS): void {
    this.vault?.forget(of, before).catch(() => this.lost());
  }

  private reached(): void {
    this.failures = 0;
    this.offlineSince = null;
    this.signedOut = false;
    if (this.wait === 0) return;
    // The next look need not sit out what was waited for.
    this.wait = 0;
    this.schedule();
  }

  /** Milliseconds before the next try. */
  private wait = 0;

  private unanswered(error: unknown): void {
    const code: Code = error instanceof NoAnswer ? error.code : "Unreachable";
    this.wait = Math.max(
      (error instanceof NoAnswer ? error.after : 0) * 1000,
      BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)] ?? 0,
    );
    this.failures += 1;
    if (code === "Unreachable") {
      this.offlineSince ??= this.clock.now();
      this.clock.awoke();
    }
    if (code === "SignInNeeded") this.signedOut = true;
    if (code === "NotBound") this.forget("", Number.POSITIVE_INFINITY);
    if (code === "NoSession") {
      const asked = new URLSearchParams(location.search);
      this.forget(nameOf({ caseId: asked.get("case"), method: asked.get("method") }));
    }
    if (code === "NotBound" || code === "NoSession") this.answer = undefined;
    if (!this.answer) this.trouble = troubleOf[code] ?? "failed";
  }

  private fail(trouble: Trouble): void {
    this.trouble = trouble;
    this.changed();
  }

  // ---- writing ---------------------------------------------------------------------------------------------------

  /** What the person did: shown at once, kept, sent in its turn. Returns its id. */
  press(command: PanelRequest): string {
    const view = this.view;
    const id = crypto.randomUUID();
    if (view?.kind !== "grading") return id;
    const envelope: Envelope = {
      id,
      caseId: view.session.caseId,
      command,
      occurred: this.clock.occurred(),
      device: deviceKind(),
    };
    const entry: Entry = { envelope, at: new Date(this.clock.now()).toISOString() };
    this.entries = [...this.entries, entry];
    this.onTheirWay.add(id);
    // Somebody is at work: the next tries come soon.
    this.failures = 0;
    this.changed();
    void this.keep(entry).then(() => this.pump());
    return id;
  }

  private async keep(entry: Entry): Promise<void> {
    try {
      await this.vault?.put(entry);
      this.onTheirWay.delete(entry.envelope.id);
      this.changed();
      this.channel?.postMessage({} satisfies Told);
    } catch {
      // It stays in memory, and is sent all the same.
      this.lost();
    }
  }

  private lost(): void {
    if (!this.keeps) return;
    this.keeps = false;
    this.changed();
  }

  /** Sends what waits, in order; only one tab of a person does so at a time. */
  async pump(): Promise<void> {
    if (this.pumping) {
      this.again = true;
      return;
    }
    this.pumping = true;
    clearTimeout(this.retry);
    try {
      do {
        this.again = false;
        const send = () => this.sendAll();
        if (this.keeps && navigator.locks) await navigator.locks.request(`epilogue ${this.who}`, send);
        else await send();
      } while (this.again);
    } catch (error) {
      this.unanswered(error);
      // Asked for again while that try was under way: the network may have come back behind it.
      const soon = this.again && !(error instanceof NoAnswer && error.after > 0);
      this.retry = setTimeout(() => void this.pump(), soon ? 0 : this.wait);
    } finally {
      this.pumping = false;
      this.changed();
    }
  }

  private async sendAll(): Promise<void> {
    let most: number | undefined;
    for (;;) {
      await this.reload();
      const batch = batchOf(this.entries, most);
      if (batch.length === 0 || !this.line) return;
      const more = batch.length < this.waiting;
      try {
        const answer = await this.line.send({ sent: reading(), commands: batch, ...(more ? { panel: false } : {}) });
        this.reached();
        const { gone, held, again } = settled(batch, answer.answers);
        await this.settle(gone, held, answer.panel, answer.etag);
        if (again) throw new NoAnswer("Busy");
      } catch (error) {
        const bad = error instanceof NoAnswer && /BadRequest|PayloadTooLarge|UnsupportedMediaType/.test(error.code);
        if (!bad) throw error;
        // One among them is not taken: one by one, and that one is held.
        if (batch.length > 1) most = 1;
        else await this.settle([], batch.map(unreadable), null, null);
      }
    }
  }

  private async settle(gone: string[], held: Entry[], panel: PanelView | null, etag: string | null): Promise<void> {
    const known = new Map(this.entries.map((e) => [e.envelope.id, e]));
    const byId = new Map(held.map((e) => [e.envelope.id, { ...known.get(e.envelope.id), ...e }]));
    for (const entry of byId.values()) await this.vault?.put(entry).catch(() => this.lost());
    if (panel && this.isShown(panel)) this.take({ kind: "session", panel }, etag);
    const left = new Set(gone);
    this.entries = this.entries.filter((e) => !left.has(e.envelope.id)).map((e) => byId.get(e.envelope.id) ?? e);
    for (const id of gone) this.onTheirWay.delete(id);
    this.savedAt = this.clock.now();
    this.changed();
    await this.vault?.remove(gone).catch(() => this.lost());
    const told: Told = panel && this.answer && this.isShown(panel) ? { answer: this.answer, etag: this.etag } : {};
    this.channel?.postMessage(told);
    if (!panel) void this.look();
  }

  private isShown({ session }: PanelView): boolean {
    const shown = panelOf(this.answer)?.session;
    return shown?.caseId === session.caseId && shown.method === session.method;
  }

  /** What lies in the vault, which another tab may have changed. */
  private async reload(): Promise<void> {
    if (!this.keeps || !this.vault) return;
    try {
      const stored = await this.vault.entries();
      this.entries = merged(stored, this.entries, this.onTheirWay);
    } catch {
      this.lost();
    }
  }

  private async told({ answer, etag }: Told): Promise<void> {
    const panel = panelOf(answer);
    if (answer && panel && this.isShown(panel)) this.take(answer, etag ?? null);
    await this.reload();
    this.changed();
    if (!answer) void this.pump();
  }

  // ---- what is held for the person -------------------------------------------------------------------------------

  /** The person has decided: it is not shown again. */
  dismiss(id: string): void {
    this.entries = this.entries.filter((e) => e.envelope.id !== id);
    this.changed();
    void this.vault
      ?.remove([id])
      .then(() => this.told({}))
      .then(() => this.channel?.postMessage({} satisfies Told))
      .catch(() => this.lost());
  }

  // ---- the note that is being written ----------------------------------------------------------------------------

  write(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    this.changed();
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => void this.keepDraft(), 250);
  }

  private async keepDraft(): Promise<void> {
    const panel = panelOf(this.answer);
    if (!panel || isOver(panel)) return;
    const of = nameOf(panel.session);
    await this.vault?.write(`draft ${of}`, this.draft, of, this.clock.now()).catch(() => this.lost());
  }
  private async readDraft(): Promise<void> {
    const panel = panelOf(this.answer);
    const kept = panel && (await this.vault?.read<Draft>(`draft ${nameOf(panel.session)}`));
    if (kept && this.draft.text === "") this.draft = kept;
    this.changed();
  }
}

const panelOf = (answer: PanelAnswer | undefined): PanelView | undefined =>
  answer?.kind === "session" ? answer.panel : undefined;

/** The session's name on this device. */
const nameOf = ({ caseId, method }: Record<"caseId" | "method", string | null>) => `${caseId} ${method}`;
/** Confirmed; for whoever sees no grading, ended. */
const isOver = (panel: PanelView) => panel.kind !== "closed" && /confirmed|ended/.test(panel.timer.phase);

const troubleOf: Partial<Record<Code, Trouble>> = {
  SignInNeeded: "signIn",
  NotBound: "notBound",
  NoSession: "noSession",
  Unreachable: "offline",
};
