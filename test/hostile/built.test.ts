import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type AccountDouble, accountDouble } from "../store/account";
import { type Program, saying, startProgram } from "../support/program";

/** The built program as it is started: faults of configuration say what is wrong. */

const folder = mkdtempSync(path.join(tmpdir(), "epilogue-built-"));
let account: AccountDouble;
beforeAll(async () => {
  account = await accountDouble();
});
afterAll(async () => {
  for (const one of running) one.child.kill("SIGKILL");
  await account.end();
  rmSync(folder, { recursive: true, force: true });
});

const running: Program[] = [];

function start(env: Record<string, string>): Program {
  const one = startProgram({ EPILOGUE_DATA: mkdtempSync(path.join(folder, "data-")), ...env });
  running.push(one);
  return one;
}

const cosmos = (over: Record<string, string> = {}) => ({
  MicrosoftAppId: "00000000-0000-4000-8000-000000000001",
  MicrosoftAppTenantId: "00000000-0000-4000-8000-000000000002",
  MicrosoftAppPassword: "a secret of nobody",
  SMTP_URL: "smtp://127.0.0.1:9",
  EPILOGUE_MAIL_FROM: "epilogue@example.org",
  EPILOGUE_COORDINATORS: "cora@example.org",
  EPILOGUE_BODY: "tquk",
  EPILOGUE_BASE_URL: "https://epilogue.example.org",
  COSMOS_ENDPOINT: account.double.endpoint,
  COSMOS_KEY: account.double.key,
  ...over,
});

describe("a start with a fault of configuration", () => {
  it.each([
    ["the wrong key", () => cosmos({ COSMOS_KEY: Buffer.from("another key").toString("base64") }), "COSMOS_KEY"],
    [
      "the wrong key, in Local Teams",
      () => ({ COSMOS_ENDPOINT: account.double.endpoint, COSMOS_KEY: Buffer.from("another key").toString("base64") }),
      "COSMOS_KEY",
    ],
    ["no such database", () => cosmos({ COSMOS_DATABASE: "another" }), "cosmos:setup"],
    ["no such container", () => cosmos({ COSMOS_CONTAINER: "another" }), "cosmos:setup"],
  ])("given %s, then it ends at once, and says what is to be put right", async (_name, env, named) => {
    const one = start(env());
    const [code] = await one.ended;
    expect(code).toBe(1);
    expect(one.said()).toContain(named);
    expect(one.said()).not.toContain(Buffer.from("another key").toString("base64"));
  });

  it("given no network to the account, then it lives, names the address, and readiness names the store", async () => {
    const port = await freePort();
    const one = start(cosmos({ COSMOS_ENDPOINT: "http://127.0.0.1:9/", PORT: String(port) }));
    await saying(one, /COSMOS_ENDPOINT/);
    const ready = await untilAnswer(`http://127.0.0.1:${port}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, notReady: ["store"] });
    one.child.kill("SIGKILL");
    await one.ended;
  });
});

async function untilAnswer(url: string): Promise<Response> {
  for (;;) {
    const got = await fetch(url).catch(() => undefined);
    if (got) return got;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
