import type { Asked, Kind } from "./asked";
import { seeded } from "./random";
import { Refused } from "./refused";

/** Which requests a fault is aimed at: those that fit everything given. */
export interface Aim {
  kinds?: Kind[];
  pk?: string;
  pkStarts?: string;
  id?: string;
}

/** Something that goes wrong. */
export interface Fault {
  /**
   * A status the service gives, or `reset` (the connection is cut), `silence` (no answer ever comes), `slow` (the answer comes
   * after `delayMs`).
   */
  answer: 408 | 413 | 429 | 449 | 503 | "reset" | "silence" | "slow";
  /** All requests on documents when absent. A function works within one process only. */
  when?: Aim | ((asked: Asked) => boolean);
  /** The request is carried out first and only its answer is changed or lost. */
  after?: boolean;
  /** How often; once when absent, or without end when a share is given. */
  times?: number;
  /** The share of fitting requests it strikes, 0 to 1; all when absent. Drawn from a seed. */
  share?: number;
  /** Told in `x-ms-retry-after-ms` of a 429; 10 when absent. */
  retryAfterMs?: number;
  /** Of `slow`; 100 when absent. */
  delayMs?: number;
}

/** How far replicas lag: by writes, or by milliseconds of the double's time, in a share of the reads (all when absent). */
export interface Lag {
  writes?: number;
  ms?: number;
  share?: number;
}

/** Faults to inject. */
export interface Faults {
  /** Adds a fault. @returns what takes it away again */
  add(fault: Fault): () => void;
  /** Everything fails: with 503, or without a connection. */
  outage: "unavailable" | "unreachable" | undefined;
  /** Reads are answered by replicas that lag behind from now on. */
  lag: Lag | undefined;
  /** Starts the drawing of chances anew. */
  seed(seed: number): void;
  /** How often a fault struck, by its answer. */
  readonly struck: Record<string, number>;
  /** Takes all away, outage and lag too. */
  clear(): void;
}

/** The faults and, for the server, who is struck. */
export interface FaultsInside {
  faults: Faults;
  /** The fault that strikes this request, if any; it is used up by one. */
  strike(asked: Asked): Fault | undefined;
  chance(share: number | undefined): boolean;
}

const onDocuments: Kind[] = ["read", "create", "replace", "upsert", "delete", "batch", "query", "plan"];

/** Faults, none at the start. @param lagged told of each change of the lag */
export function newFaults(seed: number, lagged: (lag: Lag | undefined) => void): FaultsInside {
  let random = seeded(seed);
  let present: { fault: Fault; left: number }[] = [];
  let lag: Lag | undefined;
  const chance = (share: number | undefined) => share === undefined || random() < share;

  const faults: Faults = {
    struck: {},
    outage: undefined,
    add(fault) {
      const one = { fault, left: fault.times ?? (fault.share === undefined ? 1 : Number.POSITIVE_INFINITY) };
      present.push(one);
      return () => {
        present = present.filter((other) => other !== one);
      };
    },
    get lag() {
      return lag;
    },
    set lag(next) {
      lag = next;
      lagged(next);
    },
    seed(next) {
      random = seeded(next);
    },
    clear() {
      present = [];
      faults.outage = undefined;
      faults.lag = undefined;
    },
  };

  return {
    faults,
    chance,
    strike(asked) {
      const found = present.find(({ fault }) => isAimed(fault.when, asked) && chance(fault.share));
      if (!found) return undefined;
      if (--found.left <= 0) present = present.filter((other) => other !== found);
      faults.struck[found.fault.answer] = (faults.struck[found.fault.answer] ?? 0) + 1;
      return found.fault;
    },
  };
}

function isAimed(when: Fault["when"], asked: Asked): boolean {
  if (typeof when === "function") return when(asked);
  const { kinds = onDocuments, pk, pkStarts, id } = when ?? {};
  if (!kinds.includes(asked.kind)) return false;
  if (pk !== undefined && asked.pk !== pk) return false;
  if (pkStarts !== undefined && !asked.pk?.startsWith(pkStarts)) return false;
  return id === undefined || asked.id === id;
}

const messages: Record<number, [string, number | undefined]> = {
  408: ["Request timed out.", undefined],
  429: ["Request rate is large. More Request Units may be needed, so no changes were made.", 3200],
  413: ["Request size is too large", undefined],
  449: ["Conflicting request to resource has been attempted. Retry to avoid conflicts.", undefined],
  503: ["Service is currently unavailable.", undefined],
};

/** The error answer of a fault that has a status. */
export function refusalOf(fault: Pick<Fault, "answer" | "retryAfterMs">): Refused {
  const status = fault.answer as number;
  const [message, substatus] = messages[status] ?? ["", undefined];
  const wait = status === 429 ? { "x-ms-retry-after-ms": `${fault.retryAfterMs ?? 10}` } : {};
  return new Refused(status, message, substatus, {}, wait as Record<string, string>);
}
