/** MD4, step by step as RFC 1320 §3.4 writes it. */

const rotate = (value: number, bits: number) => ((value << bits) | (value >>> (32 - bits))) >>> 0;

/** What differs from round to round: the function, the order of the words, the shifts, and what is added. */
const F = (b: number, c: number, d: number) => (b & c) | (~b & d);
const G = (b: number, c: number, d: number) => (b & c) | (b & d) | (c & d);
const H = (b: number, c: number, d: number) => b ^ c ^ d;
const BIT_REVERSED = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];

/** The digest of these bytes. */
export function md4(bytes: Buffer): Buffer {
  const text = padded(bytes);
  const words = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let block = 0; block < text.length; block += 64) {
    const X = (index: number) => text.readUInt32LE(block + 4 * index);
    const before = Uint32Array.from(words);
    for (let count = 0; count < 16; count += 1) {
      step(words, count, (b, c, d) => F(b, c, d) + X(count), [3, 7, 11, 19]);
    }
    for (let count = 0; count < 16; count += 1) {
      const index = (count % 4) * 4 + (count >> 2);
      step(words, count, (b, c, d) => G(b, c, d) + X(index) + 0x5a827999, [3, 5, 9, 13]);
    }
    for (let count = 0; count < 16; count += 1) {
      const index = BIT_REVERSED[count] as number;
      step(words, count, (b, c, d) => H(b, c, d) + X(index) + 0x6ed9eba1, [3, 9, 11, 15]);
    }
    for (const [index, value] of before.entries()) words[index] = (words[index] as number) + value;
  }
  const digest = Buffer.alloc(16);
  for (const [index, word] of words.entries()) digest.writeUInt32LE(word, index * 4);
  return digest;
}

/** RFC 1320 §3.1, §3.2. */
function padded(bytes: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeUInt32LE((bytes.length * 8) >>> 0, 0);
  const zeros = Buffer.alloc((((55 - bytes.length) % 64) + 64) % 64);
  return Buffer.concat([bytes, Buffer.from([0x80]), zeros, length]);
}

/** "[abcd k s]", "[dabc k s]", ...: the register that is written moves down by one from step to step. */
function step(
  words: Uint32Array,
  count: number,
  value: (b: number, c: number, d: number) => number,
  shifts: readonly number[],
): void {
  const at = (4 - (count % 4)) % 4;
  const [b, c, d] = [1, 2, 3].map((next) => words[(at + next) % 4] as number) as [number, number, number];
  words[at] = rotate(((words[at] as number) + value(b, c, d)) >>> 0, shifts[count % 4] as number);
}
