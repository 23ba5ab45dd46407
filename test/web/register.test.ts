import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { rowsIn } from "../../bot/web/page/queue/files";
import { RegisterAnswer, type RegisteredRow } from "../../bot/web/registerShape";
import { columns, dayIn } from "../../bot/web/registerTable";
import type { Case } from "../../src/case/case";
import { temporaryFolder } from "../store/folder";
import { gq, journey, people, tquk } from "../support/case";
import { type As, Office, oidOf } from "./office";

let office: Office;
const coordinator: As = { person: people.coordinator };
const titles = columns.map((c) => c.title);
beforeEach(async () => {
  office = await new Office(temporaryFolder()).start();
  await office.staff(tquk.body.id, people.coordinator, ["coordinator"]);
  await office.staff(tquk.body.id, people.assessor, ["assessor"]);
  office.now = "2026-03-17T09:12:00Z";
});
afterEach(() => office.stop());

type Cells = Partial<Record<(typeof columns)[number]["title"], string>>;
/** A row of the template for the n-th apprentice, with whatever is to be otherwise. */
const row = (n: number, also: Cells = {}): string[] => {
  const cells: Cells = {
    Apprentice: `Nia Newcomer ${n}`,
    "Apprentice mail": `nia${n}@example.com`,
    Firm: "Fictional Foods Ltd",
    "Employer contact": "Dev Fiction",
    "Employer mail": "dev.fiction@example.com",
    "Training provider contact": "Priya Pretend",
    "Training provider mail": "priya.pretend@example.com",
    "Programme start": "2024-09-02",
    ...also,
  };
  return titles.map((t) => cells[t] ?? "");
};
async function send(what: "check" | "register", rows: string[][], as: As = coordinator, header: string[] = titles) {
  const response = await office.work(as, "register", { do: what, rows: [header, ...rows] });
  expect(response.status).toBe(200);
  return RegisterAnswer.parse(await response.json());
}
const said = (r: RegisteredRow | undefined) => r?.problems.map(({ column }) => column);
const stored = async () => {
  const found: string[] = [];
  for await (const pk of office.store.partitions()) if (pk.startsWith("case:")) found.push(pk);
  return found;
};

describe("looked at first", () => {
  test("good rows are ready, and nothing is written: no case, no person", async () => {
    const { rows, problems, ignored } = await send("check", [row(1), row(2, { Reference: "ex-2026-0500" })]);
    expect([problems, ignored]).toEqual([[], []]);
    expect(rows).toMatchObject([
      { n: 1, state: "ready", ref: null, name: "Nia Newcomer 1", problems: [] },
      { n: 2, state: "ready", ref: "EX-2026-0500", problems: [] },
    ]);
    expect(await stored()).toEqual([]);
    expect(await office.desk.o.people.byMail("nia1@example.com")).toBeUndefined();
  });

  test.each<[string, Cells, string | null]>([
    ["a mail address that is none", { "Apprentice mail": "nia" }, "Apprentice mail"],
    ["a cell left empty", { Firm: " " }, "Firm"],
    ["no date", { "Programme start": "soon" }, "Programme start"],
    ["a day that is none", { "Programme start": "31/02/2024" }, "Programme start"],
    ["a start that is still to come", { "Programme start": "2026-09-01" }, "Programme start"],
    ["another body's", { "Awarding body": "Gateway Qualifications" }, "Awarding body"],
    ["a body that is none", { "Awarding body": "Nobody" }, "Awarding body"],
    ["an exception that is none", { "English and maths exceptions": "left-handed" }, "English and maths exceptions"],
    ["a reference that is too long", { Reference: "EX-2026-0000000000000001" }, "Reference"],
    ["one person in two parts", { "Employer mail": "nia1@example.com" }, "Employer mail"],
    [
      "somebody known by another name",
      { "Employer contact": "Devon Fiction", "Employer mail": "known@example.com" },
      "Employer contact",
    ],
    ["a reference that another case has", { Reference: "EX-2026-0147" }, "Reference"],
  ])("%s is said beside its column", async (_, also, column) => {
    await office.put(journey(tquk).registered());
    const known = await office.desk.o.people.ensure({ name: "Dev Fiction", mail: "known@example.com" });
    await office.put(journey(tquk, "case-2").registered({ ref: "EX-2026-0148", employer: known.id }));
    const { rows } = await send("check", [row(1, also), row(2)]);
    expect(rows.map(({ state }) => state)).toEqual(["refused", "ready"]);
    expect(said(rows[0])).toEqual([column]);
    // The same is refused by what writes.
    expect((await send("register", [row(1, also)])).rows[0]?.state).toBe("refused");
    expect(await office.desk.o.people.byMail("nia1@example.com")).toBeUndefined();
  });

  test("all that stands against a row is said in one round, also beside what has no shape", async () => {
    await office.put(journey(tquk).registered());
    const many = row(1, {
      Reference: "EX-2026-0147",
      "Awarding body": "Nobody",
      "Programme start": "2026-09-01",
      Firm: "",
      "Training provider mail": "nia1@example.com",
    });
    const columns = ["Awarding body", "Firm", "Employer mail", "Reference", "Programme start"];
    for (const what of ["check", "register"] as const)
      expect(said((await send(what, [many])).rows[0])?.sort()).toEqual([...columns].sort());
    // What is not there yet has nothing else against it.
    expect(said((await send("check", [row(2, { "Programme start": "", "Employer mail": "dev" })])).rows[0])).toEqual([
      "Programme start",
      "Employer mail",
    ]);
    expect(await stored()).toHaveLength(1);
  });

  test("of a row without a body, only what both bodies would say is said", async () => {
    await office.staff(gq.body.id, people.coordinator, ["coordinator"]);
    const theirs = tquk.rules.englishAndMaths.exceptions.find(
      (x) => !gq.rules.englishAndMaths.exceptions.some((y) => y.id === x.id),
    );
    const open = row(1, { "Programme start": "2026-09-01", "English and maths exceptions": theirs?.title ?? "" });
    expect(said((await send("check", [open])).rows[0])).toEqual(["Awarding body", "Programme start"]);
  });

  test("a day that the calendar has not is said to be none, with how one is written", async () => {
    const { rows } = await send("check", [row(1, { "Programme start": "31/02/2025" })]);
    expect(rows[0]?.problems[0]?.says).toMatch(/calendar.*20\d\d-\d\d-\d\d/);
  });

  test("the same twice in a file, and an address under two names, are said with the row they stand in first", async () => {
    const { rows } = await send("check", [
      row(1, { Reference: "EX-1" }),
      row(1, { Reference: "EX-1" }),
      row(2, { Reference: "EX-1" }),
      row(1, { Reference: "EX-2" }),
      row(5, { "Employer contact": "Somebody Else" }),
    ]);
    expect(rows.map(({ state }) => state)).toEqual(["ready", "refused", "refused", "refused", "refused"]);
    expect(rows.slice(1).map(said)).toEqual([[null], ["Reference"], ["Apprentice mail"], ["Employer contact"]]);
    for (const { problems } of rows.slice(1)) expect(problems[0]?.says).toMatch(/row 1/);
  });

  test("somebody whose case is open is not registered a second time: the case is named, before and when it is sent", async () => {
    const [first] = (await send("register", [row(1)])).rows;
    const again = row(1, { "Programme start": "2024-10-01" });
    for (const what of ["check", "register"] as const) {
      const { rows } = await send(what, [again, row(2)]);
      expect(rows[0]).toMatchObject({ state: "refused", problems: [{ column: "Apprentice mail" }] });
      expect(rows[0]?.problems[0]?.says).toContain(first?.ref);
      expect(rows[1]?.state).not.toBe("refused");
    }
    // Once it is closed, it is in nobody's way.
    const known = await office.known(people.coordinator);
    const seen = await office.desk.byRef(known, first?.ref ?? "");
    await office.desk.run(known, seen?.c.id ?? "", "case.withdraw", { reason: "Left" }, { id: "withdraw" });
    expect((await send("check", [again])).rows[0]?.state).toBe("ready");
  });

  test("an open case under another body is neither told nor in the way", async () => {
    const ada = await office.desk.o.people.ensure({ name: "Nia Newcomer 1", mail: "nia1@example.com" });
    await office.put(journey(gq, "case-7").registered({ ref: "GQ-2026-0009", apprentice: ada.id }));
    const { rows } = await send("check", [row(1)]);
    expect([rows[0]?.state, JSON.stringify(rows)]).toEqual(["ready", expect.not.stringContaining("GQ-2026")]);
  });

  test("columns in any order, with capitals and spaces of one's own; a column that is not known is told", async () => {
    const shuffled = [...titles].reverse();
    const header = [...shuffled.map((t) => ` ${t.toUpperCase()} `), "Shoe size"];
    const cells = [...row(1, { "Programme start": "2/9/2024" })].reverse();
    const { rows, ignored } = await send("check", [[...cells, "42"]], coordinator, header);
    expect([rows[0]?.state, ignored]).toEqual(["ready", ["Shoe size"]]);
  });

  test("a table without its columns has no rows, and says which are missing", async () => {
    const { rows, problems } = await send("check", [["Nia"]], coordinator, ["Apprentice"]);
    expect(rows).toEqual([]);
    expect(problems[0]).toContain("Programme start");
    expect((await send("check", [])).problems).toHaveLength(1);
  });

  test.each([
    ["2024-09-02", "2024-09-02"],
    ["02/09/2024", "2024-09-02"],
    ["2.9.2024", "2024-09-02"],
    ["09/31/2024", "09/31/2024"],
    ["2 Sept", "2 Sept"],
  ])("the day %s is read as %s", (text, iso) => {
    expect(dayIn(text)).toBe(iso);
  });
});

describe("then registered", () => {
  test("row by row, each with the next free reference, its people made, the pack found", async () => {
    const { rows } = await send("register", [row(1), row(2), row(3, { Firm: "" })]);
    expect(rows.map(({ state, ref }) => [state, ref])).toEqual([
      ["registered", "TQUK-2026-0001"],
      ["registered", "TQUK-2026-0002"],
      ["refused", null],
    ]);
    const pk = await office.store.byRef("TQUK-2026-0002");
    const c = (await office.store.head<Case>(pk ?? ""))?.state;
    expect(c).toMatchObject({ packId: tquk.id, employerName: "Fictional Foods Ltd", programmeStart: "2024-09-02" });
    const told = (await office.store.notices(pk ?? "")).map(({ to }) => to);
    expect(told).toEqual(expect.arrayContaining(Object.values(c?.parties ?? { none: "none" })));
    expect((await office.desk.o.people.byMail("nia2@example.com"))?.id).toBe(c?.parties.apprentice);
  });

  test("sent again, or after a stop in between, nothing is done twice, and the references are told again", async () => {
    const rows = [row(1), row(2), row(3)];
    // The first try came to its second row.
    const first = await send("register", rows.slice(0, 2));
    const again = await send("register", rows);
    expect(again.rows.map(({ ref }) => ref)).toEqual([...first.rows.map(({ ref }) => ref), "TQUK-2026-0003"]);
    expect(await stored()).toHaveLength(3);
    expect((await send("check", rows)).rows.map(({ state }) => state)).toEqual(Array(3).fill("registered"));
  });

  test("a corrected file registers what was wrong, and leaves what was right as it is", async () => {
    await send("register", [row(1), row(2, { "Apprentice mail": "nia2" })]);
    const { rows } = await send("register", [row(1), row(2)]);
    expect(rows.map(({ ref }) => ref)).toEqual(["TQUK-2026-0001", "TQUK-2026-0002"]);
    expect(await stored()).toHaveLength(2);
  });

  test("two who send the same file at once: each apprentice is registered once", async () => {
    await office.bind("tom-testcase", "Tom Testcase");
    await office.staff(tquk.body.id, "tom-testcase", ["coordinator"]);
    await send("register", [row(1)]);
    const other = await send("check", [row(1)], { person: "tom-testcase" });
    expect(other.rows[0]).toMatchObject({ state: "refused", problems: [{ column: "Apprentice mail" }] });
    expect((await send("register", [row(1)], { person: "tom-testcase" })).rows[0]?.state).toBe("refused");
    expect(await stored()).toHaveLength(1);
  });

  test("a reference taken meanwhile is replaced by the next free one", async () => {
    const { desk } = office;
    const suggest = desk.suggestRef.bind(desk);
    let late = true;
    desk.suggestRef = async (bodyId) => {
      const ref = await suggest(bodyId);
      if (late) await office.put(journey(tquk, "rival").registered({ ref }));
      late = false;
      return ref;
    };
    const { rows } = await send("register", [row(1)]);
    expect(rows[0]).toMatchObject({ state: "registered", ref: "TQUK-2026-0002" });
  });
});

describe("hostile", () => {
  test.each(["assessor", "iqa", "auditor", "apprentice", "employer", "provider"] as const)(
    "%s registers nobody",
    async (role) => {
      const response = await office.work({ person: people[role] }, "register", {
        do: "register",
        rows: [titles, row(1)],
      });
      expect([response.status, (await response.json()).error.code]).toEqual([403, "NotStaff"]);
      expect(await stored()).toEqual([]);
    },
  );

  test("a coordinator of one body registers for no other, by name or by id", async () => {
    for (const name of [gq.body.id, gq.body.name, gq.body.short])
      expect((await send("register", [row(1, { "Awarding body": name })])).rows[0]?.state).toBe("refused");
    expect(await stored()).toEqual([]);
  });

  test.each<[string, () => unknown, number]>([
    ["no rows", () => ({ do: "check", rows: [] }), 400],
    ["501 rows", () => ({ do: "check", rows: [titles, ...Array.from({ length: 501 }, (_, n) => row(n))] }), 400],
    [
      "21 rows to register at once",
      () => ({ do: "register", rows: [titles, ...Array.from({ length: 21 }, (_, n) => row(n))] }),
      400,
    ],
    ["41 columns", () => ({ do: "check", rows: [Array(41).fill("x")] }), 400],
    ["a cell of 1,001 characters", () => ({ do: "check", rows: [titles, row(1, { Firm: "x".repeat(1_001) })] }), 400],
    ["numbers for cells", () => ({ do: "check", rows: [[1, 2]] }), 400],
    ["fields of its own", () => ({ do: "check", rows: [titles], by: people.coordinator }), 400],
    ["2 MB", () => ({ do: "check", rows: [titles, ["x".repeat(2_000_000)]] }), 413],
    ["no JSON", () => "rows", 400],
  ])("%s is refused whole", async (_, body, status) => {
    expect((await office.work(coordinator, "register", body())).status).toBe(status);
    expect(await stored()).toEqual([]);
  });

  test("names that would be a formula, a path, markup or a prototype are names", async () => {
    const wild = ["=cmd|' /C calc'!A0", "../../etc", "<b>Nia</b>", "__proto__", "constructor"];
    const { rows } = await send(
      "register",
      wild.map((name, n) => row(n, { Apprentice: name })),
    );
    expect(rows.map(({ state }) => state)).toEqual(Array(wild.length).fill("registered"));
    expect((await office.desk.o.people.byMail("nia2@example.com"))?.name).toBe("<b>Nia</b>");
  });

  test("without a token that counts, nothing is read or written", async () => {
    const authorization = `Bearer ${office.entra.token({ oid: oidOf(people.coordinator) }, { exp: 1 })}`;
    const { reads } = office;
    const body = { do: "register", rows: [titles, row(1)] };
    for (const as of [{}, { authorization }]) expect((await office.work(as, "register", body)).status).toBe(401);
    expect([office.reads, await stored()]).toEqual([reads, []]);
  });
});

test("the template has the columns, and its own rows are found good", async () => {
  const file = path.resolve(__dirname, "../../bot/web/page/registration-template.csv");
  expect(existsSync(file)).toBe(true);
  const [header = "", ...rows] = readFileSync(file, "utf8")
    .replace(/^\ufeff/, "")
    .trim()
    .split(/\r?\n/);
  expect(header.split(",")).toEqual(titles);
  expect(rows).toEqual([]);
});

test("five hundred rows are looked at in one go, as a sheet saves them", async () => {
  const rows = Array.from({ length: 500 }, (_, n) => row(n));
  expect((await send("check", rows)).rows.filter(({ state }) => state === "ready")).toHaveLength(500);
  // Twenty of them twice, some with the firm's name over two lines; saved with semicolons and a mark of byte order.
  const mixed = [...rows.slice(0, 480), ...rows.slice(0, 20)].map((cells, n) =>
    cells.map((cell) => (n % 7 === 0 && cell === "Fictional Foods Ltd" ? '"Fictional\nFoods Ltd"' : cell)),
  );
  const saved = `\ufeff${[titles, ...mixed].map((cells) => cells.join(";")).join("\r\n")}\r\n`;
  const [header = [], ...read] = rowsIn(saved);
  const told = await send("check", read, coordinator, header);
  expect(told.rows.map(({ state }) => state)).toEqual([...Array(480).fill("ready"), ...Array(20).fill("refused")]);
  expect(told.rows[480]?.problems[0]?.says).toContain("row 1 ");
});
