/** The Digest scheme: proof of a password without sending it (RFC 7616; RFC 2617 and RFC 2069 servers too). */

import type { Answer, Challenge, Offer, Refusal, Scheme, Unanswerable } from '../../model.js';
import { ownOptions } from '../../syntax/options.js';
import { parseUrl } from '../../syntax/url.js';
import { passwordOf } from '../credential.js';
import { DigestAnswer } from './answer.js';
import { type DigestChallenge, digestLabel, isReplayable, isTrue, readDigestChallenge } from './challenge.js';

// A 16 KiB `domain` lists thousands of URIs, and each costs time at every challenge. A path beyond this limit is
// challenged again.
const MAX_DOMAIN = 64;

/** Options of `digest()`. */
export interface DigestOptions {
  /** The algorithms that may be answered, by registered name without `-sess`. Default: `SHA-512-256`, `SHA-256` and `MD5`. */
  readonly algorithms?: ReadonlyArray<'SHA-512-256' | 'SHA-256' | 'MD5'>;
}

/**
 * The Digest scheme: MD5, SHA-256 and SHA-512-256, each with -sess; qop auth, auth-int or absent; userhash; rspauth.
 * Throws nothing.
 *
 * @param options - which algorithms may be answered
 * @returns a scheme; the `answer` of what it reads throws `ERR_AUTH_CREDENTIAL` for a user name that cannot be sent
 * @see RFC 7616
 * @example
 * installAuth(client, { schemes: [digest({ algorithms: ['SHA-256', 'SHA-512-256'] })] }); // never MD5
 */
export function digest(options: DigestOptions = {}): Scheme {
  const { algorithms: allowed } = ownOptions(options, ['algorithms'], 'digest');
  return {
    name: 'digest',
    credential: 'password',
    clearText: false,
    read: (challenge) => read(challenge, allowed),
  };
}

function read(challenge: Challenge, allowed: readonly string[] | undefined): Offer | Unanswerable {
  const label = digestLabel(challenge);
  const digestChallenge = readDigestChallenge(challenge);
  const { nonce, domain } = challenge.params;
  const isStale = isTrue(challenge.params.stale);
  const unanswerable = (reason: string): Unanswerable => {
    return { label, reason, nonce, refusalOf: () => ({ kind: isStale ? 'stale' : 'refused' }) };
  };
  if (typeof digestChallenge === 'string') return unanswerable(digestChallenge);
  const name = digestChallenge.algorithm.name.replace(/-sess$/, '');
  if (allowed && !allowed.some((one) => one === name)) return unanswerable(`${name} is not allowed by the options`);
  return {
    label,
    strength: strengthOf(digestChallenge),
    nonce: digestChallenge.nonce,
    replayable: isReplayable(digestChallenge) ? 'without qop' : undefined,
    space: (url) => digestSpace(url, domain),
    answer: (credential, previous) => DigestAnswer.to(digestChallenge, passwordOf(credential, 'Digest'), previous),
    refusalOf: (previous) => refusal(digestChallenge, isStale, previous),
  };
}

// Without qop the server chooses everything that is hashed with the password, so that it can precompute guesses
// (RFC 7616 §5.4), and a response can be replayed. auth-int also covers the body.
const QOP_STRENGTH = { none: -4, auth: 0, 'auth-int': 2 } as const;

/** The algorithm counts most, then qop, then -sess: a session key is of no use with another nonce. */
function strengthOf({ algorithm, qop }: DigestChallenge): number {
  return algorithm.strength + QOP_STRENGTH[qop ?? 'none'] + (algorithm.session ? 1 : 0);
}

function refusal(challenge: DigestChallenge, isStale: boolean, previous: Answer): Refusal {
  const respelled = previous instanceof DigestAnswer ? previous.respelled(challenge) : undefined;
  if (respelled) return { kind: 'again', answer: respelled, reason: 'the server may want username*' };
  return { kind: isStale ? 'stale' : 'refused' };
}

/** RFC 7616 §3.3: `domain` lists the URIs of the space; without it, or when it is empty, all of the origin. */
export function digestSpace(url: string, domain: string | undefined): readonly string[] {
  const { origin } = new URL(url);
  const uris = (domain ?? '')
    .split(/[ \t]+/)
    .filter(Boolean)
    .slice(0, MAX_DOMAIN);
  if (uris.length === 0) return ['/'];
  const targets = uris.map((uri) => parseUrl(uri, url));
  // The RFC lets `domain` name other origins. A credential never goes there (SEC-01).
  return targets.flatMap((target) => (target?.origin === origin ? [target.pathname] : []));
}
