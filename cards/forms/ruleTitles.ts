/**
 * Rules in plain words, for choosing which one to lift: what holds, not what is wrong. A pack decides which of them a
 * coordinator may lift.
 */
export const ruleTitle: Readonly<Record<string, string>> = {
  R01: "The least time on programme before the gateway",
  R02: "Gateway evidence that must be there, and its level",
  R04: "Who must confirm the gateway",
  R05: "What the planning meeting must cover",
  R06: "Assessments inside the EPA window",
  R07: "Notice of the observation",
  R08: "Length of the observation",
  R09: "Questions at the observation",
  R10: "Where the observation is held",
  R11: "What a project proposal must hold",
  R12: "The days for reworking a proposal",
  R13: "When the report may start",
  R14: "The last day for the report",
  R15: "Length of the report",
  R16: "Contents of the report",
  R17: "Days between report and interview",
  R18: "Length and questions of the interview",
  R19: "Days between portfolio and discussion",
  R20: "Size and mapping of the portfolio selection",
  R22: "Length of the discussion",
  R23: "Order of the assessments",
  R25: "Fail descriptors that go with the grade",
  R27: "Results only when everything is complete",
  R28: "Resit and retake: agreement, action plan, development",
  R29: "The last day for a resit, a retake or a reworked project",
  R30: "No resit to better a pass",
  R32: "When an adjustment may be asked for",
  R33: "When special consideration may be asked for",
  R34: "Who decides an appeal, and until when it may be raised",
  R36: "The employer's time and resources for the project",
  R37: "The challenge lies within the apprenticeship and before the gateway",
  R38: "Criteria not seen are asked about",
  R40: "Planning of the observation",
  R41: "Off-the-job training",
  R42: "The apprentice feels ready",
  R43: "Where the portfolio comes from",
  R44: "Planned dates that fit the EPA window",
};

/** Lifted in another way: the level of a qualification goes with the evidence (R02), the cap has a command of its own. */
export const liftedElsewhere: ReadonlySet<string> = new Set(["R03", "R31"]);
