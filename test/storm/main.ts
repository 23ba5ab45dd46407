import { parseArgs } from "node:util";
import { runInstance } from "./instance";
import type { InstanceSettings } from "./settings";
import { storm } from "./storm";

/** `npm run storm -- --minutes 5`: prints what happened; exit 1 when a promise was broken. */
async function main(): Promise<void> {
  if (process.argv[2] === "instance") return runInstance(JSON.parse(process.argv[3] ?? "{}") as InstanceSettings);
  const { values } = parseArgs({
    options: {
      minutes: { type: "string" },
      seconds: { type: "string" },
      least: { type: "string", default: "10" },
      cases: { type: "string", default: "200" },
      outages: { type: "string", default: "30" },
      instances: { type: "string", default: "3" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const seconds = values.seconds ? Number(values.seconds) : 60 * Number(values.minutes ?? "5");
  const seed = Number(values.seed);
  console.log(`Storm of ${seconds} s on ${values.instances} instances and ${values.cases} cases; seed ${seed}`);
  const report = await storm({
    seed,
    seconds,
    least: Number(values.least),
    cases: Number(values.cases),
    instances: Number(values.instances),
    outageSeconds: Number(values.outages),
  });
  const { faults, ...counts } = report;
  console.log(JSON.stringify(counts, undefined, 2));
  for (const fault of faults.slice(0, 50)) console.log(`BROKEN: ${fault}`);
  if (faults.length > 50) console.log(`and ${faults.length - 50} more`);
  console.log(faults.length === 0 ? "Every promise was kept." : `${faults.length} promises were broken.`);
  process.exit(faults.length === 0 ? 0 : 1);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(2);
});
