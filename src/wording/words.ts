import type { Pack } from "../rules/pack";
import { inSentence, listed } from "./format";
import { roleNoun, settingPhrase, wordIn } from "./labels";

/** Names for what facts, events and offers hold as ids. None of them throws on an id that the pack does not know. */
export interface Words {
  pack: Pack;
  /** A person's name by id; "someone" where the caller knows none. */
  person(id: string | undefined): string;
  /** What the body calls the role: "Training provider". */
  role(role: string | undefined): string;
  /** A role inside a sentence: "the training provider". */
  theRole(role: string | undefined): string;
  /** "Professional discussion". */
  method(id: string | undefined): string;
  /** The method's session inside a sentence, with article: "the interview". */
  theSession(id: string | undefined): string;
  /** What the method has handed in, inside a sentence, with article: "the project report". */
  theHandIn(id: string | undefined): string;
  /** The gateway item's title: "Photo ID". */
  evidence(id: string | undefined): string;
  /** The exceptions of English and maths by their titles, inside a sentence: "none" where there are none. */
  exceptions(ids: readonly string[]): string;
  /** A criterion's text by its id or its mark key ("discussion-D1.a" is a part of it). */
  criterion(key: string): string;
  /** A KSB's text; ids are the method's own. */
  ksb(id: string, method?: string): string;
  /** "on Teams". */
  setting(id: string | undefined): string;
}

/** A criterion's text before its parts: packs end it with a colon where the parts complete the sentence. */
const opening = (text: string) => text.replace(/[:\s]+$/, "");

const criteriaByPack = new WeakMap<Pack, ReadonlyMap<string, string>>();

/** The texts of a pack's criteria and of their parts, by mark key; put together once a pack. */
function criteriaOf(pack: Pack): ReadonlyMap<string, string> {
  const before = criteriaByPack.get(pack);
  if (before) return before;
  const criteria = new Map(
    pack.methods.flatMap(({ criteria: c }) =>
      [...c.pass, ...c.distinction, ...c.fail].flatMap((x) => [
        [x.id, x.text] as const,
        ...(x.parts ?? []).map((p) => [`${x.id}.${p.id}`, `${opening(x.text)}: (${p.id}) ${p.text}`] as const),
      ]),
    ),
  );
  criteriaByPack.set(pack, criteria);
  return criteria;
}

/** Words for one pack; `name` gives a person's name by id, or nothing. */
export function wordsFor(pack: Pack, name: (personId: string) => string | undefined = () => undefined): Words {
  const methodBy = (id: string | undefined) => pack.methods.find((m) => m.id === id);
  return {
    pack,
    person: (id) => (id && name(id)) || "someone",
    role: (role) => wordIn(pack.people, role)?.title ?? "Someone",
    theRole: (role) => (wordIn(roleNoun, role) ? `the ${wordIn(roleNoun, role)}` : "someone else"),
    method: (id) => methodBy(id)?.title ?? "Assessment",
    theSession: (id) => `the ${inSentence(methodBy(id)?.session.name ?? "session")}`,
    theHandIn: (id) => `the ${inSentence(methodBy(id)?.handIn?.title ?? "work to hand in")}`,
    evidence: (id) => pack.rules.gatewayEvidence.items.find((i) => i.id === id)?.title ?? "This item",
    exceptions: (ids) =>
      listed(pack.rules.englishAndMaths.exceptions.filter((x) => ids.includes(x.id)).map((x) => `“${x.title}”`)) ||
      "none",
    criterion: (key) => criteriaOf(pack).get(key) ?? "A criterion",
    ksb: (id, method) =>
      (method === undefined ? pack.methods : pack.methods.filter((m) => m.id === method))
        .flatMap((m) => m.ksbs)
        .find((k) => k.id === id)?.text ?? id,
    setting: (id) => wordIn(settingPhrase, id) ?? "elsewhere",
  };
}
