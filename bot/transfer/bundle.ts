import { createHash } from "node:crypto";
import { z } from "zod";
import { chainStart, type Fault, verifyChain } from "../../src/chain";
import type { Notice, Recorded } from "../../src/ports";
import { bankDigest, KeptBank, misnamed } from "../banks";

/**
 * One case as a file: JSON Lines, each line saying what it is. A head, the people whom it names, every event with its hash,
 * the question banks that its sessions went by, the tie to its chat, what was sent to whom with what outcome, and an end with
 * a digest over all the lines before it, so that a file which was cut off shows. The chain is checked with nothing but this file: its anchor is
 * the last event's hash, as letters print it.
 */

export const FORMAT = "epilogue-case-2";

/** record: to be read and verified, with names only. move: with what people need to go on with it in another store. */
export type Purpose = "record" | "move";

const digestText = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().min(1).max(300);
const instant = z.string().min(1).max(40);

const Head = z.strictObject({
  kind: z.literal("case"),
  format: z.literal(FORMAT),
  purpose: z.enum(["record", "move"]),
  pk: id.startsWith("case:"),
  ref: id,
  bodyId: id,
  stage: id,
  exportedAt: instant,
  /** The last event, and its hash. */
  revision: z.int().positive(),
  anchor: digestText,
  /** Of the case as its events make it, in the canonical form of the chain. */
  state: digestText,
  /** The rules it is judged by, of which every published version stays as it is. */
  pack: z.strictObject({ id, digest: digestText }),
  /** Versions of the question bank that its records name; each has a line of its own where the store still had it. */
  banks: z.array(id),
  counts: z.strictObject({
    people: z.int().nonnegative(),
    events: z.int().positive(),
    notices: z.int().nonnegative(),
    files: z.int().nonnegative(),
  }),
});

const PersonLine = z.strictObject({
  kind: z.literal("person"),
  id,
  name: z.string().max(300),
  mail: z.string().max(320).optional(),
  corrected: z.int().optional(),
  accounts: z.array(z.strictObject({ tenantId: id, objectId: id })).optional(),
});

/** Its shape is the chain's to judge: whatever it is, it was hashed. */
const EventLine = z.looseObject({ kind: z.literal("event"), seq: z.int().positive(), hash: z.string() });

const NoticeLine = z.strictObject({
  kind: z.literal("notice"),
  id,
  what: id,
  to: id,
  dueAt: instant,
  repeat: z.enum(["never", "repeat"]),
  state: z.enum(["waiting", "claimed", "sending", "sent", "unconfirmed", "dead", "dropped"]),
  tries: z.int().nonnegative(),
  outcome: z.string().max(300).nullable(),
  data: z.unknown(),
});

/** A version of the bank, whole: a session that goes on needs its questions, and an appeal what they said. */
const BankLine = z.strictObject({ kind: z.literal("bank"), digest: digestText, ...KeptBank.shape });

/**
 * Only of a case that is moved: the group chat that is the case's, and where the Connector reaches it. That tie alone; what
 * stands in the chat stays in Teams, and cards posted there are nobody's once the case is elsewhere.
 */
const ChatLine = z.strictObject({ kind: z.literal("chat"), conversation: id, serviceUrl: z.url().max(500) });

/** A file beside this one: what it is called and what it is, so that it can be told to be the same. */
const FileLine = z.strictObject({
  kind: z.literal("file"),
  /** Of the same folder, never a path. */
  name: z.string().regex(/^\w[\w .-]{0,199}$/),
  digest: digestText,
});

const EndLine = z.strictObject({ kind: z.literal("end"), lines: z.int().positive(), digest: digestText });

export type CaseHead = z.infer<typeof Head>;
export type BundledPerson = z.infer<typeof PersonLine>;
export type BundledNotice = z.infer<typeof NoticeLine>;
export type BundledBank = z.infer<typeof BankLine>;
export type BundledChat = z.infer<typeof ChatLine>;
export type BundledFile = z.infer<typeof FileLine>;

export interface Bundle {
  head: CaseHead;
  people: BundledPerson[];
  events: Recorded[];
  banks: BundledBank[];
  /** At most one. */
  chats: BundledChat[];
  notices: BundledNotice[];
  files: BundledFile[];
}

/** What is wrong with a bundle: `record` is the first event that does not fit. */
export type BundleFault =
  | { code: "notABundle"; line: number }
  | { code: "altered"; record: number; why: Fault | "tail" }
  /** The bank of that version is not what its digest says, or not one that the records name. */
  | { code: "bankAltered"; version: string }
  /** The file of that name is not the one that was exported. */
  | { code: "fileAltered"; name: string }
  | { code: "cutOff" };

/** Thrown for a bundle that is not what was exported. */
export class BrokenBundle extends Error {
  override name = "BrokenBundle";
  constructor(readonly fault: BundleFault) {
    super(saying(fault));
  }
}

const meaning: Record<Fault | "tail", string> = {
  gap: "a record is missing, or stands out of its place",
  prev: "it is not chained to the record before it",
  origin: "its chain began in another case",
  hash: "it is not what was recorded",
  tail: "the records end elsewhere than the bundle's head says",
};

function saying(f: BundleFault): string {
  switch (f.code) {
    case "notABundle":
      return `Line ${f.line} is not what an export writes.`;
    case "altered":
      return `Altered: record ${f.record} (${f.why}): ${meaning[f.why]}.`;
    case "bankAltered":
      return `The question bank ${f.version} in it is not the one that the case went by.`;
    case "fileAltered":
      return `The file ${f.name} beside it is not what was exported.`;
    case "cutOff":
      return "The bundle was altered or cut off: its end does not fit what stands before it.";
  }
}

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

export const bundledBank = (kept: KeptBank): BundledBank => ({ kind: "bank", digest: bankDigest(kept), ...kept });
export const keptIn = ({ kind: _line, digest: _of, ...kept }: BundledBank): KeptBank => kept;

export const bundledNotice = (n: Notice): BundledNotice => ({
  kind: "notice",
  id: n.id,
  what: n.kind,
  to: n.to,
  dueAt: n.dueAt,
  repeat: n.repeat,
  state: n.state,
  tries: n.tries,
  outcome: n.outcome,
  data: n.data,
});

/** The bundle as the text of a file. */
export function writeBundle({ head, people, events, banks, chats, notices, files }: Bundle): string {
  const recorded = events.map((e) => ({ kind: "event", ...e }));
  const lines = [head, ...people, ...recorded, ...banks, ...chats, ...notices, ...files];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return `${text}${JSON.stringify({ kind: "end", lines: lines.length, digest: digest(text) })}\n`;
}

/**
 * Reads and verifies a bundle with nothing beside it: shape, chain from the case's own start to the anchor, the end's digest.
 * @throws BrokenBundle naming the first altered record, else what is wrong.
 */
export function readBundle(text: string): Bundle {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const [first = "", ...others] = lines;
  const head = parsed(Head, first, 1);
  const bundle: Bundle = { head, people: [], events: [], banks: [], chats: [], notices: [], files: [] };
  let end: z.infer<typeof EndLine> | undefined;
  others.forEach((line, i) => {
    const at = i + 2;
    if (end) throw new BrokenBundle({ code: "cutOff" });
    const { kind } = parsed(z.looseObject({ kind: z.string() }), line, at);
    if (kind === "person") bundle.people.push(parsed(PersonLine, line, at));
    else if (kind === "event") {
      parsed(EventLine, line, at);
      // As it stands, its members in their order: what is written again is the same text.
      const { kind: _line, ...event } = JSON.parse(line) as Recorded & { kind: string };
      bundle.events.push(event);
    } else if (kind === "bank") bundle.banks.push(parsed(BankLine, line, at));
    else if (kind === "chat" && bundle.chats.length === 0) bundle.chats.push(parsed(ChatLine, line, at));
    else if (kind === "notice") bundle.notices.push(parsed(NoticeLine, line, at));
    else if (kind === "file") bundle.files.push(parsed(FileLine, line, at));
    else end = parsed(EndLine, line, at);
  });
  checkRecord(bundle);
  checkBanks(bundle);
  const before = text.slice(0, text.lastIndexOf('{"kind":"end"'));
  if (end?.lines !== lines.length - 1 || end.digest !== digest(before)) throw new BrokenBundle({ code: "cutOff" });
  return bundle;
}

function parsed<T>(schema: z.ZodType<T>, line: string, at: number): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new BrokenBundle({ code: "notABundle", line: at });
  }
}

/** The records are chained from this case's start to the anchor. @throws BrokenBundle naming the first that is not. */
export function checkRecord({ head, events }: Pick<Bundle, "head" | "events">): void {
  const verdict = verifyChain(events, digest, chainStart(head.pk, digest));
  if (!verdict.ok) throw new BrokenBundle({ code: "altered", record: verdict.seq, why: verdict.why });
  if (verdict.head !== head.anchor || verdict.revision !== head.revision)
    throw new BrokenBundle({ code: "altered", record: Math.min(verdict.revision, head.revision) + 1, why: "tail" });
}

/** Each bank is what its digest says and its name, and one that the records name. @throws BrokenBundle naming the first that is not. */
export function checkBanks({ head, banks }: Pick<Bundle, "head" | "banks">): void {
  for (const bank of banks) {
    const kept = keptIn(bank);
    const named = head.banks.includes(bank.version) && bank.pack === head.pack.id;
    if (!named || misnamed(kept) || bankDigest(kept) !== bank.digest)
      throw new BrokenBundle({ code: "bankAltered", version: bank.version });
  }
}

/** The bundle with the digests of the files that are written beside it. */
export const withFiles = (bundle: Bundle, texts: Readonly<Record<string, string>>): Bundle => {
  const files = Object.entries(texts).map(
    ([name, text]): BundledFile => ({ kind: "file", name, digest: digest(text) }),
  );
  return { ...bundle, head: { ...bundle.head, counts: { ...bundle.head.counts, files: files.length } }, files };
};

/**
 * Holds the files that lie beside the bundle against their digests; one that was not handed on is not missed.
 * @param textOf the file's text by its name, undefined where there is none.
 * @throws BrokenBundle naming the first that is another.
 */
export function checkFiles({ files }: Pick<Bundle, "files">, textOf: (name: string) => string | undefined): void {
  for (const file of files) {
    const text = textOf(file.name);
    if (text !== undefined && digest(text) !== file.digest)
      throw new BrokenBundle({ code: "fileAltered", name: file.name });
  }
}
