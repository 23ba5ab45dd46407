import { attemptAt, type Case, type FreeText } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { type PanelAnswer, type PanelQuery, PanelView } from "../../src/panel/shape";
import { panelView } from "../../src/panel/view";
import { londonDate } from "../../src/rules/calendar";
import { dateTime } from "../../src/wording/format";
import type { Desk } from "../desk";
import { actorFor, type Known } from "../identity";
import { listingOf } from "../listing";
import { type SessionPlace, sessionOfChat } from "../sessionChats";
import { etagOf } from "./built";

/** Brings together what a panel shows; what may be seen of it, `panelView` says. */

/** What is sent, and the same packed once that was asked for. */
export interface Sendable {
  text: string;
  packed?: Promise<Buffer>;
}
/** A panel as it is sent: `text` is the whole answer to a reading. */
export interface Drawn extends Sendable {
  panel: PanelView;
  etag: string;
}

const mostKept = 200;
const listed = 20;

export class PanelDesk {
  /** What was drawn last, by who and what it was drawn of: the same session is asked for every few seconds. */
  private readonly kept = new Map<string, Drawn & { until: number }>();

  constructor(private readonly desk: Desk) {}

  /** The session's panel as this person may see it; undefined when there is none for them. */
  async panel(known: Known, { caseId, method }: SessionPlace): Promise<Drawn | undefined> {
    const { ports } = this.desk.o;
    const head = await ports.store.head<Case>(casePk(caseId));
    const pack = head && ports.packs.get(head.state.packId);
    if (!head || !pack?.methods.some((m) => m.id === method)) return undefined;
    const c = head.state;
    const actor = actorFor(known, c.bodyId);
    const now = ports.clock.now();
    const version = attemptAt(c, method).session.bank;
    const bank = await ports.bank?.(pack, version);
    // Of the time only the day counts: the body holds no running second.
    const key = JSON.stringify([caseId, method, head.revision, head.hash, actor, bank?.version, londonDate(now)]);
    const before = this.kept.get(key);
    if (before && before.until > Date.now()) return before;
    const words = await this.desk.words(pack, c);
    const view = panelView(c, actor, method, { pack, bank, now, words, texts: await this.texts(c, method) });
    if (!view) return undefined;
    const panel = PanelView.parse(view);
    const text = JSON.stringify({ kind: "session", panel } satisfies PanelAnswer);
    const drawn = { panel, text, etag: etagOf(text), until: Date.now() + 30_000 };
    for (const [old, { until }] of this.kept) if (until <= Date.now()) this.kept.delete(old);
    if (this.kept.size >= mostKept) this.kept.clear();
    // Names are the people's own, and change apart from the case.
    this.kept.set(key, drawn);
    return drawn;
  }

  /** The words of the notes, which stand in their events. */
  private async texts(c: Case, method: string): Promise<Map<number, FreeText>> {
    const seqs = attemptAt(c, method).session.notes.map((n) => n.seq);
    if (seqs.length === 0) return new Map();
    const range = { from: Math.min(...seqs), to: Math.max(...seqs) };
    const events = await this.desk.o.ports.store.events(casePk(c.id), range);
    const wanted = new Set(seqs);
    return new Map(
      events.filter((e) => wanted.has(e.seq)).map((e) => [e.seq, (e.data as { text: FreeText }).text] as const),
    );
  }

  /** Which session the query names; undefined where it names none, or a chat that is of none. */
  async place(query: PanelQuery): Promise<SessionPlace | undefined> {
    if ("case" in query) return { caseId: query.case, method: query.method };
    if (!("chat" in query)) return undefined;
    const { store, packs, clock } = this.desk.o.ports;
    return sessionOfChat(store, packs, query.chat, clock.now());
  }

  /** Where there is no session to show: which come next for this person, those under way first. */
  async noSession(known: Known, asked: boolean): Promise<Extract<PanelAnswer, { kind: "noSession" }>> {
    const list = listingOf(this.desk, known);
    const [cases, due] = await Promise.all([list.cases(null, listed), list.due(null, listed)]);
    const ofCases = cases.rows.flatMap((seen) =>
      seen.view.assessments
        .filter((x) => x.state === "running" || x.state === "booked")
        .flatMap((x) => (x.at === undefined ? [] : [{ seen, method: x.method, at: x.at, on: x.state === "running" }])),
    );
    const ofDue = due.rows.flatMap(({ seen, task }) =>
      (task.code === "session" || task.code === "attend") && task.method !== undefined && task.at !== undefined
        ? [{ seen, method: task.method, at: task.at, on: false }]
        : [],
    );
    // A provider has no part in any session.
    const theirs = [...ofCases, ...ofDue].filter(({ seen }) => seen.view.role !== "provider");
    theirs.sort((a, b) => Number(b.on) - Number(a.on) || a.at.localeCompare(b.at));
    const all = theirs.map(({ seen, method, at }) => ({
      caseId: seen.c.id,
      method,
      title: seen.words.method(method),
      with: seen.view.role === "apprentice" ? null : seen.words.person(seen.view.people.apprentice),
      at,
      when: dateTime(at),
    }));
    const once = all.filter((x, i) => all.findIndex((y) => y.caseId === x.caseId && y.method === x.method) === i);
    const here = asked ? "There is no session of yours in this chat." : "No session is open here.";
    return {
      kind: "noSession",
      says: `${here} ${once.length > 0 ? "Choose one of yours." : "None of yours is booked."}`,
      sessions: once.slice(0, 8),
    };
  }
}
