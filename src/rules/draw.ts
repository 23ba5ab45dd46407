import type { Question } from "./bank";

/**
 * The draw of a session's questions: so many of the bank that together they reach every criterion, as chance would have it and
 * yet the same for the same seed, so that anyone can draw again and see that nobody chose.
 */

export interface Drawn {
  /** In the order drawn. */
  ids: string[];
  /** Criteria to be reached that none of the drawn reaches: also those that nothing left to draw from does. */
  uncovered: string[];
}

/** Places looked at before the search settles for what greed finds: far more than a bank of some dozens of questions needs. */
const MOST_TRIED = 20_000;

/** Draws looked at for one that leaves as good a draw for another attempt; of the sample banks every third one does. */
const MOST_DRAWS = 60;

/**
 * Draws `size` of the questions. Where as many can reach every criterion that any of them reaches, those drawn do; and where it
 * can be, what is left reaches as much once more, so that a resit has questions that are new and cover everything again.
 * @param seed any text; the same seed, questions and size give the same draw.
 * @param criteria what there is to reach; all that the questions reach unless told.
 * @throws RangeError when there are fewer questions than that.
 */
export function drawQuestions(
  questions: readonly Question[],
  size: number,
  seed: string,
  criteria: readonly string[] = questions.flatMap((q) => q.criteria),
): Drawn {
  if (questions.length < size) throw new RangeError(`${questions.length} questions are too few to draw ${size}`);
  const chance = chanceOf(seed);
  const first = drawOnce(questions, size, chance, { left: MOST_TRIED });
  // All the others together have as many tries as the first.
  const tries = { left: MOST_TRIED };
  let drawn = first;
  let good = leavesAnother(questions, drawn, size, tries);
  for (let n = 1; !good && n < MOST_DRAWS && tries.left > 0; n++) {
    drawn = drawOnce(questions, size, chance, tries);
    good = reachOf(drawn).size === reachOf(first).size && leavesAnother(questions, drawn, size, tries);
  }
  if (!good) drawn = first;
  const reached = reachOf(drawn);
  return { ids: drawn.map((q) => q.id), uncovered: [...new Set(criteria)].filter((c) => !reached.has(c)).sort() };
}

const reachOf = (questions: readonly Question[]): Set<string> => new Set(questions.flatMap((q) => q.criteria));

function drawOnce(questions: readonly Question[], size: number, chance: () => number, tries: Tries): Question[] {
  const mixed = shuffled(questions, chance);
  const wanted = reachOf(mixed);
  const cover = coverOf(mixed, wanted, size, tries) ?? greedy(mixed, wanted, size);
  const taken = new Set(cover);
  const rest = mixed.filter((q) => !taken.has(q)).slice(0, size - cover.length);
  return shuffled([...cover, ...rest], chance);
}

/** Whether `size` of those not drawn reach all that the questions reach. */
function leavesAnother(
  questions: readonly Question[],
  drawn: readonly Question[],
  size: number,
  tries: Tries,
): boolean {
  const left = questions.filter((q) => !drawn.includes(q));
  const wanted = reachOf(questions);
  return left.length >= size && reachOf(left).size === wanted.size && coverOf(left, wanted, size, tries) !== undefined;
}

/** How many more places may be looked at. */
interface Tries {
  left: number;
}

/** The questions that reach all that is wanted, at most `size` of them; undefined where none were found. */
function coverOf(
  mixed: readonly Question[],
  wanted: ReadonlySet<string>,
  size: number,
  tries: Tries,
): Question[] | undefined {
  const search = (open: ReadonlySet<string>, left: number): Question[] | undefined => {
    if (open.size === 0) return [];
    tries.left -= 1;
    const most = Math.max(...mixed.map((q) => newOf(q, open)));
    if (tries.left < 0 || most * left < open.size) return undefined;
    // The criterion that fewest questions reach: one of those must be among the drawn.
    for (const q of fewest(mixed, open)) {
      const without = new Set([...open].filter((c) => !q.criteria.includes(c)));
      const others = search(without, left - 1);
      if (others) return [q, ...others];
    }
    return undefined;
  };
  return search(wanted, size);
}

const newOf = (q: Question, open: ReadonlySet<string>): number => q.criteria.filter((c) => open.has(c)).length;

function fewest(mixed: readonly Question[], open: ReadonlySet<string>): readonly Question[] {
  const reaching = [...open].map((c) => mixed.filter((q) => q.criteria.includes(c)));
  return reaching.reduce((least, those) => (those.length < least.length ? those : least));
}

/** The most new criteria each time. */
function greedy(mixed: readonly Question[], wanted: ReadonlySet<string>, size: number): Question[] {
  const taken: Question[] = [];
  const open = new Set(wanted);
  while (taken.length < size && open.size > 0) {
    const best = mixed.reduce((a, b) => (newOf(b, open) > newOf(a, open) ? b : a));
    taken.push(best);
    for (const c of best.criteria) open.delete(c);
  }
  return taken;
}

/** FNV-1a into mulberry32: no secret is made of it, only an order that nobody chose. */
function chanceOf(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffled<T>(all: readonly T[], chance: () => number): T[] {
  const mixed = [...all];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}
