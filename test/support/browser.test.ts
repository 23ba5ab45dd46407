import { launchBrowser } from "./browser";

const page = "data:text/html,<title>Epilogue</title><p style='font:20px sans-serif;display:inline-block'>Released</p>";

async function openPage(): Promise<{ title: string; width: number }> {
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    await tab.goto(page);
    return { title: await tab.title(), width: (await tab.locator("p").boundingBox())?.width ?? 0 };
  } finally {
    await browser.close();
  }
}

const bundledRuns = process.platform === "linux" && process.arch === "x64";

describe("the browser of the walks", () => {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of ["EPILOGUE_BROWSER", "CHROME_PATH"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  test("given this machine, when a page is opened, then it is drawn", async () => {
    const { title, width } = await openPage();
    expect(title).toBe("Epilogue");
    expect(width).toBeGreaterThan(40);
  });

  // Elsewhere the machine's own browser is the only one.
  if (bundledRuns) {
    test("given no browser of the machine's own, when a page is opened, then the bundled one draws it, letters too", async () => {
      process.env.EPILOGUE_BROWSER = "bundled";
      const { title, width } = await openPage();
      expect(title).toBe("Epilogue");
      expect(width).toBeGreaterThan(40);
    });
  }

  test("given a CHROME_PATH that is no browser, when one is asked for, then the refusal names it", async () => {
    delete process.env.EPILOGUE_BROWSER;
    process.env.CHROME_PATH = __filename;
    await expect(launchBrowser()).rejects.toThrow(__filename);
  });
});
