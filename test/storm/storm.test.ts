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
    timeout: 150_000,
  }).catch((error: { stdout?: string; message: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ""}`);
  });

  expect(stdout).toContain("Every promise was kept.");
  const report = JSON.parse(stdout.slice(stdout.indexOf("{"), stdout.lastIndexOf("}") + 1));
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.recorded).toBeGreaterThanOrEqual(report.acknowledged);
  expect(report.kindsOfPresses).toBeGreaterThan(1);
  expect(report.messages).toBeGreaterThan(0);
  expect(
    report.instances.killed + report.instances.frozen + report.instances.stopped + report.instances.outages,
  ).toBeGreaterThan(0);
  expect(Object.keys(report.cosmos)).toEqual(expect.arrayContaining(["429", "503", "reset"]));
}, 180_000);
