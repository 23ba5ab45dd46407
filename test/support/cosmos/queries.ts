import type { Answer } from "./answer";
import { type Asked, says } from "./asked";
import { queryCharge } from "./charges";
import type { Container, Partition } from "./container";
import { keyOf, type SightOf } from "./documents";
import { effectiveKey } from "./hash";
import type { Json, Query } from "./query/ast";
import type { Names } from "./query/evaluate";
import { checkIndexed } from "./query/indexed";
import { type Page, type Place, pageOf, placeOf, type Scope, tokenOf } from "./query/page";
import { parseQuery } from "./query/parse";
import { keyAsked, needsPlan, planOf } from "./query/plan";
import { rangeOf } from "./ranges";
import { notImplemented, Refused } from "./refused";
import { checkSession, sessionToken } from "./replicas";

interface Question {
  query: Query;
  names: Names;
}

/** The plan of a query, for a client that asks several partitions itself. @throws Refused 400 */
export function planQuery(container: Container, asked: Asked): Answer {
  const { query, names } = questionOf(asked);
  checkIndexed(query, container.policy, asked.pk !== undefined);
  return { status: 200, body: planOf(query, names, container.keyProperty), charge: 0 };
}

/**
 * One page of a query: within one partition key's value, in one physical partition, or, for what needs no merging, through
 * all partitions one after the other.
 * @throws Refused 400 for what is not implemented, no index serves or only a client can merge; 410 for an unknown partition
 */
export function runQuery(container: Container, asked: Asked, sightOf: SightOf): Answer {
  const { query, names } = questionOf(asked);
  const isScoped = asked.headers["x-ms-documentdb-partitionkey"] !== undefined;
  checkIndexed(query, container.policy, isScoped);
  const { headers } = asked;
  const rangeId = headers["x-ms-documentdb-partitionkeyrangeid"];

  let scopes: Scope[];
  if (isScoped) scopes = [{ partition: container.partitionOf(keyOf(asked)), pk: keyOf(asked) }];
  else if (rangeId !== undefined) scopes = [{ partition: partitionById(container, `${rangeId}`), ...hashes(asked) }];
  else scopes = gatewayScopes(container, query, names, asked);

  // Only now: the SDK first shows its own tokens to the gateway, which answers that a plan is needed.
  const continuation = headers["x-ms-continuation"];
  const from = typeof continuation === "string" ? placeOf(continuation, query) : undefined;
  const at = from ? scopes.findIndex(({ partition }) => partition.id === from.range) : 0;
  const scope = scopes[at];
  if (!scope) throw new Refused(400, "Invalid Continuation Token");
  const next = scopes[at + 1]?.partition;
  return answerPage(
    container,
    { query, names },
    { ...scope, sight: sightOf(scope.partition) },
    asked,
    from?.after,
    next,
  );
}

function answerPage(
  container: Container,
  { query, names }: Question,
  scope: Scope,
  asked: Asked,
  from: Place | undefined,
  next: Partition | undefined,
): Answer {
  const { partition } = scope;
  const lsn = scope.sight ?? partition.lsn;
  checkSession(asked.headers["x-ms-session-token"], partition.id, lsn);
  const page = pageOf(container, scope, query, names, pageSize(asked), from);
  const token = continuationOf(page, partition, next, query);
  return {
    status: 200,
    body: { _rid: container.rid, Documents: page.documents, _count: page.documents.length },
    headers: {
      "x-ms-item-count": `${page.documents.length}`,
      "x-ms-session-token": sessionToken(partition.id, lsn),
      ...(token === undefined ? {} : { "x-ms-continuation": token }),
    },
    charge: queryCharge(page.bytes, page.matched),
    ranges: [partition.id],
  };
}

function continuationOf(page: Page, { id }: Partition, next: Partition | undefined, query: Query): string | undefined {
  if (page.after) return tokenOf({ range: id, after: page.after }, query);
  return next && tokenOf({ range: next.id }, query);
}

/** The partitions that the service's gateway asks one after the other. */
function gatewayScopes(container: Container, query: Query, names: Names, asked: Asked): Scope[] {
  if (!says(asked.headers, "x-ms-documentdb-query-enablecrosspartition")) {
    throw new Refused(400, "Cross partition query is required but disabled.");
  }
  if (needsPlan(query)) {
    const additionalErrorInfo = JSON.stringify(planOf(query, names, container.keyProperty));
    const message = "The provided cross partition query can not be directly served by the gateway.";
    throw new Refused(400, message, 1004, { additionalErrorInfo });
  }
  const key = keyAsked(query, names, container.keyProperty);
  const partitions = key === undefined ? container.partitions : [rangeOf(container.partitions, key)];
  return partitions.map((partition) => ({ partition }));
}

function partitionById(container: Container, id: string): Partition {
  const partition = container.partitions.find((one) => one.id === id);
  if (!partition) throw new Refused(410, "The requested partition key range does not exist.", 1002);
  return partition;
}

/** A narrower piece of the hash space that the SDK asks for when it takes a query up after a split. */
function hashes({ headers }: Asked): { within?: (pk: string) => boolean } {
  const [min, max] = [headers["x-ms-start-epk"], headers["x-ms-end-epk"]];
  if (min === undefined || max === undefined) return {};
  return {
    within: (pk) => {
      const key = effectiveKey(pk);
      return `${min}` <= key && key < `${max}`;
    },
  };
}

function pageSize({ headers }: Asked): number {
  const size = Number(headers["x-ms-max-item-count"] ?? 100);
  return size > 0 ? size : 1000;
}

function questionOf({ text }: Asked): Question {
  const { query, parameters = [] } = JSON.parse(text) as {
    query: string;
    parameters?: { name: string; value: Json }[];
  };
  if (typeof query !== "string") throw new Refused(400, "The query is missing.");
  if (Buffer.byteLength(query) > 512 * 1024) throw notImplemented("queries of more than 512 KB");
  return { query: parseQuery(query), names: new Map(parameters.map(({ name, value }) => [name, value])) };
}
