import type * as restify from "restify";

/** The query by name; one said twice is kept as a list, which no shape takes. */
export function queryOf(request: restify.Request): Record<string, string | string[]> {
  const url = request.url ?? "";
  const query = new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?")) : "");
  const names = new Set(query.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const values = query.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
