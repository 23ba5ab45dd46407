import type { Store } from "../../src/ports";
import { appendTo, due, minute, notice } from "./appends";

/** Cases of many people, each with something due and a notice for later, so that a list's answer is the same among many. */
export async function crowd(store: Store, from: number, to: number): Promise<void> {
  const width = 25;
  for (let start = from; start < to; start += width) {
    const some = Array.from({ length: Math.min(width, to - start) }, (_, i) => start + i);
    await Promise.all(
      some.map(async (n) => {
        const who = `crowd-${n}`;
        const done = await store.append(
          appendTo(`case:crowd-${n}`, undefined, {
            index: {
              ref: `CR-${String(n).padStart(6, "0")}`,
              bodyId: "body",
              people: [who],
              due: [due("a", who, minute(10_000 + n))],
            },
            notices: [notice("n", minute(100_000 + n), { to: who })],
          }),
        );
        if (done !== "appended") throw new Error(`case:crowd-${n}: ${done}`);
      }),
    );
  }
}

/** One person's three cases, things due and notices: what is asked for among the crowd. */
export async function few(store: Store): Promise<void> {
  for (const n of [1, 2, 3]) {
    const pk = `case:few-${n}`;
    const index = { ref: `FEW-${n}`, people: ["ada"], due: [due("a", "ada", minute(n))] };
    await store.append(appendTo(pk, undefined, { index, notices: [notice("n", minute(n))] }));
  }
}

/** Every question that goes over all cases, by its name; each is answered by the few alone, or by a page. */
export const questions: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  "cases of a person": (store) => store.casesOf({ person: "ada" }, { limit: 8 }),
  "cases of a body, a page": (store) => store.casesOf({ bodyId: "body" }, { limit: 8 }),
  "due of a person": (store) => store.dueOf({ person: "ada" }, { limit: 8 }),
  "due of a body, a page": (store) => store.dueOf({ bodyId: "body" }, { limit: 8 }),
  "a case by its reference": (store) => store.byRef("FEW-2"),
  "the next notice": (store) => store.nextDue(),
  "what is free to claim": (store) => store.claim({ now: minute(0), leaseUntil: minute(1), limit: 50 }),
};
