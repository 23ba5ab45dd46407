/** A measured figure, what it is held against, and the limit that it must keep. */
export interface Figure {
  what: string;
  unit: string;
  product: number;
  /** What the bare library takes for the same. */
  reference?: number;
  /** Of the ratio when there is a reference, else of the figure itself; none for what is only told. */
  limit?: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)], sorted[middle]];
  return (low + high) / 2;
};

const measured = ({ product, reference }: Figure): number => (reference === undefined ? product : product / reference);

export const isOver = (figure: Figure): boolean => figure.limit !== undefined && !(measured(figure) <= figure.limit);

const amount = (value: number): string => value.toLocaleString("en-GB", { maximumFractionDigits: value < 10 ? 2 : 0 });

/** The figures as a table of text, a line each. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ["", "Epilogue", "reference", "ratio", "limit", ""],
    ...figures.map((f) => {
      const ratio = f.reference === undefined ? "" : `${measured(f).toFixed(2)} ×`;
      const limit =
        f.limit === undefined
          ? ""
          : f.reference === undefined
            ? `${amount(f.limit)} ${f.unit}`
            : `${f.limit.toFixed(2)} ×`;
      return [
        f.what,
        `${amount(f.product)} ${f.unit}`,
        f.reference === undefined ? "" : `${amount(f.reference)} ${f.unit}`,
        ratio,
        limit,
        f.limit === undefined ? "" : isOver(f) ? "OVER" : "ok",
      ];
    }),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("   "),
    )
    .join("\n");
}
