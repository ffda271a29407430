/** The Digest scheme: proof of a password without sending it (RFC 7616; RFC 2617 and RFC 2069 servers too). */

import type { Acceptance, Answer, Challenge, Refusal, Scheme } from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import { passwordOf } from '../credential.js';
import { DigestAnswer } from './answer.js';
import { answerable, digestLabel, isTrue, readDigestChallenge } from './challenge.js';

// A path beyond these is challenged again; a 16 KiB `domain` names thousands, and each costs at every challenge.
const MAX_DOMAIN = 64;

/** Options of `digest()`. */
export interface DigestOptions {
  /** The algorithms that may be answered, by registered name without `-sess`. Default: `SHA-512-256`, `SHA-256` and `MD5`. */
  readonly algorithms?: ReadonlyArray<'SHA-512-256' | 'SHA-256' | 'MD5'>;
}

/**
 * The Digest scheme: MD5, SHA-256 and SHA-512-256, each with -sess; qop auth, auth-int and none; userhash; rspauth.
 * Throws nothing.
 *
 * @param options - which algorithms may be answered
 * @returns a scheme; its `answer` throws `ERR_AUTH_CREDENTIAL` for a user name that cannot be sent
 * @see RFC 7616
 * @example
 * installAuth(client, { schemes: [digest({ algorithms: ['SHA-256', 'SHA-512-256'] })] }); // never MD5
 */
export function digest(options: DigestOptions = {}): Scheme {
  const allowed = Object.hasOwn(options, 'algorithms') ? options.algorithms : undefined;
  return {
    name: 'digest',
    credential: 'password',
    clearText: false,
    accepts: (challenge) => accepts(challenge, allowed),
    space,
    answer: (challenge, credential, previous) =>
      DigestAnswer.to(answerable(challenge), passwordOf(credential, 'Digest'), previous),
    refusal,
  };
}

function accepts(challenge: Challenge, allowed: readonly string[] | undefined): Acceptance {
  const label = digestLabel(challenge);
  const read = readDigestChallenge(challenge);
  if (typeof read === 'string') return { label, reason: read };
  const name = read.algorithm.name.replace(/-sess$/, '');
  if (allowed && !allowed.some((one) => one === name))
    return { label, reason: `${name} is not allowed by the options` };
  return { label, strength: read.algorithm.strength };
}

function refusal(challenge: Challenge, answer: Answer): Refusal {
  const read = readDigestChallenge(challenge);
  const respelled = answer instanceof DigestAnswer && typeof read !== 'string' ? answer.respelled(read) : undefined;
  if (respelled) return { kind: 'again', answer: respelled, reason: 'the server may not know username*' };
  return { kind: isTrue(challenge.params.stale) ? 'stale' : 'refused' };
}

/** RFC 7616 §3.3: `domain` lists the URIs of the space; without it, or when it is empty, all of the origin. */
function space(challenge: Challenge, url: string): readonly string[] {
  const { origin } = new URL(url);
  const uris = (challenge.params.domain ?? '')
    .split(/[ \t]+/)
    .filter(Boolean)
    .slice(0, MAX_DOMAIN);
  if (uris.length === 0) return ['/'];
  const targets = uris.map((uri) => parseUrl(uri, url));
  // The RFC lets `domain` name other origins. A credential never goes there (SEC-01).
  return targets.flatMap((target) => (target?.origin === origin ? [target.pathname] : []));
}
