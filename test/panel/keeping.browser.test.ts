import type { BrowserContext, Frame, Page } from "playwright-core";
import type { Case } from "../../src/case/case";
import { casePk } from "../../src/handle";
import { temporaryFolder } from "../store/folder";
import { journey, people, spare, tquk } from "../support/case";
import { eventually } from "../support/eventually";
import { type Opened, Stage } from "./stage";

/** Nothing that was pressed or typed is lost, and nothing of one person's is another's. */
const method = "discussion";
let stage: Stage;
let n = 0;
beforeAll(async () => {
  stage = await Stage.open(temporaryFolder());
});
afterAll(() => stage?.close());
beforeEach(() => stage.line.mend());

/** A session of its own that runs for half an hour. */
async function running(): Promise<{ id: string; session: string }> {
  n += 1;
  const id = `kept-${n}`;
  const journeyed = journey(tquk, id)
    .registered({ ref: `EX-2026-02${String(n).padStart(2, "0")}` })
    .upTo("booked")
    .started(method);
  await stage.office.put(journeyed);
  stage.office.now = journeyed.inSeconds(1800).now;
  return { id, session: `?case=${id}&method=${method}` };
}
const recorded = async (id: string) => {
  const state = (await stage.office.store.head<Case>(casePk(id)))?.state;
  const attempt = state?.attempts[method]?.at(-1);
  if (!attempt) throw new Error("No attempt");
  return attempt;
};
const save = (panel: Frame) => panel.getByTestId("save");
const says = (panel: Frame, text: string | RegExp) => save(panel).filter({ hasText: text }).waitFor();
async function add(panel: Frame, text: string): Promise<void> {
  await panel.getByRole("textbox", { name: "What you heard or saw" }).fill(text);
  await panel.getByRole("button", { name: "Add", exact: true }).click();
}
const row = (panel: Frame, label: string) => panel.getByRole("group", { name: new RegExp(`^${label} `) });
const mark = (panel: Frame, label: string, as: string) =>
  row(panel, label).getByRole("radio", { name: as, exact: true }).click();
const notesOf = async (panel: Frame) => panel.locator(".note").count();
/** Its process ends at once: nothing of the page hears of it. */
async function killed(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const gone = page.waitForEvent("crash");
  devtools.send("Page.crash").catch(() => undefined);
  await gone;
  await page.close();
}
const close = (...contexts: BrowserContext[]) => Promise.all(contexts.map((c) => c.close()));

test("given no network, when sixty marks and notes are made and the page is killed, then all are there once after it is back", async () => {
  const { id, session } = await running();
  const context = await stage.device();
  const { panel, page } = await stage.see({ session, context });
  await panel.getByRole("tab", { name: "Criteria" }).click();
  // The worker keeps the shell only once it has all of it.
  await eventually(async () => expect(await panel.evaluate(() => caches.match("/panel").then(Boolean))).toBe(true));
  stage.line.cut();
  // As quickly as hands never are: through the page's own controls, a frame apart.
  await panel.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;
    for (let i = 0; i < 30; i++) {
      const mark = i < 12 || i >= 24 ? "met" : "notMet";
      document.querySelector<HTMLElement>(`input[name="discussion-P${(i % 12) + 1}"][value="${mark}"]`)?.click();
      const field = document.querySelector("textarea");
      set?.call(field, `Heard ${i}`);
      field?.dispatchEvent(new Event("input", { bubbles: true }));
      await frame();
      field?.form?.requestSubmit();
      await frame();
    }
  });
  const waiting = 60;
  await panel.getByText(`Offline, ${waiting} waiting`).waitFor();
  await killed(page);

  const again = await stage.see({ session, context });
  await again.panel.getByText(`Offline, ${waiting} waiting`).waitFor();
  await again.panel.getByRole("tab", { name: "Criteria" }).click();
  await again.panel.getByTestId("offline").waitFor();
  expect((await recorded(id)).session.notes).toEqual([]);
  stage.line.mend();
  await again.panel.evaluate(() => dispatchEvent(new Event("online")));
  await says(again.panel, "Saved");
  const { session: kept, marks } = await recorded(id);
  expect(kept.notes).toHaveLength(30);
  expect(Object.keys(marks)).toHaveLength(12);
  // Each of the sixty is one event, in the order pressed.
  const events = (await stage.office.store.events(casePk(id))).filter((e) =>
    /^(NoteAdded|CriteriaMarked)$/.test(e.type),
  );
  expect(events.map((e) => e.type)).toEqual(Array.from({ length: 30 }, () => ["CriteriaMarked", "NoteAdded"]).flat());
  const texts = events.map((e) => (e.data as { text?: { text: string } }).text?.text).filter(Boolean);
  expect(texts).toEqual(Array.from({ length: 30 }, (_, i) => `Heard ${i}`));
  // Tied to nothing, they stand in the summary.
  await again.panel.getByRole("tab", { name: "Summary" }).click();
  await eventually(async () => expect(await notesOf(again.panel)).toBe(30));
  const rows = () =>
    again.panel.evaluate(
      () =>
        new Promise((resolve) => {
          const open = indexedDB.open("epilogue-panel");
          open.onsuccess = () => {
            const all = open.result.transaction("queue").objectStore("queue").count();
            all.onsuccess = () => resolve(all.result);
          };
        }),
    );
  await eventually(async () => expect(await rows()).toBe(0));
  expect(again.failures).toEqual([]);
  await close(context);
});

test("given a note half typed, when the page is killed, then it is in the field again; and nothing lies on the disk in clear", async () => {
  const { session } = await running();
  const context = await stage.device();
  const { panel, page } = await stage.see({ session, context });
  await panel.getByRole("textbox", { name: "What you heard or saw" }).fill("Begins with the customer");
  stage.line.cut();
  await mark(await criteria(panel), "P1", "Met");
  await says(panel, "Offline, 1 waiting");
  const clear = async () =>
    panel.evaluate(async () => {
      const open = indexedDB.open("epilogue-panel");
      await new Promise((resolve) => {
        open.onsuccess = resolve;
      });
      const read = (store: string) =>
        new Promise<unknown[]>((resolve) => {
          const all = open.result.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => resolve(all.result);
        });
      const rows = (await Promise.all(["queue", "named"].map(read))).flat() as { data: ArrayBuffer }[];
      const keys = (await read("keys")) as CryptoKey[];
      return {
        rows: rows.length,
        text: rows.map((r) => new TextDecoder().decode(r.data)).join(),
        out: keys.map((k) => k.extractable),
      };
    });
  await eventually(async () => expect((await clear()).rows).toBe(3));
  const { text, out } = await clear();
  expect(text).not.toMatch(/customer|session\.mark|Ada/);
  expect(out).toEqual([false]);
  await page.close();
  stage.line.mend();
  const again = await stage.see({ session, context });
  await eventually(async () =>
    expect(await again.panel.getByRole("textbox", { name: "What you heard or saw" }).inputValue()).toBe(
      "Begins with the customer",
    ),
  );
  await close(context);
});

async function criteria(panel: Frame): Promise<Frame> {
  await panel.getByRole("tab", { name: "Criteria" }).click();
  return panel;
}

test("two panels of one person converge; where they disagree, the person is asked, and nothing is swallowed", async () => {
  const { id, session } = await running();
  const [laptop, phone] = [await stage.device(), await stage.device()];
  const one = await stage.see({ session, context: laptop });
  const other = await stage.see({ session, context: phone });
  for (const { panel } of [one, other]) await criteria(panel);
  await mark(one.panel, "P1", "Met");
  await says(one.panel, "Saved");
  await other.panel.evaluate(() => dispatchEvent(new Event("online")));
  await row(other.panel, "P1").getByRole("radio", { name: "Met", exact: true, checked: true }).waitFor();

  // Both mark P2 without having seen the other's.
  await other.panel.evaluate(() => {
    const real = window.fetch;
    Object.assign(window, { real });
    window.fetch = () => Promise.reject(new TypeError("cut"));
  });
  await mark(other.panel, "P2", "Not met");
  await says(other.panel, "Offline, 1 waiting");
  await mark(one.panel, "P2", "Met");
  await says(one.panel, "Saved");
  await other.panel.evaluate(() => {
    window.fetch = (window as unknown as { real: typeof fetch }).real;
    dispatchEvent(new Event("online"));
  });
  const conflict = other.panel.getByTestId("conflict");
  await conflict.getByText("Not met").first().waitFor();
  expect((await recorded(id)).marks["discussion-P2"]).toBe("met");
  await conflict.getByRole("button", { name: "Keep Not met" }).click();
  await eventually(async () => expect((await recorded(id)).marks["discussion-P2"]).toBe("notMet"));
  await conflict.waitFor({ state: "detached" });
  await close(laptop, phone);
});

test("two tabs of one browser send each change once", async () => {
  const { id, session } = await running();
  const context = await stage.device();
  const one = await stage.see({ session, context });
  const other = await stage.see({ session, context });
  const tabs = Object.entries({ One: one, Other: other });
  for (const [, { page, panel }] of tabs) {
    await page.bringToFront();
    await criteria(panel);
  }
  stage.line.cut();
  // A tab behind another is drawn once a second only.
  for (let i = 0; i < 5; i++) {
    for (const [name, { page, panel }] of tabs) {
      await page.bringToFront();
      await add(panel, `${name} ${i}`);
    }
  }
  await says(one.panel, "Offline, 10 waiting");
  stage.line.mend();
  for (const { panel } of [one, other]) await panel.evaluate(() => dispatchEvent(new Event("online")));
  await says(one.panel, "Saved");
  await says(other.panel, "Saved");
  expect((await recorded(id)).session.notes).toHaveLength(10);
  await close(context);
});

test("another person in the same browser neither sees nor sends what waits", async () => {
  const { id, session } = await running();
  await stage.office.bind(spare.assessor, "Una Untrue");
  await stage.office.staff(tquk.body.id, spare.assessor, ["assessor"]);
  const context = await stage.device();
  const mine = await stage.see({ session, context });
  await criteria(mine.panel);
  stage.line.cut();
  await add(mine.panel, "Mine alone");
  await says(mine.panel, "Offline, 1 waiting");
  await mine.page.close();
  stage.line.mend();
  const theirs = await stage.see({ session, context, as: people.iqa });
  await theirs.panel.getByText("Live, read only").waitFor();
  expect(await theirs.panel.getByText("Mine alone").count()).toBe(0);
  expect((await recorded(id)).session.notes).toEqual([]);
  await theirs.page.close();
  const again = await stage.see({ session, context });
  await says(again.panel, "Saved");
  expect((await recorded(id)).session.notes).toHaveLength(1);
  await close(context);
});

test("where the browser keeps nothing, it works and says so", async () => {
  const { id, session } = await running();
  const opened: Opened = await stage.see({
    session,
    before: `Object.defineProperty(window, "indexedDB", { value: { open() { throw new Error("blocked"); } } });`,
  });
  const { panel } = opened;
  await panel.getByTestId("keeps-nothing").waitFor();
  await criteria(panel);
  await mark(panel, "P3", "Met");
  await says(panel, "Saved");
  expect((await recorded(id)).marks["discussion-P3"]).toBe("met");
  await close(opened.page.context());
});

test("when the sign-in runs out, the queue waits; signed in again it is sent", async () => {
  const { id, session } = await running();
  const { page, panel } = await stage.see({ session });
  await criteria(panel);
  await page.evaluate("window.signedIn = false");
  await add(panel, "After the token");
  await panel.getByTestId("signed-out").waitFor();
  await says(panel, "Signed out, 1 waiting");
  expect((await recorded(id)).session.notes).toEqual([]);
  await page.evaluate("window.signedIn = true");
  await panel.getByRole("button", { name: "Sign in" }).click();
  await says(panel, "Saved");
  expect((await recorded(id)).session.notes).toHaveLength(1);
  await close(page.context());
});

test("a command that is refused is shown with its words and with what was typed", async () => {
  const { id, session } = await running();
  const { page, panel } = await stage.see({ session });
  await criteria(panel);
  await panel.getByText("31:").or(panel.getByText("30:")).first().waitFor();
  await panel.evaluate(() => {
    const real = window.fetch;
    Object.assign(window, { real });
    window.fetch = () => Promise.reject(new TypeError("cut"));
  });
  await add(panel, "Too late");
  await says(panel, "Offline, 1 waiting");
  // Meanwhile it is ended and confirmed elsewhere.
  const done = journey(tquk, id)
    .registered({ ref: `EX-2026-02${String(n).padStart(2, "0")}` })
    .upTo("booked")
    .sat(method)
    .confirmedGrade(method);
  await stage.office.put(done);
  stage.office.now = done.now;
  await panel.evaluate(() => {
    window.fetch = (window as unknown as { real: typeof fetch }).real;
    dispatchEvent(new Event("online"));
  });
  const refused = panel.getByTestId("refused");
  await refused.getByText("Too late").waitFor();
  await refused.getByRole("button", { name: "Let it go" }).click();
  await refused.waitFor({ state: "detached" });
  await panel.getByTestId("confirmed").waitFor();
  expect(await notesOf(panel)).toBe(0);
  await close(page.context());
});
