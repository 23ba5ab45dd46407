import { createHash } from "node:crypto";
import { Desk } from "../../bot/desk";
import { Bodies, type Known } from "../../bot/identity";
import { createLog } from "../../bot/log";
import { People } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import { type ActivitiesOptions, createActivities } from "../../bot/teams/activities";
import { ServiceUrl } from "../../bot/teams/serviceUrl";
import type { Turn } from "../../bot/teams/turn";
import { UnderWay } from "../../bot/underWay";
import type { Ports } from "../../src/handle";
import type { Store } from "../../src/ports";
import { published, readPacks } from "../../src/rules/packs";
import { temporaryFolder } from "../store/folder";

let store: Store;
let people: People;
let logged: string[];

beforeEach(() => {
  logged = [];
  store = openEmbedded(temporaryFolder());
  people = new People(store, { now: () => "2026-02-02T09:00:00Z" });
});
afterEach(() => store.close());

const account = { tenantId: "tenant-1", objectId: "ada" };

function handlers() {
  const clock = { now: () => "2026-02-02T09:00:00Z" };
  const bodies: Bodies = new Bodies(() => ports);
  const chance = {
    id: () => "id",
    draw: () => 0.5,
    digest: (t: string) => createHash("sha256").update(t).digest("hex"),
  };
  const ports: Ports = { store, clock, chance, packs: readPacks(published), settings: bodies.settings };
  const identify: ActivitiesOptions["identify"] = async () => {
    const person = await people.byBinding(account.tenantId, account.objectId);
    const known: Known | undefined = person && { kind: "known", person, ...account, staff: new Map() };
    return known ?? { kind: "stranger", name: "", account };
  };
  return createActivities({
    desk: new Desk({ ports, people, bodies, committed: () => {} }),
    identify,
    people,
    bodies,
    ports,
    delivery: {} as ActivitiesOptions["delivery"],
    serviceUrl: new ServiceUrl(ports.store),
    underWay: new UnderWay(),
    directory: {} as ActivitiesOptions["directory"],
    log: createLog({ write: (line) => void logged.push(line) }),
  });
}

const turn = (reply: Turn["reply"]): Turn =>
  ({
    who: { mri: "29:ada", name: "Ada Example", aadObjectId: "ada" },
    conversation: { serviceUrl: "https://teams.invalid/", conversationId: "c", type: "personal", tenantId: "tenant-1" },
    text: "",
    reply,
  }) as unknown as Turn;

describe("entering a code", () => {
  it("given the welcome after it cannot be written, then the code has bound, and the failure is logged", async () => {
    const ada = await people.ensure({ name: "Ada Example", mail: "ada@example.org" });
    const { code } = await people.issueCode(ada.id);
    const broken = () => Promise.reject(new Error("broken"));

    const answer = await handlers().taskSubmit(turn(broken), { verb: "bind", commandId: "id", "code-r0xid": code });
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(answer).toBeUndefined();
    expect((await people.byBinding("tenant-1", "ada"))?.id).toBe(ada.id);
    expect(logged.filter((line) => line.includes('"greet.failed"'))).toHaveLength(1);
  });

  it("given all is well, then they are welcomed", async () => {
    const ada = await people.ensure({ name: "Ada Example", mail: "ada@example.org" });
    const { code } = await people.issueCode(ada.id);
    const replies: string[] = [];
    const reply: Turn["reply"] = async (activity) => {
      replies.push(JSON.stringify(activity));
      return { kind: "ok", value: { id: "a" } };
    };
    await handlers().taskSubmit(turn(reply), { verb: "bind", commandId: "id", "code-r0xid": code });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(replies[0]).toContain("Welcome, Ada Example");
    expect(logged).toEqual([]);
  });
});
