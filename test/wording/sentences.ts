/** What no sentence that a person reads may hold, whatever it was made from. */

const faults: readonly (readonly [why: string, pattern: RegExp])[] = [
  ["a rule id", /\bR\d\d\b/],
  ["a hole", /undefined|null|NaN|\[object|\$\{|Infinity/],
  ["two spaces", / {2}| [.,;:?]/],
  ["a space at an end", /^\s|\s$/],
  ["an exclamation mark", /!/],
  ["a word that says too much", /success(fully)?\b/i],
  ["a code", /\b[A-Z]{3,}_[A-Z_]+\b|\b(notBooked|toDecide|toReview|withCoordinator|faceToFace|noShow|notMet|notYet)\b/],
  ["a raw date", /\d{4}-\d\d-\d\d/],
  ["a full stop twice", /\.\./],
  ["an empty quotation", /“”/],
];

/** Why these words may not be said; empty when they may. */
export const faultsIn = (text: string): string[] =>
  faults.filter(([, pattern]) => pattern.test(text)).map(([why]) => `${why}: ${text}`);

/** As `faultsIn`, for a whole sentence or more: it begins with a capital and ends with a full stop. */
export const faultsInSentence = (text: string): string[] => [
  ...faultsIn(text),
  ...(/^[“‘(]?[\p{Lu}\d]/u.test(text) ? [] : [`begins small: ${text}`]),
  ...(/[.?]”?$/.test(text) ? [] : [`has no end: ${text}`]),
];
