import type { Commanding, Drawing } from "../../cards/parts";
import type { CommandType } from "../../src/case/decider";
import type { Pack, Role } from "../../src/rules/pack";
import { type CaseView, caseView } from "../../src/views";
import { type Words, wordsFor } from "../../src/wording/words";
import { actorOf, gq, type Journey, journey, people, tquk } from "../support/case";
import { thirdPack } from "../support/thirdPack";

/** Views for cards: real journeys under every pack, at every place where a card looks otherwise, seen by every role. */

export const packs: readonly Pack[] = [gq, tquk, thirdPack];
export const roles = Object.keys(people) as Role[];

export const names: Readonly<Record<string, string>> = {
  [people.apprentice]: "Ada Example",
  [people.employer]: "Ben Sample",
  [people.provider]: "Cora Placeholder",
  [people.assessor]: "Dev Fiction",
  [people.iqa]: "Ivy Invented",
  [people.coordinator]: "Priya Pretend",
  [people.auditor]: "Sam Specimen",
};

export const wordsOfPack = (pack: Pack): Words => wordsFor(pack, (id) => names[id]);

/** Ids in a row, so that the same card comes out twice. */
export function counter(): () => string {
  let n = 0;
  return () => `press-${String(++n).padStart(6, "0")}`;
}

/** Commands that have a form in the product, as far as these tests care. */
export const hasForm = (c: CommandType): boolean =>
  !/^(gateway\.(accept|acceptItem|ready)|proposal\.accept|session\.(resume|questions)|moderation\.sample)$/.test(c);

export const drawing = (j: Journey, words = wordsOfPack(j.pack)): Drawing & Commanding => ({
  words,
  pack: j.pack,
  now: j.now,
  newId: counter(),
  hasForm,
});

const failing = (pack: Pack) => Object.fromEntries(pack.methods.slice(-1).map((m) => [m.id, "fail" as const]));
const first = (pack: Pack) => pack.methods[0]?.id ?? "";

/** Places in a case, each reached by real commands. */
export const places: Readonly<Record<string, (pack: Pack) => Journey>> = {
  registered: (p) => journey(p).upTo("registered"),
  evidenceSubmitted: (p) => journey(p).upTo("evidenceSubmitted"),
  oneReturned: (p) => {
    const j = journey(p).upTo("evidenceSubmitted");
    const [a, b] = p.rules.gatewayEvidence.items.filter((i) => i.needed === "always");
    const returned = j.do("gateway.returnItem", { item: a?.id ?? "", reason: "The date is cut off at the foot." });
    return b ? returned.do("gateway.acceptItem", { item: b.id }) : returned;
  },
  itemsAccepted: (p) => journey(p).upTo("confirmed").itemsAccepted(),
  gatewayAccepted: (p) => journey(p).upTo("gatewayAccepted"),
  planningScheduled: (p) => journey(p).upTo("planningScheduled"),
  planningFinished: (p) => journey(p).upTo("planningFinished"),
  bookingsOpen: (p) => {
    const j = journey(p).upTo("planningScheduled");
    return p.rules.planning.needs.includes("dates") ? j.upTo("planningFinished") : j.planningFinished({ sessions: [] });
  },
  adjustmentAsked: (p) =>
    journey(p).upTo("registered").do("adjustment.request", {
      kind: "other",
      need: "Breaks every half hour",
      normalWay: true,
      apprenticeInvolved: true,
      methods: [],
    }),
  handedIn: (p) => journey(p).upTo("handedIn"),
  late: (p) => journey(p).upTo("planningFinished").inDays(60),
  booked: (p) => journey(p).upTo("booked"),
  running: (p) => {
    const j = journey(p).upTo("booked");
    return j.run(first(p));
  },
  held: (p) => journey(p).upTo("held", { grades: failing(p) }),
  inModeration: (p) => {
    const j = journey(p).upTo("held", { grades: failing(p) });
    const graded = j.confirmedGrade(first(p));
    return graded.do("moderation.sample", { method: first(p) });
  },
  graded: (p) => journey(p).upTo("graded"),
  releasedPass: (p) => journey(p).upTo("released"),
  releasedFail: (p) => journey(p).upTo("released", { grades: failing(p) }),
  secondAttempt: (p) => {
    const j = journey(p).upTo("released", { grades: failing(p) });
    return j.reopened("resit", Object.keys(failing(p)));
  },
};

export interface Fixture {
  name: string;
  pack: Pack;
  role: Role;
  journey: Journey;
  view: CaseView;
}

const made = new Map<string, Fixture[]>();

/** Every place × role under that pack; made once. */
export function fixturesOf(pack: Pack): Fixture[] {
  const known = made.get(pack.id);
  if (known) return known;
  const all = Object.entries(places).flatMap(([place, reach]) => {
    const j = reach(pack);
    return roles.flatMap((role) => {
      const view = viewOf(j, role);
      return view ? [{ name: `${pack.body.short} ${place} ${role}`, pack, role, journey: j, view }] : [];
    });
  });
  made.set(pack.id, all);
  return all;
}

/** What that role of the case sees. */
export const viewOf = (j: Journey, role: Role): CaseView | undefined =>
  caseView(j.case, actorOf(j.pack, people[role], role), j.pack, j.now);

/** That place, seen by that role. @throws when they see nothing. */
export function seen(pack: Pack, place: keyof typeof places, role: Role): { view: CaseView; journey: Journey } {
  const j = places[place]?.(pack);
  const view = j && viewOf(j, role);
  if (!j || !view) throw new Error(`${role} sees nothing of ${place}`);
  return { view, journey: j };
}
