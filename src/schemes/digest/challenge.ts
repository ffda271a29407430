/** What a Digest challenge asks for, or why it cannot be answered (RFC 7616 §3.3). */

import { AuthError } from '../../errors.js';
import type { Challenge } from '../../model.js';
import { byteString } from '../text.js';
import { type Algorithm, algorithm } from './hash.js';

/** The qop values this client can compute (RFC 7616 §3.4); absent in RFC 2069. */
export type Qop = 'auth' | 'auth-int';

/** A Digest challenge that can be answered. Values are byte strings, as received. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: Algorithm;
  /** `algorithm` as the server spelled it, to be echoed; absent if the server sent no `algorithm`. */
  readonly algorithmParam: string | undefined;
  readonly qop: Qop | undefined;
  readonly userhash: boolean;
  /** Whether the server names the charset of RFC 7616 §4, which is UTF-8. */
  readonly charset: boolean;
}

/** Reads a challenge; a string says why it cannot be answered. */
export function readDigestChallenge(challenge: Challenge): DigestChallenge | string {
  const { realm, nonce, opaque, algorithm: algorithmParam, qop: offered, userhash, charset } = challenge.params;
  if (realm === undefined) return 'it has no realm';
  if (nonce === undefined) return 'it has no nonce';
  const known = algorithm(algorithmParam ?? 'MD5');
  if (!known) return `the algorithm ${JSON.stringify(algorithmParam ?? 'MD5')} is not supported`;
  const qop = chooseQop(offered);
  if (qop === 'unknown') return `the qop ${JSON.stringify(offered)} is not supported`;
  // RFC 7616 §3.4.2: the session key needs a cnonce, which is only sent with qop.
  if (known.session && qop === undefined) return `${known.name} needs qop`;
  return {
    realm: byteString(realm),
    nonce: byteString(nonce),
    opaque: opaque === undefined ? undefined : byteString(opaque),
    algorithm: known,
    algorithmParam,
    qop,
    userhash: isTrue(userhash),
    charset: charset !== undefined,
  };
}

/** Like `readDigestChallenge`, for a challenge that should be answerable. @throws AuthError ERR_AUTH_CHALLENGE */
export function answerable(challenge: Challenge): DigestChallenge {
  const read = readDigestChallenge(challenge);
  if (typeof read !== 'string') return read;
  throw new AuthError('ERR_AUTH_CHALLENGE', `the Digest challenge cannot be answered: ${read}`);
}

/** Whether an old proof of the server is valid again: it covers our cnonce only with qop (RFC 7616 §3.5). */
export function isReplayable({ qop }: DigestChallenge): boolean {
  return qop === undefined;
}

/** The name of the challenge in traces: `Digest SHA-256`. */
export function digestLabel(challenge: Challenge): string {
  const name = challenge.params.algorithm ?? 'MD5';
  return `Digest ${algorithm(name)?.name ?? JSON.stringify(name)}`;
}

/** A flag of a Digest param: "true" in any case (RFC 7616 §3.3). */
export function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}

function chooseQop(offered: string | undefined): Qop | undefined | 'unknown' {
  const options = (offered ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (options.length === 0) return undefined;
  if (options.includes('auth')) return 'auth';
  return options.includes('auth-int') ? 'auth-int' : 'unknown';
}
