import { missCharge, readCharge, writeCharge } from "./charges";
import type { Container } from "./container";
import { Draft, type ItemOperation } from "./items";
import { notImplemented, Refused } from "./refused";
import { indexedTerms } from "./terms";

/** The most operations of one batch. */
export const mostOperations = 100;
/** The largest request, in bytes. */
export const largestRequest = 2 * 1024 * 1024;

/** One operation as it stands in the request. */
interface RawOperation {
  operationType: string;
  id?: string;
  resourceBody?: Record<string, unknown>;
  ifMatch?: string;
  ifNoneMatch?: string;
  partitionKey?: string;
}

/** One operation's result as it stands in the answer. */
export interface OperationResult {
  statusCode: number;
  requestCharge: number;
  eTag?: string;
  resourceBody?: unknown;
}

/** A batch's answer: 200 when all was done, 207 when one failed and nothing was. */
export interface BatchAnswer {
  status: 200 | 207;
  results: OperationResult[];
  charge: number;
  /** The number of the write for the session token. */
  lsn: number;
}

const kinds: Record<string, ItemOperation["kind"]> = {
  Create: "create",
  Read: "read",
  Replace: "replace",
  Upsert: "upsert",
  Delete: "delete",
};

/**
 * Does a transactional batch in one logical partition: all operations in their order, or none. When one fails it keeps its own
 * code and every other answers 424.
 * @throws Refused 400 for more than 100 operations or an operation of another partition, 413 above 2 MB
 */
export function runBatch(container: Container, pk: string, raw: unknown, bytes: number): BatchAnswer {
  if (!Array.isArray(raw) || raw.length === 0) throw new Refused(400, "A batch needs at least one operation.");
  if (raw.length > mostOperations) {
    throw new Refused(400, "Batch request has more operations than what is supported.");
  }
  if (bytes > largestRequest) throw new Refused(413, "Request size is too large");
  const operations = raw.map((one) => readOperation(one as RawOperation, pk));

  const draft = new Draft(container, pk);
  const results: OperationResult[] = [];
  for (const [at, operation] of operations.entries()) {
    try {
      results.push(runOne(container, draft, operation));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      const failed = { statusCode: refusal.status, requestCharge: missCharge };
      const others = { statusCode: 424, requestCharge: 0 };
      const lsn = container.partitionOf(pk).lsn;
      const charge = results.reduce((sum, result) => sum + result.requestCharge, missCharge);
      return { status: 207, results: operations.map((_, n) => (n === at ? failed : others)), charge, lsn };
    }
  }
  const charge = results.reduce((sum, result) => sum + result.requestCharge, 0);
  return { status: 200, results, charge, lsn: draft.commit() };
}

function runOne(container: Container, draft: Draft, operation: ItemOperation): OperationResult {
  const { status, item, bytes } = draft.apply(operation);
  const terms = operation.kind === "read" || !item ? 0 : indexedTerms(item, container.policy);
  const requestCharge = operation.kind === "read" ? readCharge(bytes) : writeCharge(bytes, terms);
  return { statusCode: status, requestCharge, ...(item ? { eTag: item._etag, resourceBody: item } : {}) };
}

function readOperation(raw: RawOperation, pk: string): ItemOperation {
  const kind = kinds[raw.operationType];
  if (!kind) throw notImplemented(`batch operation ${raw.operationType}`);
  if (raw.ifNoneMatch) throw notImplemented("ifNoneMatch in a batch");
  if (raw.partitionKey !== undefined && JSON.stringify(JSON.parse(raw.partitionKey)) !== JSON.stringify([pk])) {
    throw new Refused(400, "PartitionKey of an operation doesn't match the one specified in the header.", 1001);
  }
  return {
    kind,
    ...(raw.id === undefined ? {} : { id: raw.id }),
    ...(raw.resourceBody ? { body: raw.resourceBody } : {}),
    ...(raw.ifMatch ? { ifMatch: raw.ifMatch } : {}),
  };
}
