/** The computations of RFC 7616 §3.4.1 to §3.4.3, over byte strings and with the names of the RFC. */

import type { Qop } from './challenge.js';
import type { Algorithm } from './hash.js';

/** unq(username) ":" unq(realm) ":" passwd, hashed (RFC 7616 §3.4.2). */
export function userSecret({ hash }: Algorithm, username: string, realm: string, password: string): string {
  return hash(`${username}:${realm}:${password}`);
}

/** H(A1): the session key for -sess, from the nonce and cnonce of the first request (RFC 7616 §3.4.2). */
export function hashA1(algorithm: Algorithm, secret: string, nonce: string, cnonce: string): string {
  return algorithm.session ? algorithm.hash(`${secret}:${nonce}:${cnonce}`) : secret;
}

/** What `response` and `rspauth` are made of. */
export interface ResponseInput {
  readonly HA1: string;
  readonly nonce: string;
  readonly nc: string;
  readonly cnonce: string;
  readonly qop: Qop | undefined;
  /** Empty for rspauth (RFC 7616 §3.5). */
  readonly method: string;
  readonly uri: string;
  readonly body: Uint8Array | undefined;
}

/** What A2 is made of. */
export type A2Input = Pick<ResponseInput, 'qop' | 'method' | 'uri' | 'body'>;

/** `response` (RFC 7616 §3.4.1); `rspauth` with an empty method (§3.5). `isAscii`: nonce and cnonce are ASCII. */
export function digestResponse(
  algorithm: Algorithm,
  input: ResponseInput,
  HA2 = hashA2(algorithm, input),
  isAscii = false,
): string {
  const hash = isAscii ? algorithm.hashAscii : algorithm.hash;
  const { HA1, nonce, nc, cnonce, qop } = input;
  // RFC 2069 §2.1.2, for challenges without qop.
  if (qop === undefined) return hash(`${HA1}:${nonce}:${HA2}`);
  return hash(`${HA1}:${nonce}:${nc}:${cnonce}:${qop}:${HA2}`);
}

/** H(A2) (RFC 7616 §3.4.3): the same for every request with the same parts. `isAscii`: the URI is ASCII. */
export function hashA2(algorithm: Algorithm, { qop, method, uri, body }: A2Input, isAscii = false): string {
  const hash = isAscii ? algorithm.hashAscii : algorithm.hash;
  return hash(qop === 'auth-int' ? `${method}:${uri}:${algorithm.hash(body ?? '')}` : `${method}:${uri}`);
}

/** nc-value: 8LHEX (RFC 7616 §3.4). */
export function formatNc(nc: number): string {
  return nc.toString(16).padStart(8, '0');
}
