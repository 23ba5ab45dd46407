import { createHash } from "node:crypto";
import { z } from "zod";
import { chainStart, type Fault, verifyChain } from "../../src/chain";
import type { Notice, Recorded } from "../../src/ports";

/**
 * One case as a file: JSON Lines, each line saying what it is. A head, the people whom it names, every event with its hash,
 * what was sent to whom with what outcome, and an end with a digest over all the lines before it, so that a file which was
 * cut off shows. The chain is checked with nothing but this file: its anchor is the last event's hash, as letters print it.
 */

export const FORMAT = "epilogue-case-1";

/** record: to be read and verified, with names only. move: with what people need to go on with it in another store. */
export type Purpose = "record" | "move";

const digestText = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().min(1).max(200);
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
  /** Versions of the question bank that its sessions went by. */
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

/** A file that was handed in: what it is called and what it is, so that it can be told to be the same. */
const FileLine = z.strictObject({ kind: z.literal("file"), name: z.string().max(300), digest: digestText });

const EndLine = z.strictObject({ kind: z.literal("end"), lines: z.int().positive(), digest: digestText });

export type CaseHead = z.infer<typeof Head>;
export type BundledPerson = z.infer<typeof PersonLine>;
export type BundledNotice = z.infer<typeof NoticeLine>;
export type BundledFile = z.infer<typeof FileLine>;

export interface Bundle {
  head: CaseHead;
  people: BundledPerson[];
  events: Recorded[];
  notices: BundledNotice[];
  files: BundledFile[];
}

/** What is wrong with a bundle: `record` is the first event that does not fit. */
export type BundleFault =
  | { code: "notABundle"; line: number }
  | { code: "altered"; record: number; why: Fault | "tail" }
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
    case "cutOff":
      return "The bundle was altered or cut off: its end does not fit what stands before it.";
  }
}

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

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
export function writeBundle({ head, people, events, notices, files }: Bundle): string {
  const lines = [head, ...people, ...events.map((e) => ({ kind: "event", ...e })), ...notices, ...files];
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
  const bundle: Bundle = { head, people: [], events: [], notices: [], files: [] };
  let end: z.infer<typeof EndLine> | undefined;
  others.forEach((line, i) => {
    const at = i + 2;
    if (end) throw new BrokenBundle({ code: "cutOff" });
    const { kind } = parsed(z.looseObject({ kind: z.string() }), line, at);
    if (kind === "person") bundle.people.push(parsed(PersonLine, line, at));
    else if (kind === "event") {
      const { kind: _line, ...event } = parsed(EventLine, line, at);
      bundle.events.push(event as unknown as Recorded);
    } else if (kind === "notice") bundle.notices.push(parsed(NoticeLine, line, at));
    else if (kind === "file") bundle.files.push(parsed(FileLine, line, at));
    else end = parsed(EndLine, line, at);
  });
  checkRecord(bundle);
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
