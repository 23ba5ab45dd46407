import { createTransport } from "nodemailer";
import { localTeams, type Teams } from "../support/teams";
import { TryBot } from "./tryBot";

let teams: Teams;

beforeEach(async () => {
  const bot = new TryBot();
  teams = await localTeams({
    bot: (local) => bot.start(local),
    clock: { startAt: "2026-05-22T08:38:00Z", frozen: true },
  });
});
afterEach(() => teams.stop());

const send = (more: object = {}) =>
  createTransport(teams.local.smtpUrl).sendMail({
    from: "Epilogue <epilogue@example.org>",
    to: "priya.pretend@example.com",
    subject: "Observation on Wed 10 June 2026",
    text: "Ben Sample will observe Ada Example at work.",
    ...more,
  });

describe("mail", () => {
  test("reaches those it is for, and shows its words and its time", async () => {
    await send({ cc: "Dev.Fiction@example.com" });
    expect(await teams.as("provider").mail()).toMatchObject({
      from: "Epilogue",
      subject: "Observation on Wed 10 June 2026",
      text: expect.stringContaining("Ben Sample will observe"),
      at: "2026-05-22T08:38:00.000Z",
    });
    expect(await teams.as("employer").mails()).toHaveLength(1);
    await expect(teams.as("apprentice").mail()).rejects.toThrow("no mail");
  });

  test("is unread until it is opened", async () => {
    await send();
    const priya = () => teams.local.snapshot("priya").people.find(({ id }) => id === "priya")?.unreadMail;
    expect(priya()).toBe(1);
    await teams.as("priya").mail();
    expect(priya()).toBe(0);
  });

  test("is kept for an address that gets its person later", async () => {
    await send({ to: "wil.wording@example.com" });
    await teams.act({ do: "people.add", name: "Wil Wording", role: "Employer", kind: "mailOnly" });
    expect(await teams.as("Wil Wording").mails()).toHaveLength(1);
  });

  test("loses what could run or call out", async () => {
    await send({
      html: `<p onclick="x()">Dear <b>Priya</b></p><script>steal()</script><a href="javascript:x()">go</a><iframe src="//x"></iframe>`,
    });
    const { html } = await teams.as("priya").mail();
    expect(html).toContain("<b>Priya</b>");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/script>|onclick|javascript:|iframe/);
  });

  test("is refused when a fault is ordered, and tells the sender", async () => {
    teams.local.faults.next({ route: "mail", status: 451, to: "priya.pretend@example.com" });
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    await send();
    expect(await teams.as("priya").mails()).toHaveLength(1);
  });

  test("shows in the traffic", async () => {
    await send();
    expect(teams.local.traffic.after(0).at(-1)).toMatchObject({
      direction: "mail",
      status: 250,
      summary: "mail: Observation on Wed 10 June 2026",
    });
  });
});
