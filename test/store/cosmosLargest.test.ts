import fc from "fast-check";
import { chance } from "../../bot/service";
import type { Case } from "../../src/case/case";
import { bytesOf, limits, mostBytes } from "../../src/case/limits";
import { overridable } from "../../src/case/registration";
import { indexOf } from "../../src/caseIndex";
import { chainStart, hashOf, seal } from "../../src/chain";
import { casePk, handle, type Outcome, type Ports } from "../../src/handle";
import { noticesOf } from "../../src/notices";
import type { Append, Recorded, Store } from "../../src/ports";
import { published, readPacks } from "../../src/rules/packs";
import {
  actorOf,
  days,
  goodEvidence,
  type Journey,
  type Outcome as JourneyOutcome,
  journey,
  people,
  spare,
  tquk,
} from "../support/case";
import { digest } from "../support/kept";
import { type AccountDouble, accountDouble } from "./account";
import { appendTo } from "./appends";

/**
 * A transaction of Cosmos DB holds a hundred operations and 2 MB, and so does an item: whatever people do in a case, and
 * however much they write, no command of theirs needs more.
 */

let account: AccountDouble;
let store: Store;
beforeAll(async () => {
  account = await accountDouble();
  store = await account.open();
});
afterAll(() => account.end());

const portsOn = (on: Store): Ports => ({
  store: on,
  clock: { now: () => "2026-01-12T09:00:00Z" },
  chance,
  packs: readPacks(published),
  settings: async () => ({ sampling: { usual: 0, byAssessor: {} }, retentionMonths: 72 }),
});
let presses = 0;
const doing =
  (ports: Ports) =>
  (role: "coordinator" | "apprentice", type: string, data: object, caseId = "1"): Promise<Outcome> =>
    handle(
      { id: `press-${++presses}`, caseId, command: { type, data } as never },
      actorOf(tquk, people[role], role),
      ports,
    );
const { apprentice, employer, provider } = people;
const registration = {
  ref: "EX-2026-0147",
  bodyId: tquk.body.id,
  apprentice,
  employer,
  provider,
  employerName: "Fictional Foods Ltd",
  programmeStart: days.programmeStart,
};

test("given as many requests as a case takes, and nobody decided, then another coordinator takes it, and it can be withdrawn", async () => {
  const does = doing(portsOn(store));
  expect(await does("coordinator", "case.register", registration)).toMatchObject({ kind: "done" });
  const need = { kind: "extraTime", need: "Reads slowly", normalWay: true, apprenticeInvolved: true };
  const request = { ...need, extraTimePercent: 25, methods: [] };
  for (let n = 0; n < limits.adjustments.most; n++)
    expect(await does("apprentice", "adjustment.request", request)).toMatchObject({ kind: "done" });
  expect(await does("apprentice", "adjustment.request", request)).toMatchObject({
    kind: "refused",
    problems: [{ code: "LIST_FULL", facts: { list: "adjustments", most: limits.adjustments.most } }],
  });
  const special = { method: "project", what: "Ill", rescheduleTried: true };
  for (let n = 0; n < limits.considerations.most; n++)
    expect(await does("apprentice", "consideration.request", special)).toMatchObject({ kind: "done" });

  const over = { role: "coordinator", person: spare.coordinator, reason: "On leave" };
  expect(await does("coordinator", "staff.allocate", over)).toMatchObject({ kind: "done" });
  const theirs = await store.dueOf({ person: spare.coordinator }, { limit: 100 });
  expect(theirs.rows.length).toBeGreaterThan(10);
  expect((await store.dueOf({ person: people.coordinator }, { limit: 100 })).rows).toEqual([]);
  expect(await does("coordinator", "case.withdraw", { reason: "Left the firm" })).toMatchObject({ kind: "done" });
  expect(await store.head(casePk("1"))).toMatchObject({ state: { stage: "withdrawn" } });
}, 60_000);

/** Three bytes a character, of which JSON makes no less. */
const long = (length: number) => "語".repeat(length);
const reason = long(2000);

type Step = (j: Journey) => Journey;
/** Presses again and again until the case takes no more of it. */
const until =
  (press: Step): Step =>
  (j) => {
    for (let now = j, n = 0; n < 1_000; n++) {
      try {
        now = press(now);
      } catch (error) {
        if (!/LIST_FULL|CASE_FULL|went/.test(String(error))) throw error;
        return now;
      }
      if (n === 999) throw new Error("It takes ever more");
    }
    return j;
  };
const may =
  (step: Step): Step =>
  (j) => {
    try {
      return step(j);
    } catch (error) {
      if (!/LIST_FULL|CASE_FULL/.test(String(error))) throw error;
      return j;
    }
  };
const each =
  <T>(all: readonly T[], step: (one: T) => Step): Step =>
  (j) =>
    all.reduce((sofar, one) => step(one)(sofar), j);

/** Requests that wait: what a case may have to take beside them is an answer to each. */
const requests: Step[] = [
  until((j) =>
    j.do("adjustment.request", {
      kind: "venue",
      need: reason,
      normalWay: false,
      apprenticeInvolved: true,
      methods: tquk.methods.map((m) => m.id),
    }),
  ),
  until((j) => j.do("consideration.request", { method: "observation", what: reason, rescheduleTried: false })),
];
/** Every one of them decided, with as much to say. */
const answered: Step = (j) => {
  const decided = each(
    j.case.adjustments,
    ({ id }) =>
      (k) =>
        k.do("adjustment.decide", { id, granted: true, reason }),
  )(j);
  return each(
    decided.case.considerations,
    ({ id }) =>
      (k) =>
        k.do("consideration.decide", { id, granted: true, reason }),
  )(decided);
};

const items = tquk.rules.gatewayEvidence.items.filter((i) => i.kind === "identity" || i.kind === "portfolio");
const handed =
  (item: string): Step =>
  (j) =>
    j.do("gateway.submit", { item, reference: long(300), pieces: 500, mapped: true });
const returned =
  (item: string): Step =>
  (j) =>
    j.case.gateway.evidence[item]?.at(-1)?.outcome === "toReview" ? j.do("gateway.returnItem", { item, reason }) : j;
const takenOver: Step = (j) => {
  const person = j.case.staff.assessor === spare.assessor ? people.assessor : spare.assessor;
  return j.do("staff.allocate", { role: "assessor", person, reason });
};
const liftedBeforehand: Step = (j) => {
  const rule = overridable(tquk).find((r) => !j.case.permits.some((x) => x.rule === r));
  if (!rule) throw new Error("LIST_FULL");
  return j.do("rule.lift", { rule, reason });
};

/** At the gateway: each item handed in and sent back as often as may be; whatever else can be asked and lifted there. */
const atGateway: Step[] = [
  ...requests,
  ...items.map(({ id }) => until((j) => returned(id)(handed(id)(j)))),
  until(takenOver),
  until(liftedBeforehand),
];
/** What is open there, decided with as much to say. */
const gatewayDecided: Step = (j) => each(items, ({ id }) => returned(id))(answered(j));
const fullGateway: Step = (j) =>
  gatewayDecided(each(items, ({ id }) => may(handed(id)))(atGateway.reduce((k, s) => s(k), j)));

/** In the midst of three sessions that will not end. */
const fullSessions: Step = (j) => {
  const bookedAt = (m: string) => j.attempt(m).session.booking?.at ?? "";
  const methods = tquk.methods.map((m) => m.id).sort((a, b) => bookedAt(a).localeCompare(bookedAt(b)));
  const begun = each(methods, (m) => (k) => k.started(m))(j);
  const asked = each(methods, (method) =>
    until((k) =>
      k.do("session.ask", {
        method,
        text: long(1000),
        kind: "followUp",
        criteria: k.method(method).criteria.pass.map((x) => x.id),
      }),
    ),
  )(requests.reduce((k, s) => s(k), begun));
  const noted = each(methods, (method) =>
    until((k) =>
      k.do("session.note", { method, text: long(8000), criteria: k.method(method).criteria.pass.map((x) => x.id) }),
    ),
  )(asked);
  const marked = each(methods, (method) => (k) => {
    const keys = Object.fromEntries(k.method(method).criteria.pass.map((x) => [x.id, "met" as const]));
    const known = k.when("session.mark", { method, marks: keys });
    return known.refused.length > 0 ? k : known.after;
  })(noted);
  const withdrawn = each(
    methods,
    (method) => (k) =>
      each(
        k.attempt(method).session.asked.slice(1),
        (a) => (l) => l.do("session.unask", { method, question: a.n, reason: long(300) }),
      )(k),
  )(marked);
  const over = each(
    methods,
    (method) => (k) => k.inSeconds(60).do("session.notHeld", { method, why: "abandoned", detail: reason }),
  );
  return may(over)(answered(withdrawn));
};

/** What the last command of a life asks of a store: of the case before it, and of the case after it. */
function lastAppends(j: Journey, before: Case, pk: string): [Append, Append] {
  const at = (c: Case, events: Recorded[], revision: number): Append => ({
    pk,
    expected: revision - events.length,
    command: { id: `c-${revision}`, digest: digest(String(revision)) },
    events,
    head: {
      pk,
      revision,
      hash: events.at(-1)?.hash ?? "",
      state: c,
      index: { ...indexOf(c, j.pack), ref: `EX-${pk.slice(-4)}` },
    },
    notices: [],
  });
  const recorded = (seq: number, prev: string): Recorded => {
    const told = { ...(j.log.at(-1) as Recorded), seq, commandId: `c-${seq}`, packId: j.pack.id, prev };
    const open = seal(told, () => chance.id());
    return { ...open, hash: hashOf(open, digest) };
  };
  const first = recorded(1, chainStart(pk, digest).head);
  const second = recorded(2, first.hash);
  return [at(before, [first], 1), { ...at(j.case, [second], 2), notices: noticesOf(before, j.case, [second], j.pack) }];
}

describe("a case with every list at its limit and every text at its longest", () => {
  const lives: [string, Journey, Step, (j: Journey) => JourneyOutcome][] = [
    [
      "at the gateway",
      journey(tquk).upTo("staffed").on(days.gatewaySubmitted),
      fullGateway,
      (j) => j.when("gateway.submit", goodEvidence(tquk, "english")),
    ],
    [
      "in its sessions",
      journey(tquk).upTo("booked"),
      fullSessions,
      (j) => j.when("rule.lift", { rule: "R06", reason }),
    ],
  ];
  it.each(lives)(
    "%s, then it takes no more, and what ends it still fits one transaction",
    async (_, from, fill, more) => {
      const full = fill(from);
      // It came to the end of what it takes, and beyond: what was open is decided all the same.
      expect(bytesOf(full.case)).toBeGreaterThan(mostBytes);
      more(full).refusedWithOnly("CASE_FULL");
      const last = full.do("case.withdraw", { reason });
      expect(bytesOf(last.case)).toBeLessThan(2_000_000);
      const [before, after] = lastAppends(last, full.case, casePk(`full-${from.case.stage}`));
      expect(await store.append(before)).toBe("appended");
      expect(await store.append(after)).toBe("appended");
      expect((await store.head<Case>(after.pk))?.state.stage).toBe("withdrawn");
    },
    120_000,
  );
});

it("given all that can be asked at the gateway, in any order and each to its end, then what is open is decided, and it ends below 2 MB", () => {
  const from = journey(tquk).upTo("staffed").on(days.gatewaySubmitted);
  const presses: Step[] = [...atGateway, answered, gatewayDecided];
  fc.assert(
    fc.property(fc.shuffledSubarray(presses, { minLength: 4 }), fc.boolean(), (order, once) => {
      const filled = [...order, ...(once ? [] : order)].reduce((j, step) => step(j), from);
      const last = gatewayDecided(filled).do("case.withdraw", { reason });
      expect(bytesOf(last.case)).toBeLessThan(2_000_000);
    }),
    { numRuns: 12 },
  );
}, 120_000);

describe("what is too large all the same", () => {
  const huge = (bytes: number) => ({ words: "x".repeat(bytes) });

  it("given an append of more than 2 MB, then nothing is written, and it says so", async () => {
    const pk = casePk("huge");
    expect(await store.append(appendTo(pk, undefined, { state: huge(2 * 1024 * 1024) }))).toBe("full");
    expect(await store.head(pk)).toBeUndefined();
    expect(await store.append(appendTo(pk, undefined, { words: Array.from({ length: 120 }, () => "x") }))).toBe("full");
    expect(await store.events(pk)).toEqual([]);
    expect(await store.append(appendTo(pk, undefined))).toBe("appended");
  });

  it("given the account itself finds it too large, then so it is", async () => {
    // Within what is counted here, beyond what the account counts.
    const pk = casePk("counted");
    account.double.faults.add({ answer: 413, when: { kinds: ["batch"] } });
    expect(await store.append(appendTo(pk, undefined))).toBe("full");
    expect(await store.head(pk)).toBeUndefined();
  });

  it("given a person presses on such a case, then they are told in a refusal, and nothing is thrown", async () => {
    const full: Store = { ...store, append: async () => "full" };
    const told = { ...registration, ref: "EX-2026-0148" };
    const outcome = await doing(portsOn(full))("coordinator", "case.register", told, "2");
    expect(outcome).toMatchObject({ kind: "refused", problems: [{ code: "CASE_FULL" }] });
  });
});
