/** Challenges: the value of `WWW-Authenticate` and `Proxy-Authenticate` (RFC 9110 §11.6.1). */

import { AuthError } from '../errors.js';
import type { Challenge } from '../model.js';
import { type AuthParams, authParams, formatQuoted, MAX_PARAMS, readAuthParam } from './auth-param.js';
import { lowerCase } from './names.js';
import { isToken, Scanner, unfolded } from './scanner.js';

// Beyond these a field value is an attack, not a list of challenges. Node's own limit on all headers is 16 KiB.
const MAX_LENGTH = 131_072;
const MAX_CHALLENGES = 128;

/**
 * Reads every challenge of a field value, or of several field values.
 *
 * A malformed challenge is left out and the others are kept. A line fold is read as a space (RFC 9112 §5.2).
 * Never throws; time is linear in the length.
 *
 * This reader has three limits that are not in RFC 9110: it does not read a value of more than 131,072 characters, it
 * stops after the 128th challenge, and a challenge with more than 128 auth-params is malformed.
 *
 * @param value - the field value as received; several field lines as an array or joined by `, `
 * @returns the challenges in order; `[]` when there is no challenge
 * @see RFC 9110 §11.3, §11.6.1
 * @example
 * parseChallenges('Digest realm="files", nonce="x1", Basic realm="files"').map((challenge) => challenge.scheme);
 * // [ 'digest', 'basic' ]
 */
export function parseChallenges(value: string | readonly string[]): Challenge[] {
  const challenges: Challenge[] = [];
  if (Array.isArray(value)) for (const line of value) readField(line, challenges);
  else readField(value, challenges);
  return challenges;
}

/**
 * Writes challenges as one field value: the inverse of `parseChallenges`.
 *
 * @param challenges - each with auth-params or a token68
 * @returns the field value, every auth-param in quotes
 * @throws AuthError ERR_AUTH_CHALLENGE for what no field value can carry: control characters, a scheme that is not a token
 * @see RFC 9110 §11.6.1
 * @example
 * formatChallenges([{ scheme: 'basic', params: { realm: 'the "files"' } }]); // basic realm="the \"files\""
 */
export function formatChallenges(challenges: readonly Challenge[]): string {
  return challenges.map(formatChallenge).join(', ');
}

/** #challenge (RFC 9110 §11.6.1) */
function readField(value: unknown, challenges: Challenge[]): void {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return;
  const scanner = new Scanner(unfolded(value));
  scanner.separators();
  while (!scanner.done && challenges.length < MAX_CHALLENGES) {
    const challenge = readChallenge(scanner);
    if (challenge) challenges.push(challenge);
    scanner.separators();
  }
}

/** challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ] */
function readChallenge(scanner: Scanner): Challenge | undefined {
  const scheme = readScheme(scanner);
  if (scheme === undefined) {
    scanner.recover();
    return undefined;
  }
  const token68 = scanner.space() ? scanner.token68() : undefined;
  const params = readParams(scanner);
  if (params === undefined) return undefined;
  if (token68 === undefined) return { scheme, params };
  // A token68 and auth-params exclude each other.
  return Object.keys(params).length === 0 ? { scheme, token68, params } : undefined;
}

/** A token that is not the name of an auth-param. */
function readScheme(scanner: Scanner): string | undefined {
  const start = scanner.at;
  const scheme = scanner.token();
  if (scheme === undefined) return undefined;
  const end = scanner.at;
  scanner.space();
  const isParam = scanner.equals();
  scanner.at = isParam ? start : end;
  // "Basic;x" is not an auth-scheme.
  return isParam || !scanner.ended ? undefined : lowerCase(scheme);
}

/** The auth-params up to the next auth-scheme; `undefined` if one is malformed or comes twice, or if there are too many. */
function readParams(scanner: Scanner): AuthParams | undefined {
  const params = authParams();
  let count = 0;
  let malformed = false;
  let interrupted = false;
  for (;;) {
    const start = scanner.at;
    const isElement = scanner.separators();
    const param = readAuthParam(scanner, malformed ? undefined : params);
    if (param === undefined) {
      scanner.at = start;
      if (startsChallenge(scanner)) return malformed ? undefined : params;
      // A separate element is another challenge, which is malformed; this challenge is kept. If params follow, it is
      // not clear to which of the two they belong, so this challenge is malformed as well.
      if (isElement) interrupted = true;
      else malformed = true;
      scanner.separators();
      scanner.recover();
    } else if (param === 'malformed') {
      malformed = true;
      scanner.recover();
    } else {
      count += 1;
      malformed ||= interrupted || count > MAX_PARAMS;
    }
  }
}

/** Whether an auth-scheme, or the end, comes next. */
function startsChallenge(scanner: Scanner): boolean {
  const start = scanner.at;
  scanner.separators();
  const starts = scanner.done || readScheme(scanner) !== undefined;
  scanner.at = start;
  return starts;
}

function checkToken68(token68: string): string {
  if (new Scanner(token68).token68() === token68) return token68;
  throw new AuthError('ERR_AUTH_CHALLENGE', 'the token68 is not valid (RFC 9110 §11.2)');
}

function formatChallenge(challenge: Challenge): string {
  const { scheme, token68, params } = challenge;
  if (!isToken(scheme)) throw new AuthError('ERR_AUTH_CHALLENGE', 'the auth-scheme is not a token (RFC 9110 §11.1)');
  if (token68 !== undefined) return `${scheme} ${checkToken68(token68)}`;
  const list = Object.entries(params).map(([name, value]) => formatQuoted(name, value));
  return list.length === 0 ? scheme : `${scheme} ${list.join(', ')}`;
}
