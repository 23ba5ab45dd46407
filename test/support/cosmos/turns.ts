import { AsyncLocalStorage } from "node:async_hooks";
import type { Server } from "node:http";
import type { Service } from "../../../bot/service";
import type { Request } from "../../../bot/store/cosmos/connection";

/** What one turn asked of the account until it was answered; what goes out afterwards is not of it. */
export interface Turn {
  /** The command that was handed in, if one was. */
  command?: string;
  requests: Request[];
}

/** Sorts requests to the account by the turn that caused them. */
export class Turns {
  readonly all: Turn[] = [];
  private readonly context = new AsyncLocalStorage<Turn>();

  /** For the store's `observed`. */
  readonly observed = (request: Request): void => {
    this.context.getStore()?.requests.push(request);
  };

  /** Begins to listen to a service: each activity of its own is a turn. What it sends afterwards is in none. */
  follow({ http, desk, delivery }: Service): void {
    const { server } = http.server as unknown as { server: Server };
    server.prependListener("request", (request) => {
      if (!request.url?.startsWith("/api/messages")) return;
      const turn: Turn = { requests: [] };
      this.all.push(turn);
      this.context.enterWith(turn);
      // What a body's arrival causes is of its turn too; since Node 24 an emitter's listeners are not by themselves.
      const emit = request.emit.bind(request);
      request.emit = (...args: Parameters<typeof emit>) => this.context.run(turn, () => emit(...args));
    });
    const run = desk.run.bind(desk);
    desk.run = (...args) => {
      const turn = this.context.getStore();
      if (turn) turn.command = args[2];
      return run(...args);
    };
    const kick = delivery.kick.bind(delivery);
    delivery.kick = () => this.context.exit(kick);
  }
}

/** What a turn cost: on its case, and beside it on people and bodies, which are read once a minute at most. */
export interface Cost {
  reads: number;
  batches: number;
  /** Whatever is neither a point read nor a batch. */
  others: string[];
  directory: number;
  /** Request units of all, as the server says. */
  charge: number;
}

export function costOf({ requests }: Turn): Cost {
  const isDirectory = ({ pk, operation }: Request) => operation === "read" && /^(person|binding|body):/.test(pk ?? "");
  const own = requests.filter((request) => !isDirectory(request));
  const of = (operation: string) => own.filter((request) => request.operation === operation).length;
  return {
    reads: of("read"),
    batches: of("batch"),
    others: own.filter(({ operation }) => !["read", "batch"].includes(operation)).map(({ operation }) => operation),
    directory: requests.length - own.length,
    charge: requests.reduce((sum, { charge }) => sum + charge, 0),
  };
}
