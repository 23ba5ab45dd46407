import { tquk } from "../support/case";
import { type Product, product } from "../support/service";
import { Course, usualCast } from "./course";
import { receivedBy, Watch } from "./watch";

/** Cases under TQUK with nothing in the way: to a distinction, and with nobody outside in Teams. */

let p: Product;
let watch: Watch;
const distinction = { observation: "distinction", discussion: "distinction", project: "distinction" } as const;

beforeAll(async () => {
  p = await product({ startAt: "2026-02-02T09:00:00Z" });
  watch = new Watch(p);
});
afterAll(() => p.stop());
afterEach(async () => expect(await watch.faults()).toEqual([]));

test("a distinction, straight through", async () => {
  const c = await Course.begin(p, tquk);
  await c.sampling(100);
  await c.upToGraded(distinction);
  for (const { id } of tquk.methods) await c.upheld(id);
  await c.on("2026-04-13");
  const form = await c.seat("coordinator").open("results.release");
  expect(form.text).toContain("Overall: Distinction");
  await form.submit();
  for (const who of ["ada", "dev", "priya"])
    expect((await p.teams.as(who).mail("esults")).text).toMatch(
      /Overall\W+Distinction[\s\S]*may join the Institute of Customer Service/,
    );
  const card = await c.seat("apprentice").card();
  expect(card.text).toContain("Distinction");
  expect(card.text).toMatch(/Institute of Customer Service/);
  await c.seat("apprentice").live();
  for (const who of ["coordinator", "assessor", "iqa", "apprentice", "employer"]) {
    await c.seat(who).player.say("due");
    expect(await c.seat(who).player.lastWords()).toContain("Nothing is due");
  }
}, 60_000);

test("nobody outside has Teams: the coordinator records what each decides, and mails reach everyone", async () => {
  await p.teams.goTo("2026-05-04T09:00:00Z");
  const people = { apprentice: "Nell Nowhere", employer: "Earl Elsewhere", provider: "Pam Postal" };
  const cast = { ...usualCast };
  for (const [role, name] of Object.entries(people)) {
    const { personId } = await p.teams.act({ do: "people.add", name, role: `${role} by mail`, kind: "mailOnly" });
    cast[role as keyof typeof people] = personId;
  }
  const c = await Course.begin(p, tquk, cast, { programmeStart: "2025-01-06" });
  await c.upToGraded(distinction, {
    planning: "2026-05-11",
    handIn: "2026-06-15",
    sessions: { project: "2026-06-30", discussion: "2026-07-02", observation: "2026-07-07" },
  });
  for (const { id } of tquk.methods) await c.upheld(id);
  await c.do("coordinator", "results.release");

  for (const who of ["apprentice", "employer", "provider"] as const) {
    const mails = await c.seat(who).player.mails();
    expect(mails.map((mail) => mail.subject)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Invitation/), expect.stringMatching(/esults/)]),
    );
    expect((await c.seat(who).player.mail("esults")).text).toMatch(/Overall\W+Distinction/);
  }
  // Their days come by mail, and so do the reminders of them: one each, though two came due while the clock jumped.
  const nell = (await receivedBy(p, cast.apprentice)).join("\n");
  expect(nell).toContain("Tue 7 Jul 2026");
  expect(nell).toMatch(/Your observation: today/);
  expect(nell).toMatch(/Your project report is due today/);
  expect(nell.match(/^Hand in your project report\.$/gm)).toHaveLength(1);

  const record = await c.seat("coordinator").record();
  expect(record.match(/by phone|phone/gi)?.length).toBeGreaterThan(10);
  expect(record).toContain("Nell Nowhere");
  expect(record).toContain("Note of the call, on file");
}, 60_000);
