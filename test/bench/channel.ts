import { tenants } from "../../bot/local/people";
import { openSigning, type Signing } from "../support/signing";

/** Answers each call of the Bot Connector with an id and does nothing else, so that what is measured is the service alone. */
export interface Channel extends Omit<Signing, "keys"> {
  /** A person's sign-in token, as a page in Teams gets it. */
  tokenOf(account: { objectId: string; name: string }): string;
  /** Activities posted or put since the last call. */
  taken(): { method: string; path: string; body: string }[];
}

export async function openChannel(): Promise<Channel> {
  let taken: { method: string; path: string; body: string }[] = [];
  let sent = 0;
  const { keys, ...signing } = await openSigning("bench", ({ method, path, body, answer }) => {
    taken.push({ method, path, body });
    sent += 1;
    answer(200, { id: `${1_700_000_000_000 + sent}` });
  });
  return {
    ...signing,
    tokenOf: ({ objectId, name }) =>
      keys.tokenOfPerson({ aadObjectId: objectId, tenantId: tenants.awardingBody.id, name }),
    taken() {
      const all = taken;
      taken = [];
      return all;
    },
  };
}
