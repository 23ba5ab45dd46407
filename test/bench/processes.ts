import { type ChildProcess, fork } from "node:child_process";
import type { ChannelSettings } from "../support/signing";

/** A server that is measured, in a process of its own, so that its CPU time and memory are nobody else's. */
export interface Measured {
  port: number;
  /** Bytes that are asked for by name. */
  [does: string]: unknown;
}

type Asked = { id: number; does: string; args: unknown[] };
type Answered = { id: number; value?: unknown; error?: string };

/** CPU time in microseconds, of all threads. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Bytes after what is garbage is gone. */
function memory(): { resident: number; heap: number } {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed + external };
}

/** The measured side: serves what `start` makes, and tells its CPU time and memory. */
export async function serve(start: (settings: ChannelSettings) => Promise<Measured>): Promise<void> {
  const settings = JSON.parse(process.env.BENCH_CHANNEL ?? "{}") as ChannelSettings;
  const made = await start(settings);
  const does: Record<string, (...args: never[]) => unknown> = { cpu, memory, port: () => made.port };
  for (const [name, value] of Object.entries(made))
    if (typeof value === "function") does[name] = value as (...args: never[]) => unknown;
  process.on("message", async ({ id, does: name, args }: Asked) => {
    try {
      const run = does[name];
      if (!run) throw new Error(`Nothing is called ${name}`);
      process.send?.({ id, value: await run(...(args as never[])) } satisfies Answered);
    } catch (error) {
      process.send?.({ id, error: String((error as Error).stack) } satisfies Answered);
    }
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ id: 0 } satisfies Answered);
}

/** The measuring side of one of them. */
export class Remote {
  private next = 1;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  private constructor(private readonly child: ChildProcess) {
    child.on("message", ({ id, value, error }: Answered) => {
      const one = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) one?.resolve(value);
      else one?.reject(new Error(error));
    });
    child.on("exit", (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`The measured process ended with ${code}`));
    });
  }

  /** Starts this very program in another role. */
  static async start(role: string, settings: ChannelSettings): Promise<Remote> {
    const profile = process.argv.includes("--profile") ? ["--cpu-prof", "--cpu-prof-dir", "dist/profiles"] : [];
    const child = fork(process.argv[1] ?? "", [role], {
      execArgv: [...process.execArgv, ...profile],
      env: { ...process.env, BENCH_CHANNEL: JSON.stringify(settings) },
      serialization: "json",
    });
    const remote = new Remote(child);
    await new Promise((resolve, reject) => remote.waiting.set(0, { resolve, reject }));
    return remote;
  }

  ask<T>(does: string, ...args: unknown[]): Promise<T> {
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send({ id, does, args } satisfies Asked);
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once("exit", () => resolve());
      this.child.disconnect();
    });
  }
}
