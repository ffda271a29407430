/** The hash algorithms of Digest (RFC 7616 §6.1), over byte strings. */

import { getHashes, hash } from 'node:crypto';

/** An entry of the registry of hash algorithms, and whether A1 is a session key. */
export interface Algorithm {
  /** As registered: `SHA-256-sess`. */
  readonly name: string;
  readonly strength: number;
  readonly session: boolean;
  /** H(data) = KD's hash, in lower-case hex. A string is a byte string: one character a byte. */
  hash(data: string | Uint8Array): string;
  /** Like `hash`, for text that is known to be ASCII: the text is not checked. */
  hashAscii(text: string): string;
}

const REGISTRY: ReadonlyArray<readonly [name: string, openssl: string, strength: number]> = [
  ['SHA-512-256', 'sha512-256', 50],
  ['SHA-256', 'sha256', 40],
  ['MD5', 'md5', 30],
];

const algorithms = new Map<string, Algorithm>();

/** The algorithm of that name in any case; `undefined` when unknown, or not offered by this build of OpenSSL. */
export function algorithm(name: string): Algorithm | undefined {
  if (algorithms.size === 0) load();
  return algorithms.get(name.toLowerCase());
}

function load(): void {
  const available = new Set(getHashes().map((name) => name.toLowerCase()));
  for (const [name, openssl, strength] of REGISTRY) {
    if (!available.has(openssl)) continue;
    const digests = {
      hash: (data: string | Uint8Array) => hash(openssl, bytes(data), 'hex'),
      hashAscii: (text: string) => hash(openssl, text, 'hex'),
    };
    algorithms.set(name.toLowerCase(), { name, strength, session: false, ...digests });
    algorithms.set(`${name}-sess`.toLowerCase(), { name: `${name}-sess`, strength, session: true, ...digests });
  }
}

const BEYOND_ASCII = /[^\u0000-\u007f]/;

/** `hash` of node:crypto encodes a string in UTF-8, which is the same as Latin-1 only for ASCII. */
function bytes(data: string | Uint8Array): string | Uint8Array {
  return typeof data === 'string' && BEYOND_ASCII.test(data) ? Buffer.from(data, 'latin1') : data;
}
