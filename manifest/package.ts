// `npm run package`: writes the zip that a tenant's administrator uploads. With --check it only checks the manifest, filled
// with examples, and needs nothing of the environment.
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { faults } from "./check";
import { fill, type Particulars, particulars } from "./fill";

const root = process.cwd();
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };

const examples: Record<string, string> = {
  MicrosoftAppId: "00000000-0000-4000-8000-000000000001",
  EPILOGUE_BASE_URL: "https://epilogue.example.org",
};

async function main(args: string[]): Promise<number> {
  const checking = args.includes("--check");
  const given = particulars(checking ? examples : process.env, version);
  if ("lacks" in given) {
    for (const { variable, wanted } of given.lacks)
      console.error(`${variable} is missing or unfit: set it to ${wanted}.`);
    return 1;
  }
  const manifest = fill(given);
  const icons = Object.fromEntries(
    ["color.png", "outline.png"].map((file) => [file, readFileSync(path.join(root, "manifest/icons", file))]),
  );
  const found = faults(manifest, icons, path.join(root, "node_modules"));
  for (const fault of found) console.error(`manifest: ${fault}`);
  if (found.length > 0) return 1;
  if (checking) {
    console.log(`The manifest is fit to upload: schema ${manifest.manifestVersion}, version ${version}.`);
    return 0;
  }
  const file = path.join("dist", `epilogue-${version}.zip`);
  mkdirSync(path.join(root, "dist"), { recursive: true });
  await writeZip(path.join(root, file), {
    "manifest.json": Buffer.from(JSON.stringify(manifest, null, 2)),
    ...icons,
  });
  console.log(`Wrote ${file} for ${given.baseUrl}. What to try in the tenant: manifest/tenant-checklist.md.`);
  remind(given);
  return 0;
}

/** Equal content gives equal bytes: every entry bears one fixed date. */
async function writeZip(file: string, entries: Record<string, Buffer>): Promise<void> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(content, name, { mtime: new Date(2026, 0, 1) });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

function remind({ baseUrl, privacyUrl, termsUrl }: Particulars): void {
  if (privacyUrl === baseUrl || termsUrl === baseUrl) {
    console.log(
      "Privacy notice and terms of use lead to the service itself: set EPILOGUE_PRIVACY_URL and EPILOGUE_TERMS_URL.",
    );
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
