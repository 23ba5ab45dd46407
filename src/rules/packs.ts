import { BrokenPack, type Pack, readPack } from "./pack";
import gatewayQualificationsSt0071 from "./packs/gateway-qualifications-st0071-v1.1.json";
import tqukSt0071 from "./packs/tquk-st0071-v1.1.json";

/** The packs that ship with the product, by file name. A new version is a new file and a new line here. */
export const published: readonly (readonly [name: string, raw: unknown])[] = [
  ["gateway-qualifications-st0071-v1.1.json", gatewayQualificationsSt0071],
  ["tquk-st0071-v1.1.json", tqukSt0071],
];

/**
 * Reads packs and keys them by id, in the order given.
 * @throws BrokenPack naming every pack, path and problem, or an id that two packs claim.
 */
export function readPacks(entries: Iterable<readonly [name: string, raw: unknown]>): ReadonlyMap<string, Pack> {
  const packs = new Map<string, Pack>();
  const broken: string[] = [];
  for (const [name, raw] of entries) {
    try {
      const pack = readPack(name, raw);
      if (packs.has(pack.id))
        broken.push(`Rule pack ${name} does not hold:\n  id: another pack is “${pack.id}” already`);
      else packs.set(pack.id, pack);
    } catch (error) {
      if (!(error instanceof BrokenPack)) throw error;
      broken.push(error.message);
    }
  }
  if (broken.length > 0) throw new BrokenPack(broken.join("\n"));
  return packs;
}
