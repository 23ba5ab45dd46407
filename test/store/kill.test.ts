import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openEmbedded } from "../../bot/store/embedded";
import { chainStart, verifyChain } from "../../src/chain";
import type { Recorded, Store } from "../../src/ports";
import { digest } from "./appends";
import { bundled } from "./bundle";
import { temporaryFolder } from "./folder";
import { loadOf } from "./kill.load";

const KILLS = 20;
const cases = ["case:a", "case:b", "case:c"];

/**
 * A process that appends, and what it has acknowledged. It is killed `afterMs` after its first acknowledgement, so that each
 * kill falls under load.
 */
async function runAndKill(program: { file: string; env: NodeJS.ProcessEnv }, folder: string, afterMs: number) {
  const child: ChildProcess = spawn(process.execPath, [program.file, folder], { env: program.env });
  let out = "";
  let err = "";
  let killed = false;
  child.stderr?.on("data", (data) => {
    err += data;
  });
  child.stdout?.on("data", (data) => {
    out += data;
    if (killed || !out.includes("case:")) return;
    killed = true;
    setTimeout(() => child.kill("SIGKILL"), afterMs);
  });
  await once(child, "close");
  if (!killed) throw new Error(`It ended by itself: ${err}`);

  const acknowledged = new Map<string, number>();
  let count = 0;
  // The last line may have been cut off by the kill.
  for (const line of out.split("\n").slice(0, -1)) {
    const [pk = "", seq] = line.split(" ");
    if (!seq) continue;
    acknowledged.set(pk, Number(seq));
    count++;
  }
  return { acknowledged, count };
}

/** Everything that an append writes at once tells of the same last revision, and of no later one. */
async function expectWhole(store: Store, pk: string): Promise<number> {
  const events = await store.events(pk);
  const revision = events.length;
  const start = chainStart(pk, digest);
  expect(verifyChain(events, digest, start)).toEqual({ ok: true, head: events.at(-1)?.hash ?? start.head, revision });
  if (revision === 0) {
    expect(await store.head(pk)).toBeUndefined();
    expect(await store.notices(pk)).toEqual([]);
    return 0;
  }

  // The appends that must have been made to get here, replayed.
  const revisions: number[] = [];
  for (let last: Recorded | undefined; (last?.seq ?? 0) < revision; ) {
    const append = loadOf(pk, last);
    last = append.events.at(-1);
    revisions.push(last?.seq ?? 0);
    expect(await store.marker(pk, append.command.id)).toEqual({
      digest: append.command.digest,
      revision: append.head.revision,
    });
  }
  expect(revisions.at(-1)).toBe(revision);
  const next = loadOf(pk, events.at(-1));
  expect(await store.marker(pk, next.command.id)).toBeUndefined();

  expect(await store.head(pk)).toMatchObject({ revision, hash: events.at(-1)?.hash, state: { revision } });
  const notices = await store.notices(pk);
  expect(notices.map((one) => one.id)).toEqual(revisions.map((seq) => `n-${seq}`));
  const listed = await store.casesOf({ person: `at-${revision}` }, { limit: 9 });
  expect(listed.rows.map((row) => row.pk)).toContain(pk);
  const due = await store.dueOf({ person: "ada" }, { limit: 99 });
  expect(due.rows.filter((row) => row.pk === pk).map((row) => row.key)).toEqual([`at-${revision}`]);
  return revision;
}

describe("a process killed in the midst of its appends", () => {
  it(`given ${KILLS} kills under load, then no acknowledged event is lost, no batch is torn, and work goes on`, async () => {
    const folder = temporaryFolder();
    const program = await bundled("test/store/kill.child.ts", temporaryFolder());
    let acknowledgedInAll = 0;

    for (let n = 0; n < KILLS; n++) {
      const { acknowledged, count } = await runAndKill(program, folder, Math.random() * 120);
      expect(count).toBeGreaterThan(0);
      acknowledgedInAll += count;

      // Opens at once: the dead process holds no lock.
      const store = openEmbedded(folder);
      for (const pk of cases) {
        const revision = await expectWhole(store, pk);
        expect(revision).toBeGreaterThanOrEqual(acknowledged.get(pk) ?? 0);
        const last = (await store.events(pk)).at(-1);
        expect(await store.append(loadOf(pk, last))).toBe("appended");
      }
      await store.close();
    }
    expect(acknowledgedInAll).toBeGreaterThan(KILLS * 3);
  }, 120_000);
});
