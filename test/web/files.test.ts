import { zipSync } from "fflate";
import { csvOf, most, rowsIn, rowsOf, Unreadable } from "../../bot/web/page/queue/files";

const text = (content: string | Uint8Array<ArrayBuffer>, name = "rows.csv") => new File([content], name);

/** A workbook of one sheet with these cells: text as it stands, and whatever else a cell may hold. */
function workbook(cells: string, more: Record<string, Uint8Array> = {}): File {
  const xml = (body: string) => new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packaged = "http://schemas.openxmlformats.org/package/2006/relationships";
  const zip = zipSync({
    "[Content_Types].xml": xml(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`),
    "_rels/.rels": xml(
      `<Relationships xmlns="${packaged}"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    "xl/workbook.xml": xml(
      `<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="Bank" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": xml(
      `<Relationships xmlns="${packaged}"><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    "xl/worksheets/sheet1.xml": xml(`<worksheet xmlns="${main}"><sheetData>${cells}</sheetData></worksheet>`),
    ...more,
  });
  return new File([zip.slice()], "bank.xlsx");
}
const cell = (at: string, words: string) => `<c r="${at}" t="inlineStr"><is><t>${words}</t></is></c>`;

describe("CSV", () => {
  test.each([
    ["commas", "a,b\n1,2\n"],
    ["semicolons, as Excel saves it in some countries", "a;b\r\n1;2"],
    ["tabs, as cells are copied", "a\tb\n1\t2"],
    ["a mark of byte order, empty lines and spaces about", "\ufeffa , b\n\n , \n1,2"],
  ])("with %s", (_, content) => {
    expect(rowsIn(content)).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
  });

  test("separators and new lines in quotation marks are the cell's", () => {
    expect(rowsIn('a,b\n"1, one","2\ntwo"')).toEqual([
      ["a", "b"],
      ["1, one", "2\ntwo"],
    ]);
  });

  test("a quotation mark that is not closed is said", () => {
    expect(() => rowsIn('a,b\n"1,2\n3,4')).toThrow(Unreadable);
  });

  test("letters of Windows are read as such where it is no UTF-8", async () => {
    expect(await rowsOf(text(Uint8Array.from([0x5a, 0x6f, 0xeb])))).toEqual([["Zoë"]]);
    expect(await rowsOf(text("Zoë"))).toEqual([["Zoë"]]);
  });

  test("a file over 1 MB is not read", async () => {
    await expect(rowsOf(text("x".repeat(most.file + 1)))).rejects.toThrow(Unreadable);
  });

  test("what is written out is no formula in a sheet, and reads back", () => {
    const csv = csvOf([["Question"], ["=1+1"], ["Say, how?"]]);
    expect(csv).not.toMatch(/^=/m);
    expect(rowsIn(csv)[2]).toEqual(["Say, how?"]);
  });
});

describe("XLSX", () => {
  test("the first sheet's cells; of a formula its value, without working it out", async () => {
    const cells = `<row r="1">${cell("A1", "Question")}${cell("B1", "Criteria")}</row><row r="2">${cell("A2", "How?")}<c r="B2"><f>1+1</f><v>7</v></c></row>`;
    expect(await rowsOf(workbook(cells))).toEqual([
      ["Question", "Criteria"],
      ["How?", "7"],
    ]);
  });

  test("a bomb is not unfolded: one that says how large it is …", async () => {
    const bomb = workbook(`<row r="1">${cell("A1", "x")}</row>`, { "xl/sharedStrings.xml": new Uint8Array(8_000_000) });
    expect(bomb.size).toBeLessThan(most.file);
    await expect(rowsOf(bomb)).rejects.toThrow(/too large/);
  });

  test("… and one that does not: what it says is all there is room for", async () => {
    const bomb = new Uint8Array(
      await workbook(`<row r="1">${cell("A1", "x")}</row>`, {
        "xl/sharedStrings.xml": new Uint8Array(8_000_000),
      }).arrayBuffer(),
    );
    const view = new DataView(bomb.buffer);
    // Its directory and its head both claim a hundred bytes.
    for (let i = 0; i + 30 < bomb.length; i++) {
      const at = { 67324752: 22, 33639248: 24 }[view.getUint32(i, true)];
      if (at !== undefined && view.getUint32(i + at, true) === 8_000_000) view.setUint32(i + at, 100, true);
    }
    const outcome = await rowsOf(new File([bomb], "bomb.xlsx")).then(JSON.stringify, (e: Error) => e.name);
    expect(outcome.length).toBeLessThan(1_000);
  });

  test.each([
    ["no workbook", new File(["PK\u0003\u0004 nothing"], "a.xlsx")],
    ["an old one", new File([Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0])], "a.xls")],
    ["a zip of something else", new File([zipSync({ "a.txt": new Uint8Array(3) }).slice()], "a.xlsx")],
  ])("%s is said", async (_, file) => {
    await expect(rowsOf(file)).rejects.toThrow(Unreadable);
  });
});
