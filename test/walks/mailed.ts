import type { Player } from "../support/teams";

/** The code in someone's newest invitation. */
export async function codeOf(player: Player): Promise<string> {
  const { text } = await player.mail("Your code");
  const code = /\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b/.exec(text)?.[0];
  if (!code) throw new Error(`${player.id}'s invitation holds no code:\n${text}`);
  return code;
}
