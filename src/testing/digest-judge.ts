/** Writes a Digest challenge, and judges the authorizations that answer it (RFC 7616; without qop RFC 2069). */

import type { Authorization } from './authorization.js';
import { type DigestAnswer, NOT_ASCII, readDigest } from './digest-answer.js';
import { type DigestParts, digestHash, hashedUsername, responseOf, type Session } from './digest-hash.js';
import { bytes, formatChallenge, formatParams, quoted } from './field.js';
import type { Acceptance, Judge, Refusal, Verdict } from './judge.js';
import type { Nonce, Nonces } from './nonces.js';
import type { DigestAlgorithm, DigestProtection } from './protection.js';
import type { Draft } from './received-request.js';
import { findUser, sameSecret, type User } from './users.js';
import { forbid } from './violation.js';

/** The judge of one Digest challenge. */
export class DigestJudge implements Judge {
  readonly scheme = 'digest';
  readonly #protection: DigestProtection;
  readonly #users: Readonly<Record<string, string>>;
  readonly #nonces: Nonces;
  readonly #algorithm: DigestAlgorithm;
  readonly #realm: string;
  readonly #qop: string | null;
  readonly #offered: readonly string[];
  // Judges with the same realm and algorithm share one protection space, and accept each other's nonces.
  readonly #space: string;
  #shared: Nonce | undefined;

  constructor(protection: DigestProtection, users: Readonly<Record<string, string>>, nonces: Nonces) {
    this.#protection = protection;
    this.#users = users;
    this.#nonces = nonces;
    this.#algorithm = protection.algorithm ?? 'MD5';
    this.#realm = bytes(protection.realm ?? 'test');
    this.#qop = protection.qop === undefined ? 'auth' : protection.qop;
    this.#offered = (this.#qop ?? '').split(/[\s,]+/).filter((qop) => qop !== '');
    this.#space = `${this.#algorithm} ${this.#realm}`;
  }

  challenge(refusal?: Refusal): readonly string[] {
    const { opaque, domain, algorithm, charset, userhash } = this.#protection;
    const params = {
      realm: quoted(this.#realm),
      domain: domain === undefined ? undefined : quoted(bytes(domain)),
      qop: this.#qop === null ? undefined : quoted(this.#qop),
      algorithm,
      nonce: quoted(this.#handOut(refusal).value),
      opaque: opaque === undefined ? undefined : quoted(bytes(opaque)),
      stale: refusal?.stale ? 'true' : undefined,
      charset: charset ? 'UTF-8' : undefined,
      userhash: userhash ? 'true' : undefined,
    };
    return [formatChallenge('Digest', params)];
  }

  isMine({ scheme, params }: Authorization): boolean {
    if (scheme !== 'digest' || params.get('realm')?.value !== this.#realm) return false;
    return (params.get('algorithm')?.value ?? 'MD5') === this.#algorithm;
  }

  isClosest({ params }: Authorization): boolean {
    const qop = params.get('qop')?.value;
    return qop === undefined ? this.#offered.length === 0 : this.#offered.includes(qop);
  }

  judge(authorization: Authorization, received: Draft): Verdict {
    const answer = readDigest(authorization, received.url);
    this.#checkAgainstChallenge(answer);
    const nonce = this.#nonces.find(answer.nonce, this.#space);
    const user = this.#findUser(answer);
    received.user = user?.name ?? answer.username;
    const refuse = (reason: string, stale = false) => this.#refuse(reason, stale, answer.nonce);
    if (!user) return refuse('wrong user name or password');
    const parts = this.#partsOf(answer, user, nonce);
    const expected = responseOf(parts, received.method, received.body);
    if (!sameSecret(expected, answer.response)) return refuse('wrong user name or password');
    // RFC 7616 §3.3: stale is true only if everything but the nonce was right.
    if (!nonce || this.#protection.alwaysStale || !this.#isFresh(nonce)) return refuse('the nonce is stale', true);
    if (!this.#counts(nonce, answer)) return refuse('nc out of order', this.#protection.staleOnBadNc);
    return { accepted: this.#accept(parts, user, nonce) };
  }

  #refuse(reason: string, stale: boolean, nonce: string): Verdict {
    const { staleFlag = true } = this.#protection;
    return { refused: { reason, stale: stale && staleFlag, nonce } };
  }

  #checkAgainstChallenge(answer: DigestAnswer): void {
    const { algorithm, opaque, charset, userhash } = this.#protection;
    // RFC 2617 §3.2.2 has no username*, and says nothing of the charset. RFC 7616 §3.4 wants username*.
    forbid(answer.isRaw && (charset || userhash || !this.#algorithm.startsWith('MD5')), NOT_ASCII);
    forbid(answer.realm !== this.#realm, 'digest: realm is not that of the challenge');
    const named = answer.algorithm ?? (algorithm === undefined ? 'MD5' : '');
    forbid(named !== this.#algorithm, 'digest: algorithm is not that of the challenge');
    const expectedOpaque = opaque === undefined ? undefined : bytes(opaque);
    forbid(answer.opaque !== expectedOpaque, 'digest: opaque is not that of the challenge');
    forbid(answer.userhash && !userhash, 'digest: userhash was not offered');
    const length = digestHash(this.#algorithm, '').length;
    forbid(answer.response.length !== length, `digest: response is not ${length} digits long`);
    this.#checkQop(answer.protection?.qop);
  }

  #checkQop(qop: string | undefined): void {
    forbid(qop !== undefined && !this.#offered.includes(qop), 'digest: qop was not offered');
    forbid(qop === undefined && this.#offered.length > 0, 'digest: qop is missing');
    const sess = this.#algorithm.endsWith('-sess');
    forbid(
      sess && qop === undefined,
      'digest: a -sess algorithm cannot be answered without qop, because no cnonce is sent',
    );
  }

  #findUser({ username, userhash }: DigestAnswer): User | undefined {
    const hashed = (name: string) => hashedUsername(this.#algorithm, name, this.#realm);
    return findUser(this.#users, (name) => (userhash ? hashed(name) : name) === username);
  }

  #partsOf(answer: DigestAnswer, user: User, nonce: Nonce | undefined): DigestParts {
    return {
      algorithm: this.#algorithm,
      username: bytes(user.name),
      realm: this.#realm,
      password: bytes(user.password),
      nonce: answer.nonce,
      uri: answer.uri,
      session: this.#sessionOf(answer, user, nonce),
      ...(answer.protection && { protection: answer.protection }),
    };
  }

  #sessionOf(answer: DigestAnswer, user: User, nonce: Nonce | undefined): Session {
    const own = { nonce: answer.nonce, cnonce: answer.protection?.cnonce ?? '' };
    if (this.#protection.sessKey === 'each') return own;
    return nonce?.sessions.get(user.name) ?? own;
  }

  #isFresh(nonce: Nonce): boolean {
    const { nonceUses = Infinity, nonceLifetime = Infinity } = this.#protection;
    return nonce.uses < nonceUses && Date.now() - nonce.issuedAt < nonceLifetime;
  }

  #counts(nonce: Nonce, { protection }: DigestAnswer): boolean {
    return !protection || nonce.count(Number.parseInt(protection.nc, 16), this.#protection.ncOrder ?? 'any');
  }

  #accept(parts: DigestParts, user: User, nonce: Nonce): Acceptance {
    nonce.uses += 1;
    nonce.sessions.set(user.name, parts.session);
    const next = this.#nextNonce(nonce);
    // RFC 7616 §3.4.2: a nextnonce does not begin a new session.
    next?.sessions.set(user.name, parts.session);
    return {
      user: user.name,
      authenticationInfo: (body) => this.#authenticationInfo(parts, next, body),
      coversBody: parts.protection?.qop === 'auth-int',
    };
  }

  #nextNonce(nonce: Nonce): Nonce | undefined {
    const { nextnonce, sharedNonce } = this.#protection;
    const every = nextnonce === 'always' ? 1 : nextnonce;
    if (every === undefined || nonce.uses % every !== 0) return undefined;
    const next = this.#nonces.issue(this.#space);
    if (sharedNonce) this.#shared = next;
    return next;
  }

  #authenticationInfo(parts: DigestParts, next: Nonce | undefined, body: Buffer): string | undefined {
    const { rspauth = true } = this.#protection;
    const proof = rspauth ? this.#proof(parts, rspauth === 'wrong', body) : {};
    const value = formatParams({ nextnonce: next && quoted(next.value), ...proof });
    return value === '' ? undefined : value;
  }

  #proof(parts: DigestParts, wrong: boolean, body: Buffer): Record<string, string> {
    const right = responseOf(parts, '', body);
    const rspauth = quoted(wrong ? digestHash(parts.algorithm, right) : right);
    if (!parts.protection) return { rspauth };
    const { qop, nc, cnonce } = parts.protection;
    return { qop, rspauth, cnonce: quoted(cnonce), nc };
  }

  // The nonce that was just refused is not sent again, because the client could never succeed with it.
  #handOut(refusal: Refusal | undefined): Nonce {
    const shared = this.#shared;
    if (shared && shared.value !== refusal?.nonce && this.#isFresh(shared)) return shared;
    const nonce = this.#nonces.issue(this.#space);
    if (this.#protection.sharedNonce) this.#shared = nonce;
    return nonce;
  }
}
