import { useEffect, useRef, useState } from "preact/hooks";
import type { Allocated, QueueAnswer, QueueLine } from "../../queueShape";
import { NoAnswer, work } from "../api";

/** What the queue is asked for: every part as it stands in its control, empty for any. */
export interface Wanted {
  stage: string;
  who: string;
  due: string;
  method: string;
  assessor: string;
  body: string;
  q: string;
  sort: string;
  down: string;
  page: number;
}
export const anything: Wanted = {
  stage: "",
  who: "",
  due: "",
  method: "",
  assessor: "",
  body: "",
  q: "",
  sort: "due",
  down: "",
  page: 1,
};

export interface Result {
  done: number;
  name: string;
  refused: { ref: string; says: string }[];
}

/** Milliseconds without a letter typed, before a search is asked for. */
const TYPED_MS = 250;

const queryOf = (w: Wanted): string =>
  new URLSearchParams(
    Object.entries(w).flatMap(([name, value]) => (value === "" || value === 0 ? [] : [[name, String(value)]])),
  ).toString();

/** Why nothing more is shown, in a sentence. */
export const sorry = (error: unknown): string => {
  const code = error instanceof NoAnswer ? error.code : "Unreachable";
  if (code === "TooManyRequests") return "That was a lot at once. Wait a moment, then try again.";
  if (code === "SignInNeeded") return "Sign in to Teams again, then try again.";
  return "The service did not answer. Check your connection, then try again.";
};

let early: Promise<QueueAnswer> | undefined;
/** Asks the first question before the queue is drawn: beside what the tab asks first, where the address says that it comes. */
export function askEarly(): void {
  early = work<QueueAnswer>(`queue?${queryOf(anything)}`);
  // Who hears of a fault is the queue, when it asks.
  early.catch(() => undefined);
}

/** The queue on the page: what is asked, what is told, which cases are chosen. */
export function useQueue() {
  const [wanted, want] = useState(anything);
  const [answer, tell] = useState<QueueAnswer>();
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(true);
  const [chosen, choose] = useState<ReadonlyMap<string, QueueLine>>(new Map());
  const asked = useRef(0);

  const load = async (w: Wanted) => {
    const mine = ++asked.current;
    setBusy(true);
    try {
      const begun = w === anything ? early : undefined;
      early = undefined;
      const told = await (begun ?? work<QueueAnswer>(`queue?${queryOf(w)}`));
      // A later question has been asked meanwhile: this answer is of no use any more.
      if (mine !== asked.current) return;
      tell(told);
      setTrouble(undefined);
    } catch (error) {
      if (mine === asked.current) setTrouble(sorry(error));
    }
    if (mine === asked.current) setBusy(false);
  };

  const typed = useRef("");
  useEffect(() => {
    // Letters come in a row; a choice is one press.
    const wait = typed.current === wanted.q ? 0 : TYPED_MS;
    typed.current = wanted.q;
    const timer = setTimeout(() => void load(wanted), wait);
    return () => clearTimeout(timer);
  }, [wanted]);
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && void load(wanted);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [wanted]);

  return {
    wanted,
    answer,
    trouble,
    busy,
    chosen,
    choose,
    /** Changes what is asked for; from its first page, unless the page is what changes. */
    change: (change: Partial<Wanted>) => want((w) => ({ ...w, page: 1, ...change })),
    again: () => load(wanted),
  };
}

/** Puts somebody on the chosen cases. @throws as {@link work}. */
export async function allocate(
  how: { id: string; role: "assessor" | "iqa"; person: string; reason: string },
  name: string,
  cases: readonly QueueLine[],
): Promise<{ result: Result; done: Set<string> }> {
  const { reason, ...rest } = how;
  const told = await work<Allocated>("allocate", {
    ...rest,
    cases: cases.map(({ caseId }) => caseId),
    ...(reason.trim() ? { reason: reason.trim() } : {}),
  });
  const done = new Set(told.cases.filter(({ kind }) => kind === "done" || kind === "already").map((c) => c.caseId));
  const refOf = new Map(cases.map(({ caseId, ref }) => [caseId, ref]));
  return {
    done,
    result: {
      done: done.size,
      name,
      refused: told.cases
        .filter(({ caseId }) => !done.has(caseId))
        .map(({ caseId, says }) => ({ ref: refOf.get(caseId) ?? "", says: says ?? "It was refused." })),
    },
  };
}
