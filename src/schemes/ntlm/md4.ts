/** MD4 (RFC 1320), which OpenSSL 3 offers no more: NTLM hashes a password with it, and nothing else does here. */

const ROUNDS = [
  {
    add: 0x00000000,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
    mix: choose,
  },
  {
    add: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
    mix: majority,
  },
  {
    add: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
    mix: parity,
  },
] as const;

/** F of RFC 1320 §3.4. */
function choose(x: number, y: number, z: number): number {
  return (x & y) | (~x & z);
}

/** G */
function majority(x: number, y: number, z: number): number {
  return (x & y) | (x & z) | (y & z);
}

/** H */
function parity(x: number, y: number, z: number): number {
  return x ^ y ^ z;
}

type State = [a: number, b: number, c: number, d: number];

/** The 16 bytes of the digest. */
export function md4(message: Uint8Array): Buffer {
  const padded = pad(message);
  const state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let offset = 0; offset < padded.length; offset += 64) addBlock(state, padded.subarray(offset, offset + 64));
  const digest = Buffer.alloc(16);
  for (const [index, word] of state.entries()) digest.writeUInt32LE(word >>> 0, index * 4);
  return digest;
}

/** RFC 1320 §3.1, §3.2: a bit, zeros, and the length in bits. */
function pad(message: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8);
  return padded;
}

function addBlock(state: State, block: Buffer): void {
  let [a, b, c, d] = state;
  for (const { add, order, shifts, mix } of ROUNDS) {
    for (const [step, word] of order.entries()) {
      const sum = (a + mix(b, c, d) + block.readUInt32LE(word * 4) + add) | 0;
      const shift = shifts[step % 4] as number;
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    }
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  for (const [index, word] of state.entries()) state[index] = word | 0;
}
