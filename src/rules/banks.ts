import { type Bank, readBank } from "./bank";
import gatewayQualificationsSt0071 from "./banks/gateway-qualifications-st0071-v1.1.json";
import tqukSt0071 from "./banks/tquk-st0071-v1.1.json";
import type { Pack } from "./pack";

/** The sample banks that ship with the product, by pack id. */
export const publishedBanks: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["gateway-qualifications-st0071-v1.1", gatewayQualificationsSt0071],
  ["tquk-st0071-v1.1", tqukSt0071],
]);

/**
 * The bank of each pack that has one, by pack id. A pack without a bank is no error: its assessors write their questions.
 * @throws BrokenPack from the first bank that does not hold.
 */
export function readBanks(packs: ReadonlyMap<string, Pack>): ReadonlyMap<string, Bank> {
  return new Map(
    [...packs.values()].flatMap((pack) => {
      const raw = publishedBanks.get(pack.id);
      return raw === undefined ? [] : [[pack.id, readBank(pack, raw)] as const];
    }),
  );
}
