import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type DoubleOptions, startCosmosDouble } from "./double";
import type { Order } from "./remote";

/**
 * A double as a process of its own, for programs that are several processes themselves. Options come as JSON in the first
 * argument; where it is, its key and where to control it go out as one line of JSON. What it stores lives as long as it does.
 */
async function main(): Promise<void> {
  const double = await startCosmosDouble(JSON.parse(process.argv[2] ?? "{}") as DoubleOptions);
  const { faults, counts, clock } = double;

  const obey = (order: Order): unknown => {
    switch (order.do) {
      case "add":
        faults.add(order.fault);
        return {};
      case "outage":
        faults.outage = order.outage;
        return {};
      case "lag":
        faults.lag = order.lag;
        return {};
      case "seed":
        faults.seed(order.seed);
        return {};
      case "clear":
        faults.clear();
        return {};
      case "counts":
        return counts.now();
      case "latest":
        return counts.latest();
      case "reset":
        counts.reset();
        return {};
      case "struck":
        return faults.struck;
      case "advance":
        clock.advance(order.ms);
        return {};
    }
  };

  const control = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    try {
      const done = obey(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Order);
      response.writeHead(done === undefined ? 400 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(done ?? { message: "No such order" }));
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ message: (error as Error).message }));
    }
  });
  await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));

  const controlAt = `http://127.0.0.1:${(control.address() as AddressInfo).port}/`;
  console.log(JSON.stringify({ endpoint: double.endpoint, key: double.key, control: controlAt }));
  const stop = () => process.exit(0);
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Whoever started it holds its standard input open: when that one is gone, so is this.
  process.stdin.on("end", stop).on("error", stop).resume();
}

void main();
