import { unzipSync } from "fflate";
import Papa from "papaparse";
import { readSheet } from "read-excel-file/universal";

/**
 * Rows of cells from a file that somebody chose or text that they pasted. Files are read here, on their computer: what is sent is
 * text, and no archive is ever unfolded by the service. Of a workbook the first sheet's values are read; formulas, macros and
 * links are not looked at.
 */

/**
 * Bytes of a file; of an XLSX what it may unfold to, in all and each part of it, and how many parts there may be. A larger part
 * would be unfolded by a worker made of text, which the page's policy does not allow.
 */
export const most = { file: 1024 * 1024, unfolded: 4 * 1024 * 1024, part: 512 * 1024 - 1, parts: 200 } as const;

/** Why a file cannot be read, in a sentence. */
export class Unreadable extends Error {
  override name = "Unreadable";
}

/** @throws Unreadable */
export async function rowsOf(file: File): Promise<string[][]> {
  if (file.size > most.file)
    throw new Unreadable("The file is larger than 1 MB. Split it, and send the parts one by one.");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (zipped) return trimmed(await sheet(bytes));
  if (/\.xlsx?$/i.test(file.name)) throw new Unreadable("This is no XLSX workbook. Save it as XLSX or CSV.");
  return rowsIn(textOf(bytes));
}

/** CSV, or cells copied from a sheet: the separator is found out. @throws Unreadable */
export function rowsIn(text: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\ufeff/, ""), {
    skipEmptyLines: "greedy",
    delimitersToGuess: [",", ";", "\t", "|"],
  });
  const [broken] = errors.filter(({ type }) => type === "Quotes");
  if (broken) throw new Unreadable(`A quotation mark is not closed in row ${(broken.row ?? 0) + 1}.`);
  return trimmed(data);
}

/** Excel on Windows saves "CSV" in the computer's own letters where it is not told otherwise. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

async function sheet(bytes: Uint8Array): Promise<string[][]> {
  measure(bytes);
  try {
    const rows = await readSheet(bytes.slice().buffer);
    return rows.map((row) => row.map(cellText));
  } catch {
    throw new Unreadable("This workbook cannot be read. Save it as XLSX or CSV, without a password.");
  }
}

/** Nothing is unfolded before it is known how much that would be; what says less than it is, is cut off there. */
function measure(bytes: Uint8Array): void {
  let parts = 0;
  let unfolded = 0;
  let largest = 0;
  try {
    unzipSync(bytes, {
      filter: ({ originalSize }) => {
        parts += 1;
        unfolded += originalSize;
        largest = Math.max(largest, originalSize);
        return false;
      },
    });
  } catch {
    throw new Unreadable("This workbook cannot be read. Save it as XLSX or CSV.");
  }
  if (parts > most.parts || unfolded > most.unfolded || largest > most.part)
    throw new Unreadable("This workbook is too large to be read. Save the one sheet as CSV.");
}

/** As a person reads it; a date as its day. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
}

/** Without what is empty all over. */
const trimmed = (rows: string[][]): string[][] =>
  rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some((cell) => cell !== ""));

/** Text of a CSV file; what a sheet would take for a formula is kept from being one. */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  `\ufeff${Papa.unparse(rows as string[][], { escapeFormulae: true, newline: "\r\n" })}\r\n`;
