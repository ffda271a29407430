/** The answer to one Digest challenge: a nonce, its count, and the session key (RFC 7616 §3.4). */

import type { Answer, Authorization, AuthorizedRequest, Confirmation, PasswordCredential } from '../../model.js';
import { isPlain, quote } from '../../syntax/auth-param.js';
import { parseAuthenticationInfo } from '../../syntax/authentication-info.js';
import { byteString, isAscii } from '../text.js';
import { type Account, digestAccount } from './account.js';
import { type Frame, formatAuthorization, frame, infoQop, verifyRspauth } from './authorization.js';
import { type DigestChallenge, isReplayable } from './challenge.js';
import { newCnonce } from './cnonce.js';
import { type NonceCount, NonceCounts, type SessionKey } from './nonce-counts.js';
import { digestResponse, formatNc, hashA1, hashA2, type ResponseInput } from './response.js';

// A server may redirect to a URI as long as a header, so that only a short URI is kept for a nonce.
const MAX_URI = 512;

/** The method and the URI of a request: computed and written once for all requests that repeat them. */
interface Target {
  readonly method: string;
  /** The URI as the caller gave it. */
  readonly given: string;
  /** The URI as a byte string; `quoted` is its quoted-string. */
  readonly uri: string;
  readonly quoted: string;
  /** H(A2), unless it covers the body. */
  readonly HA2: string | undefined;
}

/**
 * Counts nc for its nonce, together with the other answers of its space. The fields are private, so that inspecting a
 * session shows no hash.
 */
export class DigestAnswer implements Answer {
  readonly #challenge: DigestChallenge;
  readonly #credential: PasswordCredential;
  readonly #account: Account;
  readonly #frame: Frame;
  readonly #isAscii: boolean;
  readonly #counts: NonceCounts;
  readonly #count: NonceCount;
  #sends = 0;
  #target: Target | undefined;

  constructor(
    challenge: DigestChallenge,
    credential: PasswordCredential,
    account: Account,
    counts: NonceCounts,
    sessionKey?: SessionKey,
  ) {
    this.#challenge = challenge;
    this.#credential = credential;
    this.#account = account;
    this.#frame = frame(challenge, account);
    this.#isAscii = isAscii(challenge.nonce);
    this.#counts = counts;
    this.#count = counts.of(challenge.nonce);
    if (sessionKey) this.#count.sessionKey = sessionKey;
  }

  /**
   * Answers `challenge`; reuses what `previous` computed for the same credential and realm, and continues its nc.
   *
   * @throws AuthError ERR_AUTH_CREDENTIAL
   */
  static to(challenge: DigestChallenge, credential: PasswordCredential, previous?: Answer): DigestAnswer {
    const known = previous instanceof DigestAnswer ? previous : undefined;
    const account = known ? known.#accountFor(challenge, credential) : undefined;
    const counts = known ? known.#counts : new NonceCounts();
    return new DigestAnswer(challenge, credential, account ?? digestAccount(challenge, credential), counts);
  }

  /** An answer to `challenge` with the other spelling of the user name; `undefined` if that would not help. */
  respelled(challenge: DigestChallenge): DigestAnswer | undefined {
    const { otherUsernameParam, secret } = this.#account;
    // If this answer was sent before, the server has understood the spelling of the user name. (Apache calls a one-time
    // nonce stale when it sees no user.)
    if (otherUsernameParam === undefined || this.#sends > 1) return undefined;
    const account = { secret, usernameParam: otherUsernameParam, otherUsernameParam: undefined };
    return new DigestAnswer(challenge, this.#credential, account, this.#counts);
  }

  get nonce(): string {
    return this.#challenge.nonce;
  }

  get needsBody(): boolean {
    return this.#challenge.qop === 'auth-int';
  }

  get isReplayable(): boolean {
    return isReplayable(this.#challenge);
  }

  authorize({ method, uri: given, body }: AuthorizedRequest): Authorization {
    // Counted before anything can wait, so that no nc is used twice (RFC 7616 §3.4).
    this.#sends += 1;
    this.#count.nc += 1;
    const { nc } = this.#count;
    const { cnonce, HA1 } = this.#key();
    const { uri, quoted, HA2 } = this.#targetOf(method, given);
    const { algorithm, nonce, qop } = this.#challenge;
    const sent: ResponseInput = { HA1, nonce, nc: formatNc(nc), cnonce, qop, method, uri, body };
    const response = digestResponse(algorithm, sent, HA2, this.#isAscii);
    // Our own cnonce consists of hex digits, so it needs no escaping.
    const value = formatAuthorization(this.#frame, sent, response, { uri: quoted, cnonce: `"${cnonce}"` });
    return { value, nc, confirm: (info, responseBody) => this.#confirm(info, sent, responseBody) };
  }

  #confirm(value: string, sent: ResponseInput, read?: () => Uint8Array | undefined): Confirmation {
    const info = parseAuthenticationInfo(value);
    const coversBody = infoQop(this.#challenge, info) === 'auth-int';
    const body = coversBody ? read?.() : undefined;
    const mutual = coversBody && !body ? undefined : verifyRspauth(this.#challenge, info, sent, body);
    // If the proof of the server is wrong, its nextnonce is not trusted either.
    if (mutual === false || info.nextnonce === undefined || info.nextnonce === this.nonce)
      return { mutual, next: undefined };
    return { mutual, next: this.#next(info.nextnonce) };
  }

  /** RFC 7616 §3.4.2: the session key stays that of the first request after the challenge. */
  #next(nonce: string): DigestAnswer {
    const challenge = { ...this.#challenge, nonce: byteString(nonce) };
    return new DigestAnswer(challenge, this.#credential, this.#account, this.#counts, this.#count.sessionKey);
  }

  /**
   * A -sess key is computed once for a nonce and an account, and its cnonce is then used as long as the nonce: servers that
   * keep the key (RFC 7616 §3.4.2) and servers that compute it from each request (lighttpd) then get the same key.
   */
  #key(): SessionKey {
    const { algorithm, nonce } = this.#challenge;
    const { secret } = this.#account;
    if (!algorithm.session) return { secret, cnonce: newCnonce(), HA1: secret };
    const { sessionKey } = this.#count;
    if (sessionKey?.secret === secret) return sessionKey;
    const cnonce = newCnonce();
    this.#count.sessionKey = { secret, cnonce, HA1: hashA1(algorithm, secret, nonce, cnonce) };
    return this.#count.sessionKey;
  }

  /** Keeps the last target: a program that polls one URL then needs half the hashes, and checks the URI once. */
  #targetOf(method: string, given: string): Target {
    const last = this.#target;
    if (last?.method === method && last.given === given) return last;
    const { qop, algorithm } = this.#challenge;
    const isAscii = isPlain(given);
    const uri = isAscii ? given : byteString(given);
    const HA2 = qop === 'auth-int' ? undefined : hashA2(algorithm, { qop, method, uri, body: undefined }, isAscii);
    const target = { method, given, uri, quoted: isAscii ? `"${uri}"` : quote('uri', uri), HA2 };
    if (given.length <= MAX_URI) this.#target = target;
    return target;
  }

  #accountFor(challenge: DigestChallenge, credential: PasswordCredential): Account | undefined {
    const { realm, algorithm, userhash } = this.#challenge;
    const same =
      credential === this.#credential &&
      challenge.realm === realm &&
      challenge.algorithm === algorithm &&
      challenge.userhash === userhash;
    return same ? this.#account : undefined;
  }
}
