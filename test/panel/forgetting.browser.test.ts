import type { BrowserContext, Frame } from "playwright-core";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { temporaryFolder } from "../store/folder";
import { journey, people, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { TENANT } from "../web/entra";
import { oidOf } from "../web/office";
import { Stage } from "./stage";

/** Views and drafts do not stay on the device for good; what was pressed and not yet sent does, until it is. */
const method = "discussion";
const { assessor, iqa } = people;
let stage: Stage;
let context: BrowserContext;
let n = 0;
beforeAll(async () => {
  stage = await Stage.open(temporaryFolder());
});
afterAll(() => stage?.close());
beforeEach(async () => {
  stage.line.mend();
  context = await stage.device();
});
afterEach(() => context.close());

/** A session of its own that runs. */
async function running() {
  n += 1;
  const id = `gone-${n}`;
  const booked = journey(tquk, id)
    .registered({ ref: `EX-2026-03${String(n).padStart(2, "0")}` })
    .upTo("booked");
  const started = booked.started(method);
  await stage.office.put(started);
  stage.office.now = started.now;
  return { id, booked, session: `?case=${id}&method=${method}`, name: `${id} ${method}` };
}

const as = (person: string) => `${TENANT}.${oidOf(person)}`;
/** What lies on the disk by a name, and how much is queued, of that person. */
const keptFor = (panel: Frame, person: string): Promise<{ named: string[]; queued: number }> =>
  panel.evaluate(async (who) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await done(indexedDB.open("epilogue-panel"));
    const all = db.transaction(["named", "queue"]);
    const keys = (await done(all.objectStore("named").getAllKeys())) as [string, string][];
    const queued = await done(all.objectStore("queue").index("who").count(who));
    db.close();
    return { named: keys.flatMap(([whose, name]) => (whose === who ? [name] : [])).sort(), queued };
  }, as(person));
const holds = (panel: Frame, person: string, wanted: Partial<{ named: string[]; queued: number }>) =>
  eventually(async () => expect(await keptFor(panel, person)).toMatchObject(wanted));

const field = (panel: Frame) => panel.getByRole("textbox", { name: "What you heard or saw" });
const says = (panel: Frame, text: string) => panel.getByTestId("save").filter({ hasText: text }).waitFor();
const online = (panel: Frame) => panel.evaluate(() => dispatchEvent(new Event("online")));
async function add(panel: Frame, text: string): Promise<void> {
  await panel.getByRole("tab", { name: "Criteria" }).click();
  await field(panel).fill(text);
  await panel.getByRole("button", { name: "Add", exact: true }).click();
}
const notesIn = async (id: string) =>
  (await stage.office.store.head<Case>(casePk(id)))?.state.attempts[method]?.at(-1)?.session.notes.length;

test("given a session is confirmed, then its view and draft go; those of a running one stay, and start without a network; so do another person's", async () => {
  const other = await running();
  const { booked, session, name, id } = await running();
  const onlooker = await stage.see({ session, context, as: iqa });
  await onlooker.panel.getByText("Live, read only").waitFor();
  await holds(onlooker.panel, iqa, { named: [`last${session}`] });
  await onlooker.page.close();
  const going = await stage.see({ session: other.session, context });
  await field(going.panel).fill("Of the one that runs");
  await holds(going.panel, assessor, { named: [`draft ${other.name}`, `last${other.session}`] });
  await going.page.close();
  const { page, panel } = await stage.see({ session, context });
  await field(panel).fill("Half typed");
  const others = [`draft ${other.name}`, `last${other.session}`];
  await holds(panel, assessor, { named: [`draft ${name}`, `last${session}`, ...others].sort() });

  const confirmed = booked.sat(method).confirmedGrade(method);
  await stage.office.put(confirmed);
  stage.office.now = confirmed.now;
  await online(panel);
  await panel.getByTestId("confirmed").waitFor();
  await holds(panel, assessor, { named: others });
  // Nor does the page leave its draft behind as it goes.
  await panel.evaluate(() => dispatchEvent(new Event("pagehide")));
  await page.close();
  stage.line.cut();
  const again = await stage.see({ session: other.session, context });
  await again.panel.getByTestId("offline").waitFor();
  expect(await field(again.panel).inputValue()).toBe("Of the one that runs");
  await holds(again.panel, assessor, { named: others });
  await holds(again.panel, iqa, { named: [`last${session}`] });
  expect(await notesIn(id)).toBe(0);
});

test("given the account is no longer bound, then every view and draft goes, and what waits stays and is sent once it is bound again", async () => {
  const { id, session, name } = await running();
  const { panel } = await stage.see({ session, context });
  await field(panel).waitFor();
  stage.line.cut();
  await add(panel, "Heard offline");
  await says(panel, "Offline, 1 waiting");
  await field(panel).fill("Half typed");
  await holds(panel, assessor, { named: [`draft ${name}`, `last${session}`], queued: 1 });

  await panel.evaluate(() => {
    Object.assign(window, { real: window.fetch });
    window.fetch = async () => Response.json({ error: { code: "NotBound", correlationId: "x" } }, { status: 403 });
  });
  stage.line.mend();
  await online(panel);
  await panel.getByTestId("trouble-notBound").getByText("1 change is kept").waitFor();
  await holds(panel, assessor, { named: [], queued: 1 });
  expect(await notesIn(id)).toBe(0);

  await panel.evaluate(() => {
    window.fetch = (window as unknown as { real: typeof fetch }).real;
  });
  await panel.getByRole("button", { name: "I have entered it" }).click();
  await says(panel, "Saved");
  expect(await notesIn(id)).toBe(1);
  await holds(panel, assessor, { queued: 0 });
});

test("given the session is no longer theirs, then its view and draft go, and what was refused stays until they decide", async () => {
  const other = await running();
  const { session, name } = await running();
  const before = await stage.see({ session: other.session, context });
  await holds(before.panel, assessor, { named: [`last${other.session}`] });
  await before.page.close();
  const { panel } = await stage.see({ session, context });
  await holds(panel, assessor, { named: [`last${other.session}`, `last${session}`].sort() });
  stage.line.cut();
  await add(panel, "Heard offline");
  await says(panel, "Offline, 1 waiting");
  await field(panel).fill("Half typed");
  await holds(panel, assessor, { named: [`draft ${name}`, `last${other.session}`, `last${session}`].sort() });

  await stage.office.leaves(tquk.body.id, assessor);
  try {
    stage.line.mend();
    await online(panel);
    await panel.getByTestId("trouble-noSession").waitFor();
    await holds(panel, assessor, { named: [`last${other.session}`], queued: 1 });
  } finally {
    await stage.office.staff(tquk.body.id, assessor, ["assessor"]);
  }
});

test("given a session was not opened for a month, then the next that is opened takes its view and draft along", async () => {
  const old = await running();
  const first = await stage.see({ session: old.session, context });
  await field(first.panel).fill("Half typed");
  await holds(first.panel, assessor, { named: [`draft ${old.name}`, `last${old.session}`] });
  await first.page.close();
  const { session } = await running();
  const days = (more: number) => new Date(Date.parse(stage.office.now) + more * 86_400_000).toISOString();
  stage.office.now = days(29);
  const soon = await stage.see({ session, context });
  await field(soon.panel).waitFor();
  await holds(soon.panel, assessor, { named: [`draft ${old.name}`, `last${old.session}`, `last${session}`].sort() });
  await soon.page.close();
  stage.office.now = days(2);
  const late = await stage.see({ session, context });
  await field(late.panel).waitFor();
  await eventually(async () => {
    const { named } = await keptFor(late.panel, assessor);
    expect(named).toContain(`last${session}`);
    expect(named.filter((one) => one.includes(old.id))).toEqual([]);
  });
});
