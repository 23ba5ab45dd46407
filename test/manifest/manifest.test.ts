import { readFileSync } from "node:fs";
import path from "node:path";
import { faults } from "../../manifest/check";
import { fill, type Lack, type Particulars, particulars } from "../../manifest/fill";

const root = path.resolve(__dirname, "../..");
const modules = path.join(root, "node_modules");
const icon = (file: string) => readFileSync(path.join(root, "manifest/icons", file));
const icons = { "color.png": icon("color.png"), "outline.png": icon("outline.png") };

const env = {
  MicrosoftAppId: "00000000-0000-4000-8000-00000000000A",
  EPILOGUE_BASE_URL: "https://epilogue.example.org/",
};

function given(more: Record<string, string> = {}): Particulars {
  const found = particulars({ ...env, ...more }, "0.1.0");
  if ("lacks" in found) throw new Error(JSON.stringify(found.lacks));
  return found;
}

function lacking(environment: Record<string, string>): string[] {
  const found = particulars(environment, "0.1.0") as { lacks?: Lack[] };
  return (found.lacks ?? []).map(({ variable }) => variable);
}

type Manifest = {
  manifestVersion: string;
  id: string;
  bots: {
    botId: string;
    scopes: string[];
    supportsFiles: boolean;
    commandLists: { scopes: string[]; commands: { title: string; description: string }[] }[];
  }[];
  staticTabs: { entityId: string; contentUrl?: string }[];
  configurableTabs: { configurationUrl: string; context: string[] }[];
  validDomains: string[];
  webApplicationInfo: { id: string; resource: string };
  authorization: { permissions: { resourceSpecific: { name: string; type: string }[] } };
  description: { short: string };
};

const manifest = () => fill(given()) as unknown as Manifest;

describe("the manifest of a tenant", () => {
  test("is fit for Microsoft's schema, 1.25 or later", () => {
    expect(faults(fill(given()), icons, modules)).toEqual([]);
    expect(Number(manifest().manifestVersion.split(".")[1])).toBeGreaterThanOrEqual(25);
  });

  test.each([
    ["an unknown property", { surprise: true }],
    ["a bad id", { id: "epilogue" }],
    ["too long a description", { description: { short: "x".repeat(81), full: "x" } }],
    ["an icon that is not there", { icons: { color: "colour.png", outline: "outline.png" } }],
    ["an icon of another size", { icons: { color: "outline.png", outline: "outline.png" } }],
    ["a placeholder left over", { accentColor: "$" + "{{ACCENT}}" }],
  ])("is not fit with %s", (_, change) => {
    expect(faults({ ...fill(given()), ...change }, icons, modules).length).toBeGreaterThan(0);
  });

  test("names one app and one host throughout", () => {
    const { id, bots, staticTabs, configurableTabs, validDomains, webApplicationInfo } = manifest();
    const appId = env.MicrosoftAppId.toLowerCase();
    expect([id, bots[0]?.botId, webApplicationInfo.id]).toEqual([appId, appId, appId]);
    expect(webApplicationInfo.resource).toBe(`api://epilogue.example.org/botid-${appId}`);
    expect(validDomains).toEqual(["epilogue.example.org"]);
    expect(staticTabs[0]?.contentUrl).toBe("https://epilogue.example.org/tab");
    expect(configurableTabs[0]?.configurationUrl).toBe("https://epilogue.example.org/panel/configure");
  });

  test("offers the bot in every scope, each with commands that Teams can show", () => {
    const bot = manifest().bots[0];
    expect(bot?.scopes).toEqual(["personal", "team", "groupChat"]);
    expect(bot?.supportsFiles).toBe(false);
    expect(bot?.commandLists.flatMap(({ scopes }) => scopes).sort()).toEqual(["groupChat", "personal", "team"]);
    for (const { title, description } of bot?.commandLists.flatMap(({ commands }) => commands) ?? []) {
      expect(title).toMatch(/^[a-z]{1,32}$/);
      expect(description.length).toBeLessThanOrEqual(128);
    }
    const personal = bot?.commandLists.find(({ scopes }) => scopes.includes("personal"))?.commands;
    expect(personal?.map(({ title }) => title).sort()).toEqual([
      "case",
      "cases",
      "due",
      "erase",
      "help",
      "register",
      "staff",
    ]);
  });

  test("declares the meeting's places for the panel, and asks for no more than it uses", () => {
    const { configurableTabs, authorization } = manifest();
    expect(configurableTabs[0]?.context).toEqual(["meetingSidePanel", "meetingDetailsTab", "meetingChatTab"]);
    const asked = authorization.permissions.resourceSpecific.map(({ name }) => name);
    expect(asked.filter((name) => !/\.Read(Basic)?\.(Chat|Group)$/.test(name))).toEqual([]);
    expect(asked).toContain("OnlineMeeting.ReadBasic.Chat");
  });

  test("puts a publisher's quotation marks through unharmed", () => {
    expect(fill(given({ EPILOGUE_PUBLISHER: '"Mock" Board \\ ${{APP_ID}}' }))).toMatchObject({
      developer: { name: '"Mock" Board \\ ${{APP_ID}}' },
    });
  });
});

describe("a package without its particulars is refused, and everything that lacks is named", () => {
  test.each([
    ["nothing set", {}, ["MicrosoftAppId", "EPILOGUE_BASE_URL"]],
    ["an app id that is no GUID", { ...env, MicrosoftAppId: "epilogue" }, ["MicrosoftAppId"]],
    ["an address without TLS", { ...env, EPILOGUE_BASE_URL: "http://epilogue.example.org" }, ["EPILOGUE_BASE_URL"]],
    ["an address with a path", { ...env, EPILOGUE_BASE_URL: "https://example.org/epilogue" }, ["EPILOGUE_BASE_URL"]],
    ["too long a name", { ...env, EPILOGUE_PUBLISHER: "x".repeat(33) }, ["EPILOGUE_PUBLISHER"]],
    ["a privacy notice without TLS", { ...env, EPILOGUE_PRIVACY_URL: "http://example.org" }, ["EPILOGUE_PRIVACY_URL"]],
  ])("%s", (_, environment, expected) => {
    expect(lacking(environment as Record<string, string>)).toEqual(expected);
  });
});

describe("the icons are what Teams asks for", () => {
  // IHDR's colour type: 6 has an alpha channel, 2 has none.
  const colourType = (file: Buffer) => file.readUInt8(25);
  test("the outline is transparent, the colour icon a full square", () => {
    expect(colourType(icons["outline.png"])).toBe(6);
    expect(colourType(icons["color.png"])).toBe(2);
  });
});
