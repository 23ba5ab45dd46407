/** Resource ids as the service makes them: base64 with "-" for "/"; 4 bytes a database, 8 a container, 16 a document. */
const text = (bytes: Buffer): string => bytes.toString("base64").replaceAll("/", "-");

/** The resource id of the n-th database. */
export function databaseRid(n: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return text(bytes);
}

/** The resource id of the n-th container of the n-th database; the set top bit marks a container. */
export function containerRid(database: number, n: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(database);
  bytes.writeUInt32BE((0x80000000 | n) >>> 0, 4);
  return text(bytes);
}

/** The resource id of the n-th document; clients compare its last eight bytes as a little-endian number. */
export function documentRid(container: string, n: number): string {
  const own = Buffer.alloc(8);
  own.writeBigUInt64LE(BigInt(n));
  return text(Buffer.concat([Buffer.from(container.replaceAll("-", "/"), "base64"), own]));
}
