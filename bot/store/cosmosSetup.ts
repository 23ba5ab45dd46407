import { readCosmos } from "../config";
import { setUp, startingThroughput } from "./cosmos/setup";

/** `npm run cosmos:setup [-- MOST_RU_PER_SECOND]`. Exit 0 when all stands. */
async function main(): Promise<void> {
  const settings = readCosmos(process.env);
  if (!settings) throw new Error("Set COSMOS_ENDPOINT (and COSMOS_KEY) to the account in which to make the container");
  const throughput = process.argv[2] === undefined ? startingThroughput : Number(process.argv[2]);
  if (!Number.isInteger(throughput) || throughput < 1_000 || throughput % 1_000 !== 0)
    throw new Error("The most request units a second come in thousands: 1000, 2000, …");
  const { database, container } = await setUp(settings, throughput);
  console.log(`Database ${settings.database}: ${database}. Container ${settings.container}: ${container}.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
