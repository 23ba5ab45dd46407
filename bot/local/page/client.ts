import type {
  Action,
  ChatView,
  Clock,
  Dialog,
  LiveEvent,
  Message,
  PersonId,
  Pressed,
  PressedAction,
} from "../protocol";
import {
  act,
  CallFailed,
  fetchDeadlines,
  fetchMail,
  fetchState,
  fetchTraffic,
  fetchTrafficDetail,
  listen,
} from "./api";
import { readPlace, writePlace } from "./place";
import type { Form, Note, Section, Store } from "./state";
import { showTheme, type Theme } from "./themes";

const ERROR: Note = { tone: "error", text: "Something went wrong. Please try again." };
const HOUR = 3_600_000;
export const steps = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR } as const;

/** All that the page does. Parts call these; each ends in a change of the store's state. */
export class Client {
  private refreshing: Promise<void> | undefined;
  private refreshAgain = false;
  private typingTimer = 0;
  /** Where each person was, to come back to. */
  private readonly lastChat = new Map<PersonId, string>();

  constructor(readonly store: Store) {}

  private get state() {
    return this.store.state;
  }

  async start(): Promise<void> {
    const place = readPlace(location.hash);
    this.store.set({ viewer: place.viewer, section: place.section ?? "chat" });
    listen(
      (event) => this.heard(event),
      (connected) => {
        const back = connected && !this.state.connected;
        this.store.set({ connected });
        if (back) void this.catchUp();
      },
    );
    await this.first();
    const people = this.state.snapshot?.people ?? [];
    const viewer = people.find((person) => person.id === place.viewer) ?? firstFace(people);
    if (!viewer) return;
    await this.become(viewer.id, place.viewer === viewer.id ? place.section : undefined, place.id);
    await this.guard(this.loadTraffic());
  }

  /** The state for the person in the address; when there is none such, after a fresh start say, for the usual one. */
  private async first(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      if (error instanceof CallFailed && error.code !== "Unreachable") this.store.set({ viewer: undefined });
      await this.guard(this.refresh());
    }
  }

  /** After a lost connection nothing is known: everything is fetched again. */
  private async catchUp(): Promise<void> {
    await this.guard(this.refresh());
    this.reopen();
    if (this.state.trafficOpen) await this.guard(this.loadTraffic());
  }

  private heard(event: LiveEvent): void {
    const { viewer, chatId, chat } = this.state;
    if (event.type === "state") void this.guard(this.refresh());
    else if (event.type === "clock") this.tick(event.clock);
    else if (event.type === "mail") {
      if (event.person === viewer) void this.guard(this.refresh());
    } else if (event.type === "traffic") {
      const { snapshot, traffic } = this.state;
      const known = traffic.some((line) => line.n === event.line.n);
      this.store.set({
        traffic: known ? traffic : [...traffic, event.line].slice(-500),
        ...(snapshot && { snapshot: { ...snapshot, trafficCount: Math.max(snapshot.trafficCount, event.line.n) } }),
      });
    } else if (event.type === "typing") {
      this.store.set({ typing: event.chatId });
      clearTimeout(this.typingTimer);
      this.typingTimer = window.setTimeout(() => this.store.set({ typing: undefined }), 6000);
    } else if (viewer && event.people.includes(viewer) && (event.chatId === chatId || event.chatId === chat?.id)) {
      this.reopen();
    }
  }

  private tick(clock: Clock): void {
    this.store.set({ clock: { told: clock, heardAt: performance.now() } });
  }

  /**
   * Fetches what stands round the chat; calls that come while one is under way make one more, not many. Resolves once what is
   * shown is the present person's: who waits for it goes on with their chats, not with the last person's.
   */
  refresh(): Promise<void> {
    this.refreshAgain = true;
    this.refreshing ??= this.refreshed().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async refreshed(): Promise<void> {
    while (this.refreshAgain) {
      this.refreshAgain = false;
      const as = this.state.viewer;
      const snapshot = await fetchState(as);
      if (as !== this.state.viewer) this.refreshAgain = true;
      else {
        this.store.set({ snapshot });
        this.tick(snapshot.clock);
      }
    }
  }

  private reopening: ReturnType<typeof setTimeout> | undefined;

  /** Fetches the open chat again, soon: one thing that happened often makes several events. */
  private reopen(): void {
    if (this.reopening !== undefined) return;
    this.reopening = setTimeout(() => {
      this.reopening = undefined;
      const { viewer, chatId, section } = this.state;
      if (viewer && chatId && section === "chat") void this.guard(this.loadChat(viewer, chatId));
    }, 30);
  }

  // ------------------------------------------------------------------------------------------- who and where

  /** Changes the person: what they see is all fetched anew, and they are where they were last. */
  async become(viewer: PersonId, section?: Section, id?: string): Promise<void> {
    const person = this.state.snapshot?.people.find((one) => one.id === viewer);
    const cleared = { chat: undefined, chatId: undefined, mail: undefined, mailId: undefined, meetingId: undefined };
    this.store.set({ ...cleared, viewer, form: undefined, appTab: "chat", typing: undefined, notice: undefined });
    await this.guard(this.refresh());
    const { viewer: present, chatId, mailId, meetingId } = this.state;
    // The lists stand before all is fetched: whoever has chosen in them meanwhile stays there.
    if (present !== viewer || chatId || mailId || meetingId) return;
    const usual = person?.hasTeams === false ? "mail" : person?.kind === "anonymous" ? "meetings" : "chat";
    const to = section ?? usual;
    await this.go(to, id);
    // On a narrow window a person's lists are the way in.
    if (!id) this.store.set({ pane: "list" });
  }

  /** Goes to one of the lists, and opens what was named, or what was open there. */
  async go(section: Section, id?: string): Promise<void> {
    const { viewer, snapshot } = this.state;
    this.store.set({ section, pane: id ? "main" : "list" });
    this.keepPlace(id);
    if (!viewer || !snapshot) return;
    if (section === "chat") {
      const chatId = id ?? this.lastChat.get(viewer) ?? personalOf(snapshot.chats) ?? snapshot.chats[0]?.id;
      if (chatId) await this.openChat(chatId, !id);
    } else if (section === "mail" && id) await this.openMail(id);
    else if (section === "meetings" && id) this.openMeeting(id);
  }

  private keepPlace(id?: string): void {
    const { viewer, section } = this.state;
    history.replaceState(null, "", writePlace({ viewer, section, id }));
  }

  async openChat(chatId: string, quietly = false): Promise<void> {
    const { viewer, chat } = this.state;
    if (!viewer) return;
    const other = chat?.id !== chatId;
    this.store.set({
      chatId,
      section: "chat",
      appTab: "chat",
      ...(!quietly && { pane: "main" as const }),
      ...(other && { chat: undefined, typing: undefined }),
    });
    try {
      await this.loadChat(viewer, chatId);
    } catch (error) {
      // The address, or a chat this person has left meanwhile: their own chat is always there.
      const own = personalOf(this.state.snapshot?.chats ?? []);
      if (error instanceof CallFailed && error.code !== "Unreachable" && own && own !== chatId)
        await this.openChat(own, true);
      else await this.guard(Promise.reject(error));
    }
  }

  private async loadChat(as: PersonId, chatId: string): Promise<void> {
    const chat = await act({ do: "chat.open", as, chatId });
    const { state } = this;
    if (state.viewer !== as || (state.chatId !== chatId && state.chatId !== chat.id)) return;
    const news = newIn(state.chat, chat, as);
    this.lastChat.set(as, chat.id);
    this.store.set({
      chat,
      chatId: chat.id,
      ...(news && { aloud: news, typing: undefined }),
    });
    if (state.section === "chat") this.keepPlace(chat.id);
  }

  showTab(appTab: string): void {
    this.store.set({ appTab, pane: "main" });
  }

  back(): void {
    this.store.set({ pane: "list" });
  }

  setTheme(theme: Theme): void {
    showTheme(theme);
    this.store.set({ theme });
  }

  // ------------------------------------------------------------------------------------------- chats and cards

  async send(text: string): Promise<boolean> {
    const { viewer, chat } = this.state;
    if (!viewer || !chat || text.trim() === "") return false;
    const sent = await this.guard(act({ do: "chat.send", as: viewer, chatId: chat.id, text: text.trim() }));
    if (!sent) return false;
    this.store.set({ pane: "main" });
    this.put(chat.id, sent.message);
    return true;
  }

  /** Puts a message the server told of into the open chat, in the place of its earlier self. */
  private put(chatId: string, message: Message): void {
    const { chat } = this.state;
    if (chat?.id !== chatId) return;
    const known = chat.messages.some((one) => one.id === message.id);
    const messages = known
      ? chat.messages.map((one) => (one.id === message.id ? message : one))
      : [...chat.messages, message];
    this.store.set({ chat: { ...chat, messages } });
  }

  async press(messageId: string, card: number, action: PressedAction): Promise<void> {
    const { viewer, chat } = this.state;
    if (!viewer || !chat) return;
    const key = `${messageId}/${card}`;
    await this.work(key, viewer, () => act({ do: "card.press", as: viewer, chatId: chat.id, messageId, card, action }));
  }

  async submit(dialog: Dialog, action: PressedAction): Promise<void> {
    const { viewer } = this.state;
    if (!viewer) return;
    await this.work(dialog.id, viewer, () => act({ do: "dialog.submit", as: viewer, dialogId: dialog.id, action }));
  }

  private async work(key: string, viewer: PersonId, doIt: () => Promise<Pressed>): Promise<void> {
    const { [key]: _gone, ...notes } = this.state.notes;
    this.store.set({ working: key, notes });
    let outcome: Pressed;
    try {
      outcome = await doIt();
    } catch (error) {
      const text = error instanceof CallFailed && error.code === "Unreachable" ? error.message : ERROR.text;
      outcome = { outcome: "error", text };
    }
    if (this.state.working === key) this.store.set({ working: undefined });
    this.became(outcome, key, viewer);
  }

  private became(result: Pressed, key: string, viewer: PersonId): void {
    const note = (text: string, tone: Note["tone"], under = key) =>
      this.store.set({ notes: { ...this.state.notes, [under]: { tone, text } }, aloud: text });
    if (result.outcome === "card") {
      const { chat } = this.state;
      if (chat && viewer === this.state.viewer) this.put(chat.id, result.message);
    } else if (result.outcome === "dialog") {
      // What was said of the press before would lie over the form.
      if (this.state.notice?.tone === "info") this.dismiss();
      this.store.set({ dialogs: { ...this.state.dialogs, [viewer]: result.dialog } });
    } else if (result.outcome === "closed") {
      this.forget(viewer);
      if (result.text) this.tell(result.text);
    } else if (result.outcome === "message") note(result.text, "info");
    else if (result.outcome === "error") note(result.text || ERROR.text, "error");
  }

  /** Words that go away by themselves; a failure stays until it is dismissed. */
  private tell(text: string): void {
    const notice: Note = { tone: "info", text };
    this.store.set({ notice });
    setTimeout(() => {
      if (this.state.notice === notice) this.dismiss();
    }, 8000);
  }

  async closeDialog(dialog: Dialog): Promise<void> {
    const { viewer } = this.state;
    if (!viewer) return;
    this.forget(viewer);
    await this.guard(act({ do: "dialog.close", as: viewer, dialogId: dialog.id }));
  }

  private forget(viewer: PersonId): void {
    const { [viewer]: _closed, ...dialogs } = this.state.dialogs;
    this.store.set({ dialogs });
  }

  // ------------------------------------------------------------------------------------------- groups and people

  openForm(form: Form): void {
    this.store.set({ form });
  }

  closeForm(): void {
    this.store.set({ form: undefined });
  }

  async addPerson(person: Omit<Parameters<typeof act<"people.add">>[0], "do">): Promise<void> {
    const { personId } = await act({ do: "people.add", ...person });
    await this.refresh();
    await this.become(personId);
  }

  async createGroup(title: string, members: PersonId[], addBot: boolean): Promise<void> {
    const { viewer } = this.state;
    if (!viewer) return;
    const { chatId } = await act({ do: "group.create", as: viewer, title, members, addBot });
    this.closeForm();
    await this.refresh();
    await this.openChat(chatId);
  }

  async changeMember(member: PersonId, into: boolean): Promise<void> {
    const { viewer, chat } = this.state;
    if (!viewer || !chat) return;
    await act({ do: into ? "group.add" : "group.remove", as: viewer, chatId: chat.id, member });
    if (!into && member === viewer) {
      this.lastChat.delete(viewer);
      this.closeForm();
      await this.become(viewer);
    } else await this.loadChat(viewer, chat.id);
  }

  async installBot(into: boolean): Promise<void> {
    const { viewer, chat } = this.state;
    if (!viewer || !chat) return;
    await this.guard(act({ do: into ? "bot.install" : "bot.uninstall", as: viewer, chatId: chat.id }));
    // Looking at one's own chat with the app would install it again, so after an uninstall it is only marked.
    if (into || chat.kind !== "personal") await this.guard(this.loadChat(viewer, chat.id));
    else this.store.set({ chat: { ...chat, hasBot: false } });
  }

  async blockBot(blocked: boolean): Promise<void> {
    const { viewer } = this.state;
    if (!viewer) return;
    await this.guard(act({ do: "bot.block", as: viewer, blocked }));
    await this.guard(this.refresh());
  }

  async newCase(): Promise<void> {
    const made = await this.guard(act({ do: "case.new" }));
    if (!made) return;
    if (this.state.viewer !== made.personId) await this.become(made.personId, "chat", made.chatId);
    else await this.openChat(made.chatId);
  }

  // ------------------------------------------------------------------------------------------- mail and meetings

  async openMail(mailId: string): Promise<void> {
    const { viewer } = this.state;
    if (!viewer) return;
    this.store.set({ mailId, mail: undefined, section: "mail", pane: "main" });
    this.keepPlace(mailId);
    const mail = await this.guard(fetchMail(viewer, mailId));
    if (mail && this.state.mailId === mailId && this.state.viewer === viewer) this.store.set({ mail });
    await this.guard(act({ do: "mail.open", as: viewer, mailId }));
    await this.guard(this.refresh());
  }

  async join(meetingId: string): Promise<void> {
    const { viewer } = this.state;
    if (viewer) await this.doThen({ do: "meeting.join", as: viewer, meetingId });
  }

  async leave(meetingId: string): Promise<void> {
    const { viewer } = this.state;
    if (viewer) await this.doThen({ do: "meeting.leave", as: viewer, meetingId });
  }

  /** Lets somebody in from the lobby. */
  async admit(meetingId: string, who: PersonId): Promise<void> {
    const { viewer } = this.state;
    if (viewer) await this.doThen({ do: "meeting.admit", as: viewer, meetingId, who });
  }

  /** `sendEvent` false: Teams forgets to tell the app. */
  async endMeeting(meetingId: string, sendEvent: boolean): Promise<void> {
    const { viewer } = this.state;
    if (viewer) await this.doThen({ do: "meeting.end", as: viewer, meetingId, sendEvent });
  }

  /** Lets another person come in beside the one who is played. */
  async joinAs(as: PersonId, meetingId: string): Promise<void> {
    await this.doThen({ do: "meeting.join", as, meetingId });
  }

  async setNetwork(up: boolean): Promise<void> {
    await this.doThen({ do: "network.set", up });
  }

  async setSignIn(good: boolean): Promise<void> {
    const { viewer } = this.state;
    if (viewer) await this.doThen({ do: "signIn.set", as: viewer, good });
  }

  private async doThen<Name extends Action["do"]>(action: Extract<Action, { do: Name }>): Promise<void> {
    await this.guard(act(action));
    await this.guard(this.refresh());
  }

  openMeeting(meetingId: string): void {
    this.store.set({ meetingId, section: "meetings", pane: "main" });
    this.keepPlace(meetingId);
  }

  // ------------------------------------------------------------------------------------------- the clock

  async advance(ms: number): Promise<void> {
    await this.moveClock(act({ do: "clock.advance", ms }));
  }

  async setClock(at: string): Promise<void> {
    await this.moveClock(act({ do: "clock.set", at }));
  }

  async resetClock(): Promise<void> {
    await this.moveClock(act({ do: "clock.reset" }));
  }

  private async moveClock(call: Promise<Clock>): Promise<void> {
    const clock = await this.guard(call);
    if (!clock) return;
    this.tick(clock);
    await this.loadDeadlines();
    this.reopen();
  }

  async loadDeadlines(): Promise<void> {
    const deadlines = await this.guard(fetchDeadlines());
    if (deadlines) this.store.set({ deadlines });
  }

  /** Goes to the soonest deadline that is still to come; says so when there is none. */
  async nextDeadline(): Promise<void> {
    await this.loadDeadlines();
    const now = Date.parse(this.now());
    const next = this.state.deadlines.find((deadline) => Date.parse(deadline.at) > now);
    if (next) await this.setClock(next.at);
    else this.tell("No deadline is ahead.");
  }

  /** The product's instant at this moment: as told, plus the time that has passed since. */
  now(): string {
    const { clock } = this.state;
    if (!clock) return new Date().toISOString();
    return new Date(Date.parse(clock.told.now) + performance.now() - clock.heardAt).toISOString();
  }

  // ------------------------------------------------------------------------------------------- traffic

  async toggleTraffic(): Promise<void> {
    const trafficOpen = !this.state.trafficOpen;
    this.store.set({ trafficOpen, trafficDetail: undefined });
    if (trafficOpen) await this.guard(this.loadTraffic());
  }

  private async loadTraffic(): Promise<void> {
    const count = this.state.snapshot?.trafficCount ?? 0;
    this.store.set({ traffic: (await fetchTraffic(Math.max(0, count - 500))).slice(-500) });
  }

  async showTraffic(n: number): Promise<void> {
    if (this.state.trafficDetail?.n === n) return this.store.set({ trafficDetail: undefined });
    const trafficDetail = await this.guard(fetchTrafficDetail(n));
    if (trafficDetail) this.store.set({ trafficDetail });
  }

  dismiss(): void {
    this.store.set({ notice: undefined });
  }

  /** Waits for a call; a failure is told as a notice, and undefined comes back. */
  private async guard<Value>(call: Promise<Value>): Promise<Value | undefined> {
    try {
      return await call;
    } catch (error) {
      // While the service is away the banner says so already.
      if (error instanceof CallFailed && error.code === "Unreachable") this.store.set({ connected: false });
      else this.store.set({ notice: { tone: "error", text: error instanceof Error ? error.message : ERROR.text } });
      return undefined;
    }
  }
}

/** Who is on the screen first: the coordinator, with whom a case begins. */
function firstFace<Person extends { role: string }>(people: Person[]): Person | undefined {
  return people.find((person) => /coordinator/i.test(person.role)) ?? people[0];
}

function personalOf(chats: { id: string; kind: string }[]): string | undefined {
  return chats.find((chat) => chat.kind === "personal")?.id;
}

/** What to say aloud of a chat that has new messages from others; nothing on the first look. */
function newIn(before: ChatView | undefined, after: ChatView, viewer: PersonId): string | undefined {
  if (before?.id !== after.id) return undefined;
  const known = new Set(before.messages.map((message) => message.id));
  const news = after.messages.filter(
    ({ id, from }) => !known.has(id) && !(from.kind === "person" && from.id === viewer) && from.kind !== "system",
  );
  const last = news.at(-1);
  if (!last) return undefined;
  const words = last.text || last.cards.map(({ card }) => card.speak ?? card.fallbackText).find(Boolean) || "a card";
  const from = last.from.kind === "system" ? "" : last.from.name;
  return `${from}: ${String(words)}`;
}
