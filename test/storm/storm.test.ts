import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(__dirname, "../..");

/** A short storm; `npm run storm -- --minutes 5` is a long one. Needs what the build makes. */
test("given three instances, faults on both sides, kills and standstills, then every promise is kept", async () => {
  const args = ["--enable-source-maps", "dist/test/storm.cjs", "--seconds", "7", "--outages", "4", "--cases", "20"];
  // When a promise is broken it ends with 1, and this rejects with all that it said.
  const { stdout } = await promisify(execFile)(process.execPath, [...args, "--seed", "20261122"], {
    cwd: root,
    timeout: 540_000,
    maxBuffer: 16 * 1024 * 1024,
  }).catch((error: { stdout?: string; stderr?: string; message: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ""}\n${error.stderr ?? ""}`);
  });

  const report = JSON.parse(stdout.slice(stdout.indexOf("{"), stdout.lastIndexOf("}") + 1));
  const { killed, frozen, stopped, outages } = report.instances;
  const seen = {
    kept: stdout.includes("Every promise was kept."),
    acknowledged: report.acknowledged > 0,
    recorded: report.recorded >= report.acknowledged,
    kindsOfPresses: report.kindsOfPresses > 1,
    messages: report.messages > 0,
    livingCards: report.livingCards > 0,
    struck: killed + frozen + stopped + outages > 0,
    faultsOfStore: Object.keys(report.cosmos).length > 0,
    faultsOfConnector: Object.keys(report.connector).length > 0,
  };
  const all = Object.keys(seen).map((what) => [what, true]);
  // Should one of them not be so, the whole of what it said is shown beside.
  expect({ seen, stdout }).toEqual({ seen: Object.fromEntries(all), stdout });
}, 600_000);
