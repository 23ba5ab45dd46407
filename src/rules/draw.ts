import type { Question } from "./bank";

/**
 * The draw of a session's questions: so many of the bank that together they reach every criterion, as chance would have it and
 * yet the same for the same seed, so that anyone can draw again and see that nobody chose.
 */

export interface Drawn {
  /** In the order drawn. */
  ids: string[];
  /** Criteria that a question left to draw reaches, but none of the drawn: empty where `size` questions can reach them all. */
  uncovered: string[];
}

/** Places looked at before the search settles for what greed finds: far more than a bank of some dozens of questions needs. */
const MOST_TRIED = 20_000;

/**
 * Draws `size` of the questions. Where as many can reach every criterion that any of them reaches, those drawn do.
 * @param seed any text; the same seed, questions and size give the same draw.
 * @throws RangeError when there are fewer questions than that.
 */
export function drawQuestions(questions: readonly Question[], size: number, seed: string): Drawn {
  if (questions.length < size) throw new RangeError(`${questions.length} questions are too few to draw ${size}`);
  const chance = chanceOf(seed);
  const mixed = shuffled(questions, chance);
  const wanted = new Set(mixed.flatMap((q) => q.criteria));
  const cover = coverOf(mixed, wanted, size) ?? greedy(mixed, wanted, size);
  const taken = new Set(cover);
  const rest = mixed.filter((q) => !taken.has(q)).slice(0, size - cover.length);
  const drawn = shuffled([...cover, ...rest], chance);
  const reached = new Set(drawn.flatMap((q) => q.criteria));
  return { ids: drawn.map((q) => q.id), uncovered: [...wanted].filter((c) => !reached.has(c)).sort() };
}

/** The questions that reach all that is wanted, at most `size` of them; undefined where none were found. */
function coverOf(mixed: readonly Question[], wanted: ReadonlySet<string>, size: number): Question[] | undefined {
  let tried = 0;
  const search = (open: ReadonlySet<string>, left: number): Question[] | undefined => {
    if (open.size === 0) return [];
    tried += 1;
    const most = Math.max(...mixed.map((q) => newOf(q, open)));
    if (tried > MOST_TRIED || most * left < open.size) return undefined;
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
