const mask = (1n << 64n) - 1n;
const c1 = 0x87c37b91114253d5n;
const c2 = 0x4cf5ad432745937fn;

const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & mask;
const mixFirst = (k: bigint): bigint => (rotate((k * c1) & mask, 31n) * c2) & mask;
const mixSecond = (k: bigint): bigint => (rotate((k * c2) & mask, 33n) * c1) & mask;

function finish(h: bigint): bigint {
  h = ((h ^ (h >> 33n)) * 0xff51afd7ed558ccdn) & mask;
  h = ((h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n) & mask;
  return h ^ (h >> 33n);
}

/** MurmurHash3, x64, 128 bits, seed 0 (Austin Appleby's public-domain algorithm), as two 64-bit halves. */
export function murmur128(bytes: Buffer): [bigint, bigint] {
  let h1 = 0n;
  let h2 = 0n;
  const whole = bytes.length - (bytes.length % 16);
  for (let at = 0; at < whole; at += 16) {
    h1 ^= mixFirst(bytes.readBigUInt64LE(at));
    h1 = ((rotate(h1, 27n) + h2) * 5n + 0x52dce729n) & mask;
    h2 ^= mixSecond(bytes.readBigUInt64LE(at + 8));
    h2 = ((rotate(h2, 31n) + h1) * 5n + 0x38495ab5n) & mask;
  }
  const tail = Buffer.alloc(16);
  bytes.copy(tail, 0, whole);
  h1 ^= mixFirst(tail.readBigUInt64LE(0));
  h2 ^= mixSecond(tail.readBigUInt64LE(8));

  const length = BigInt(bytes.length);
  h1 = ((h1 ^ length) + (h2 ^ length)) & mask;
  h2 = ((h2 ^ length) + h1) & mask;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) & mask;
  return [h1, (h2 + h1) & mask];
}

/**
 * The effective partition key of a string value under version 2 hashing, as 32 hexadecimal digits in capitals: where in
 * the hash space ("" to "FF") the service, and the SDK for itself, place the value. The top two bits are always clear.
 */
export function effectiveKey(value: string): string {
  if (latest?.value !== value) latest = { value, key: hashed(value) };
  return latest.key;
}

/** One request asks for the same value several times over. */
let latest: { value: string; key: string } | undefined;

function hashed(value: string): string {
  const [h1, h2] = murmur128(Buffer.concat([Buffer.from([0x08]), Buffer.from(value, "utf8"), Buffer.from([0xff])]));
  const hash = Buffer.alloc(16);
  hash.writeBigUInt64BE(h2 & mask, 0);
  hash.writeBigUInt64BE(h1, 8);
  hash[0] = (hash[0] ?? 0) & 0x3f;
  return hash.toString("hex").toUpperCase();
}
