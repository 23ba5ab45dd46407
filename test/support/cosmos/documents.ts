import type { Answer } from "./answer";
import type { Asked } from "./asked";
import { largestRequest, runBatch } from "./batch";
import { readCharge, writeCharge } from "./charges";
import type { Container } from "./container";
import { checkId, Draft, type ItemOperation } from "./items";
import { notImplemented, Refused } from "./refused";
import { checkSession, sessionToken } from "./replicas";
import { indexedTerms } from "./terms";

/** The number of the last write that the replica which answers a read has; undefined: it has all. */
export type SightOf = (partition: Container["partitions"][number]) => number | undefined;

/** A point read, by the replica that answers. @throws Refused 404; 404/1002 when the session has seen more */
export function readDocument(container: Container, asked: Asked, sightOf: SightOf): Answer {
  const pk = keyOf(asked);
  const partition = container.partitionOf(pk);
  const sight = sightOf(partition);
  const lsn = sight ?? partition.lsn;
  const headers = { "x-ms-session-token": sessionToken(partition.id, lsn) };
  checkSession(asked.headers["x-ms-session-token"], partition.id, lsn);
  const item = container.read(pk, asked.id ?? "", sight);
  const ranges = [partition.id];
  if (!item) {
    const message = "Entity with the specified id does not exist in the system.";
    return { status: 404, body: { code: "NotFound", message }, headers, charge: 1, ranges };
  }
  if (asked.headers["if-none-match"] === item._etag) return { status: 304, headers, charge: 1, ranges };
  const charge = readCharge(Buffer.byteLength(JSON.stringify(item)));
  return { status: 200, body: item, headers: { ...headers, etag: item._etag }, charge, ranges };
}

/** A create, replacement, upsert or removal of one document. @throws Refused as the service answers it */
export function writeDocument(container: Container, asked: Asked): Answer {
  const kind = asked.kind as ItemOperation["kind"];
  const pk = keyOf(asked);
  if (asked.headers["if-none-match"]) throw notImplemented("If-None-Match at a write");
  if (Buffer.byteLength(asked.text) > largestRequest) throw new Refused(413, "Request size is too large");
  const partition = container.partitionOf(pk);
  const draft = new Draft(container, pk);
  const ifMatch = asked.headers["if-match"];
  try {
    const { status, item, bytes } = draft.apply({
      kind,
      ...(asked.id === undefined ? {} : { id: asked.id }),
      ...(asked.text ? { body: JSON.parse(asked.text) } : {}),
      ...(ifMatch ? { ifMatch } : {}),
    });
    const headers = { "x-ms-session-token": sessionToken(partition.id, draft.commit()) };
    const charge = writeCharge(bytes, item ? indexedTerms(item, container.policy) : 0);
    const etag = item ? { etag: item._etag } : {};
    return {
      status,
      body: item,
      headers: { ...headers, ...etag } as Record<string, string>,
      charge,
      ranges: [partition.id],
    };
  } catch (refusal) {
    if (refusal instanceof Refused) refusal.headers["x-ms-session-token"] = sessionToken(partition.id, partition.lsn);
    throw refusal;
  }
}

/** A transactional batch. @throws Refused for what the service refuses as a whole */
export function writeBatch(container: Container, asked: Asked): Answer {
  if (`${asked.headers["x-ms-cosmos-batch-atomic"]}`.toLowerCase() !== "true") throw notImplemented("bulk requests");
  const pk = keyOf(asked);
  const partition = container.partitionOf(pk);
  const { status, results, charge, lsn } = runBatch(
    container,
    pk,
    JSON.parse(asked.text),
    Buffer.byteLength(asked.text),
  );
  const isMinimal = asked.headers.prefer === "return=minimal";
  const body = isMinimal ? results.map(({ resourceBody: _, ...rest }) => rest) : results;
  const headers = { "x-ms-session-token": sessionToken(partition.id, lsn) };
  return { status, body, headers, charge, ranges: [partition.id] };
}

/** The partition key's value of a request on documents. @throws Refused 400 */
export function keyOf(asked: Asked): string {
  const { pk } = asked;
  if (asked.headers["x-ms-documentdb-partitionkey"] === undefined) {
    throw new Refused(400, "PartitionKey value must be supplied for this operation.");
  }
  if (pk === undefined) throw notImplemented("partition keys other than one string");
  if (Buffer.byteLength(pk) > 2048) throw new Refused(400, "Partition key is larger than the allowed 2,048 bytes.");
  if (asked.id !== undefined) checkId(asked.id);
  return pk;
}
