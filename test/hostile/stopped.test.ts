import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import type { Action, Answers, ChatView, Snapshot } from "../../bot/local/protocol";
import { checkStore } from "../../bot/store/chainCheck";
import { readEmbedded } from "../../bot/store/embedded";
import { refold } from "../../bot/store/refold";
import { casePk } from "../../src/handle";
import type { Notice, Recorded, Store } from "../../src/ports";
import { addDays, atLondon, isWorkingDay, londonDate, londonTime } from "../../src/rules/calendar";
import { type AccountDouble, accountDouble } from "../store/account";
import { digest } from "../store/appends";
import { temporaryFolder } from "../store/folder";
import { wordsOf } from "../support/cardReading";
import { eventually } from "../support/eventually";
import { type Program, saying, startProgram } from "../support/program";

/** The built program is told to stop (SIGTERM) in the midst of presses and messages, and started again. */

const pk = casePk("sample-ada");
const ref = "EX-2026-0147";
jest.setTimeout(240_000);

let account: AccountDouble;
let program: Program | undefined;
beforeAll(async () => {
  account = await accountDouble({ ranges: 2 });
});
afterAll(async () => {
  program?.child.kill("SIGKILL");
  await account.end();
});

/** Posts to Local Teams or the service over a connection of its own; rejects when nobody answers. */
function call(url: string, body?: unknown): Promise<{ status: number; text: string }> {
  const method = body === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      { method, agent: false, headers: { "content-type": "application/json" } },
      (answer) => {
        let text = "";
        answer.on("data", (chunk: Buffer) => {
          text += chunk.toString("utf8");
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on("error", reject);
      },
    );
    sending.on("error", reject);
    sending.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The page's server, as people's clients speak to it. */
class Page {
  constructor(readonly url: string) {}

  async do<A extends Action>(what: A): Promise<Answers[A["do"]]> {
    const { status, text } = await call(`${this.url}/api/do`, what);
    if (status !== 200) throw new Error(`${what.do}: ${status} ${text}`);
    return JSON.parse(text) as Answers[A["do"]];
  }
  chat(as: string): Promise<ChatView> {
    return this.do({ do: "chat.open", as, chatId: "bot" });
  }
  say(as: string, text: string) {
    return this.do({ do: "chat.send", as, chatId: "bot", text });
  }
  /** Where the service listens. */
  async service(): Promise<string> {
    const { app } = JSON.parse((await call(`${this.url}/api/state`)).text) as Snapshot;
    return new URL(app.tabs[0]?.url ?? "").origin;
  }
}

async function begin(env: Record<string, string>): Promise<Page> {
  program = startProgram(env);
  const [, url = ""] = await saying(program, /Open (http:\S+)/);
  return new Page(url);
}

let day = addDays(londonDate(new Date().toISOString()), 20);
while (!isWorkingDay(day)) day = addDays(day, 1);
let minute = 0;

interface Press {
  commandId: string;
  time: string;
  /** "done" or what was said instead; undefined while nobody has answered. */
  answer?: string;
  /** Teams itself gave up on it: after five seconds it sends it again, and says that the app cannot be reached. */
  givenUp?: true;
}

/** The coordinator moves a session, each time to another minute. */
async function press(page: Page, messageId: string, presses: Press[]): Promise<void> {
  const time = `${String(9 + Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  minute = (minute + 1) % 900;
  const made: Press = { commandId: randomUUID(), time };
  presses.push(made);
  const booking = { method: "project", at: atLondon(day, time), setting: "teams", where: "Microsoft Teams" };
  const args = { ...booking, reason: "The room is taken" };
  const data = { verb: "session.move", caseId: "sample-ada", commandId: made.commandId, args };
  const began = performance.now();
  try {
    const pressed = await page.do({
      do: "card.press",
      as: "cora",
      chatId: "bot",
      messageId,
      card: 0,
      action: { type: "Action.Execute", verb: data.verb, data },
    });
    const words = pressed.outcome === "card" ? pressed.message.cards.map((c) => wordsOf(c.card)).join("\n") : "";
    const said = /Not done yet|Already done/.exec(words)?.[0];
    made.answer = pressed.outcome === "card" ? (said ?? "done") : JSON.stringify(pressed);
  } catch (error) {
    made.answer = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    // Nobody presses faster than that where nobody answers.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (performance.now() - began > 5_000) made.givenUp = true;
}

/** A request whose end has not come yet, and how it is answered. */
async function halfSent(service: string): Promise<{ finish(): void; answer: Promise<string> }> {
  const { hostname, port } = new URL(service);
  const body = JSON.stringify({ type: "message" });
  const socket: Socket = connect(Number(port), hostname);
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  const answer = new Promise<string>((resolve, reject) => {
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
  const head = ["POST /api/messages HTTP/1.1", `Host: ${hostname}`, "Content-Type: application/json"];
  socket.write([...head, `Content-Length: ${body.length}`, "", body.slice(0, 5)].join("\r\n"));
  await new Promise((resolve) => socket.once("connect", resolve));
  return { finish: () => void socket.write(body.slice(5)), answer };
}

type Readable = Pick<Store, "events" | "notices" | "head" | "partitions" | "close">;
const isOpen = (n: Notice) => n.state === "waiting" || n.state === "claimed" || n.state === "sending";
const ofPress = (events: readonly Recorded[], presses: readonly Press[]) =>
  presses.filter((p) => events.some((e) => e.commandId.endsWith(p.commandId)));

/** How often that person was told of each time. */
async function toldTimes(page: Page, as: string): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  const words = (await page.chat(as)).messages.flatMap((m) => m.cards.map((c) => wordsOf(c.card)));
  for (const [, time = ""] of words.join("\n").matchAll(/When:[^,]*, (\d\d:\d\d)/g))
    told.set(time, (told.get(time) ?? 0) + 1);
  return told;
}

describe.each([
  ["on the embedded store", false],
  ["on Cosmos DB", true],
])("the program, %s, told to stop in the midst of presses and messages", (_name, onCosmos) => {
  const folder = temporaryFolder();
  const env = () => ({
    EPILOGUE_DATA: folder,
    ...(onCosmos ? { COSMOS_ENDPOINT: account.double.endpoint, COSMOS_KEY: account.double.key } : {}),
  });
  const record = async (): Promise<Readable> => (onCosmos ? account.open() : readEmbedded(folder));
  const read = async <T>(work: (store: Readable) => Promise<T>): Promise<T> => {
    const store = await record();
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  const presses: Press[] = [];

  it("then what it took on is answered, what comes later is refused, it ends in order, and nothing of it is lost", async () => {
    const page = await begin(env());
    const service = await page.service();
    for (const who of ["cora", "ada", "dev", "ben"]) {
      await page.chat(who);
      await page.say(who, `case ${ref}`);
    }
    const card = (await page.chat("cora")).messages.findLast((m) => m.cards.length > 0);
    if (!card) throw new Error("There is no card");

    let going = true;
    const asking: string[] = [];
    const until = async (work: () => Promise<unknown>) => {
      while (going) await work();
    };
    const workers = [
      ...[1, 2].map(() => until(() => press(page, card.id, presses))),
      until(() =>
        page.say("ada", `case ${ref}`).then(
          () => asking.push("sent"),
          (e: Error) => asking.push(e.message),
        ),
      ),
    ];
    const done = () => presses.filter((p) => p.answer === "done").length;
    await eventually(async () => expect(done()).toBeGreaterThan(5), 100);

    // One turn is surely under way: its commit is held, or its body has not come to its end.
    let half: Awaited<ReturnType<typeof halfSent>> | undefined;
    if (onCosmos) {
      const { faults } = account.double;
      const before = faults.struck.slow ?? 0;
      faults.add({ answer: "slow", delayMs: 1_000, when: { kinds: ["batch"], pk }, times: 1 });
      await eventually(async () => expect(faults.struck.slow ?? 0).toBeGreaterThan(before), 60);
    } else half = await halfSent(service);
    const underWay = presses.filter((p) => p.answer === undefined);
    program?.child.kill("SIGTERM");
    await saying(program as Program, /"event":"stopping"/);
    await expect(call(`${service}/api/messages`, {})).rejects.toMatchObject({ code: "ECONNREFUSED" });
    half?.finish();
    const ended = await program?.ended;
    going = false;
    await Promise.all(workers);

    expect({ ended, said: program?.said() }).toEqual({ ended: [0, null], said: program?.said() });
    if (half) expect(await half.answer).toMatch(/^HTTP\/1\.1 40\d /);
    if (onCosmos) expect(underWay.map((p) => p.answer)).toContain("done");
    await expect(call(`${service}/readyz`)).rejects.toMatchObject({ code: "ECONNREFUSED" });

    const events = await read((store) => store.events(pk));
    const stands = ofPress(events, presses);
    // Done is what was recorded: but for what Teams itself no longer waited for.
    expect(presses.filter((p) => p.answer === "done" && !stands.includes(p))).toEqual([]);
    expect(stands.filter((p) => p.answer !== "done" && !p.givenUp)).toEqual([]);
    // What came too late was refused, and plainly.
    const refused = presses.filter((p) => !stands.includes(p));
    expect(refused.length).toBeGreaterThan(0);
    expect(
      refused.filter((p) => !/Unable to reach app|ECONNREFUSED|ECONNRESET|Not done yet/.test(p.answer ?? "")),
    ).toEqual([]);
    // Nothing is held back from whoever comes next.
    const notices = await read((store) => store.notices(pk));
    expect(notices.filter((n) => n.state === "claimed" || n.state === "sending")).toEqual([]);
  });

  it("started again, then the record is whole, what was to be sent is sent, once, and reminders of days to come are too", async () => {
    const pending = (await read((store) => store.notices(pk))).filter(isOpen);
    expect(pending.some((n) => n.kind === "reminder")).toBe(true);
    const page = await begin(env());
    const events = await read(async (store) => {
      expect(await checkStore(store as Store, digest, refold)).toMatchObject({ ok: true });
      return store.events(pk);
    });
    expect(ofPress(events, presses).length).toBeGreaterThan(5);

    // What Teams had asked to wait with is due a little later.
    await page.do({ do: "clock.advance", ms: 120_000 });
    const now = () => page.do({ do: "clock.advance", ms: 1_000 }).then((clock) => clock.now);
    await eventually(async () => {
      const at = await now();
      const notices = await read((store) => store.notices(pk));
      expect(notices.filter((n) => isOpen(n) && n.dueAt <= at).map(({ id, state }) => ({ id, state }))).toEqual([]);
    }, 90);
    const moved = events.filter((e) => e.type === "SessionMoved").map((e) => londonTime((e.data as { at: string }).at));
    for (const who of ["ada", "dev", "ben"]) {
      const told = await toldTimes(page, who);
      expect([...told.keys()].filter((time) => !moved.includes(time))).toEqual([]);
      expect([...told].filter(([, times]) => times > 1)).toEqual([]);
    }
    // Everybody was told of everything, or it is on the record that they were not.
    const lost = events.filter((e) => e.type === "NoticeLost").length;
    const told = (await toldTimes(page, "ada")).size;
    expect(told + lost).toBeGreaterThanOrEqual(new Set(moved).size);

    // A reminder that was pending as it stopped comes on its day.
    const reminders = pending.filter((n) => n.kind === "reminder").map((n) => n.id);
    const of = async () => (await read((store) => store.notices(pk))).filter((n) => reminders.includes(n.id));
    await page.do({ do: "clock.set", at: atLondon(addDays(day, -7), "09:30") });
    await eventually(async () => expect((await of()).some((n) => n.state === "sent")).toBe(true), 90);
    program?.child.kill("SIGTERM");
    expect(await program?.ended).toEqual([0, null]);
  });
});
