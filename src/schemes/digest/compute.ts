/** Digest as two pure functions, for programs that send requests themselves (RFC 7616 §3.4, §3.5). */

import { AuthError } from '../../errors.js';
import type { Challenge } from '../../model.js';
import { quote } from '../../syntax/auth-param.js';
import { parseAuthenticationInfo } from '../../syntax/authentication-info.js';
import { parseChallenges } from '../../syntax/challenge.js';
import { digestAccount } from './account.js';
import { formatAuthorization, frame, verifyRspauth } from './authorization.js';
import { answerable } from './challenge.js';
import { newCnonce } from './cnonce.js';
import { digestResponse, formatNc, hashA1, type ResponseInput } from './response.js';

/** What `digestAuthorization` computes from. */
export interface DigestAuthorizationInput {
  /** A parsed challenge, or a field value, of which the first Digest challenge is used. */
  readonly challenge: Challenge | string;
  /** In any script: sent as `username*` if it is not ASCII, or as a hash if the challenge says `userhash`. */
  readonly username: string;
  /** Only its hash is sent. */
  readonly password: string;
  /** As sent, in upper case. */
  readonly method: string;
  /** The request-target exactly as sent: path and query. */
  readonly uri: string;
  /** The body, for qop=auth-int. Text counts as UTF-8. Default: empty. */
  readonly body?: string | Uint8Array | undefined;
  /** Default: 128 random bits. */
  readonly cnonce?: string | undefined;
  /** How often the nonce has been used, including this request. Default: 1. */
  readonly nc?: number | undefined;
}

/**
 * Computes the `Authorization` field value that answers a Digest challenge.
 *
 * @param given - the challenge, the account, and the request that is about to be sent
 * @returns the field value; for a second request with the same nonce compute it again, with `nc` one higher
 * @throws AuthError ERR_AUTH_CHALLENGE when the challenge cannot be answered, ERR_AUTH_CREDENTIAL when the user name
 * cannot be sent, ERR_AUTH_OPTION for an `nc` that is not a count, and for a `method` or `uri` that is not text
 * @see RFC 7616 §3.4
 * @example
 * const challenge = 'Digest realm="files", nonce="7ypf", qop="auth", algorithm=SHA-256'; // WWW-Authenticate of the 401
 * digestAuthorization({ challenge, username: 'Mufasa', password: 'Circle of Life', method: 'GET', uri: '/dir/index.html' });
 */
export function digestAuthorization(given: DigestAuthorizationInput): string {
  const input = own(given);
  const challenge = answerable(digestChallengeOf(input.challenge));
  const account = digestAccount(challenge, input);
  const { algorithm, nonce, qop } = challenge;
  const { cnonce = newCnonce() } = input;
  const [method, uri] = [textOf('method', input.method), textOf('uri', input.uri)];
  const nc = ncValueOf(input.nc ?? 1);
  const HA1 = hashA1(algorithm, account.secret, nonce, cnonce);
  const send: ResponseInput = { HA1, nonce, nc, cnonce, qop, method, uri, body: bodyBytes(input.body) };
  const quoted = { uri: quote('uri', uri), cnonce: quote('cnonce', cnonce) };
  return formatAuthorization(frame(challenge, account), send, digestResponse(algorithm, send), quoted);
}

/** What `verifyAuthenticationInfo` checks against. */
export interface AuthenticationInfoInput {
  /** The `Authentication-Info` field value. */
  readonly header: string;
  /** The challenge that the request answered. */
  readonly challenge: Challenge | string;
  /** As in `digestAuthorization`. */
  readonly username: string;
  /** As in `digestAuthorization`. */
  readonly password: string;
  /** The request-target of the request. */
  readonly uri: string;
  /** The cnonce that the request was sent with. */
  readonly cnonce: string;
  /** The nonce count that the request was sent with. */
  readonly nc: number;
  /** The qop that the request used. Default: the one that `digestAuthorization` chooses. */
  readonly qop?: 'auth' | 'auth-int' | undefined;
  /** The body of the response, for qop=auth-int. Text counts as UTF-8. Default: empty. */
  readonly body?: string | Uint8Array | undefined;
}

/**
 * Checks `rspauth`, the server's own proof that it knows the password, in constant time.
 *
 * @param given - the field value, and what the request was sent with
 * @returns whether `rspauth` is right; `undefined` if the field has no `rspauth`
 * @throws AuthError ERR_AUTH_CHALLENGE, ERR_AUTH_CREDENTIAL, ERR_AUTH_OPTION as `digestAuthorization`
 * @see RFC 7616 §3.5
 * @example
 * const challenge = 'Digest realm="files", nonce="7ypf", qop="auth", algorithm=SHA-256';
 * const sent = { challenge, username: 'Mufasa', password: 'Circle of Life', uri: '/dir/index.html', cnonce: 'f2/w', nc: 1 };
 * verifyAuthenticationInfo({ ...sent, header: 'qop=auth, rspauth="00"' }); // false: another server is answering
 */
export function verifyAuthenticationInfo(given: AuthenticationInfoInput): boolean | undefined {
  const input = own(given);
  const answered = answerable(digestChallengeOf(input.challenge));
  const challenge = { ...answered, qop: input.qop ?? answered.qop };
  const { secret } = digestAccount(challenge, input);
  const [uri, cnonce] = [textOf('uri', input.uri), textOf('cnonce', input.cnonce)];
  const nc = ncValueOf(input.nc);
  const { algorithm, nonce, qop } = challenge;
  const HA1 = hashA1(algorithm, secret, nonce, cnonce);
  const sent: ResponseInput = { HA1, nonce, nc, cnonce, qop, method: '', uri, body: undefined };
  return verifyRspauth(challenge, parseAuthenticationInfo(input.header), sent, bodyBytes(input.body));
}

function digestChallengeOf(challenge: Challenge | string): Challenge {
  const found =
    typeof challenge === 'string' ? parseChallenges(challenge).find(({ scheme }) => scheme === 'digest') : challenge;
  if (found?.params) return found;
  throw new AuthError('ERR_AUTH_CHALLENGE', 'there is no Digest challenge to answer');
}

function textOf(name: string, value: string): string {
  if (typeof value === 'string') return value;
  throw new AuthError('ERR_AUTH_OPTION', `${name} has to be text`);
}

/** RFC 7616 §3.4: eight hex digits, from 1. */
function ncValueOf(nc: number): string {
  if (nc >= 1 && nc <= 0xffff_ffff && nc % 1 === 0) return formatNc(nc);
  throw new AuthError('ERR_AUTH_OPTION', 'nc has to be a whole number from 1 to 4294967295');
}

function bodyBytes(body: string | Uint8Array | undefined): Uint8Array | undefined {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

/** Own properties only: a cnonce on Object.prototype is not used (SEC-28). */
function own<Input extends object>(input: Input): Input {
  return Object.assign(Object.create(null), input);
}
