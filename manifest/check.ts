import { readFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv-draft-04";

/**
 * Says what is wrong with a filled manifest, a sentence a fault; none when it is fit to upload.
 *
 * The schema is Microsoft's own for the version the manifest names, out of `@microsoft/app-manifest`: nothing is fetched.
 * @param icons the icon files by the name the manifest gives them
 * @param modules the folder node_modules
 */
export function faults(manifest: Record<string, unknown>, icons: Record<string, Buffer>, modules: string): string[] {
  return [...schemaFaults(manifest, modules), ...iconFaults(manifest, icons), ...leftovers(manifest)];
}

function schemaFaults(manifest: Record<string, unknown>, modules: string): string[] {
  const version = `v${manifest.manifestVersion}`;
  const schemas = path.join(modules, "@microsoft/app-manifest/build/json-schemas/teams");
  const schema = JSON.parse(readFileSync(path.join(schemas, version, "MicrosoftTeams.schema.json"), "utf8"));
  // The schema's formats (uri, color) are covered by its own patterns and by the checks of the particulars.
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
  if (validate(manifest)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "manifest"} ${message}`);
}

function iconFaults(manifest: Record<string, unknown>, icons: Record<string, Buffer>): string[] {
  const named = manifest.icons as Record<string, string>;
  return Object.entries({ color: 192, outline: 32 }).flatMap(([kind, side]) => {
    const file = icons[named[kind] ?? ""];
    if (!file) return [`icons/${kind} names a file that is not there`];
    const { width, height } = pngSize(file);
    return width === side && height === side ? [] : [`icons/${kind} is ${width} × ${height}, wanted ${side} × ${side}`];
  });
}

function leftovers(manifest: Record<string, unknown>): string[] {
  return [...JSON.stringify(manifest).matchAll(/\$\{[^}]*\}+/g)].map(([text]) => `${text} was left unfilled`);
}

/** Width and height in pixels, read from a PNG's header. */
function pngSize(file: Buffer): { width: number; height: number } {
  if (file.subarray(1, 4).toString("latin1") !== "PNG") return { width: 0, height: 0 };
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}
