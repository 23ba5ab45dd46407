import path from "node:path";
import { build } from "esbuild";

const root = path.resolve(__dirname, "../..");

/** Builds a program of the repository for Node, as a file that runs from any folder. @returns how to start it. */
export async function bundled(entry: string, folder: string): Promise<{ file: string; env: NodeJS.ProcessEnv }> {
  const file = path.join(folder, `${path.basename(entry, ".ts")}.cjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20.19",
    logLevel: "silent",
  });
  return { file, env: { ...process.env, NODE_PATH: path.join(root, "node_modules") } };
}
