import type { IncomingHttpHeaders } from "node:http";

/** The kinds of operation that are counted and that faults are aimed at; `plan` is a query's plan, `pkranges` the ranges. */
export type Kind =
  | "account"
  | "database"
  | "container"
  | "pkranges"
  | "offer"
  | "read"
  | "create"
  | "replace"
  | "upsert"
  | "delete"
  | "batch"
  | "query"
  | "plan"
  | "other";

/** A request as understood before anything is done. */
export interface Asked {
  kind: Kind;
  method: string;
  /** The address's segments, decoded: `dbs`, name, `colls`, name, `docs`, id. */
  path: string[];
  headers: IncomingHttpHeaders;
  text: string;
  /** The partition key's value as sent in the header, where it is one string. */
  pk?: string;
  /** The document's id, where the address holds one. */
  id?: string;
}

/** Understands a request by its method, address and headers. */
export function readAsked(method: string, url: string, headers: IncomingHttpHeaders, text: string): Asked {
  const path = new URL(url, "http://double").pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const pk = keyOf(headers["x-ms-documentdb-partitionkey"]);
  const id = path[4] === "docs" ? path[5] : undefined;
  return {
    kind: kindOf(method, path, headers),
    method,
    path,
    headers,
    text,
    ...(pk === undefined ? {} : { pk }),
    ...(id === undefined ? {} : { id }),
  };
}

/** True when a header says so, in whatever case. */
export const says = (headers: IncomingHttpHeaders, name: string): boolean =>
  `${headers[name]}`.toLowerCase() === "true";

function kindOf(method: string, path: string[], headers: IncomingHttpHeaders): Kind {
  const [first, , second, , third] = path;
  if (!first) return method === "GET" ? "account" : "other";
  if (first === "offers") return "offer";
  if (first !== "dbs") return "other";
  if (path.length <= 2) return "database";
  if (second !== "colls") return "other";
  if (path.length <= 4) return "container";
  if (third === "pkranges") return "pkranges";
  if (third !== "docs") return "other";
  if (path.length === 6) return onDocument[method] ?? "other";
  if (method !== "POST") return "other";
  if (says(headers, "x-ms-cosmos-is-query-plan-request")) return "plan";
  if (says(headers, "x-ms-documentdb-isquery")) return "query";
  if (says(headers, "x-ms-cosmos-is-batch-request")) return "batch";
  return says(headers, "x-ms-documentdb-is-upsert") ? "upsert" : "create";
}

const onDocument: Record<string, Kind> = { GET: "read", PUT: "replace", DELETE: "delete" };

function keyOf(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string") return undefined;
  try {
    const values = JSON.parse(header) as unknown;
    return Array.isArray(values) && values.length === 1 && typeof values[0] === "string" ? values[0] : undefined;
  } catch {
    return undefined;
  }
}
