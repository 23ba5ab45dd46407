/**
 * The input beside which a problem of the payload's own shape belongs, from the path at which the schema found it: the path's
 * names, but for what one input becomes in a payload.
 */
export function inputAt(path: readonly PropertyKey[], payload: unknown): string | undefined {
  const [first, second, third] = path.map(String);
  if (first === undefined) return undefined;
  switch (first) {
    case "at":
      return "date";
    case "link":
      return "where";
    case "slots":
      return second === undefined ? "slot-1" : `slot-${Number(second) + 1}`;
    case "meeting":
      return "lobby";
    case "sessions": {
      const method = methodAt(payload, second);
      if (method === undefined) return undefined;
      return `${method}-${third === undefined || third === "on" ? "date" : (inputAt([third], payload) ?? third)}`;
    }
    case "mapping":
      return second === undefined ? first : `mapping-${second}`;
    case "marks":
      return second === undefined ? undefined : `mark-${second}`;
    case "regrade":
      return second === "grade" ? "regrade-grade" : first;
    case "apprentice":
    case "employer":
    case "provider":
      return second === undefined ? first : `${first}-${second}`;
    default:
      return first;
  }
}

function methodAt(payload: unknown, index: string | undefined): string | undefined {
  const sessions = (payload as { sessions?: unknown } | null)?.sessions;
  const method: unknown = Array.isArray(sessions) ? sessions[Number(index)]?.method : undefined;
  return typeof method === "string" ? method : undefined;
}
