import { People } from "../../bot/people";
import { openEmbedded } from "../../bot/store/embedded";
import type { Store } from "../../src/ports";
import { temporaryFolder } from "../store/folder";

let store: Store;
let people: People;
let now = "2026-02-02T09:00:00Z";

beforeEach(() => {
  now = "2026-02-02T09:00:00Z";
  store = openEmbedded(temporaryFolder());
  people = new People(store, { now: () => now });
});
afterEach(() => store.close());

const account = (objectId: string) => ({ tenantId: "tenant-1", objectId });
const ada = { name: "Ada Example", mail: "ada@example.org" };

/** Lets both rivals read before either writes: the first `n` reads of such a document wait for one another. */
function together(of: Store, id: string, n: number): Store {
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  let seen = 0;
  return {
    ...of,
    async doc<B>(pk: string, which: string) {
      const doc = await of.doc<B>(pk, which);
      if (which === id && seen < n) {
        seen += 1;
        if (seen === n) open();
        await all;
      }
      return doc;
    },
  };
}

describe("a mail address", () => {
  it("given it is known, whatever its letters' case, then it finds the same person", async () => {
    const first = await people.ensure(ada);
    expect((await people.ensure({ ...ada, mail: " ADA@example.org" })).id).toBe(first.id);
  });

  it("given it was corrected, then whoever is registered with the old one is someone else", async () => {
    const first = await people.ensure(ada);
    expect(await people.correct(first.id, "mail", "ada.example@example.org")).toBe(true);

    expect(await people.byMail("ada@example.org")).toBeUndefined();
    const other = await people.ensure({ name: "Tom Testcase", mail: "ada@example.org" });
    expect(other.id).not.toBe(first.id);
    expect(other.name).toBe("Tom Testcase");
    expect((await people.byMail("Ada.Example@example.org"))?.id).toBe(first.id);
  });

  it("given an old address was left standing, then it finds nobody, and can be anyone's", async () => {
    const first = await people.ensure(ada);
    const left = await store.docs(await mailPkOf(ada.mail));
    await people.correct(first.id, "mail", "ada.example@example.org");
    await store.putDoc(left[0]?.pk ?? "", "mail", { person: first.id }, "any");

    expect(await people.byMail(ada.mail)).toBeUndefined();
    expect((await people.ensure({ name: "Tom Testcase", mail: ada.mail })).id).not.toBe(first.id);
  });

  it("given it is somebody else's, then nobody is corrected to it, and theirs still finds them", async () => {
    const first = await people.ensure(ada);
    const ben = await people.ensure({ name: "Ben Sample", mail: "ben@example.org" });
    expect(await people.correct(ben.id, "mail", "Ada@Example.org")).toBe(false);
    expect((await people.find(ben.id))?.mail).toBe("ben@example.org");
    expect((await people.byMail("ada@example.org"))?.id).toBe(first.id);
    expect((await people.byMail("ben@example.org"))?.id).toBe(ben.id);
  });

  it("given it is corrected to itself, then it still finds its person", async () => {
    const first = await people.ensure(ada);
    expect(await people.correct(first.id, "mail", "ADA@example.org")).toBe(true);
    expect((await people.byMail("ada@example.org"))?.id).toBe(first.id);
  });

  it("given it was held and is not needed, then it is let go; a person's own stays", async () => {
    const first = await people.ensure(ada);
    expect(await people.holdMail(first.id, "new@example.org")).toBe(true);
    await people.leaveMail(first.id, "new@example.org");
    await people.leaveMail(first.id, "ada@example.org");
    expect((await people.ensure({ name: "Tom Testcase", mail: "new@example.org" })).id).not.toBe(first.id);
    expect((await people.byMail("ada@example.org"))?.id).toBe(first.id);
  });
});

describe("a code", () => {
  it("given it is new, then it binds its person's account, and no second account", async () => {
    const person = await people.ensure(ada);
    const { code } = await people.issueCode(person.id);
    expect(await people.redeem(code.toLowerCase(), account("a"))).toMatchObject({ kind: "bound" });
    expect(await people.redeem(code, account("a"))).toMatchObject({ kind: "bound" });
    expect(await people.redeem(code, account("b"))).toEqual({ kind: "used" });
    expect((await people.byBinding("tenant-1", "a"))?.id).toBe(person.id);
    expect(await people.byBinding("tenant-1", "b")).toBeUndefined();
  });

  it("given its days are over, then it binds nobody", async () => {
    const { code } = await people.issueCode((await people.ensure(ada)).id);
    now = "2026-02-16T09:00:01Z";
    expect(await people.redeem(code, account("a"))).toEqual({ kind: "expired" });
  });

  it("given the address it went to was corrected, then it binds nobody", async () => {
    const person = await people.ensure(ada);
    const { code } = await people.issueCode(person.id);
    await people.correct(person.id, "mail", "ada.example@example.org");
    expect(await people.redeem(code, account("a"))).toEqual({ kind: "unknown" });
  });

  it("given two codes are redeemed at once by one account, then it is one person's, and only they are said to be bound", async () => {
    const one = await people.ensure(ada);
    const two = await people.ensure({ name: "Ben Sample", mail: "ben@example.org" });
    const codes = [await people.issueCode(one.id), await people.issueCode(two.id)];
    const racing = new People(together(store, "binding", 2), { now: () => now });

    const results = await Promise.all(codes.map(({ code }) => racing.redeem(code, account("a"))));

    const bound = results.flatMap((r) => (r.kind === "bound" ? [r.person] : []));
    expect(bound).toHaveLength(1);
    expect(results).toContainEqual({ kind: "used" });
    const holder = await new People(store, { now: () => now }).byBinding("tenant-1", "a");
    expect(holder?.id).toBe(bound[0]?.id);
    const fresh = new People(store, { now: () => now });
    const loser = bound[0]?.id === one.id ? two : one;
    expect((await fresh.find(loser.id))?.bindings).toEqual([]);
    // The code that bound nobody is still good, for their own account.
    const unused = codes[loser.id === one.id ? 0 : 1]?.code ?? "";
    expect(await fresh.redeem(unused, account("b"))).toMatchObject({ kind: "bound", person: { id: loser.id } });
  });

  it("given it comes twice at once from one account, then both are told that it is bound", async () => {
    const person = await people.ensure(ada);
    const { code } = await people.issueCode(person.id);
    const racing = new People(together(store, "code", 2), { now: () => now });
    const results = await Promise.all([racing.redeem(code, account("a")), racing.redeem(code, account("a"))]);
    expect(results.map((r) => r.kind)).toEqual(["bound", "bound"]);
    expect((await racing.find(person.id))?.bindings).toEqual([account("a")]);
  });

  it("given it comes at once from two accounts, then one is bound and the other is not", async () => {
    const person = await people.ensure(ada);
    const { code } = await people.issueCode(person.id);
    const racing = new People(together(store, "code", 2), { now: () => now });
    const results = await Promise.all([racing.redeem(code, account("a")), racing.redeem(code, account("b"))]);
    expect(results.map((r) => r.kind).sort()).toEqual(["bound", "used"]);
    expect((await racing.find(person.id))?.bindings).toHaveLength(1);
  });
});

/** Where an address is noted: found through a store that says what was asked. */
async function mailPkOf(mail: string): Promise<string> {
  let asked = "";
  const spying: Store = {
    ...store,
    doc: <B>(pk: string, id: string) => {
      if (id === "mail") asked = pk;
      return store.doc<B>(pk, id);
    },
  };
  await new People(spying, { now: () => now }).byMail(mail);
  return asked;
}
