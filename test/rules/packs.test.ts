import { AnyRule, BrokenPack, type Criterion, methodOf, type Pack, readPack } from "../../src/rules/pack";
import { published, readPacks } from "../../src/rules/packs";
import { thirdPack, thirdPackRaw } from "../support/thirdPack";
import { figures, figuresOf } from "./figures";

const packs = readPacks(published);
const GQ = packs.get("gateway-qualifications-st0071-v1.1") as Pack;
const TQUK = packs.get("tquk-st0071-v1.1") as Pack;
const both = [GQ, TQUK];
const all = [...both, thirdPack];

/** Every object in the pack, with the path to it. */
function* objects(value: unknown, path = ""): Generator<[path: string, object: Record<string, unknown>]> {
  if (Array.isArray(value)) for (const [i, v] of value.entries()) yield* objects(v, `${path}.${i}`);
  else if (value !== null && typeof value === "object") {
    yield [path, value as Record<string, unknown>];
    for (const [k, v] of Object.entries(value)) yield* objects(v, path ? `${path}.${k}` : k);
  }
}
const rulesIn = (pack: Pack) =>
  [...objects(pack)].flatMap(([path, o]) => {
    const rule = AnyRule.safeParse(o);
    return rule.success ? [{ path, ...rule.data }] : [];
  });
const criteriaOf = (pack: Pack): Criterion[] =>
  pack.methods.flatMap((m) => [...m.criteria.pass, ...m.criteria.distinction, ...m.criteria.fail]);

describe("what is counted", () => {
  const counts = (pack: Pack) =>
    Object.fromEntries(
      pack.methods.map((m) => [
        m.id,
        [
          ...["K", "S", "B"].map((kind) => m.ksbs.filter((k) => k.id.startsWith(kind)).length),
          m.criteria.pass.length,
          m.criteria.distinction.length,
          m.criteria.fail.length,
        ],
      ]),
    );

  it("is as in each document: knowledge, skills, behaviours, pass, distinction, fail", () => {
    expect(counts(GQ)).toEqual({
      observation: [4, 8, 8, 20, 2, 3],
      project: [7, 7, 0, 16, 1, 3],
      discussion: [7, 2, 4, 12, 3, 4],
    });
    expect(counts(TQUK)).toEqual({
      observation: [4, 8, 8, 20, 2, 0],
      project: [7, 7, 0, 17, 8, 0],
      discussion: [7, 2, 4, 12, 3, 0],
    });
  });

  it("numbers each kind from one, with no gap", () => {
    for (const pack of all)
      for (const m of pack.methods) {
        for (const [letter, level] of [
          ["P", "pass"],
          ["D", "distinction"],
          ["F", "fail"],
        ] as const)
          expect(m.criteria[level].map((c) => c.id)).toEqual(
            m.criteria[level].map((_, i) => `${m.id}-${letter}${i + 1}`),
          );
      }
    for (const pack of both)
      for (const m of pack.methods)
        for (const kind of ["K", "S", "B"]) {
          const ids = m.ksbs.map((k) => k.id).filter((id) => id.startsWith(kind));
          expect(ids).toEqual(ids.map((_, i) => `${kind}${i + 1}`));
        }
  });

  it("has parts a and b where the documents do, and nowhere else", () => {
    const withParts = (pack: Pack) =>
      criteriaOf(pack)
        .filter((c) => c.parts)
        .map((c) => [c.id, c.parts?.map((p) => p.id).join()]);
    expect(withParts(GQ)).toEqual([["discussion-D1", "a,b"]]);
    expect(withParts(TQUK)).toEqual([
      ["project-D5", "a,b"],
      ["discussion-D3", "a,b"],
    ]);
  });

  it("lists criteria flat under GQ, under the headings of the KSBs under TQUK", () => {
    expect(criteriaOf(GQ).every((c) => c.group === null)).toBe(true);
    for (const m of TQUK.methods) {
      const headings = new Set(m.ksbs.map((k) => k.group));
      for (const c of [...m.criteria.pass, ...m.criteria.distinction]) expect(headings).toContain(c.group);
    }
  });

  it("plans with nine points under GQ", () => {
    expect(GQ.rules.planning.agenda).toHaveLength(9);
  });
});

describe("the rules of a pack", () => {
  const everyId = Array.from({ length: 44 }, (_, i) => `R${String(i + 1).padStart(2, "0")}`);

  it.each(both.map((p) => [p.id, p] as const))("%s speaks to each of R01 to R44", (_, pack) => {
    // R07 to R10 and R15 to R22 stand with the method they belong to, the others with the whole.
    expect([...new Set(rulesIn(pack).map((r) => r.id))].sort()).toEqual(everyId);
  });

  it.each(both.map((p) => [p.id, p] as const))("%s says figure by figure what its document says", (_, pack) => {
    expect(figures(pack)).toEqual(figuresOf[pack.id]);
  });

  it.each(both.map((p) => [p.id, p] as const))("%s blocks nothing that its document does not state", (_, pack) => {
    for (const rule of rulesIn(pack)) if (rule.source === null) expect(["none", "warn"]).toContain(rule.effect);
  });

  it("lets an override lift only what blocks", () => {
    for (const pack of both)
      for (const rule of rulesIn(pack)) if (rule.override) expect([rule.id, rule.effect]).toEqual([rule.id, "block"]);
  });

  it("lets a coordinator override just these", () => {
    const overridable = (pack: Pack) =>
      [
        ...new Set(
          rulesIn(pack)
            .filter((r) => r.override)
            .map((r) => r.id),
        ),
      ].sort();
    expect(overridable(GQ)).toEqual(["R01", "R02", "R03", "R06", "R10", "R14", "R19", "R29", "R31", "R32", "R33"]);
    expect(overridable(TQUK)).toEqual(["R02", "R03", "R06", "R10", "R12", "R14", "R19", "R29", "R31", "R37"]);
  });

  it("knows one dispensation: TQUK's simulated observation", () => {
    const dispensations = both.map((p) => p.methods.map((m) => m.session.setting?.dispensation ?? null));
    expect(dispensations).toEqual([
      [null, null, null],
      ["simulated", null, null],
    ]);
  });

  it("never names a setting to choose that the setting's rule forbids", () => {
    for (const pack of all)
      for (const { session } of pack.methods)
        if (session.setting) expect(session.settings.every((s) => session.setting?.allowed.includes(s))).toBe(true);
  });
});

describe("the facts of a pack", () => {
  it("are GQ's", () => {
    expect(GQ.body).toEqual({ id: "gateway-qualifications", name: "Gateway Qualifications", short: "GQ" });
    expect(GQ.document).toMatchObject({ version: "1.1", date: "May 2024" });
    expect(GQ.standard).toMatchObject({
      reference: "ST0071",
      version: "1.1",
      level: 3,
      lars: null,
      qualificationNumber: "610/3723/0",
      sector: "Sales, Marketing and Procurement",
      externalQualityAssurance: "Ofqual",
      maximumFundingPounds: null,
      onCompletion: null,
    });
    expect(GQ.standard.changes).toHaveLength(1);
    expect(GQ.startsBetween).toEqual({ from: null, until: null });
  });

  it("are TQUK's", () => {
    expect(TQUK.body).toEqual({ id: "tquk", name: "Training Qualifications UK", short: "TQUK" });
    expect(TQUK.document).toMatchObject({ version: "1.1", date: "March 2024" });
    expect(TQUK.standard).toMatchObject({
      reference: "ST0071",
      version: "1.1",
      level: 3,
      lars: "278",
      qualificationNumber: "603/3830/1",
      sector: "Sales, marketing and procurement",
      externalQualityAssurance: "Ofqual",
      maximumFundingPounds: 4000,
      changes: [],
    });
    expect(TQUK.standard.onCompletion).toMatch(/Institute of Customer Service/);
    expect(TQUK.startsBetween).toEqual({ from: "2018-05-10", until: null });
  });

  it("say of all seven roles what they are called, do and may never do", () => {
    for (const pack of both) {
      expect(Object.keys(pack.people).sort()).toEqual([
        "apprentice",
        "assessor",
        "auditor",
        "coordinator",
        "employer",
        "iqa",
        "provider",
      ]);
      for (const person of Object.values(pack.people)) {
        expect(person.does).not.toBe("");
        expect(person.never.length).toBeGreaterThan(0);
      }
    }
  });

  it("put resolving complex issues in the discussion, not in the observation", () => {
    for (const pack of both) {
      expect(methodOf(pack, "discussion").ksbs.filter((k) => /^Resolve complex issues/.test(k.text))).toHaveLength(1);
      expect(methodOf(pack, "observation").ksbs.filter((k) => /complex issues/.test(k.text))).toHaveLength(0);
    }
  });
});

describe("the wording and where it comes from", () => {
  it("says each thing once within a method and level", () => {
    for (const pack of both)
      for (const m of pack.methods)
        for (const texts of [m.ksbs, m.criteria.pass, m.criteria.distinction, m.criteria.fail].map((l) =>
          l.map((x) => x.text),
        ))
          expect(new Set(texts).size).toBe(texts.length);
  });

  it("is short enough for a card", () => {
    for (const pack of both)
      for (const { text } of [...criteriaOf(pack), ...pack.methods.flatMap((m) => m.ksbs)])
        expect(text.length).toBeLessThanOrEqual(170);
  });

  it("is found by a locator of its own: heading path and row, no two the same", () => {
    for (const pack of both)
      for (const list of [criteriaOf(pack), pack.methods.flatMap((m) => m.ksbs)]) {
        const locators = list.map((x) => [...x.source.path, x.source.part].join(" > "));
        expect(list.every((x) => /^row \d+/.test(x.source.part ?? "") && x.source.path.length >= 3)).toBe(true);
        expect(new Set(locators).size).toBe(list.length);
      }
  });

  it("tells sections that bear the same number or name apart", () => {
    expect(methodOf(GQ, "discussion").session.length.source?.path[1]).toMatch(/^2\.7 Assessment method 3/);
    expect(GQ.rules.overallGrade.source?.path[1]).toBe("2.7 Grading requirements");
    expect(TQUK.rules.methodGrade.source?.path).toEqual(["Observation with Q&A", "Grading"]);
  });
});

describe("a broken pack", () => {
  /** The third pack with something else at a path, or nothing where `value` is undefined. */
  const spoil = (path: string, value: unknown): unknown => {
    const raw: unknown = structuredClone(thirdPackRaw);
    const steps = path.split(".");
    const last = steps.pop() as string;
    const holder = steps.reduce((at, step) => (at as Record<string, unknown>)[step], raw) as Record<string, unknown>;
    if (value === undefined) delete holder[last];
    else holder[last] = value;
    return raw;
  };
  const reading = (raw: unknown) => () => readPack("bread.json", raw);
  const [showing] = thirdPackRaw.methods;
  const title = "A title that runs off the edge";

  it.each<[given: string, path: string, value: unknown, message: RegExp]>([
    ["a figure missing", "rules.epaWindow.months", undefined, /rules\.epaWindow\.months: /],
    ["a figure in words", "rules.epaWindow.months", "three", /rules\.epaWindow\.months: .*number/],
    ["half a month", "rules.epaWindow.months", 0.5, /rules\.epaWindow\.months: /],
    ["a rule under another's id", "rules.epaWindow.id", "R07", /rules\.epaWindow\.id: .*R06/],
    ["a rule missing", "rules.cap", undefined, /rules\.cap: /],
    ["a rule too many", "rules.luck", {}, /rules: .*luck/],
    ["an effect of its own", "rules.cap.effect", "shout", /rules\.cap\.effect: /],
    ["a locator without a heading", "rules.epaWindow.source.path", [], /rules\.epaWindow\.source\.path: /],
    ["a role unknown", "people.cook", thirdPackRaw.people.iqa, /people: .*cook/],
    ["a role missing", "people.iqa", undefined, /people\.iqa: /],
    ["no methods", "methods", [], /methods: /],
    ["a method twice", "methods.2", showing, /methods\.2\.id: .*showing.*twice/],
    ["a criterion twice", "methods.0.criteria.pass.1.id", "showing-P1", /methods\.0\.criteria\.pass\.1\.id: .*twice/],
    ["one of another level", "methods.1.criteria.pass.0.id", "talk-D9", /pass\.0\.id: .*not a pass id of talk/],
    ["one of another method", "methods.1.criteria.pass.0.id", "showing-P9", /pass\.0\.id: .*not a pass id of talk/],
    ["a part alone", "methods.0.criteria.pass.1.parts", [{ id: "a", text: "crust" }], /criteria\.pass\.1\.parts: /],
    ["a KSB twice", "methods.0.ksbs.1.id", "K1", /methods\.0\.ksbs\.1\.id: .*twice/],
    ["evidence twice", "rules.gatewayEvidence.items.1.id", "passport", /gatewayEvidence\.items\.1\.id: .*twice/],
    ["an order of no such method", "rules.order.advised.0.later.method", "race", /advised\.0\.later\.method: .*race/],
    ["a title too long for a card", "methods.0.title", title, /methods\.0\.title: /],
    ["a date that does not exist", "startsBetween.from", "2026-02-30", /startsBetween\.from: /],
  ])("given %s, then it names the file, the path and the problem", (_, path, value, message) => {
    expect(reading(spoil(path, value))).toThrow(BrokenPack);
    expect(reading(spoil(path, value))).toThrow(message);
    expect(reading(spoil(path, value))).toThrow(/bread\.json/);
  });

  it("names every problem at once", () => {
    const raw = { ...(spoil("rules.epaWindow.months", 0) as object), startsBetween: null };
    expect(reading(raw)).toThrow(/rules\.epaWindow\.months: /);
    expect(reading(raw)).toThrow(/startsBetween: /);
  });

  it.each([[null], [[]], ["pack"], [42], [undefined]])("given %j in place of a pack, then it is refused", (raw) => {
    expect(reading(raw)).toThrow(/bread\.json[\s\S]*\(root\)/);
  });

  it("stops all packs from being read, each broken one named", () => {
    const bad = spoil("rules", undefined);
    expect(() =>
      readPacks([
        ["good.json", thirdPackRaw],
        ["bad.json", bad],
        ["worse.json", null],
      ]),
    ).toThrow(/bad\.json[\s\S]*worse\.json/);
    expect(() =>
      readPacks([
        ["one.json", thirdPackRaw],
        ["two.json", thirdPackRaw],
      ]),
    ).toThrow(/two\.json[\s\S]*id: /);
  });

  it("is not found by asking for a method it does not have", () => {
    expect(() => methodOf(thirdPack, "race")).toThrow(/race/);
  });
});

describe("the published packs", () => {
  it("are the two, keyed by id, and a third may stand beside them", () => {
    expect([...packs.keys()]).toEqual(["gateway-qualifications-st0071-v1.1", "tquk-st0071-v1.1"]);
    expect([...readPacks([...published, ["third.json", thirdPackRaw]]).keys()]).toContain(thirdPack.id);
  });

  it("are kept in files named after their ids", () => {
    for (const [name, raw] of published) expect(`${(raw as Pack).id}.json`).toBe(name);
  });
});
