import { randomUUID } from "node:crypto";
import type { Container, Item } from "./container";
import { Refused } from "./refused";

/** One operation on one document. */
export interface ItemOperation {
  kind: "create" | "read" | "replace" | "upsert" | "delete";
  /** The document's id; for a create or an upsert that of the body. */
  id?: string;
  body?: Record<string, unknown>;
  ifMatch?: string;
  ifNoneMatch?: string;
}

/** What an operation did. */
export interface ItemOutcome {
  status: 200 | 201 | 204;
  item?: Item;
  /** The document's size in bytes as JSON, for the charge: of what was written, read or removed. */
  bytes: number;
}

/** The service's limit for a document, in bytes of its JSON in UTF-8. */
export const largestItem = 2 * 1024 * 1024;

interface Change {
  item: Item | undefined;
  order: number;
  rid: string;
}

/** The changes of one request to one logical partition, not yet written: a batch stages them and commits all or none. */
export class Draft {
  private readonly changes = new Map<string, Change>();

  constructor(
    private readonly container: Container,
    private readonly pk: string,
  ) {}

  /**
   * Does one operation within the draft.
   * @throws Refused 400 (id, body or partition), 404, 409, 412 or 413, as the service answers it
   */
  apply(operation: ItemOperation): ItemOutcome {
    const { kind, body } = operation;
    const id = kind === "create" || kind === "upsert" ? (body?.id as string) : (operation.id ?? "");
    const before = this.current(id);
    if (kind === "create" || kind === "upsert") {
      this.check(body);
      if (before && kind === "create")
        throw new Refused(409, "Entity with the specified id already exists in the system.");
    } else if (!before) {
      throw new Refused(404, "Entity with the specified id does not exist in the system.", 0);
    }
    if (kind === "replace") {
      this.check(body);
      if (body?.id !== id) throw new Refused(400, "The document id in the body differs from that of the address.");
    }
    if (before && operation.ifMatch && operation.ifMatch !== "*" && operation.ifMatch !== before._etag) {
      throw new Refused(412, "One of the specified pre-condition is not met.");
    }
    if (kind === "read") return { status: 200, item: before, bytes: sizeOf(before) };
    if (kind === "delete") {
      this.changes.set(id, { ...this.placeOf(id), item: undefined });
      return { status: 204, bytes: sizeOf(before) };
    }
    // A document made after another's end is a new one, with a resource id of its own.
    const place = before ? this.placeOf(id) : this.container.nextRid();
    const item = this.made(body ?? {}, place.rid);
    this.changes.set(id, { ...place, item });
    return { status: before ? 200 : 201, item, bytes: sizeOf(item) };
  }

  /** Writes what was staged. @returns the number of the write, or of the last one when nothing was staged */
  commit(): number {
    if (this.changes.size === 0) return this.container.partitionOf(this.pk).lsn;
    return this.container.commit(this.pk, this.changes);
  }

  private current(id: string): Item | undefined {
    const staged = this.changes.get(id);
    return staged ? staged.item : this.container.read(this.pk, id);
  }

  private placeOf(id: string): { order: number; rid: string } {
    const known = this.changes.get(id) ?? this.container.partitionOf(this.pk).logical.get(this.pk)?.get(id);
    if (!known) throw new Error(`No place of ${id}`);
    return { order: known.order, rid: known.rid };
  }

  private made(body: Record<string, unknown>, rid: string): Item {
    const item: Item = {
      ...body,
      id: body.id as string,
      _rid: rid,
      _self: `${this.container.definition._self}docs/${rid}/`,
      _etag: `"${randomUUID()}"`,
      _attachments: "attachments/",
      _ts: Math.floor(this.container.clock.now() / 1000),
    };
    if (sizeOf(item) > largestItem) throw new Refused(413, "Request size is too large");
    return item;
  }

  private check(body: Record<string, unknown> | undefined): void {
    if (!body || typeof body !== "object" || Array.isArray(body))
      throw new Refused(400, "The body must be a document.");
    checkId(body.id);
    if (body[this.container.keyProperty] !== this.pk) {
      const message = "PartitionKey extracted from document doesn't match the one specified in the header.";
      throw new Refused(400, message, 1001);
    }
    const { ttl } = body;
    if (ttl !== undefined && !(Number.isInteger(ttl) && ttl !== 0 && (ttl as number) >= -1)) {
      throw new Refused(400, "The value of 'ttl' must be -1 or a positive whole number.");
    }
  }
}

/** @throws Refused 400 unless it is an id the service takes: 1 to 1,023 bytes, without `/`, `\`, `?`, `#`, no space at the end */
export function checkId(id: unknown): asserts id is string {
  const isFit = typeof id === "string" && id !== "" && Buffer.byteLength(id) <= 1023 && !/[/\\?#]| $/.test(id);
  if (!isFit)
    throw new Refused(400, "The input content is invalid because the required properties - 'id; ' - are missing.");
}

/** A document's size in bytes as JSON in UTF-8. */
export const sizeOf = (item: unknown): number => (item === undefined ? 0 : Buffer.byteLength(JSON.stringify(item)));
