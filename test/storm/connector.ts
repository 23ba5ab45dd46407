import { openSigning, type Signing } from "../support/signing";
import { drawing } from "./settings";

/** One message or mail that was taken: to a conversation or a mail address, and its words. */
export interface Taken {
  to: string;
  words: string;
}

/** What a posted message shows last. */
export interface Shown {
  /** The revision of the case that its buttons name. */
  seen: number | undefined;
}

/** The other side of all instances: a Bot Connector and a mail server that fail by chance, and remember what they took. */
export interface StormChannel extends Omit<Signing, "keys"> {
  taken: Taken[];
  updates: number;
  /** By conversation and id. */
  shown: Map<string, Shown>;
  /** How often each thing went wrong. */
  struck: Record<string, number>;
  /** Conversations whose people have blocked the bot. */
  blocked: Set<string>;
  /** Whether calls fail now. */
  failing: boolean;
}

/** The latest revision that a card's buttons name. */
function seenIn(body: string): number | undefined {
  const all = [...body.matchAll(/"seen":(\d+)/g)].map(([, n]) => Number(n));
  return all.length > 0 ? Math.max(...all) : undefined;
}

/** How long a slow answer takes, in milliseconds. */
const slow = 2_500;

export async function openStormChannel(seed: number): Promise<StormChannel> {
  const draw = drawing(seed);
  const made = { taken: [] as Taken[], updates: 0, struck: {} as Record<string, number>, failing: false };
  const shown = new Map<string, Shown>();
  const blocked = new Set<string>();
  let sent = 0;
  const strike = (what: string) => {
    made.struck[what] = (made.struck[what] ?? 0) + 1;
  };

  const { keys: _signs, ...signing } = await openSigning("storm", async ({ method, path, body, answer, hangUp }) => {
    const mail = path === "/mail" ? (JSON.parse(body) as { to: { address: string }; text: string }) : undefined;
    const to = mail?.to.address ?? decodeURIComponent(/conversations\/([^/]+)/.exec(path)?.[1] ?? "");
    if (blocked.has(to)) return answer(403, { error: { code: "ConversationBlockedByUser", message: "" } });
    const id = method === "PUT" ? (path.split("/").at(-1) ?? "") : `${1_700_000_000_000 + ++sent}`;
    const take = () => {
      if (!mail && method !== "DELETE") shown.set(`${to}|${decodeURIComponent(id)}`, { seen: seenIn(body) });
      if (method === "PUT") made.updates += 1;
      else if (method === "POST") made.taken.push({ to, words: mail ? mail.text : body });
    };
    const chance = made.failing ? draw() : 1;
    if (chance < 0.04 && !mail) {
      strike("429");
      return answer(429, { error: { code: "Throttled", message: "" } }, { "retry-after": "1" });
    }
    if (chance < 0.06) {
      strike("502 before");
      return answer(502, {});
    }
    take();
    // A mail server that refuses has not taken the mail; its answer can only be lost.
    if (chance < 0.08 && !mail) {
      strike("502 after");
      return answer(502, {});
    }
    if (chance < 0.1) {
      strike("lost answer");
      return hangUp();
    }
    if (chance < 0.11) {
      strike("slow");
      await new Promise((resolve) => setTimeout(resolve, slow));
    }
    answer(200, { id });
  });
  return Object.assign(made, signing, { blocked, shown });
}
