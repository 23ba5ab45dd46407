import { type Pack, readPack } from "../../src/rules/pack";

/**
 * An invented awarding body's pack, for a standard that does not exist: two methods, neither called as in the published packs,
 * with other lengths, counts, windows, word limits and variants. Whatever runs on it runs without knowing any awarding body.
 */
const at = (heading: string, part?: string) => ({ path: ["Handbook", heading], ...(part ? { part } : {}) });
const rule = (id: string, effect: "block" | "reason" | "warn" | "none", override: boolean, heading: string | null) => ({
  id,
  effect,
  override,
  source: heading === null ? null : at(heading),
});

/** The same pack before it was read: for tests that spoil a copy of it. */
export const thirdPackRaw = {
  id: "invented-awards-bread-v2.0",
  body: { id: "invented-awards", name: "Invented Awards", short: "IA" },
  document: { title: "Handbook, Imaginary Baker", version: "2.0", date: "January 2026" },
  standard: {
    name: "Imaginary Baker",
    reference: "ST9999",
    version: "2.0",
    level: 2,
    lars: "999",
    qualificationNumber: "999/9999/9",
    sector: "Invented trades",
    externalQualityAssurance: "Nobody",
    maximumFundingPounds: 1234,
    onCompletion: null,
    changes: ["The showing may be simulated"],
  },
  startsBetween: { from: "2020-01-01", until: "2030-12-31" },
  people: {
    apprentice: { title: "Learner", does: "Is assessed.", never: ["Sees marks before release"] },
    employer: { title: "Baker", does: "Says when the learner is ready.", never: ["Grades"] },
    provider: { title: "School", does: "Teaches.", never: ["Grades"] },
    assessor: { title: "Taster", does: "Watches, asks and grades.", never: ["Releases a result"] },
    coordinator: { title: "Office", does: "Registers, schedules and releases.", never: ["Grades"] },
    iqa: { title: "Second taster", does: "Moderates.", never: ["Moderates what they graded"] },
    auditor: { title: "Auditor", does: "Reads.", never: ["Changes anything"] },
  },
  rules: {
    timeOnProgramme: { ...rule("R01", "block", false, "Time"), months: 8, days: 243, typicalMonths: 10 },
    gatewayEvidence: {
      ...rule("R02", "block", false, "Gateway"),
      items: [
        { id: "passport", title: "Passport", kind: "identity", needed: "always", source: at("Gateway", "item 1") },
        {
          id: "sums",
          title: "Maths at level 1",
          kind: "qualification",
          needed: "always",
          qualification: { subject: "maths", level: 1 },
          source: at("Gateway", "item 2"),
        },
        { id: "plan", title: "Plan of the bake", kind: "proposal", needed: "always", source: at("Gateway", "item 3") },
      ],
    },
    englishAndMaths: { ...rule("R03", "block", true, "Gateway"), exceptions: [] },
    gatewayConfirmation: { ...rule("R04", "block", false, "Gateway"), by: ["employer"], meetingDate: false },
    planning: {
      ...rule("R05", "block", false, "Planning"),
      agenda: [
        { id: "plan", title: "Talk the plan over", source: at("Planning", "item 1") },
        { id: "flour", title: "Agree who brings the flour", source: at("Planning", "item 2") },
      ],
      needs: ["dates"],
    },
    epaWindow: { ...rule("R06", "block", true, "Window"), months: 5 },
    projectSubject: {
      ...rule("R11", "block", false, "Plan"),
      how: { kind: "proposal", maxWords: 300, needsKsbPart: false },
    },
    proposalReturn: { ...rule("R12", "block", false, "Plan"), days: 3 },
    reportStart: { ...rule("R13", "block", false, "Plan"), after: "proposalAccepted" },
    reportWindow: {
      ...rule("R14", "block", false, "Report"),
      months: 1,
      from: "subjectAgreed",
      adviseMonthsAfterGatewayMeeting: null,
    },
    portfolioNotGraded: rule("R21", "none", false, null),
    order: {
      ...rule("R23", "warn", false, "Order"),
      advised: [
        {
          earlier: { method: "showing", what: "session" },
          later: { method: "talk", what: "session" },
          source: at("Order"),
        },
      ],
    },
    resultsIndependent: rule("R24", "none", false, null),
    methodGrade: rule("R25", "warn", false, "Grading"),
    overallGrade: rule("R26", "none", false, "Grading"),
    resultsNotice: {
      ...rule("R27", "block", false, "Results"),
      to: ["apprentice", "employer"],
      record: { grades: ["distinction"], to: ["apprentice"] },
    },
    resit: {
      ...rule("R28", "block", false, "Again"),
      employerAgrees: "warn",
      actionPlan: "block",
      furtherDevelopmentFirst: "none",
      retakeThroughGateway: false,
    },
    resitLimit: { ...rule("R29", "block", false, "Again"), months: 6, beyond: "wholeEpaAgain" },
    projectRework: { ...rule("R29", "none", false, null), months: null },
    noUpgrade: rule("R30", "block", false, "Again"),
    cap: { ...rule("R31", "none", false, null), overallAtMost: "distinction" },
    adjustments: { ...rule("R32", "warn", false, null), by: null, apprenticeInvolved: "none" },
    specialConsideration: { ...rule("R33", "block", false, "Illness"), workingDaysBefore: 3, workingDaysAfter: 2 },
    appeals: {
      ...rule("R34", "block", false, "Appeals"),
      policy: "Appeals to Invented Awards",
      policyUrl: "https://example.org/appeals",
      enquiryWorkingDays: 10,
      appealWorkingDays: 20,
    },
    equalWeight: rule("R35", "none", false, null),
    employerResources: rule("R36", "none", false, null),
    challenge: rule("R37", "none", false, null),
    unseenCriteria: rule("R38", "warn", false, "Showing"),
    moveBetweenAreas: rule("R39", "none", false, null),
    observationPlan: { ...rule("R40", "none", false, null), aspects: [] },
    offTheJob: { ...rule("R41", "none", false, null), percent: null },
    apprenticeReady: rule("R42", "none", false, null),
    portfolioOrigin: rule("R43", "none", false, null),
    planFits: rule("R44", "warn", false, null),
  },
  methods: [
    {
      id: "showing",
      name: "Showing of a bake with photographs",
      title: "Showing",
      ksbs: [
        { id: "K1", group: "Dough", text: "What makes dough rise", source: at("Dough", "row 1") },
        { id: "S1", group: "Dough", text: "Knead by hand", source: at("Dough", "row 2") },
        { id: "S2", group: "Oven", text: "Judge the heat", source: at("Oven", "row 1") },
      ],
      criteria: {
        pass: [
          { id: "showing-P1", group: "Dough", text: "Makes a dough that rises.", source: at("Dough", "Pass, row 1") },
          {
            id: "showing-P2",
            group: "Oven",
            text: "Bakes it through:",
            parts: [
              { id: "a", text: "crust" },
              { id: "b", text: "crumb" },
            ],
            source: at("Oven", "Pass, row 1"),
          },
        ],
        distinction: [
          {
            id: "showing-D1",
            group: "Oven",
            text: "Bakes it beautifully:",
            parts: [
              { id: "a", text: "colour" },
              { id: "b", text: "shape" },
              { id: "c", text: "smell" },
            ],
            source: at("Oven", "Distinction, row 1"),
          },
        ],
        fail: [{ id: "showing-F1", group: null, text: "Burns it.", source: at("Oven", "Fail, row 1") }],
      },
      session: {
        name: "Showing",
        length: {
          ...rule("R08", "reason", false, "Showing"),
          minutes: 45,
          under: 0.2,
          over: 0.2,
          overIsDiscretion: false,
        },
        notice: { ...rule("R07", "block", false, "Showing"), days: 5 },
        setting: {
          ...rule("R10", "block", true, "Showing"),
          allowed: ["workplace", "simulated"],
          dispensation: "teams",
          checklist: [{ id: "oven", title: "The oven works", source: at("Showing", "item 1") }],
        },
        settings: ["workplace", "simulated"],
        questionsPart: {
          ...rule("R09", "reason", false, "Showing"),
          limit: { kind: "afterMinutes", minutes: 15 },
          noneRecorded: "warn",
        },
        questions: null,
        agendaHidden: null,
        observers: ["employer", "provider"],
        conditions: [{ id: "clean", title: "The kitchen is clean", source: at("Showing", "item 2") }],
      },
      handIn: {
        kind: "portfolio",
        title: "Photographs",
        beforeSession: { ...rule("R19", "block", true, "Showing"), days: 7, advisedAtGateway: false },
        selection: {
          ...rule("R20", "block", false, "Showing"),
          min: 3,
          max: 5,
          mapEveryKsb: true,
          kinds: ["Photograph"],
        },
      },
    },
    {
      id: "talk",
      name: "Talk about a written recipe",
      title: "Talk",
      ksbs: [
        { id: "K1", group: "Recipe", text: "What a recipe must say", source: at("Recipe", "row 1") },
        { id: "B1", group: "Recipe", text: "Is honest about failures", source: at("Recipe", "row 2") },
      ],
      criteria: {
        pass: [
          { id: "talk-P1", group: null, text: "Explains the recipe.", source: at("Recipe", "Pass, row 1") },
          { id: "talk-P2", group: null, text: "Says what went wrong.", source: at("Recipe", "Pass, row 2") },
          { id: "talk-P3", group: null, text: "Says what it cost.", source: at("Recipe", "Pass, row 3") },
        ],
        distinction: [
          { id: "talk-D1", group: null, text: "Improves the recipe.", source: at("Recipe", "Distinction, row 1") },
          { id: "talk-D2", group: null, text: "Teaches it to others.", source: at("Recipe", "Distinction, row 2") },
        ],
        fail: [],
      },
      session: {
        name: "Talk",
        length: { ...rule("R18", "reason", false, "Talk"), minutes: 30, under: 0.1, over: 0.5, overIsDiscretion: true },
        notice: null,
        setting: null,
        settings: ["teams"],
        questionsPart: null,
        questions: { ...rule("R18", "reason", false, "Talk"), exactly: 4, fromBank: false },
        agendaHidden: { ...rule("R22", "block", false, "Talk"), from: ["apprentice"] },
        observers: [],
        conditions: [{ id: "quiet", title: "The room is quiet", source: at("Talk", "item 1") }],
      },
      handIn: {
        kind: "report",
        title: "Recipe",
        words: {
          ...rule("R15", "block", true, "Recipe"),
          target: 800,
          variance: 0.25,
          consequence: "Too long is not read",
        },
        contents: {
          ...rule("R16", "warn", false, "Recipe"),
          items: [{ id: "steps", title: "Steps", source: at("Recipe", "item 1") }],
          annexes: ["Receipts"],
        },
        beforeSession: { ...rule("R17", "block", false, "Recipe"), days: 10 },
      },
    },
  ],
};

export const thirdPack: Pack = readPack("the invented pack", thirdPackRaw);
