import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Counted, CountsNow } from "./counts";
import type { DoubleOptions } from "./double";
import type { Aim, Fault, Faults, Lag } from "./faults";

/** A fault as it can be told to another process: aimed by data only. */
export type RemoteFault = Omit<Fault, "when"> & { when?: Aim };

/** What a double in a process of its own can be told. */
export type Order =
  | { do: "add"; fault: RemoteFault }
  | { do: "outage"; outage: Faults["outage"] }
  | { do: "lag"; lag: Lag | undefined }
  | { do: "seed"; seed: number }
  | { do: "advance"; ms: number }
  | { do: "clear" | "counts" | "latest" | "reset" | "struck" };

/** A double in a process of its own: the same controls, each answered over its control port. */
export interface RemoteDouble {
  endpoint: string;
  key: string;
  /** Where other processes control it: `controlOf`. */
  control: string;
  faults: RemoteControl["faults"];
  counts: RemoteControl["counts"];
  clock: RemoteControl["clock"];
  end(): Promise<void>;
}

/** The controls of a double that runs elsewhere. */
export interface RemoteControl {
  faults: {
    add(fault: RemoteFault): Promise<void>;
    outage(outage: Faults["outage"]): Promise<void>;
    lag(lag: Lag | undefined): Promise<void>;
    seed(seed: number): Promise<void>;
    clear(): Promise<void>;
    struck(): Promise<Record<string, number>>;
  };
  counts: { now(): Promise<CountsNow>; latest(): Promise<Counted[]>; reset(): Promise<void> };
  clock: { advance(ms: number): Promise<void> };
}

/** Controls a double by the address that its process gave out. @throws when it refuses or is gone */
export function controlOf(control: string): RemoteControl {
  const order = async <T>(what: Order): Promise<T> => {
    const response = await fetch(control, { method: "POST", body: JSON.stringify(what) });
    if (!response.ok) throw new Error(`The double refused ${what.do}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    faults: {
      add: (fault) => order({ do: "add", fault }),
      outage: (outage) => order({ do: "outage", outage }),
      lag: (lag) => order({ do: "lag", lag }),
      seed: (seed) => order({ do: "seed", seed }),
      clear: () => order({ do: "clear" }),
      struck: () => order({ do: "struck" }),
    },
    counts: {
      now: () => order({ do: "counts" }),
      latest: () => order({ do: "latest" }),
      reset: () => order({ do: "reset" }),
    },
    clock: { advance: (ms) => order({ do: "advance", ms }) },
  };
}

/** Where the build puts the program, from the project's folder. */
const program = "dist/test/cosmos.cjs";

/**
 * Starts a double as a process of its own, which ends with this one at the latest. Needs what the build makes.
 * @param root the project's folder; the working folder when absent
 * @throws when it does not start
 */
export async function forkCosmosDouble(options: DoubleOptions = {}, root = process.cwd()): Promise<RemoteDouble> {
  const child = spawn(process.execPath, [path.join(root, program), JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("close", (code) => reject(new Error(`The double ended with ${code} before it stood`)));
    child.once("error", reject);
  });
  const { endpoint, key, control } = JSON.parse(line) as { endpoint: string; key: string; control: string };
  return {
    endpoint,
    key,
    control,
    ...controlOf(control),
    async end() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
