/** The `Authorization` field value of Digest, and the check of the server's proof (RFC 7616 §3.4, §3.5). */

import { timingSafeEqual } from 'node:crypto';
import { type AuthParams, formatQuoted, formatToken } from '../../syntax/auth-param.js';
import type { Account } from './account.js';
import type { DigestChallenge, Qop } from './challenge.js';
import { digestResponse, formatNc, type ResponseInput } from './response.js';

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

/** What one send adds to its frame. */
export interface Send {
  readonly HA1: string;
  readonly cnonce: string;
  readonly nc: number;
  readonly method: string;
  readonly uri: string;
  readonly body: Uint8Array | undefined;
}

/** The parts of a send that are already computed. */
export interface Known {
  /** The URI as a quoted-string; `cnonce` likewise. */
  readonly uri: string;
  readonly cnonce: string;
  /** H(A2), if it was computed before. */
  readonly HA2?: string | undefined;
  /** Whether nonce and cnonce are known to be ASCII. */
  readonly isAscii?: boolean;
}

/** Writes the field value. nc, qop and algorithm are tokens, the rest is quoted (RFC 7616 §3.4). */
export function formatAuthorization(
  { head, tail }: Frame,
  challenge: DigestChallenge,
  send: Send,
  { uri, cnonce, HA2, isAscii }: Known,
): string {
  const input = responseInput(challenge, send, challenge.qop);
  const response = digestResponse(challenge.algorithm, input, HA2, isAscii);
  const counted = challenge.qop === undefined ? '' : `, nc=${input.nc}, cnonce=${cnonce}`;
  return `${head}, uri=${uri}, response="${response}"${tail}${counted}`;
}

/** Whether `rspauth` proves that the server knows the password; `undefined` without `rspauth` (RFC 7616 §3.5). */
export function verifyRspauth(
  challenge: DigestChallenge,
  info: AuthParams,
  send: Send,
  body: Uint8Array | undefined,
): boolean | undefined {
  if (info.rspauth === undefined) return undefined;
  const nc = formatNc(send.nc);
  if ((info.nc ?? nc).toLowerCase() !== nc || (info.cnonce ?? send.cnonce) !== send.cnonce) return false;
  const input = responseInput(challenge, { ...send, method: '', body }, infoQop(challenge, info));
  return equalInConstantTime(info.rspauth.toLowerCase(), digestResponse(challenge.algorithm, input));
}

/** The qop of the response: the qop that the server names, or else the qop of the request. */
export function infoQop(challenge: DigestChallenge, info: AuthParams): Qop | undefined {
  const named = info.qop?.toLowerCase();
  return challenge.qop !== undefined && (named === 'auth' || named === 'auth-int') ? named : challenge.qop;
}

function responseInput(challenge: DigestChallenge, send: Send, qop: Qop | undefined): ResponseInput {
  const { HA1, cnonce, method, uri, body } = send;
  return { HA1, nonce: challenge.nonce, nc: formatNc(send.nc), cnonce, qop, method, uri, body };
}

function equalInConstantTime(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
