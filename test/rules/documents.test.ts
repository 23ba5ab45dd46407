import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBanks } from "../../src/rules/banks";
import type { Criterion, Method, Pack, Source } from "../../src/rules/pack";
import { published, readPacks } from "../../src/rules/packs";

/**
 * The packs beside the awarding bodies' documents. The documents are not ours to ship: where EPILOGUE_SPECIFICATIONS names a
 * folder that holds them, locators, counts, figures and wording are compared with them; everywhere, the locators must be
 * able to lead there.
 */
const packs = readPacks(published);
const banks = readBanks(packs);
const GQ = packs.get("gateway-qualifications-st0071-v1.1") as Pack;
const TQUK = packs.get("tquk-st0071-v1.1") as Pack;

function* sources(value: unknown): Generator<Source> {
  if (Array.isArray(value)) for (const v of value) yield* sources(v);
  else if (value !== null && typeof value === "object")
    for (const [k, v] of Object.entries(value)) {
      if (k === "source" && v !== null) yield v as Source;
      else yield* sources(v);
    }
}
const criteriaOf = (m: Method): Criterion[] => [...m.criteria.pass, ...m.criteria.distinction, ...m.criteria.fail];

describe.each([GQ, TQUK].map((p) => [p.id, p] as const))("the locators of %s", (_, pack) => {
  it("start at a heading of the document and never repeat a step", () => {
    const all = [...sources(pack)];
    expect(all.length).toBeGreaterThan(100);
    for (const { path, part } of all) {
      expect(new Set(path).size).toBe(path.length);
      for (const step of [...path, part ?? "whole"]) expect(step).toBe(step.trim());
    }
  });

  it("lead each criterion to the table of its own method and level", () => {
    const tables = pack.methods.map((m) => {
      const roots = new Set(
        criteriaOf(m).map((c) => c.source.path.find((step) => /Assessment method \d|Grading Criteria/.test(step))),
      );
      for (const [level, heading] of [
        ["pass", "Pass"],
        ["distinction", "Distinction"],
        ["fail", "Fail"],
      ] as const)
        for (const c of m.criteria[level]) expect(c.source.path.at(-1)).toBe(heading);
      expect(roots.size).toBe(1);
      return [...roots][0];
    });
    expect(new Set(tables).size).toBe(3);
  });
});

const folder = process.env.EPILOGUE_SPECIFICATIONS;

if (folder) {
  const files = new Map([
    [GQ.id, "000_97be493b5d6ee5b2.txt"],
    [TQUK.id, "001_9e6336aeeab6b968.txt"],
  ]);
  const documentOf = (pack: Pack) => readFileSync(join(folder, files.get(pack.id) as string), "utf8");
  const plain = (text: string) => text.replace(/[*_]|<\/?u>/g, "").replace(/\s+/g, " ");
  const words = (text: string) => text.toLowerCase().match(/[a-z0-9']+/g) ?? [];
  const run = 6;
  const runs = (text: string) => {
    const w = words(text);
    return w.slice(run - 1).map((_, i) => w.slice(i, i + run).join(" "));
  };
  describe.each([GQ, TQUK].map((p) => [p.id, p] as const))("%s beside its document", (_, pack) => {
    const text = documentOf(pack);

    it("finds every heading of every locator", () => {
      const flat = plain(text).toLowerCase();
      // A heading of a table's row may be broken over lines at its slash.
      const missing = [...sources(pack)]
        .flatMap((s) => s.path)
        .filter(
          (step) =>
            !step
              .toLowerCase()
              .split("/")
              .every((half) => flat.includes(half.trim())),
        );
      expect([...new Set(missing)]).toEqual([]);
    });

    it("copies no run of words out of either document", () => {
      const theirs = new Set([GQ, TQUK].flatMap((p) => runs(documentOf(p))));
      const ours = [
        ...pack.methods.flatMap((m) =>
          [...m.ksbs, ...criteriaOf(m), ...criteriaOf(m).flatMap((c) => c.parts ?? [])].map((x) => x.text),
        ),
        ...pack.rules.planning.agenda.map((a) => a.title),
        ...pack.rules.gatewayEvidence.items.map((i) => i.title),
        ...pack.methods.flatMap((m) =>
          [...m.session.conditions, ...(m.session.setting?.checklist ?? [])].map((c) => c.title),
        ),
        ...Object.values(pack.people).flatMap((p) => [p.does, ...p.never]),
        ...[...(banks.get(pack.id)?.questions.values() ?? [])].flat().map((q) => q.text),
      ];
      expect(ours.filter((t) => runs(t).some((r) => theirs.has(r)))).toEqual([]);
    });

    it("states the facts that the document states", () => {
      const flat = plain(text);
      const { standard } = pack;
      for (const fact of [
        standard.reference,
        standard.qualificationNumber,
        standard.sector,
        standard.externalQualityAssurance,
      ])
        expect(flat).toContain(fact);
      if (standard.lars) expect(flat).toContain(`Lars code: ${standard.lars}`);
      if (standard.maximumFundingPounds)
        expect(flat).toContain(`£${standard.maximumFundingPounds.toLocaleString("en-GB")}`);
    });
  });

  /** How many texts begin in these cells: each starts with a capital at a cell's beginning; a line's end may break it. */
  const begun = (cells: string[]) => cells.filter((c) => /^[A-Z]/.test(c.trim())).length;
  /** And how many more start inside a cell, after a full stop that ends no part's letter. */
  const inside = (cells: string[]) =>
    cells.reduce((n, c) => n + (c.replace(/\b[abAB]\. /g, "").match(/\. [A-Z]/g)?.length ?? 0), 0);
  /** Cells of which a row has two, the second perhaps longer, are one text. */
  const once = (cells: string[]) => [...new Map(cells.map((c) => [c.slice(0, 40), c])).values()];
  const below = (text: string, heading: RegExp) => text.split(heading).slice(1);

  describe("the figures", () => {
    const wordsOf: Record<number, string> = { 1: "one", 2: "two", 3: "three", 5: "five", 10: "ten" };
    const inWords = (n: number | null) => wordsOf[n ?? 0] ?? `(no word for ${n})`;
    const percent = (share: number) => `${Math.round(share * 100)}%`;
    const weeks = (days: number) => inWords(days / 7);
    const handIn = <K extends "report" | "portfolio">(pack: Pack, kind: K) => {
      const found = pack.methods.map((m) => m.handIn).find((h) => h?.kind === kind);
      if (!found) throw new Error(`no ${kind}`);
      return found as Extract<typeof found, { kind: K }>;
    };
    const part = (pack: Pack) => {
      const limit = pack.methods[0]?.session.questionsPart?.limit;
      return limit?.kind === "insideShare" ? percent(limit.share) : `${limit?.minutes} minutes`;
    };
    const exactly = (pack: Pack) => {
      const questions = pack.methods[1]?.session.questions;
      return questions && "exactly" in questions ? questions.exactly : null;
    };
    const { rules: g, methods: gm } = GQ;
    const { rules: t, methods: tm } = TQUK;

    it.each([
      `minimum of ${g.timeOnProgramme.months} months on-programme`,
      `no less than ${g.timeOnProgramme.days} days`,
      `typically spend ${g.timeOnProgramme.typicalMonths} months`,
      `minimum of ${g.offTheJob.percent}% off-the-job`,
      `Up to ${g.epaWindow.months} months`,
      `Level ${g.gatewayEvidence.items.find((i) => i.id === "english")?.qualification?.level} English and Maths`,
      `${gm[0]?.session.length.minutes} minutes (+${percent(gm[0]?.session.length.over ?? 0)} at the discretion`,
      `should not exceed ${part(GQ)} of the total time`,
      `${weeks(gm[0]?.session.notice?.days ?? 0)} weeks' notice`,
      `${inWords(g.reportWindow.months)}-month period`,
      `${handIn(GQ, "report").words.target} words +/-${percent(handIn(GQ, "report").words.variance)} excluding annexes`,
      `at least ${weeks(handIn(GQ, "report").beforeSession.days)} weeks before the interview`,
      `Interview duration ${gm[1]?.session.length.minutes} minutes (+/-${percent(gm[1]?.session.length.under ?? 0)})`,
      `ask the apprentice ${inWords(exactly(GQ))} open-ended`,
      `${weeks(handIn(GQ, "portfolio").beforeSession.days)} weeks prior to the professional discussion`,
      `within ${inWords(g.resitLimit.months)} months of the fail notification`,
      `${inWords(g.specialConsideration.workingDaysBefore)} working days before the assessment`,
      `no later than ${inWords(g.specialConsideration.workingDaysAfter)} working days after`,
    ])("GQ's document says “%s”", (figure) => {
      expect(plain(documentOf(GQ)).toLowerCase()).toContain(figure.toLowerCase());
    });

    it.each([
      `Typical duration to gateway: ${t.timeOnProgramme.typicalMonths} months`,
      `within ${inWords(t.epaWindow.months)} months of the start`,
      `English Level ${t.gatewayEvidence.items.find((i) => i.id === "english")?.qualification?.level}`,
      `${weeks(tm[0]?.session.notice?.days ?? 0)} weeks' notice`,
      `lasting ${tm[0]?.session.length.minutes} minutes, with a permitted ${percent(tm[0]?.session.length.under ?? 0)} (+/-)`,
      `last for up to ${part(TQUK)}`,
      `no more than ${t.projectSubject.how.kind === "proposal" ? t.projectSubject.how.maxWords : "?"} words`,
      `will have ${weeks(t.proposalReturn.days ?? 0)} week to submit a re-worked`,
      `${inWords(t.reportWindow.months)} months from assessment planning meeting`,
      `must be ${handIn(TQUK, "report").words.target} words (+/- ${percent(handIn(TQUK, "report").words.variance)})`,
      `at least ${weeks(handIn(TQUK, "report").beforeSession.days)} weeks after the apprentice has submitted`,
      `last for ${tm[1]?.session.length.minutes} minutes (+/-${percent(tm[1]?.session.length.over ?? 0)})`,
      `${exactly(TQUK)} competency-based questions`,
      `${weeks(handIn(TQUK, "portfolio").beforeSession.days)} weeks prior to the date of the professional discussion`,
      `minimum of ${handIn(TQUK, "portfolio").selection.min} and a maximum of ${handIn(TQUK, "portfolio").selection.max} pieces`,
      `last for ${tm[2]?.session.length.minutes} minutes, with a permitted ${percent(tm[2]?.session.length.over ?? 0)} (+/-)`,
      `within ${t.resitLimit.months} months`,
      `will have ${inWords(t.projectRework.months)} month to rework`,
    ])("TQUK's document says “%s”", (figure) => {
      expect(plain(documentOf(TQUK)).toLowerCase()).toContain(figure.toLowerCase());
    });
  });

  describe("what GQ's document counts", () => {
    const text = documentOf(GQ);
    const [ksbs, descriptors] = below(text, /^Appendix \d (?:KSBs|Grade).*$/m);
    const tables = (appendix: string | undefined) =>
      below(appendix ?? "", /^Assessment method \d: .*$/m).map((t) => t.split("\n").map((line) => line.split("\t")));

    it.each(GQ.methods.map((m, i) => [m.id, m, i] as const))("of the %s", (_, method, i) => {
      const rows = (tables(descriptors)[i] ?? []).filter((r) => !/^Fail($| Criteria)/.test(r[0] ?? ""));
      const column = (n: number) => {
        const cells = rows.map((r) => r[n] ?? "");
        return begun(cells) + inside(cells);
      };
      const { fail, pass, distinction } = method.criteria;
      expect([column(0), column(1), column(2)]).toEqual([fail.length, pass.length, distinction.length]);
      const listed = (tables(ksbs)[i] ?? [])
        .map((r) => r[1] ?? "")
        .filter((c) => c !== "What the apprentice must know");
      expect(begun(listed)).toBe(method.ksbs.length);
    });
  });

  describe("what TQUK's document counts", () => {
    const bodies = below(
      documentOf(TQUK),
      /^(?:Practical observation with questions and answers|Work based project|Professional Discussion) - KSBs and Grading Criteria$/m,
    );

    it.each(TQUK.methods.map((m, i) => [m.id, m, i] as const))("of the %s", (_, method, i) => {
      const body = (bodies[i] ?? "").split(/^(?:Work Based Project|Portfolio of Evidence|Overall Grading)$/m)[0] ?? "";
      const rows = body.split("\n").map((line) =>
        line
          .split("\t")
          .map((c) => c.trim())
          .filter((c) => (c.length > 20 && !c.includes("ST0071")) || c === "Pass" || c === "Standard"),
      );
      let listing: "ksbs" | "criteria" | "heading" = "heading";
      const cells = { ksbs: [] as string[], criteria: [] as string[], heading: [] as string[] };
      const headings = new Set(method.ksbs.map((k) => k.group));
      for (const row of rows) {
        if (row.some((c) => /^.?.?hat the apprentice must know$|^Standard$/.test(c))) listing = "ksbs";
        else if (row.includes("Pass")) listing = "criteria";
        else if (row.some((c) => headings.has(c))) listing = "heading";
        else cells[listing].push(...row);
      }
      const { pass, distinction } = method.criteria;

      expect([begun(once(cells.ksbs)), begun(cells.criteria) + inside(cells.criteria)]).toEqual([
        method.ksbs.length,
        pass.length + distinction.length,
      ]);
    });
  });
}
