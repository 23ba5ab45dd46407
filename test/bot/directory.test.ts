import { Directory } from "../../bot/directory";
import { createLog } from "../../bot/log";
import type { Mail, MailOutcome } from "../../bot/mail/smtp";
import { People, type Person } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import type { Connector, OutboundActivity } from "../../bot/teams/connector";
import type { Store } from "../../src/ports";
import { temporaryFolder } from "../store/folder";

let store: Store;
let people: People;
let priya: Person;
let mailed: Mail[];
let told: OutboundActivity[];
let logged: string[];
const account = { tenantId: "tenant-1", objectId: "priya" };

beforeEach(async () => {
  mailed = [];
  told = [];
  logged = [];
  store = openEmbedded(temporaryFolder());
  people = new People(store, { now: () => "2026-02-02T09:00:00Z" });
  const made = await people.ensureMember({ ...account, name: "Priya Pretend" });
  const chat = { serviceUrl: "https://teams.invalid/", conversationId: "chat-priya" };
  await people.met(made, { ...account, mri: "29:priya" }, chat);
  priya = (await people.find(made.id)) ?? made;
});
afterEach(() => store.close());

function directory(over: { connector?: Partial<Connector>; mail?: (mail: Mail) => Promise<MailOutcome> } = {}) {
  const connector = {
    createPersonalConversation: async () => ({ kind: "ok", value: { serviceUrl: "s", conversationId: "c" } }),
    member: async () => ({ kind: "ok", value: { mri: "29:dev", name: "Dev Fiction", mail: "dev@example.org" } }),
    send: async (_to: unknown, activity: OutboundActivity) => {
      told.push(activity);
      return { kind: "ok", value: { id: "a" } };
    },
    ...over.connector,
  } as unknown as Connector;
  const send = async (mail: Mail): Promise<MailOutcome> => {
    mailed.push(mail);
    return over.mail ? over.mail(mail) : { kind: "ok", messageId: "m" };
  };
  return new Directory({
    people,
    connector,
    mailer: { send, ready: async () => true, close: () => {} },
    log: createLog({ write: (line) => void logged.push(line) }),
    serviceUrl: async () => "https://teams.invalid/",
    patience: 50,
  });
}
const never = () => new Promise<never>(() => {});

describe("a picked colleague", () => {
  it("given the roster tells of them, then they have their name", async () => {
    const dev = await directory().staffMember({ person: "DEV" }, "tenant-1");
    expect(dev).toMatchObject({ name: "Dev Fiction", bindings: [{ tenantId: "tenant-1", objectId: "dev" }] });
  });

  it("given Teams does not answer, then they are added all the same, in time, and named when they write", async () => {
    const dev = await directory({ connector: { createPersonalConversation: never } }).staffMember(
      { person: "dev" },
      "tenant-1",
    );
    expect(dev).toMatchObject({ name: "", guessed: true });
  });
});

describe("a colleague by mail address", () => {
  const add = async (d: Directory) => {
    const dev = await d.staffMember({ mail: "dev@example.org" }, "tenant-1");
    if (!dev) throw new Error("nobody");
    return dev;
  };

  it("given a slow mail server, then nobody waits for it, and the code in the mail binds them", async () => {
    let arrive = (_outcome: MailOutcome) => {};
    const slow = new Promise<MailOutcome>((resolve) => {
      arrive = resolve;
    });
    const d = directory({ mail: () => slow });
    const dev = await add(d);
    d.invite(dev, priya);
    expect(mailed).toEqual([]);
    arrive({ kind: "ok", messageId: "m" });
    await d.settled();
    expect(mailed.map((m) => m.to.address)).toEqual(["dev@example.org"]);
    const code = /([A-Z2-9]{4}-){2}[A-Z2-9]{4}/.exec(mailed[0]?.text ?? "")?.[0] ?? "";
    const bound = await people.redeem(code, { tenantId: "tenant-1", objectId: "dev" });
    expect(bound).toMatchObject({ kind: "bound", person: { id: dev.id } });
    expect(told).toEqual([]);
  });

  it("given the mail cannot be sent, then whoever added them is told", async () => {
    const d = directory({ mail: async () => ({ kind: "dead", code: "Smtp550" }) });
    d.invite(await add(d), priya);
    await d.settled();
    expect(told[0]?.text).toContain("dev@example.org");
  });

  it("given something breaks, then it is logged and nothing else ends", async () => {
    const d = directory({ mail: () => Promise.reject(new Error("broken")) });
    d.invite(await add(d), priya);
    await expect(d.settled()).resolves.toBeUndefined();
    expect(logged.join()).toContain("staff.invitation.failed");
  });

  it("given they have an account here already, then no code is mailed", async () => {
    const d = directory();
    d.invite({ ...priya, mail: "priya@example.org" }, priya);
    await d.settled();
    expect(mailed).toEqual([]);
  });
});
