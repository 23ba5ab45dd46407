import { spawnSync } from "node:child_process";
import path from "node:path";
import { bundled } from "./bundle";
import { temporaryFolder } from "./folder";

/** Azure's packages take a third of a second to load: whoever keeps the record in the embedded database never waits for them. */

test("given no account is configured, then nothing of Azure's is loaded; given one is, then it is", async () => {
  const folder = temporaryFolder();
  const opening = {
    name: "open",
    text: `import { openStore } from "./bot/store/open";
      import { Secret } from "./bot/secret";
      const endpoint = process.env.COSMOS_ENDPOINT;
      const cosmos = endpoint && { endpoint, key: new Secret("a2V5"), database: "d", container: "c" };
      openStore({ dataFolder: process.argv[2], ...(cosmos ? { cosmos } : {}) })
        .then((store) => store.close())
        .then(() => console.log("opened"), (error) => console.log(error.message));`,
  };
  const { file, env } = await bundled(opening, folder, [
    {
      name: "told when loaded",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^@azure\// }, ({ path: name }) => ({ path: name, namespace: "told" }));
        onLoad({ filter: /.*/, namespace: "told" }, ({ path: name }) => ({
          contents: `throw new Error("${name} was loaded");`,
        }));
      },
    },
  ]);
  const run = (over: Record<string, string>) =>
    spawnSync(process.execPath, [file, path.join(folder, "data")], {
      env: { ...env, ...over },
      encoding: "utf8",
    }).stdout.trim();
  expect(run({ COSMOS_ENDPOINT: "" })).toBe("opened");
  expect(run({ COSMOS_ENDPOINT: "https://example.org/" })).toBe("@azure/cosmos was loaded");
});
