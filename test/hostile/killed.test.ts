import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { checkStore } from "../../bot/store/chainCheck";
import { readEmbedded } from "../../bot/store/embedded";
import { refold } from "../../bot/store/refold";
import { casePk } from "../../src/handle";
import { addDays, isWorkingDay, londonDate, londonTime } from "../../src/rules/calendar";
import { digest } from "../store/appends";
import { bundled } from "../store/bundle";
import { temporaryFolder } from "../store/folder";
import { localTeams, type Teams } from "../support/teams";
import type { Elsewhere } from "./killed.child";
import { activityOf, send, submitting, vouched } from "./wire";

/** The service is killed under presses, with what it tells people under way; Teams goes on, and so does its successor. */

const KILLS = 6;
const pk = casePk("sample-ada");
jest.setTimeout(180_000);

let teams: Teams;
let folder: string;
let program: { file: string; env: NodeJS.ProcessEnv };
let child: ChildProcess | undefined;
let url = "";
let ahead = 0;
/** Where the sample has the session already: inside its window, and far enough away that everyone hears of it in time. */
let day = addDays(londonDate(new Date().toISOString()), 20);
while (!isWorkingDay(day)) day = addDays(day, 1);

async function start(): Promise<void> {
  const { local } = teams;
  const told: Elsewhere = {
    appId: local.appId,
    botFrameworkEnv: local.botFrameworkEnv,
    tenantIds: local.tenantIds,
    smtpUrl: local.smtpUrl,
    url: local.url,
    jwksUrl: local.sso.jwksUrl,
    people: local.people(),
    dataFolder: folder,
    ahead,
  };
  ahead += 600_000;
  const started = fork(program.file, [JSON.stringify(told)], {
    env: program.env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child = started;
  const ended = once(started, "exit").then(([code]) => {
    throw new Error(`The service ended as it started, with ${code}`);
  });
  const [{ port }] = (await Promise.race([once(started, "message"), ended])) as [{ port: number }];
  // Later ends are this test's own doing.
  ended.catch(() => undefined);
  url = `http://127.0.0.1:${port}`;
  local.connect(`${url}/api/messages`);
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

beforeAll(async () => {
  folder = temporaryFolder();
  program = await bundled("test/hostile/killed.child.ts", folder);
  teams = await localTeams({ bot: async () => ({ endpoint: "http://127.0.0.1:9/", stop: async () => undefined }) });
  await start();
  for (const who of ["cora", "ada", "ben"]) await teams.as(who).say("cases");
});
afterAll(async () => {
  await kill();
  await teams.stop();
});

/** The coordinator moves a session to that time; whether the service said that it was done. */
async function move(time: string): Promise<boolean> {
  teams.local.pace.skip(10_000);
  const data = {
    verb: "session.move",
    caseId: "sample-ada",
    commandId: randomUUID(),
    args: { method: "project" },
    "date-r1": day,
    "time-r1": time,
    "setting-r1": "teams",
    "where-r1": "Microsoft Teams",
    "reason-r1": "The room is taken",
  };
  try {
    const answer = await send(url, vouched(teams.local, submitting(activityOf(teams.local, "cora"), data)));
    return answer.status === 200 && !/"continue"|something went wrong/.test(answer.text);
  } catch {
    return false; // It was killed before it answered.
  }
}

/** How often that person was told of each time, in chat and by mail. */
async function toldTimes(who: string): Promise<Map<string, number>> {
  const cards = (await teams.as(who).cards()).map((card) => card.text);
  const mails = (await teams.as(who).mails()).map((mail) => mail.text);
  const told = new Map<string, number>();
  for (const words of [...cards, ...mails])
    for (const [, time = ""] of words.matchAll(/When:[^,]*, (\d\d:\d\d)/g)) told.set(time, (told.get(time) ?? 0) + 1);
  return told;
}

/** Every told person's messages, once no more of them come. */
async function quiet(): Promise<void> {
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    teams.local.pace.skip(60_000);
    now = teams.local.traffic.count;
  }
}

test(`killed ${KILLS} times under presses: what was said to be done is done, nobody is told twice, and chats still answer`, async () => {
  const done: string[] = [];
  let minute = 0;
  for (let kills = 0; kills < KILLS; kills++) {
    if (kills > 0) await start();
    let going = true;
    const presses = [1, 2].map(async () => {
      while (going) {
        const time = new Date(Date.UTC(2026, 0, 1, 9, minute++)).toISOString().slice(11, 16);
        if (await move(time)) done.push(time);
      }
    });
    const enough = done.length + 2;
    for (let waited = 0; done.length < enough && waited < 15_000; waited += 10)
      await new Promise((resolve) => setTimeout(resolve, 10));
    // Each time at another moment of what follows a commit.
    await new Promise((resolve) => setTimeout(resolve, kills * 7));
    await kill();
    going = false;
    await Promise.all(presses);
  }
  await start();
  await quiet();

  const record = readEmbedded(folder);
  expect(await checkStore(record, digest, refold)).toMatchObject({ ok: true });
  const moved = (await record.events(pk)).filter((e) => e.type === "SessionMoved");
  await record.close();
  const recorded = moved.map((e) => londonTime((e.data as { at: string }).at));
  expect(done.length).toBeGreaterThan(KILLS);
  expect(done.filter((time) => !recorded.includes(time))).toEqual([]);

  for (const who of ["ada", "dev", "ben"]) {
    const told = await toldTimes(who);
    expect(told.size).toBeGreaterThan(0);
    expect([...told].filter(([, times]) => times > 1)).toEqual([]);
    expect([...told.keys()].filter((time) => !recorded.includes(time))).toEqual([]);
  }
  await teams.as("cora").say("case EX-2026-0147");
  expect(await teams.as("cora").lastWords()).toContain("EX-2026-0147");
});
