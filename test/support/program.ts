import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const program = path.resolve(__dirname, "../../dist/main.cjs");

/** The built program as `npm start` starts it, in a process of its own. */
export interface Program {
  child: ChildProcess;
  /** All that it has written. */
  said(): string;
  /** Its exit code and signal. */
  ended: Promise<[number | null, NodeJS.Signals | null]>;
}

/** Starts it under this environment and nothing else of its own: Local Teams, on a port of the system's choice, unless told. */
export function startProgram(env: Record<string, string>): Program {
  const { MicrosoftAppId: _, COSMOS_ENDPOINT: _e, COSMOS_KEY: _k, ...own } = process.env;
  const child = spawn(process.execPath, ["--enable-source-maps", program], {
    env: { ...own, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
  return { child, said: () => said, ended: once(child, "exit") as Program["ended"] };
}

/** Resolves once it has said so; rejects when it ends before. */
export async function saying(one: Program, what: RegExp): Promise<RegExpExecArray> {
  const over = one.ended.then(([code]) => {
    throw new Error(`It ended with ${code}:\n${one.said()}`);
  });
  for (;;) {
    const found = what.exec(one.said());
    if (found) return found;
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 30))]);
  }
}
