import { maxBytes, maxCards } from "../../bot/bundles";
import type { Compose, Message } from "../../bot/compose";
import { Delivery, type DeliveryOptions } from "../../bot/delivery";
import { createLog } from "../../bot/log";
import type { Mail, Mailer, MailOutcome } from "../../bot/mail/smtp";
import { People, type Person } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import type { CallOptions, Connector, ConversationRef, OutboundActivity, Outcome } from "../../bot/teams/connector";
import { livingCards, looksAgain, notePosted } from "../../bot/teams/live";
import { Pace } from "../../bot/teams/pace";
import { paced } from "../../bot/teams/paced";
import type { Ports } from "../../src/handle";
import type { Clock, NewNotice, Notice, Store } from "../../src/ports";
import { addSeconds } from "../../src/rules/calendar";
import { appendTo } from "../store/appends";
import { temporaryFolder } from "../store/folder";
import { eventually } from "../support/eventually";

const pk = "case:1";
const serviceUrl = "https://teams.invalid/";
let now = "2026-02-02T09:00:00Z";
let store: Store;
let people: People;
let ada: Person;
let priya: Person;
let delivery: Delivery | undefined;

/** What went out, and what the other side answers. */
let posted: { to: string; ids: string[] }[];
let mailed: Mail[];
let told: { id: string; kind: string; to: string; state: string }[][];
let answer: (
  to: ConversationRef,
  ids: string[],
  signal?: AbortSignal,
) => Outcome<{ id: string }> | Promise<Outcome<{ id: string }>>;
let mailAnswer: (mail: Mail) => MailOutcome;
let logged: string[];

const ok = { kind: "ok" as const, value: { id: "activity-1" } };
const idsIn = (a: OutboundActivity) => (a.attachments ?? []).map((x) => (x.content as { id: string }).id);

beforeEach(async () => {
  now = "2026-02-02T09:00:00Z";
  posted = [];
  mailed = [];
  told = [];
  logged = [];
  answer = () => ok;
  mailAnswer = () => ({ kind: "ok", messageId: "m" });
  store = openEmbedded(temporaryFolder(), { now: () => now });
  people = new People(store, { now: () => now });
  ada = await person("Ada Example", "ada");
  priya = await person("Priya Pretend", "priya");
});
afterEach(async () => {
  await delivery?.stop();
  delivery = undefined;
  await store.close();
});

async function person(name: string, objectId: string, chat = true): Promise<Person> {
  const account = { tenantId: "tenant-1", objectId };
  const made = await people.ensureMember({ ...account, name, mail: `${objectId}@example.org` });
  const ref = { serviceUrl, conversationId: `chat-${objectId}` };
  if (chat) await people.met(made, { ...account, mri: `29:${objectId}` }, ref);
  return (await people.find(made.id)) ?? made;
}

const notice = (id: string, over: Partial<NewNotice> = {}): NewNotice => ({
  id,
  kind: "reminder",
  to: ada.id,
  dueAt: now,
  repeat: "repeat",
  data: { key: id },
  ...over,
});

async function due(...notices: NewNotice[]): Promise<void> {
  const append = appendTo(pk, (await store.events(pk)).at(-1));
  append.head.state = { id: "1", staff: { coordinator: priya.id }, parties: {}, stage: "gateway" };
  append.notices = notices;
  expect(await store.append(append)).toBe("appended");
}

const message = (id: string, size = 100): Message => ({
  activity: { summary: id, attachments: [{ contentType: "card", content: { id, text: "x".repeat(size) } }] },
  letter: { subject: id, greeting: "Hello,", parts: [], foot: [] },
});

/** What a posted card was replaced by, by its id; what the Connector says to it. */
const updated: [string, OutboundActivity][] = [];
let updating: () => Outcome<unknown> = () => ({ kind: "ok", value: undefined });
let erasing: (pk: string) => Promise<void> = async () => {};

interface Over {
  store?: Store;
  compose?: Partial<Compose>;
  size?: number;
  /** Whether the record cannot be written now. */
  unrecorded?: () => boolean;
  sweeps?: DeliveryOptions["sweeps"];
  /** This instance's own, where it is not the store's. */
  clock?: Clock;
}

function started(over: Over = {}): Delivery {
  const ports = { store: over.store ?? store, clock: over.clock ?? { now: () => now } } as Ports;
  const compose = {
    reminder: async (_c: unknown, _p: unknown, about: { key: string }) => message(about.key, over.size),
    told: async () => message("told", over.size),
    result: async () => ({ ...message("result"), live: { caseId: "1", kind: "case" as const } }),
    notReached: async () => message("not reached"),
    erased: () => ({ summary: "erased" }),
    join: (all: readonly Message[]) => ({ attachments: all.flatMap((m) => m.activity.attachments ?? []) }),
    ...over.compose,
  } as unknown as Compose;
  const connector = {
    send: async (to: ConversationRef, activity: OutboundActivity, call?: CallOptions) => {
      const ids = idsIn(activity);
      const outcome = await answer(to, ids, call?.signal);
      if (outcome.kind === "ok") posted.push({ to: to.conversationId, ids });
      return outcome;
    },
    update: async (_to: ConversationRef, id: string, activity: OutboundActivity) => {
      updated.push([id, activity]);
      return updating();
    },
  } as unknown as Connector;
  const mailer: Mailer = {
    send: async (mail) => {
      const outcome = mailAnswer(mail);
      if (outcome.kind === "ok") mailed.push(mail);
      return outcome;
    },
    ready: async () => true,
    close: () => {},
  };
  const log = createLog({ write: (line) => void logged.push(line) });
  const pace = new Pace(() => Date.parse(now));
  const tick = async (ms: number) => {
    now = new Date(Date.parse(now) + ms).toISOString();
  };
  delivery = new Delivery({
    ports,
    people,
    connector: paced(connector, pace, tick),
    mailer,
    compose,
    log,
    erase: (which) => erasing(which),
    lost: async (_pk, lost) => {
      if (over.unrecorded?.()) throw new Error("the record cannot be written");
      told.push(lost.map(({ notice, state }) => ({ id: notice.id, kind: notice.kind, to: notice.to, state })));
    },
    serviceUrl: { get: async () => serviceUrl },
    sweeps: { chance: () => 0, ...over.sweeps },
  });
  return delivery;
}

const states = async () =>
  Object.fromEntries((await store.notices(pk)).map((n: Notice) => [n.id, n.state])) as Record<string, string>;
const many = (n: number) => Array.from({ length: n }, (_, i) => `n-${String(i).padStart(2, "0")}`);

describe("much for one person at once", () => {
  it("given fifty reminders, then all of them arrive, each once, a few in each message", async () => {
    await due(...many(50).map((id) => notice(id)));
    await started().kick();
    expect(posted.flatMap((p) => p.ids).sort()).toEqual(many(50));
    expect(Math.max(...posted.map((p) => p.ids.length))).toBeLessThanOrEqual(maxCards);
    expect(new Set(Object.values(await states()))).toEqual(new Set(["sent"]));
  });

  it("given large cards, then a message holds no more bytes than Teams takes", async () => {
    await due(...many(4).map((id) => notice(id)));
    const d = started({ size: maxBytes * 0.4 });
    await d.kick();
    expect(posted.map((p) => p.ids.length)).toEqual([2, 2]);
  });

  it("given Teams finds a message too large all the same, then it comes in smaller ones, and a single one by mail", async () => {
    await due(...many(4).map((id) => notice(id)), notice("z-large"));
    answer = (_to, ids) =>
      ids.length > 1 || ids[0] === "z-large"
        ? { kind: "failed", code: "MessageSizeTooBig", status: 413, retryable: false }
        : ok;
    await started().kick();
    expect(posted.flatMap((p) => p.ids).sort()).toEqual(many(4));
    expect(mailed.map((m) => m.subject)).toEqual(["z-large"]);
    expect(new Set(Object.values(await states()))).toEqual(new Set(["sent"]));
    expect(told).toEqual([]);
  });

  it("given somebody reached by mail only, then one mail holds it all", async () => {
    const ben = await people.ensure({ name: "Ben Sample", mail: "ben@example.org" });
    await due(...many(12).map((id) => notice(id, { to: ben.id })));
    await started().kick();
    expect(mailed.map((m) => m.to.address)).toEqual(["ben@example.org"]);
    expect(mailed[0]?.subject).toContain("11 more");
  });

  it("given Teams asks to wait, then what is left waits, in its order, and comes later", async () => {
    await due(...many(12).map((id) => notice(id)));
    let n = 0;
    answer = () => (++n === 2 ? { kind: "throttled", retryAfterMs: 5_000 } : ok);
    const d = started();
    await d.kick();
    expect(posted.flatMap((p) => p.ids)).toEqual(many(12).slice(0, 5));
    now = addSeconds(now, 6);
    await d.kick();
    expect(posted.flatMap((p) => p.ids)).toEqual(many(12));
  });

  it("given one cannot be put into words, then the others go out, and it is tried again, then told", async () => {
    await due(notice("bad"), notice("good"));
    const reminder = async (_c: unknown, _p: unknown, about: { key: string }) => {
      if (about.key === "bad") throw new Error("no words");
      return message(about.key);
    };
    const d = started({ compose: { reminder } as Partial<Compose> });
    await d.kick();
    expect(await states()).toEqual({ bad: "waiting", good: "sent" });
    for (let i = 0; i < 6; i++) {
      now = addSeconds(now, 7_200);
      await d.kick();
    }
    expect((await states()).bad).toBe("dead");
    expect(told).toEqual([[{ id: "bad", kind: "reminder", to: ada.id, state: "dead" }]]);
  });
});

describe("what does not arrive", () => {
  it("given no way to them is open, then the coordinator is told once, and of it only", async () => {
    await due(notice("a"), notice("b", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }));
    answer = (to) => (to.conversationId === "chat-ada" ? { kind: "dead", code: "ConversationBlockedByUser" } : ok);
    mailAnswer = () => ({ kind: "dead", code: "Smtp550" });
    await started().kick();
    expect(await states()).toEqual({ a: "dead", b: "dead" });
    expect(told).toHaveLength(1);
    expect(told[0]?.map((l) => l.kind).sort()).toEqual(["reminder", "told"]);
    expect(posted).toEqual([]);
  });

  it("given the word about it to the coordinator does not arrive either, then nothing is told of that: it stands in due", async () => {
    await due(notice("a", { kind: "alarm", to: priya.id, data: { from: 1, to: 1 } }));
    answer = () => ({ kind: "dead", code: "ConversationBlockedByUser" });
    mailAnswer = () => ({ kind: "dead", code: "Smtp550" });
    await started().kick();
    expect(await states()).toEqual({ a: "dead" });
    expect(told).toEqual([]);
  });

  it("given it cannot be put on the record now, then it is not marked, and is put there when the lease has ended", async () => {
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }));
    answer = () => ({ kind: "ambiguous", code: "TimedOut" });
    let broken = true;
    const d = started({ unrecorded: () => broken });
    await d.kick();
    expect(await states()).toEqual({ a: "sending" });
    broken = false;
    now = addSeconds(now, 61);
    await d.kick();
    expect(await states()).toEqual({ a: "unconfirmed" });
    expect(told).toEqual([[{ id: "a", kind: "told", to: ada.id, state: "unconfirmed" }]]);
  });

  it("given a way is closed, then the next binding's chat, then mail, in this order", async () => {
    await due(notice("a"));
    answer = () => ({ kind: "dead", code: "BotNotInConversationRoster" });
    await started().kick();
    expect(mailed.map((m) => m.to.address)).toEqual(["ada@example.org"]);
    expect(await states()).toEqual({ a: "sent" });
    // The closed way is remembered.
    expect((await people.find(ada.id))?.bindings[0]?.dead).toBe("BotNotInConversationRoster");
  });

  it("given a message of which nobody knows whether it arrived, then it is not sent again, and the coordinator is told", async () => {
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }));
    let tries = 0;
    answer = (to) => {
      if (to.conversationId === "chat-priya") return ok;
      tries += 1;
      return { kind: "ambiguous", code: "TimedOut" };
    };
    const d = started();
    await d.kick();
    now = addSeconds(now, 86_400);
    await d.kick();
    expect(tries).toBe(1);
    expect(await states()).toEqual({ a: "unconfirmed" });
    expect(told).toEqual([[{ id: "a", kind: "told", to: ada.id, state: "unconfirmed" }]]);
  });

  it("given the sender stopped in the midst of a result, then it is unconfirmed, not sent again, and told", async () => {
    await due(notice("a", { kind: "result", repeat: "never", data: { release: 1 } }));
    const [claimed] = await store.claim({ now, leaseUntil: addSeconds(now, 60), limit: 1 });
    if (!claimed) throw new Error("nothing claimed");
    await store.mark(claimed, { state: "sending", tries: 1 });
    now = addSeconds(now, 61);
    await started().kick();
    expect(mailed).toEqual([]);
    expect(await states()).toEqual({ a: "unconfirmed" });
    expect(told).toEqual([[{ id: "a", kind: "result", to: ada.id, state: "unconfirmed" }]]);
  });
});

describe("a message in doubt that holds both what may be repeated and what may not", () => {
  it("then the one is unconfirmed, and the other is sent again by itself", async () => {
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }), notice("b"));
    let first = true;
    answer = () => {
      if (!first) return ok;
      first = false;
      return { kind: "ambiguous", code: "TimedOut" };
    };
    const d = started();
    await d.kick();
    expect(await states()).toEqual({ a: "unconfirmed", b: "waiting" });
    now = addSeconds(now, 3_600);
    await d.kick();
    expect(await states()).toEqual({ a: "unconfirmed", b: "sent" });
    expect(posted.map((p) => p.ids)).toEqual([["b"]]);
    expect(told.flat().map((t) => t.id)).toEqual(["a"]);
  });
});

describe("something breaks", () => {
  it("given the message beside a result fails, then the result that was mailed is sent", async () => {
    await due(notice("a", { kind: "result", repeat: "never", data: { release: 1 } }));
    answer = () => {
      throw new Error("broken");
    };
    await started().kick();
    expect(mailed.map((m) => m.to.address)).toEqual(["ada@example.org"]);
    expect(await states()).toEqual({ a: "sent" });
  });

  it("given a call throws, then what is never repeated is unconfirmed and told; what may be is tried again", async () => {
    const ben = await person("Ben Sample", "ben");
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }), notice("b", { to: ben.id }));
    let broken = true;
    answer = (to) => {
      if (broken && to.conversationId !== "chat-priya") throw new Error("broken");
      return ok;
    };
    const d = started();
    await d.kick();
    expect(await states()).toEqual({ a: "unconfirmed", b: "waiting" });
    expect(told).toEqual([[{ id: "a", kind: "told", to: ada.id, state: "unconfirmed" }]]);
    broken = false;
    now = addSeconds(now, 7_200);
    await d.kick();
    expect((await states()).b).toBe("sent");
    expect(posted).toContainEqual({ to: "chat-ben", ids: ["b"] });
  });

  it("given the store fails, then a kick does not reject, and the next one sends", async () => {
    await due(notice("a"));
    let broken = true;
    const failing: Store = {
      ...store,
      claim: (ask) => (broken ? Promise.reject(new Error("broken")) : store.claim(ask)),
      nextDue: () => (broken ? Promise.reject(new Error("broken")) : store.nextDue()),
    };
    const d = started({ store: failing });
    await expect(d.kick()).resolves.toBeUndefined();
    expect(logged.some((line) => line.includes("delivery.failed"))).toBe(true);
    broken = false;
    await d.kick();
    expect(await states()).toEqual({ a: "sent" });
  });

  it("given something falls due while the next waking is looked up, then it is sent all the same", async () => {
    let kicked: Promise<void> | undefined;
    const slow: Store = {
      ...store,
      async nextDue() {
        const found = await store.nextDue();
        if (!kicked) {
          await due(notice("late"));
          kicked = d.kick();
        }
        return found;
      },
    };
    const d = started({ store: slow });
    await d.kick();
    await kicked;
    expect(await states()).toEqual({ late: "sent" });
  });
});

describe("an erased case", () => {
  const card = (activityId: string) => ({
    kind: "case" as const,
    conversation: { serviceUrl: "https://example.org", conversationId: "a:1" },
    activityId,
    person: ada.id,
  });
  const erase = () => notice("n-2-erase", { kind: "erase", to: "store", data: {} });
  beforeEach(async () => {
    updated.length = 0;
    updating = () => ({ kind: "ok", value: undefined });
    await notePosted(store, "1", card("card-1"));
  });

  it("then what it leaves is taken away, and its posted cards say only that", async () => {
    const cleaned: string[] = [];
    erasing = async (which) => void cleaned.push(which);
    await due(erase());
    await started().kick();
    expect(cleaned).toEqual([pk]);
    expect(updated).toEqual([["card-1", { summary: "erased" }]]);
    expect(await livingCards(store, "1")).toEqual([]);
    expect(await states()).toEqual({ "n-2-erase": "sent" });
  });

  it("given the store fails, or a card cannot be changed now, then it is tried again, however often, and never given up", async () => {
    erasing = async () => {
      throw new Error("being read");
    };
    await due(erase());
    const d = started();
    const later = async () => {
      now = addSeconds(now, 3_600);
      await d.kick();
    };
    await d.kick();
    for (let n = 0; n < 12; n++) await later();
    expect(await states()).toEqual({ "n-2-erase": "waiting" });
    erasing = async () => {};
    updating = () => ({ kind: "throttled", retryAfterMs: 1_000 });
    await later();
    expect(await livingCards(store, "1")).toHaveLength(1);
    updating = () => ({ kind: "dead", code: "gone" });
    await later();
    expect(await livingCards(store, "1")).toEqual([]);
    expect(await states()).toEqual({ "n-2-erase": "sent" });
  });
});

describe("a card that was posted while its case moved", () => {
  const card = {
    kind: "case" as const,
    conversation: { serviceUrl: "https://example.org", conversationId: "a:1" },
    activityId: "card-1",
    person: "ada",
  };
  const drawn = { revision: 1, outsideRevision: 1 };
  /** For whom cards were drawn anew. */
  let redrawn: ("everyone" | "staff")[];
  const compose = {
    card: async (c: unknown, _kind: unknown, _person: unknown, outside: boolean) => {
      redrawn.push(outside ? "everyone" : "staff");
      return { summary: `at ${(c as { revision: number }).revision}` };
    },
  };
  /** The case comes to stand there. */
  async function at(revision: number, outsideRevision: number): Promise<void> {
    const append = appendTo(pk, (await store.events(pk)).at(-1));
    append.head.state = { id: "1", revision, outsideRevision, parties: {}, staff: {}, stage: "gateway" };
    expect(await store.append(append)).toBe("appended");
  }
  beforeEach(async () => {
    redrawn = [];
    updated.length = 0;
    updating = () => ({ kind: "ok", value: undefined });
    await at(1, 1);
  });
  const later = () => {
    now = addSeconds(now, looksAgain + 1);
  };

  it.each([
    ["for everyone", 2, "everyone" as const],
    ["for staff only", 1, "staff" as const],
  ])(
    "%s: given the process ended between its posting and its first update, then the next one brings it up to date",
    async (_name, outsideRevision, whom) => {
      await at(2, outsideRevision);
      expect((await notePosted(store, "1", card, drawn)).moved).toBe(whom);
      // It ended here: whoever noted the card did nothing more.
      const next = started({ compose });
      await next.kick();
      expect(updated).toEqual([]);
      later();
      await next.kick();
      expect(updated).toEqual([["card-1", { summary: "at 2" }]]);
      expect(redrawn).toEqual([whom]);
      expect(Object.values(await states())).toEqual(["sent"]);
    },
  );

  it("given the process ended before it saw that the case had moved, then the next one brings it up to date", async () => {
    await at(2, 2);
    const ending: Store = {
      ...store,
      head: async () => {
        throw new Error("the end");
      },
    };
    await expect(notePosted(ending, "1", card, drawn)).rejects.toThrow("the end");
    later();
    await started({ compose }).kick();
    expect(updated).toEqual([["card-1", { summary: "at 2" }]]);
  });

  it("given an update of it fails, then it is tried again", async () => {
    await at(2, 2);
    await notePosted(store, "1", card, drawn);
    updating = () => ({ kind: "ambiguous", code: "Http502" });
    later();
    const next = started({ compose });
    await next.kick();
    expect(Object.values(await states())).toEqual(["waiting"]);
    updating = () => ({ kind: "ok", value: undefined });
    now = addSeconds(now, 120);
    await next.kick();
    expect(updated).toHaveLength(2);
    expect(Object.values(await states())).toEqual(["sent"]);
  });

  it("given whoever posted it brought it up to date, then nobody does so again", async () => {
    await at(2, 2);
    const next = started({ compose });
    await next.noted("1", await notePosted(store, "1", card, drawn));
    expect(updated).toEqual([["card-1", { summary: "at 2" }]]);
    expect(Object.values(await states())).toEqual(["sent"]);
    later();
    await next.kick();
    expect(updated).toHaveLength(1);
  });

  it("given whoever posted it could not, then it is made good", async () => {
    await at(2, 2);
    updating = () => ({ kind: "throttled", retryAfterMs: 1_000 });
    const next = started({ compose });
    await next.noted("1", await notePosted(store, "1", card, drawn));
    expect(Object.values(await states())).toEqual(["waiting"]);
    updating = () => ({ kind: "ok", value: undefined });
    later();
    await next.kick();
    expect(updated.at(-1)).toEqual(["card-1", { summary: "at 2" }]);
    expect(Object.values(await states())).toEqual(["sent"]);
  });

  it("given the case did not move, then nothing is sent, neither at once nor by whoever comes after an end", async () => {
    const next = started({ compose });
    await next.noted("1", await notePosted(store, "1", card, drawn));
    expect(Object.values(await states())).toEqual(["dropped"]);
    await notePosted(store, "1", { ...card, activityId: "card-2" }, drawn);
    later();
    await next.kick();
    expect(updated).toEqual([]);
    expect(Object.values(await states())).toEqual(["dropped", "dropped"]);
  });

  it("given this process stood still past half of its lease as it drew, then it does not put its older card over a later one", async () => {
    await at(2, 2);
    await notePosted(store, "1", card, drawn);
    later();
    let still = true;
    const slow = {
      card: async (c: unknown) => {
        if (still) {
          still = false;
          const until = performance.now() + 550;
          while (performance.now() < until);
          // Another instance took over meanwhile, and the case moved on.
          await at(3, 3);
        }
        return { summary: `at ${(c as { revision: number }).revision}` };
      },
    };
    await started({ compose: slow, sweeps: { leaseSeconds: 1 } }).kick();
    expect(updated).toEqual([["card-1", { summary: "at 3" }]]);
  });
});

describe("somebody whose name was corrected", () => {
  const card = (activityId: string) => ({
    kind: "case" as const,
    conversation: { serviceUrl: "https://example.org", conversationId: "a:1" },
    activityId,
    person: ada.id,
  });
  const drawn = { card: async () => ({ summary: "with the new name" }) };

  it("given the process ended before it drew their posted cards, then the next one draws those of all their cases", async () => {
    updated.length = 0;
    for (const id of ["1", "2"]) {
      const append = appendTo(`case:${id}`, undefined, { index: { people: [ada.id], ref: `EX-${id}` } });
      append.head.state = { id, staff: { coordinator: priya.id }, parties: {}, stage: "gateway" };
      append.notices =
        id === "1" ? [notice("n-1-names", { kind: "names", to: "store", data: { person: ada.id } })] : [];
      expect(await store.append(append)).toBe("appended");
      await notePosted(store, id, card(`card-${id}`));
    }
    updating = () => ({ kind: "throttled", retryAfterMs: 1_000 });
    const d = started({ compose: drawn });
    await d.kick();
    expect(await states()).toEqual({ "n-1-names": "waiting" });

    updated.length = 0;
    updating = () => ({ kind: "ok", value: undefined });
    now = addSeconds(now, 120);
    await d.kick();
    expect(updated.map(([id]) => id).sort()).toEqual(["card-1", "card-2"]);
    expect(await states()).toEqual({ "n-1-names": "sent" });
  });
});

describe("leases and standing still", () => {
  const ambiguousWhenOff = (signal?: AbortSignal) =>
    new Promise<Outcome<{ id: string }>>((resolve) => {
      const off = () => resolve({ kind: "ambiguous", code: "Aborted" });
      if (signal?.aborted) off();
      signal?.addEventListener("abort", off);
    });

  it("given a call hangs, then it is called off at half of the lease; what is never repeated is unconfirmed", async () => {
    const ben = await person("Ben Sample", "ben");
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }), notice("b", { to: ben.id }));
    answer = (to, _ids, signal) => (to.conversationId === "chat-ada" ? ambiguousWhenOff(signal) : ok);
    await started({ sweeps: { leaseSeconds: 1 } }).kick();
    expect(await states()).toEqual({ a: "unconfirmed", b: "sent" });
  });

  it("given this process stood still past half of the lease before the call, then nothing is called, and all is free again", async () => {
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }), notice("b"));
    let calls = 0;
    answer = () => {
      calls += 1;
      return ok;
    };
    // Between "sending" and the call.
    let still = true;
    const slow: Store = {
      ...store,
      async mark(n, change) {
        const version = await store.mark(n, change);
        if (still && change.state === "sending") {
          still = false;
          const until = performance.now() + 550;
          while (performance.now() < until);
          expect(calls).toBe(0);
        }
        return version;
      },
    };
    const d = started({ store: slow, sweeps: { leaseSeconds: 1 } });
    await d.kick();
    expect(calls).toBe(1);
    expect(await states()).toEqual({ a: "sent", b: "sent" });
    expect((await store.notices(pk)).map((n) => n.tries)).toEqual([1, 1]);
  });

  it("given another took a claim over while this one stood still, then this one sends nothing of it that is never repeated", async () => {
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }));
    const d = started({
      compose: {
        told: async () => {
          // The lease ends while it is put into words.
          now = addSeconds(now, 61);
          await store.claim({ now, leaseUntil: addSeconds(now, 60), limit: 9 });
          return message("told");
        },
      },
    });
    await d.kick();
    expect(posted).toEqual([]);
    expect(await states()).toEqual({ a: "claimed" });
  });

  it("given a notice that ends whoever tries it, then it is not tried for ever, and the record says so", async () => {
    await due(notice("poison"));
    for (let n = 0; n < 30; n++) {
      // A claimer that never marks anything.
      await store.claim({ now, leaseUntil: addSeconds(now, 60), limit: 9 });
      now = addSeconds(now, 61);
    }
    await started().kick();
    expect(posted).toEqual([]);
    expect(await states()).toEqual({ poison: "dead" });
    expect(told).toEqual([[{ id: "poison", kind: "reminder", to: ada.id, state: "dead" }]]);
  });

  it("given a kind that only a newer version knows, then it is left for that one", async () => {
    await due(notice("a", { kind: "of-tomorrow" }));
    await started().kick();
    expect(await states()).toEqual({ a: "waiting" });
  });
});

describe("Teams asks to wait", () => {
  it("given a 429 again and again, then it is no try: it is sent once Teams takes it", async () => {
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }));
    let n = 0;
    answer = () => (++n <= 20 ? { kind: "throttled", retryAfterMs: 5_000 } : ok);
    const d = started();
    for (let i = 0; i < 25 && posted.length === 0; i++) {
      await d.kick();
      now = addSeconds(now, 301);
    }
    expect(await states()).toEqual({ a: "sent" });
    expect((await store.notices(pk))[0]?.tries).toBe(1);
    expect(told).toEqual([]);
  });

  it("given one conversation is to wait, then the others' messages go out meanwhile", async () => {
    const ben = await person("Ben Sample", "ben");
    await due(notice("a"), notice("b", { to: ben.id }));
    answer = (to) => (to.conversationId === "chat-ada" ? { kind: "throttled", retryAfterMs: 60_000 } : ok);
    await started().kick();
    expect(await states()).toEqual({ a: "waiting", b: "sent" });
  });
});

describe("a store or a Teams that is slow", () => {
  it("given a batch takes longer than half of a lease, then fewer are claimed at once, and all arrive", async () => {
    const claimedAtOnce: number[] = [];
    const counting: Store = {
      ...store,
      async claim(ask) {
        const claimed = await store.claim(ask);
        claimedAtOnce.push(claimed.length);
        return claimed;
      },
    };
    const persons = await Promise.all(many(12).map((name) => person(name, name)));
    await due(...persons.map((p) => notice(`for-${p.name}`, { to: p.id })));
    // One after another, each taking a while.
    let last: Promise<unknown> = Promise.resolve();
    answer = () => {
      const mine = last.then(() => new Promise((resolve) => setTimeout(resolve, 120)));
      last = mine;
      return mine.then(() => ok);
    };
    const inTurn = {
      reminder: async (_c: unknown, _p: unknown, about: { key: string }) => {
        await last;
        return message(about.key);
      },
    } as Partial<Compose>;
    await started({ store: counting, compose: inTurn, sweeps: { leaseSeconds: 1, batch: 12 } }).kick();
    expect(new Set(Object.values(await states()))).toEqual(new Set(["sent"]));
    expect(claimedAtOnce[0]).toBe(12);
    expect(Math.max(...claimedAtOnce.slice(1))).toBeLessThan(12);
  });
});

describe("a stop", () => {
  it("given calls under way and others waiting, then the calls end, and the others are free at once", async () => {
    const ben = await person("Ben Sample", "ben");
    await due(notice("a"), notice("b", { to: ben.id, kind: "told", repeat: "never", data: { from: 1, to: 1 } }));
    let stopped: Promise<void> | undefined;
    answer = async (to) => {
      if (to.conversationId === "chat-ada") stopped = d.stop();
      return ok;
    };
    const slowly = {
      told: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return message("told");
      },
    };
    const d = started({ compose: slowly });
    await d.kick();
    await stopped;
    expect(await states()).toEqual({ a: "sent", b: "waiting" });
    const [free] = await store.claim({ now, leaseUntil: addSeconds(now, 60), limit: 9 });
    expect(free).toMatchObject({ id: "b", tries: 0 });
  });

  it("given a call that hangs, then the stop waits no longer than it is told", async () => {
    await due(notice("a", { kind: "told", repeat: "never", data: { from: 1, to: 1 } }));
    let d: Delivery;
    answer = (_to, _ids, signal) =>
      new Promise((resolve) => {
        signal?.addEventListener("abort", () => resolve({ kind: "ambiguous", code: "Aborted" }));
        void d.stop(30);
      });
    d = started();
    await d.kick();
    expect(await states()).toEqual({ a: "unconfirmed" });
  });

  it("given it stopped, then a kick sends nothing", async () => {
    const d = started();
    await d.stop();
    await due(notice("a"));
    await d.kick();
    expect(await states()).toEqual({ a: "waiting" });
  });
});

describe("an instance whose clock is ahead of the store's", () => {
  it("given it commits, then what that causes goes out at once, and others' leases hold all the same", async () => {
    const ahead = { now: () => addSeconds(now, 3) };
    await due(notice("claimed"));
    await store.claim({ now, leaseUntil: addSeconds(now, 60), limit: 9 });
    await due(notice("a", { dueAt: ahead.now() }), notice("later", { dueAt: addSeconds(now, 3_600) }));
    await started({ clock: ahead }).kick();
    expect(await states()).toEqual({ a: "sent", claimed: "claimed", later: "waiting" });
  });

  it("given it is far ahead, then it takes nothing over for that", async () => {
    await due(notice("claimed"));
    await store.claim({ now, leaseUntil: addSeconds(now, 60), limit: 9 });
    await started({ clock: { now: () => addSeconds(now, 7_200) } }).kick();
    expect(await states()).toEqual({ claimed: "claimed" });
  });
});

describe("at rest", () => {
  it("given nothing is due, then a look is one small question, and no claim", async () => {
    const asked: string[] = [];
    const counting: Store = {
      ...store,
      claim: (ask) => {
        asked.push("claim");
        return store.claim(ask);
      },
      nextDue: () => {
        asked.push("nextDue");
        return store.nextDue();
      },
    };
    const d = started({ store: counting, sweeps: { intervalMs: 10 } });
    await d.kick();
    asked.length = 0;
    await eventually(async () => expect(asked.length).toBeGreaterThan(3));
    await d.stop();
    expect(new Set(asked)).toEqual(new Set(["nextDue"]));
  });

  it("given another instance left something, then it is found within an interval", async () => {
    const d = started({ sweeps: { intervalMs: 10 } });
    await d.kick();
    await due(notice("a"));
    await eventually(async () => expect(await states()).toEqual({ a: "sent" }));
  });
});
