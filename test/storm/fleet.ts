import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { type InstanceSettings, leaseSeconds, oneOf } from "./settings";

/** The instances of a storm, as processes that are killed, told to stop, and stopped in their tracks. */
export class Fleet {
  private readonly all: { child: ChildProcess; port: number }[] = [];
  private underWay: Promise<void>[] = [];
  private over = false;
  private starting = 0;
  readonly counts = { started: 0, killed: 0, stopped: 0, frozen: 0, outages: 0 };

  constructor(
    private told: Omit<InstanceSettings, "skew" | "seed">,
    private readonly draw: () => number,
  ) {}

  /** How often something happened to one of them, or to all. */
  get struck(): number {
    const { killed, stopped, frozen, outages } = this.counts;
    return killed + stopped + frozen + outages;
  }

  /** A process of this very program in the role of an instance. */
  async start(): Promise<void> {
    this.starting += 1;
    try {
      await this.begin();
    } finally {
      this.starting -= 1;
    }
  }

  private async begin(): Promise<void> {
    this.counts.started += 1;
    const skew = Math.round((this.draw() - 0.5) * 3_000);
    const told: InstanceSettings = { ...this.told, skew, seed: this.counts.started };
    const child = fork(process.argv[1] ?? "", ["instance", JSON.stringify(told)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const ended = once(child, "exit").then(() => undefined);
    const ready = once(child, "message") as Promise<[{ port: number }]>;
    const said = await Promise.race([ready, ended]);
    // The store may refuse to be opened while it fails: once more then.
    if (said === undefined) return this.over ? undefined : this.begin();
    const one = { child, port: said[0].port };
    this.all.push(one);
    void ended.then(() => {
      const at = this.all.indexOf(one);
      if (at >= 0) this.all.splice(at, 1);
      if (!this.over) this.underWay.push(this.start());
    });
  }

  /** Where one of those that live listens; undefined while none does. */
  port(): number | undefined {
    return this.all.length === 0 ? undefined : oneOf(this.draw, this.all).port;
  }

  /** Something happens to one of them. */
  async strike(): Promise<void> {
    // One that lives is left: what nobody answers is no test of the others.
    if (this.all.length < 2) return;
    const { child } = oneOf(this.draw, this.all);
    const what = this.draw();
    if (what < 0.5) {
      this.counts.killed += 1;
      child.kill("SIGKILL");
    } else if (what < 0.65) {
      this.counts.stopped += 1;
      child.kill("SIGTERM");
    } else {
      // Past the end of its leases, and on.
      this.counts.frozen += 1;
      child.kill("SIGSTOP");
      await pause(leaseSeconds * 1_000 + 700);
      child.kill("SIGCONT");
    }
  }

  /** The power fails: all of them are killed at once, time passes, and as many start again. */
  async outage(meanwhile: () => Promise<number>): Promise<void> {
    const many = this.all.length + this.starting;
    this.counts.outages += 1;
    await this.end();
    this.told = { ...this.told, offset: await meanwhile() };
    this.over = false;
    await Promise.all(Array.from({ length: many }, () => this.start()));
  }

  /** All are told to stop, and end what is under way; one starts in their place. */
  async relieve(): Promise<void> {
    await this.end("SIGTERM");
    this.over = false;
    await this.start();
  }

  /** No more comes after those that live now. */
  async end(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    this.over = true;
    await Promise.all(this.underWay);
    await Promise.all(
      this.all.splice(0).map(async ({ child }) => {
        const ended = once(child, "exit");
        child.kill(signal);
        await ended;
      }),
    );
  }
}
