/** The hashes of Digest (RFC 7616 §3.4). */

import { createHash } from 'node:crypto';
import { bytes } from './field.js';
import type { DigestAlgorithm } from './protection.js';

/** The input of a response, except the method and the body. Strings are bytes, one Latin-1 character each. */
export interface DigestParts {
  readonly algorithm: DigestAlgorithm;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly nonce: string;
  readonly uri: string;
  /** If absent, the response has the form of RFC 2069. */
  readonly protection?: { readonly qop: string; readonly nc: string; readonly cnonce: string };
  readonly session: Session;
}

/** The nonce and cnonce in the session key of the `-sess` algorithms (RFC 7616 §3.4.2). */
export interface Session {
  readonly nonce: string;
  readonly cnonce: string;
}

const HASHES = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const;

/** H(data) in lower-case hex. */
export function digestHash(algorithm: DigestAlgorithm, data: string | Buffer): string {
  const hash = createHash(HASHES[algorithm.replace(/-sess$/, '') as keyof typeof HASHES]);
  return (typeof data === 'string' ? hash.update(data, 'latin1') : hash.update(data)).digest('hex');
}

/** The hashed user name of RFC 7616 §3.4.4. */
export function hashedUsername(algorithm: DigestAlgorithm, username: string, realm: string): string {
  return digestHash(algorithm, `${bytes(username)}:${realm}`);
}

/** The request's `response` (RFC 7616 §3.4.1); with the method `''` and the body of our response, `rspauth` (§3.5). */
export function responseOf(parts: DigestParts, method: string, body: Buffer): string {
  const { algorithm, nonce, protection } = parts;
  const ha1 = digestHash(algorithm, a1Of(parts));
  const ha2 = digestHash(algorithm, a2Of(parts, method, body));
  // RFC 2069 §2.1.2, kept by RFC 2617 §3.2.2.1: without qop, the hash includes neither nc nor cnonce.
  if (!protection) return digestHash(algorithm, `${ha1}:${nonce}:${ha2}`);
  const { nc, cnonce, qop } = protection;
  return digestHash(algorithm, `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
}

function a1Of({ algorithm, username, realm, password, session }: DigestParts): string {
  const a1 = `${username}:${realm}:${password}`;
  return algorithm.endsWith('-sess') ? `${digestHash(algorithm, a1)}:${session.nonce}:${session.cnonce}` : a1;
}

function a2Of({ algorithm, uri, protection }: DigestParts, method: string, body: Buffer): string {
  const a2 = `${method}:${uri}`;
  return protection?.qop === 'auth-int' ? `${a2}:${digestHash(algorithm, body)}` : a2;
}
