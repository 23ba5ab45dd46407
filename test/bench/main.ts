import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { apiAnswers, startBare } from "./api";
import { type Channel, openChannel } from "./channel";
import { cosmosCosts } from "./cosmos";
import { type Figure, isOver, median, table } from "./figures";
import { type Multiplying, multiply } from "./multiply";
import { inParallel, mustBeCard, Presses, post } from "./pressing";
import { Remote, serve } from "./processes";
import { type Running, startProduct } from "./product";
import { startReference } from "./reference";
import { scale } from "./scale";

/**
 * What the service costs, beside the bare library doing the least that could be done: `npm run bench`. Exit code 1 when a
 * figure is over its limit. `--quick` measures less, for a look; `--only-scale` and `--only-panel` measure a part; `--profile` also writes CPU profiles of the measured processes to `dist/profiles`.
 */

const quick = process.argv.includes("--quick");
const rounds = quick ? 5 : 15;
/** Actions a round, and before the first: until then the engine is still compiling what it runs often. */
const each = 250;
const warmUp = quick ? 1_000 : 3_000;
const casesPressed = 250;
const actions = 10_000;
const width = 4;
const MB = 1024 * 1024;
const scaleOf = { cases: quick ? 10_000 : 100_000, times: quick ? 60 : 300 };

/** CPU microseconds that one of `count` pieces of work takes the measured process. */
async function cpuOf(server: Remote, count: number, work: () => Promise<void>): Promise<number> {
  const before = await server.ask<number>("cpu");
  await work();
  await server.ask("settled");
  return ((await server.ask<number>("cpu")) - before) / count;
}

/** Card actions: a press on the product and an echo by the reference by turns, so that each has the machine of the other. */
async function cardActions(channel: Channel, product: Remote, reference: Remote, posted: boolean): Promise<Figure> {
  const [port, echoPort] = [await product.ask<number>("port"), await reference.ask<number>("port")];
  const turns = async (presses: Presses, echoes: Presses, count: number): Promise<{ ours: number; theirs: number }> => {
    const before = [await product.ask<number>("cpu"), await reference.ask<number>("cpu")] as const;
    for (let i = 0; i < count; i++) {
      mustBeCard(await post(port, channel.authorization, presses.next().activity));
      await post(echoPort, channel.authorization, echoes.next().activity);
    }
    await product.ask("settled");
    return {
      ours: ((await product.ask<number>("cpu")) - before[0]) / count,
      theirs: ((await reference.ask<number>("cpu")) - before[1]) / count,
    };
  };
  const onCases = async (count: number) => {
    const cases = await product.ask<Running[]>("running", count, posted);
    return [new Presses(channel, cases), new Presses(channel, cases)] as const;
  };
  await turns(...(await onCases(casesPressed)), warmUp);
  // Other cases than those of the warm-up: each is as long as a case gets, not as long as a bench can make it.
  const pressed = await onCases(casesPressed);
  const taken: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < rounds; round++) taken.push(await turns(...pressed, each));
  return {
    what: "CPU per card action",
    unit: "µs",
    product: median(taken.map((t) => t.ours)),
    reference: median(taken.map((t) => t.theirs)),
  };
}

/** Notices: the product delivers what its cases caused; the reference sends one of these very cards as often. */
async function notices(channel: Channel, product: Remote, reference: Remote): Promise<Figure> {
  const casesEach = quick ? 60 : 100;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const ids = await product.ask<string[]>("waiting", casesEach);
    await product.ask("accept", ids);
    channel.taken();
    const before = await product.ask<number>("cpu");
    await product.ask("deliver");
    const spent = (await product.ask<number>("cpu")) - before;
    const sent = channel.taken().filter((one) => one.method === "POST" && one.path.endsWith("/activities"));
    if (sent.length !== casesEach * 3) throw new Error(`${sent.length} notices went out of ${casesEach * 3}`);
    const activity = JSON.parse(sent[0]?.body ?? "{}") as Record<string, unknown>;
    const conversations = sent.map(({ path: to }) => decodeURIComponent(to.split("/")[4] ?? ""));
    const took = await cpuOf(reference, sent.length, async () => {
      for (let i = 0; i < conversations.length; i += 50)
        await reference.ask("send", conversations.slice(i, i + 50), activity);
    });
    const echoed = channel.taken();
    if (echoed.length !== sent.length) throw new Error(`The reference sent ${echoed.length} of ${sent.length}`);
    if (round < 0) continue;
    ours.push(spent / sent.length);
    theirs.push(took);
  }
  return { what: "CPU per delivered notice", unit: "µs", product: median(ours), reference: median(theirs), limit: 1.3 };
}

/** Memory after half and all of the actions, garbage left out. */
async function memory(channel: Channel, cases: Running[], product: Remote): Promise<Figure[]> {
  const port = await product.ask<number>("port");
  const presses = new Presses(channel, cases);
  const after: { resident: number; heap: number }[] = [];
  for (let half = 0; half < 2; half++) {
    await inParallel(actions / 2, width, async () => {
      mustBeCard(await post(port, channel.authorization, presses.next().activity));
    });
    await product.ask("settled");
    after.push(await product.ask<{ resident: number; heap: number }>("memory"));
  }
  const [first, last] = after;
  if (!first || !last) throw new Error("Nothing was measured");
  return [
    {
      what: `Resident after ${actions.toLocaleString("en-GB")} actions`,
      unit: "MB",
      product: last.resident / MB,
      limit: 300,
    },
    {
      what: "Resident then, beside after half of them",
      unit: "MB",
      product: last.resident / MB,
      reference: first.resident / MB,
      limit: 1.05,
    },
    {
      what: "Heap then, beside after half of them",
      unit: "MB",
      product: last.heap / MB,
      reference: first.heap / MB,
      limit: 1.05,
    },
  ];
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Seconds from the start of the built program, on an empty folder, until it has printed its address and answers. */
async function readyAfter(): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), "epilogue-bench-"));
  const port = await freePort();
  const { MicrosoftAppId: _, ...env } = process.env;
  const started = performance.now();
  const child = spawn(process.execPath, ["--enable-source-maps", path.join(__dirname, "main.cjs")], {
    env: { ...env, PORT: String(port), EPILOGUE_DATA: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      let printed = "";
      child.stdout.on("data", (chunk: Buffer) => {
        printed += chunk.toString("utf8");
        if (/Open http:\/\//.test(printed)) resolve();
      });
      child.once("exit", (code) => reject(new Error(`The service ended with ${code}:\n${printed}`)));
    });
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    if (answer.status !== 200) throw new Error(`/healthz answers ${answer.status}`);
    return (performance.now() - started) / 1000;
  } finally {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(): Promise<void> {
  if (process.argv.includes("--only-scale")) return onlyScale();
  if (process.argv.includes("--only-panel")) return onlyPanel();
  const figures: Figure[] = [];
  const ready: number[] = [];
  for (let i = 0; i < 3; i++) ready.push(await readyAfter());
  const channel = await openChannel();
  const product = await Remote.start("product", channel.settings);
  const reference = await Remote.start("reference", channel.settings);
  try {
    console.log("Measuring, some four minutes …");
    figures.push({ ...(await cardActions(channel, product, reference, false)), limit: 2 });
    const live = await cardActions(channel, product, reference, true);
    figures.push({ ...live, what: "  with the posted card brought up to date too" });
    const [one] = await product.ask<Running[]>("running", 1, false);
    if (one) {
      const { append, render } = await product.ask<{ append: number; render: number }>("timings", one, 500);
      figures.push({ what: "  of it: read and append one event", unit: "µs", product: append });
      figures.push({ what: "  of it: draw the case card", unit: "µs", product: render });
    }
    figures.push(await notices(channel, product, reference));
  } finally {
    await product.stop();
    await reference.stop();
  }
  // A fresh process: what the other measurements left behind is none of its doing.
  const enduring = await Remote.start("product", channel.settings);
  try {
    figures.push(...(await memory(channel, await enduring.ask<Running[]>("running", 100, false), enduring)));
  } finally {
    await enduring.stop();
  }
  try {
    figures.push(...(await scale(channel, scaleOf)));
  } finally {
    await channel.stop();
  }
  figures.push(...(await onCosmos()));
  figures.push(...(await ofPanel()));
  figures.push({ what: "Ready after a built start", unit: "s", product: median(ready), limit: 3 });
  console.log(`\n${table(figures)}\n`);
  if (figures.some(isOver)) process.exitCode = 1;
}

/** The panel and the work queue: what they cost the service, and a browser. */
async function ofPanel(): Promise<Figure[]> {
  const channel = await openChannel();
  try {
    const answers = await apiAnswers(channel, rounds, each, warmUp);
    return [...answers, ...(await inBrowser("panel")), ...(await inBrowser("queue"))];
  } finally {
    await channel.stop();
  }
}

/** `--only-panel`: that, and nothing else. */
async function onlyPanel(): Promise<void> {
  const figures = await ofPanel();
  console.log(`\n${table(figures)}\n`);
  if (figures.some(isOver)) process.exitCode = 1;
}

/** In a process of its own, with a browser. */
async function inBrowser(which: "panel" | "queue"): Promise<Figure[]> {
  const program = path.join(__dirname, `test/bench-${which}.cjs`);
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...(quick ? ["--quick"] : [])]);
  return JSON.parse(stdout) as Figure[];
}

/** `--only-scale`: what many cases cost, and nothing else. */
async function onlyScale(): Promise<void> {
  const channel = await openChannel();
  const figures: Figure[] = [];
  try {
    figures.push(...(await scale(channel, scaleOf)));
  } finally {
    await channel.stop();
  }
  figures.push(...(await onCosmos()));
  console.log(`\n${table(figures)}\n`);
  if (figures.some(isOver)) process.exitCode = 1;
}

/** Counted, not timed, so in this very process. */
async function onCosmos(): Promise<Figure[]> {
  const channel = await openChannel();
  try {
    return await cosmosCosts(channel, { actions: quick ? 50 : 300, cases: quick ? 1_000 : 100_000 });
  } finally {
    await channel.stop();
  }
}

const roles: Readonly<Record<string, () => Promise<void>>> = {
  product: () => serve(startProduct),
  reference: () => serve(startReference),
  bare: () => serve(startBare),
  multiply: async () => {
    const { folder, marks, count } = JSON.parse(process.argv[3] ?? "{}") as Multiplying;
    multiply(folder, marks, count);
  },
};
void (roles[process.argv[2] ?? ""] ?? bench)().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
