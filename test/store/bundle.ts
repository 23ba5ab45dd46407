import path from "node:path";
import { type BuildOptions, build } from "esbuild";

const root = path.resolve(__dirname, "../..");

/**
 * Builds a program of the repository for Node, as a file that runs from any folder.
 * @param entry its file, or its text with a name. @returns how to start it.
 */
export async function bundled(
  entry: string | { name: string; text: string },
  folder: string,
  plugins: BuildOptions["plugins"] = [],
): Promise<{ file: string; env: NodeJS.ProcessEnv }> {
  const file = path.join(folder, `${typeof entry === "string" ? path.basename(entry, ".ts") : entry.name}.cjs`);
  await build({
    absWorkingDir: root,
    ...(typeof entry === "string"
      ? { entryPoints: [entry] }
      : { stdin: { contents: entry.text, resolveDir: root, loader: "ts" as const } }),
    plugins,
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
