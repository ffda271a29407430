/** The `Authorization` field value of Digest, and the check of the server's proof (RFC 7616 §3.4, §3.5). */

import { timingSafeEqual } from 'node:crypto';
import { type AuthParams, formatQuoted, formatToken } from '../../syntax/auth-param.js';
import type { Account } from './account.js';
import type { DigestChallenge, Qop } from './challenge.js';
import { digestResponse, type ResponseInput } from './response.js';

/** The parts of the field value that are the same for every request of a nonce. */
export interface Frame {
  readonly head: string;
  readonly tail: string;
}

/** Writes what does not change: nc, cnonce, uri and response are left to `formatAuthorization`. */
export function frame(challenge: DigestChallenge, account: Account): Frame {
  const { realm, nonce, algorithmParam, opaque, qop, userhash } = challenge;
  const tail = [
    algorithmParam === undefined ? '' : `, ${formatToken('algorithm', algorithmParam)}`,
    opaque === undefined ? '' : `, ${formatQuoted('opaque', opaque)}`,
    userhash ? ', userhash=true' : '',
    qop === undefined ? '' : `, qop=${qop}`,
  ];
  const head = `Digest ${account.usernameParam}, ${formatQuoted('realm', realm)}, ${formatQuoted('nonce', nonce)}`;
  return { head, tail: tail.join('') };
}

/** The parts of a send as quoted-strings. */
export interface Quoted {
  readonly uri: string;
  readonly cnonce: string;
}

/** Writes the field value. nc, qop and algorithm are tokens, the rest is quoted (RFC 7616 §3.4). */
export function formatAuthorization(
  { head, tail }: Frame,
  { qop, nc }: ResponseInput,
  response: string,
  { uri, cnonce }: Quoted,
): string {
  const counted = qop === undefined ? '' : `, nc=${nc}, cnonce=${cnonce}`;
  return `${head}, uri=${uri}, response="${response}"${tail}${counted}`;
}

/** Whether `rspauth` proves that the server knows the password; `undefined` without `rspauth` (RFC 7616 §3.5). */
export function verifyRspauth(
  challenge: DigestChallenge,
  info: AuthParams,
  sent: ResponseInput,
  body: Uint8Array | undefined,
): boolean | undefined {
  if (info.rspauth === undefined) return undefined;
  const { HA1, nonce, nc, cnonce, uri } = sent;
  if ((info.nc ?? nc).toLowerCase() !== nc || (info.cnonce ?? cnonce) !== cnonce) return false;
  const qop = infoQop(challenge, info);
  const proof = digestResponse(challenge.algorithm, { HA1, nonce, nc, cnonce, qop, method: '', uri, body });
  return equalInConstantTime(info.rspauth.toLowerCase(), proof);
}

/** The qop of the response: the qop that the server names, or else the qop of the request. */
export function infoQop(challenge: DigestChallenge, info: AuthParams): Qop | undefined {
  const named = info.qop?.toLowerCase();
  return challenge.qop !== undefined && (named === 'auth' || named === 'auth-int') ? named : challenge.qop;
}

function equalInConstantTime(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
