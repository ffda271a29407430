/** The answer to one Digest challenge: a nonce, its count, and the session key (RFC 7616 §3.4). */

import type { Answer, Authorization, AuthorizedRequest, Confirmation, PasswordCredential } from '../../model.js';
import { parseAuthenticationInfo } from '../../syntax/authentication-info.js';
import { byteString } from '../text.js';
import { type Account, digestAccount } from './account.js';
import { type Frame, formatAuthorization, frame, infoQop, type Send, verifyRspauth } from './authorization.js';
import type { DigestChallenge } from './challenge.js';
import { newCnonce } from './cnonce.js';
import { type NonceCount, NonceCounts } from './nonce-counts.js';
import { hashA1, hashA2 } from './response.js';

/** What -sess keeps from the first request after the challenge. */
interface SessionKey {
  readonly cnonce: string;
  readonly HA1: string;
}

/** Counts nc for its nonce, together with the other answers of its space. The fields are private, so that no inspection of a session shows a hash. */
export class DigestAnswer implements Answer {
  readonly #challenge: DigestChallenge;
  readonly #credential: PasswordCredential;
  readonly #account: Account;
  readonly #frame: Frame;
  readonly #counts: NonceCounts;
  readonly #count: NonceCount;
  #sessionKey: SessionKey | undefined;
  #sends = 0;
  #lastA2: { readonly method: string; readonly uri: string; readonly HA2: string } | undefined;

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
    this.#counts = counts;
    this.#count = counts.of(challenge.nonce);
    this.#sessionKey = sessionKey;
  }

  /**
   * Answers `challenge`; what `previous` computed for the same credential and realm is kept, and nc counts on from it.
   *
   * @throws AuthError ERR_AUTH_CREDENTIAL
   */
  static to(challenge: DigestChallenge, credential: PasswordCredential, previous?: Answer): DigestAnswer {
    const known = previous instanceof DigestAnswer ? previous : undefined;
    const account = known ? known.#accountFor(challenge, credential) : undefined;
    const counts = known ? known.#counts : new NonceCounts();
    return new DigestAnswer(challenge, credential, account ?? digestAccount(challenge, credential), counts);
  }

  /** An answer to `challenge` with the user name as RFC 2617 servers read it; `undefined` when that is no other. */
  respelled(challenge: DigestChallenge): DigestAnswer | undefined {
    const { legacyUsernameParam, secret } = this.#account;
    // Once a nonce has served, its spelling was understood. (Apache calls a one-time nonce stale when it sees no user.)
    if (legacyUsernameParam === undefined || this.#sends > 1) return undefined;
    const account = { secret, usernameParam: legacyUsernameParam, legacyUsernameParam: undefined };
    return new DigestAnswer(challenge, this.#credential, account, this.#counts);
  }

  get nonce(): string {
    return this.#challenge.nonce;
  }

  get needsBody(): boolean {
    return this.#challenge.qop === 'auth-int';
  }

  authorize({ method, uri, body }: AuthorizedRequest): Authorization {
    // Taken before anything can wait: no nc is ever used twice (RFC 7616 §3.4).
    this.#sends += 1;
    this.#count.nc += 1;
    const { nc } = this.#count;
    const { cnonce, HA1 } = this.#key();
    const send: Send = { HA1, cnonce, nc, method, uri: byteString(uri), body };
    const value = formatAuthorization(this.#frame, this.#challenge, send, this.#hashA2(send));
    return { value, nc, confirm: (info, responseBody) => this.#confirm(info, send, responseBody) };
  }

  #confirm(value: string, send: Send, read?: () => Uint8Array | undefined): Confirmation {
    const info = parseAuthenticationInfo(value);
    const coversBody = infoQop(this.#challenge, info) === 'auth-int';
    const body = coversBody ? read?.() : undefined;
    const mutual = coversBody && !body ? undefined : verifyRspauth(this.#challenge, info, send, body);
    // A server that fails to prove itself is not believed about the nonce either.
    if (mutual === false || info.nextnonce === undefined || info.nextnonce === this.nonce)
      return { mutual, next: undefined };
    return { mutual, next: this.#next(info.nextnonce) };
  }

  /** RFC 7616 §3.4.2: the session key stays that of the first request after the challenge. */
  #next(nonce: string): DigestAnswer {
    const challenge = { ...this.#challenge, nonce: byteString(nonce) };
    return new DigestAnswer(challenge, this.#credential, this.#account, this.#counts, this.#sessionKey);
  }

  /**
   * A -sess key is computed once, and its cnonce then used for the whole nonce: servers that keep the key (RFC 7616
   * §3.4.2) and servers that compute it from each request (lighttpd) then agree.
   */
  #key(): SessionKey {
    if (this.#sessionKey) return this.#sessionKey;
    const { algorithm, nonce } = this.#challenge;
    const cnonce = newCnonce();
    if (!algorithm.session) return { cnonce, HA1: this.#account.secret };
    this.#sessionKey = { cnonce, HA1: hashA1(algorithm, this.#account.secret, nonce, cnonce) };
    return this.#sessionKey;
  }

  /** A program that polls one URL needs half the hashes. */
  #hashA2({ method, uri, body }: Send): string | undefined {
    const { qop, algorithm } = this.#challenge;
    if (qop === 'auth-int') return undefined;
    const last = this.#lastA2;
    if (last?.method === method && last.uri === uri) return last.HA2;
    const HA2 = hashA2(algorithm, { qop, method, uri, body });
    this.#lastA2 = { method, uri, HA2 };
    return HA2;
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
