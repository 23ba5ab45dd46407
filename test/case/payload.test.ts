import type { z } from "zod";
import { payloads } from "../../src/case/decider";

/** Whatever is called "link" in a command's payload, however deep: a path and what judges it. */
function linksIn(schema: unknown, path: string): [string, z.ZodType][] {
  const { shape, def } = schema as { shape?: Record<string, z.ZodType>; def?: Record<string, unknown> };
  const inner = [def?.innerType, def?.element].filter((x) => x !== undefined);
  return [
    ...Object.entries(shape ?? {}).flatMap(([name, x]): [string, z.ZodType][] =>
      name === "link" ? [[path, x]] : linksIn(x, `${path}.${name}`),
    ),
    ...inner.flatMap((x) => linksIn(x, path)),
  ];
}

const links = Object.entries(payloads).flatMap(([type, schema]) => linksIn(schema, type));

describe("a link that people are shown to press", () => {
  it("is looked for in every command that brings one", () => {
    expect(links.map(([path]) => path).sort()).toEqual([
      "planning.finish.sessions",
      "planning.offer",
      "planning.schedule",
      "session.book",
      "session.move",
      "session.offer",
    ]);
  });

  it.each(links)("of %s is one of the web", (_path, judged) => {
    for (const link of ["javascript:alert(1)", "data:text/html,x", "file:///etc/hosts", "msteams:/l/x"])
      expect(judged.safeParse(link).success).toBe(false);
    expect(judged.safeParse("https://teams.example/l/1").success).toBe(true);
  });
});

describe("words", () => {
  const read = (said: string) => payloads["case.withdraw"].parse({ reason: said }).reason;

  it("given control characters or half characters stand in them, then they are taken out or marked, and lines stay", () => {
    expect(read("a\u0000b\u001b[1m\tc\r\nd\u0085")).toBe("ab[1m\tc\r\nd");
    expect(read("x\ud800y 😀")).toBe("x\ufffdy 😀");
    expect(payloads["case.withdraw"].safeParse({ reason: "\u0000 \u0007" }).success).toBe(false);
  });

  it("given they stand in a name that machines give, then it is refused", () => {
    for (const questionId of ["a\u0000", "\udc00"])
      expect(payloads["session.ask"].safeParse({ method: "m", questionId, kind: "main", criteria: [] }).success).toBe(
        false,
      );
  });
});
