import type { DoubleClock } from "./clock";
import { type IndexPolicy, readPolicy } from "./policy";
import { type KeyRange, rangeOf, splitRanges } from "./ranges";
import { notImplemented, Refused } from "./refused";
import { documentRid } from "./rids";
import type { SortedIndex } from "./sorted";

/** A document as the service stores it: what was sent, and the service's own properties. */
export interface Item extends Record<string, unknown> {
  id: string;
  _rid: string;
  _etag: string;
  _ts: number;
}

/** A container's definition as sent at its creation. */
export interface Definition extends Record<string, unknown> {
  id: string;
  partitionKey: { paths: string[]; kind?: string; version?: number };
  indexingPolicy?: unknown;
  defaultTtl?: number;
}

interface Version {
  lsn: number;
  item: Item | undefined;
}

/** One document's place in its partition: its versions, the newest last. */
export interface Slot {
  readonly pk: string;
  readonly id: string;
  /** Grows with each document made: the order in which an unordered query meets them. */
  readonly order: number;
  readonly rid: string;
  versions: Version[];
}

/** A physical partition: its piece of the hash space, its documents, and the number of its last write. */
export interface Partition extends KeyRange {
  lsn: number;
  /** The writes since replicas began to lag: number and time. */
  log: { lsn: number; at: number }[];
  readonly logical: Map<string, Map<string, Slot>>;
  /** Sorted indexes by property, as queries came to ask for them. */
  readonly indexes: Map<string, SortedIndex>;
}

/** A container: documents in physical partitions, durable as long as the process lives. */
export class Container {
  readonly partitions: Partition[];
  policy: IndexPolicy;
  private keeps = false;
  private made = 0;

  constructor(
    public definition: Definition,
    readonly rid: string,
    ranges: number,
    readonly clock: DoubleClock,
  ) {
    checkKey(definition);
    this.policy = readPolicy(definition.indexingPolicy);
    this.partitions = splitRanges(ranges).map((range) => ({
      ...range,
      lsn: 0,
      log: [],
      logical: new Map(),
      indexes: new Map(),
    }));
  }

  /** The property documents are partitioned by. */
  get keyProperty(): string {
    return (this.definition.partitionKey.paths[0] ?? "").slice(1);
  }

  /** The physical partition of a partition key's value. */
  partitionOf(pk: string): Partition {
    return rangeOf(this.partitions, pk);
  }

  /** Changes indexing and time to live. @throws Refused 400 when the partition key would change */
  redefine(definition: Definition): void {
    if (JSON.stringify(definition.partitionKey?.paths) !== JSON.stringify(this.definition.partitionKey.paths)) {
      throw new Refused(400, "Document collection partition key cannot be changed.");
    }
    this.policy = readPolicy(definition.indexingPolicy);
    this.definition = { ...this.definition, ...definition };
  }

  /** The document of a slot as after the write of that number (absent: the last), unless it is gone or its time to live has passed. */
  visible(slot: Slot, sight?: number): Item | undefined {
    const seen = sight === undefined ? slot.versions.at(-1) : slot.versions.findLast(({ lsn }) => lsn <= sight);
    return seen?.item && this.lives(seen.item) ? seen.item : undefined;
  }

  /** The document of a partition and id as seen. */
  read(pk: string, id: string, sight?: number): Item | undefined {
    const slot = this.partitionOf(pk).logical.get(pk)?.get(id);
    return slot && this.visible(slot, sight);
  }

  /** A resource id for a new document, and its place in the order of all. */
  nextRid(): { rid: string; order: number } {
    const order = ++this.made;
    return { rid: documentRid(this.rid, order), order };
  }

  /** Writes all of one logical partition's changes under one number, or fails before the first. @returns that number */
  commit(pk: string, changes: ReadonlyMap<string, { item: Item | undefined; order: number; rid: string }>): number {
    const partition = this.partitionOf(pk);
    const lsn = ++partition.lsn;
    if (this.keeps) partition.log.push({ lsn, at: this.clock.now() });
    const slots = partition.logical.get(pk) ?? new Map<string, Slot>();
    for (const [id, { item, order, rid }] of changes) {
      const slot = slots.get(id);
      const version = { lsn, item };
      // A document made anew after its end is another one, with another resource id.
      const versions = this.keeps ? [...(slot?.versions ?? []), version] : [version];
      const next = { pk, id, order, rid, versions };
      if (item || this.keeps) slots.set(id, next);
      else slots.delete(id);
      for (const index of partition.indexes.values()) index.change(slot, next);
    }
    if (slots.size > 0) partition.logical.set(pk, slots);
    else partition.logical.delete(pk);
    return lsn;
  }

  /** Keeps older versions from now on, for replicas that lag; or drops them. */
  keepHistory(keeps: boolean): void {
    this.keeps = keeps;
    for (const partition of this.partitions) {
      partition.log = keeps ? [{ lsn: partition.lsn, at: Number.NEGATIVE_INFINITY }] : [];
      if (!keeps) dropHistory(partition);
    }
  }

  private lives({ ttl, _ts }: Item): boolean {
    const { defaultTtl } = this.definition;
    if (defaultTtl === undefined) return true;
    const seconds = typeof ttl === "number" ? ttl : defaultTtl;
    return seconds < 0 || this.clock.now() / 1000 < _ts + seconds;
  }
}

function checkKey({ partitionKey, defaultTtl }: Definition): void {
  const { paths = [], kind = "Hash", version } = partitionKey ?? {};
  if (paths.length === 0) throw new Refused(400, "The partition key definition is missing.");
  if (paths.length > 1 || kind !== "Hash") throw notImplemented("hierarchical partition keys");
  if (version !== 2) throw notImplemented(`partition key version ${version}`);
  if (!/^\/\w+$/.test(paths[0] ?? "")) throw notImplemented(`partition key path ${paths[0]}`);
  if (defaultTtl !== undefined && !(Number.isInteger(defaultTtl) && defaultTtl !== 0 && defaultTtl >= -1)) {
    throw new Refused(400, "The value of 'defaultTtl' must be -1 or a positive whole number.");
  }
}

function dropHistory({ logical }: Partition): void {
  for (const [pk, slots] of logical) {
    for (const [id, slot] of slots) {
      slot.versions = slot.versions.slice(-1);
      if (!slot.versions[0]?.item) slots.delete(id);
    }
    if (slots.size === 0) logical.delete(pk);
  }
}
