import { checkStore } from "../../bot/store/chainCheck";
import { refold } from "../../bot/store/refold";
import { type Product, product } from "../support/service";

/** What a first start shows. */
describe("given a first start with its two samples", () => {
  let p: Product;
  beforeAll(async () => {
    p = await product({ samples: true });
  });
  afterAll(() => p.stop());

  test("the coordinator's list holds both, and each opens as a card with its next step", async () => {
    const cora = p.teams.as("coordinator");
    await cora.say("cases");
    expect((await cora.lastCard()).text).toContain("EX-2026-0147");
    await cora.say("case ex-2026-0147");
    expect((await cora.lastCard()).text).toContain("Stage 3 of 5: Hand-in");
  });

  test("the record is whole, and its events make the present states", async () => {
    const { store, chance } = p.service.ports;
    expect(await checkStore(store, chance.digest, refold)).toMatchObject({ ok: true, partitions: 4 });
    const altered = {
      ...store,
      head: async (pk: string) => {
        const head = await store.head<object>(pk);
        return head && pk === "case:sample-ada"
          ? { ...head, state: { ...head.state, employerName: "Another Ltd" } }
          : head;
      },
    } as typeof store;
    expect(await checkStore(altered, chance.digest, refold)).toMatchObject({
      ok: false,
      pk: "case:sample-ada",
      why: "state",
    });
  });

  test("a question that the bank does not hold is refused beside its input, before anything else", async () => {
    const { desk, people } = p.service;
    const account = p.teams.local.people().find((x) => x.id === "ben");
    const tenantId = account?.tenantId ?? "";
    const objectId = account?.aadObjectId?.toLowerCase() ?? "";
    const person = await people.byBinding(tenantId, objectId);
    if (!person) throw new Error("Nobody is Ben");
    const ben = {
      kind: "known" as const,
      person,
      tenantId,
      objectId,
      staff: new Map([["tquk", ["assessor" as const]]]),
    };
    const ask = async (questionId: string) => {
      const data = { method: "project", questionId, kind: "main", criteria: [] };
      const { outcome } = await desk.run(ben, "sample-ada", "session.ask", data, { id: `ask-${questionId}` });
      return outcome.kind === "refused" ? outcome.problems.map((x) => [x.code, x.input]) : outcome.kind;
    };
    expect(await ask("project-Q999")).toEqual([["INPUT_UNREADABLE", "questionId"]]);
    expect(await ask("project-Q1")).toEqual([["SESSION_STATE", undefined]]);
  });
});
