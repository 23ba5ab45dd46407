import { connect, createServer, type Socket } from "node:net";
import { listen } from "./listen";

/**
 * The line between the pages inside Teams and the service: bytes go through as they are until it is cut, and then nothing
 * does. So that a panel can be seen without a network, in one browser with everybody else who has one.
 */
export class Line {
  private readonly sockets = new Set<Socket>();
  private whole = true;
  private port: number | undefined;
  private readonly server = createServer((near) => this.carry(near));

  /** Carries calls to a port of this computer; answers with its own, that of the last run if it is free. */
  async open(to: number, last?: number): Promise<number> {
    this.port = to;
    return listen(this.server, 0, last);
  }

  get up(): boolean {
    return this.whole;
  }

  /** Breaks what is under way, and takes nothing new until it is mended. */
  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.whole = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private carry(near: Socket): void {
    if (!this.whole || this.port === undefined) return void near.destroy();
    const far = connect(this.port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}
