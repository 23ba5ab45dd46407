import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTransport } from "nodemailer";
import { type LocalTeams, startLocalTeams } from "../../bot/local/localTeams";

let folder: string;
const started: LocalTeams[] = [];
const start = async (options = {}) => {
  const local = await startLocalTeams({ dataFolder: folder, pageFolder: folder, ...options });
  started.push(local);
  return local;
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "teams-"));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((local) => local.stop().catch(() => undefined)));
  rmSync(folder, { recursive: true });
});

describe("a restart on the same folder", () => {
  test("keeps chats, people, mail, the clock, the address and every id", async () => {
    const before = await start();
    const { chatId } = await before.perform({ do: "group.create", as: "cora", title: "Assessment", members: ["ada"] });
    await before.perform({ do: "chat.send", as: "cora", chatId, text: "Welcome" });
    await before.perform({ do: "people.add", name: "Wil Wording", role: "Employer", kind: "mailOnly" });
    const mail = { from: "a@example.org", to: "wil.wording@example.com", subject: "Hello", text: "x" };
    await createTransport(before.smtpUrl).sendMail(mail);
    await before.clock.advance(86_400_000 * 30);
    await before.stop();

    const after = await start();
    expect(after.resumed).toBe(true);
    expect([after.url, after.appId, after.mri("ada")]).toEqual([before.url, before.appId, before.mri("ada")]);
    expect(after.clock.view().offset).toBeGreaterThan(86_400_000 * 29);
    const chat = await after.perform({ do: "chat.open", as: "ada", chatId });
    expect(chat.messages.map(({ text }) => text)).toContain("Welcome");
    expect(after.snapshot("wil").mail).toMatchObject([{ subject: "Hello", unread: true }]);
  });

  test("begins afresh when the file is broken, or is another app's", async () => {
    writeFileSync(path.join(folder, "local-teams.json"), "{");
    const broken = await start();
    expect(broken.resumed).toBe(false);
    await broken.stop();
    expect((await start({ appId: "11111111-1111-4111-8111-111111111111" })).resumed).toBe(false);
  });

  test("takes another port when the old one is in use, and refuses one asked for by name", async () => {
    const first = await start();
    first.save();
    const second = await start();
    expect(second.url).not.toBe(first.url);
    await expect(start({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
