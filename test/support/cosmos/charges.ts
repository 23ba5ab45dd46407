// Request charges are ESTIMATES by size and kind of operation, along the published rules of thumb (a point read of 1 KB
// is 1 unit and of 100 KB about 10; a write of 1 KB about 5 and of 100 KB about 50, more with every indexed property; a
// replacement touches the old and the new document). The service alone knows the true ones: they serve to see a charge grow.

const kilobytes = (bytes: number): number => Math.max(1, bytes / 1024);
const rounded = (units: number): number => Math.round(units * 100) / 100;

/** Estimated units of a point read. */
export const readCharge = (bytes: number): number => rounded(1 + (kilobytes(bytes) - 1) * 0.09);

/** Estimated units of writing a document: `terms` is the number of indexed values, old ones included when replaced. */
export const writeCharge = (bytes: number, terms: number): number =>
  rounded(5 + (kilobytes(bytes) - 1) * 0.45 + terms * 0.1);

/** Estimated units of one page of a query: by the documents it looked at through the index, and by what it answers. */
export const queryCharge = (bytes: number, matched: number): number =>
  rounded(2.3 + matched * 0.05 + (bytes / 1024) * 0.1);

/** Units of an operation that was refused or found nothing. */
export const missCharge = 1;
