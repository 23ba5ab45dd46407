import { createHash, randomUUID } from "node:crypto";
import { Banks } from "../../bot/banks";
import { Desk } from "../../bot/desk";
import { createHttp, type HttpService } from "../../bot/http";
import { Bodies, createWho, type Known } from "../../bot/identity";
import { createLog } from "../../bot/log";
import { People } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import { panelRoutes } from "../../bot/web/panel";
import { panelPage } from "../../bot/web/panelPage";
import { tabRoutes } from "../../bot/web/tab";
import { createTokenCheck, type SignIn } from "../../bot/web/token";
import { workRoutes } from "../../bot/web/work";
import { indexOf } from "../../src/caseIndex";
import { casePk, handleBody, type Ports } from "../../src/handle";
import type { Recorded, Store } from "../../src/ports";
import { readBanks } from "../../src/rules/banks";
import { published, readPacks } from "../../src/rules/packs";
import { gq, type Journey, people as parts, tquk } from "../support/case";
import { APP, Entra, TENANT } from "./entra";

type StaffRole = "coordinator" | "assessor" | "iqa" | "auditor";

/** A name for each person of a journey, by id. */
export const names: Readonly<Record<string, string>> = {
  [parts.apprentice]: "Ada Example",
  [parts.employer]: "Dev Fiction",
  [parts.provider]: "Priya Pretend",
  [parts.assessor]: "Ben Sample",
  [parts.iqa]: "Ivy Invented",
  [parts.coordinator]: "Cora Placeholder",
  [parts.auditor]: "Sam Specimen",
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The object id under which a person is bound, in the tenant of the tests. */
export const oidOf = (person: string): string => {
  const hex = sha256(person);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

interface StartOptions {
  pageFolder?: string;
  panelFolder?: string;
  /** Origins that may frame the page. */
  local?: string[];
  burst?: number;
  /** Whose tokens count instead of the tests' own. */
  signIn?: SignIn;
}

/** A person of a journey, or any `Authorization`. */
export interface As {
  person?: string;
  authorization?: string;
}

/** The routes of tab and panel over a real desk and store, with cases put there as journeys left them. */
export class Office {
  readonly entra = new Entra();
  now = "2026-03-17T09:12:00Z";
  /** Reads of the desk: what a refused token must not cause. */
  reads = 0;
  lines: string[] = [];
  url = "";
  readonly store: Store;
  private readonly ports: Ports;
  private readonly people: People;
  private readonly bodies: Bodies;
  readonly desk: Desk;
  readonly banks: Banks;
  private http!: HttpService;

  constructor(folder: string) {
    this.store = openEmbedded(folder);
    const clock = { now: () => this.now };
    const bodies: Bodies = new Bodies(() => this.ports);
    this.bodies = bodies;
    this.people = new People(this.store, clock);
    const packs = readPacks(published);
    const chance = { id: randomUUID, draw: () => 0.5, digest: sha256 };
    const banks = new Banks(this.store, bodies, readBanks(packs));
    this.banks = banks;
    const bank: Ports["bank"] = (pack, version, how) => banks.get(pack, version, how);
    this.ports = { store: this.store, clock, chance, packs, settings: bodies.settings, bank };
    this.desk = new Desk({ ports: this.ports, people: this.people, bodies, committed: () => {} });
  }

  async start(options: StartOptions = {}): Promise<this> {
    await this.entra.start();
    const counted =
      <A extends unknown[], R>(read: (...args: A) => R) =>
      (...args: A): R => {
        this.reads += 1;
        return read(...args);
      };
    const who = createWho({
      people: this.people,
      bodies: this.bodies,
      bodiesOfTenant: () => [gq.body.id, tquk.body.id],
    });
    const log = createLog({ level: "debug", write: (line) => this.lines.push(line) });
    this.http = createHttp({
      receive: async () => ({ status: 200 }),
      checks: {},
      log,
      routes: [
        panelPage({
          framing: { local: options.local ?? [], sovereign: false },
          log,
          pageFolder: options.panelFolder ?? "/nowhere",
        }),
        panelRoutes({
          desk: this.desk,
          who: counted(who),
          check: createTokenCheck(options.signIn ?? this.entra.signIn),
          clock: { now: () => this.now },
          log,
          pace: { burst: options.burst ?? 1_000, everyMs: 1_000 },
        }),
        workRoutes({
          desk: this.desk,
          banks: this.banks,
          who: counted(who),
          check: createTokenCheck(options.signIn ?? this.entra.signIn),
          appId: APP,
          log,
          pace: { burst: options.burst ?? 1_000, everyMs: 1_000 },
        }),
        tabRoutes({
          desk: {
            cases: counted(this.desk.cases.bind(this.desk)),
            due: counted(this.desk.due.bind(this.desk)),
            see: counted(this.desk.see.bind(this.desk)),
          },
          who: counted(who),
          check: createTokenCheck(options.signIn ?? this.entra.signIn),
          clock: { now: () => this.now },
          appId: APP,
          framing: { local: options.local ?? [], sovereign: false },
          log,
          pageFolder: options.pageFolder ?? "/nowhere",
          pace: { burst: options.burst ?? 1_000, everyMs: 1_000 },
        }),
      ],
    });
    this.url = `http://127.0.0.1:${await this.http.listen(0, "127.0.0.1")}`;
    for (const [id, name] of Object.entries(names)) await this.bind(id, name);
    return this;
  }

  async stop(): Promise<void> {
    await this.http.close(0);
    await this.entra.stop();
    await this.store.close();
  }

  async bind(id: string, name: string, binding = { tenantId: TENANT, objectId: oidOf(id) }): Promise<void> {
    await this.store.putDoc(`person:${id}`, "person", { id, name, bindings: [binding] }, "any");
    await this.store.putDoc(`binding:${binding.tenantId}:${binding.objectId}`, "binding", { person: id }, "any");
  }

  async staff(bodyId: string, person: string, roles: readonly StaffRole[]): Promise<void> {
    const command = { type: "staff.add" as const, data: { person, roles: [...roles] } };
    const outcome = await handleBody(bodyId, { id: randomUUID(), command }, "service", this.ports);
    if (outcome.kind === "refused") throw new Error(outcome.problems[0]?.code);
    this.bodies.keep(bodyId, outcome.state);
  }

  /** The case as the journey left it; a later state of the same journey goes on from what is there. */
  async put(journey: Journey): Promise<void> {
    const pk = casePk(journey.id);
    const expected = (await this.store.head(pk))?.revision ?? 0;
    const { case: state, log, pack } = journey;
    const head = { pk, revision: log.length, hash: "h", state, index: indexOf(state, pack) };
    const events = log.slice(expected) as unknown as Recorded[];
    const command = { id: randomUUID(), digest: "d" };
    const appended = await this.store.append({ pk, expected, command, events, head, notices: [] });
    if (appended !== "appended") throw new Error(appended);
  }

  /** Who that person of a journey is, as every way in finds it out. */
  async known(person: string): Promise<Known> {
    const bodiesOfTenant = () => [gq.body.id, tquk.body.id];
    const who = createWho({ people: this.people, bodies: this.bodies, bodiesOfTenant });
    const known = await who({ tenantId: TENANT, objectId: oidOf(person) });
    if (!known) throw new Error(`Nobody is ${person}`);
    return known;
  }

  /** The person is no longer staff of that body. */
  async leaves(bodyId: string, person: string): Promise<void> {
    const command = { type: "staff.leave" as const, data: { person } };
    const outcome = await handleBody(bodyId, { id: randomUUID(), command }, "service", this.ports);
    if (outcome.kind === "refused") throw new Error(outcome.problems[0]?.code);
    this.bodies.keep(bodyId, outcome.state);
  }

  /** Asks as a person of a journey, or with any `Authorization`. */
  ask(as: As, query = "", headers: Record<string, string> = {}) {
    return fetch(`${this.url}/api/tab/cases${query}`, { headers: { ...this.signedIn(as), ...headers } });
  }

  /** Asks for the panel as they do. */
  panel(as: As, query = "", headers: Record<string, string> = {}) {
    return fetch(`${this.url}/api/panel${query}`, { headers: { ...this.signedIn(as), ...headers } });
  }

  /** Sends this body to the panel's commands: text as it is, anything else as JSON. */
  commands(as: As, body: unknown, headers: Record<string, string> = {}) {
    return fetch(`${this.url}/api/panel/commands`, {
      method: "POST",
      headers: { ...this.signedIn(as), "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  /** Asks any of the tab's other routes: with a body it is sent as JSON (text as it is). */
  work(as: As, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return fetch(`${this.url}/api/tab/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...this.signedIn(as),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  }

  private signedIn(as: As): Record<string, string> {
    const authorization = as.authorization ?? (as.person && `Bearer ${this.entra.token({ oid: oidOf(as.person) })}`);
    return authorization ? { authorization } : {};
  }
}
