/**
 * `axios-challenge/protocol`: the pure pieces of HTTP authentication, without axios and without I/O.
 *
 * @module axios-challenge/protocol
 */

import { covers } from './exchange/challenge/paths.js';
import { basicSpace } from './schemes/basic.js';
import { bearerSpace } from './schemes/bearer.js';
import { digestSpace } from './schemes/digest/digest.js';
import { parseUrl } from './syntax/url.js';

export { AuthError, type AuthErrorCode } from './errors.js';
export type { Challenge } from './model.js';
export { basicAuthorization } from './schemes/basic.js';
export {
  type AuthenticationInfoInput,
  type DigestAuthorizationInput,
  digestAuthorization,
  verifyAuthenticationInfo,
} from './schemes/digest/compute.js';
export type { AuthParams } from './syntax/auth-param.js';
export { parseAuthenticationInfo } from './syntax/authentication-info.js';
export { formatChallenges, parseChallenges } from './syntax/challenge.js';

/** What `inProtectionSpace` compares. */
export interface ProtectionSpaceInput {
  /** The auth-scheme, in any case: `basic`, `digest` or `bearer`. */
  readonly scheme: string;
  /** The URL that was challenged. */
  readonly challengeUrl: string;
  /** The realm of the challenge. */
  readonly realm: string;
  /** The `domain` of a Digest challenge. */
  readonly domain?: string | undefined;
  /** The URL of the request to come. */
  readonly url: string;
}

/**
 * Whether a request lies in the protection space of a challenge, so that it may be authorized before it is challenged.
 * Never throws.
 *
 * @param input - the challenge, and the two URLs
 * @returns false for another origin, for an unknown scheme, and for a URL that is not absolute
 * @see RFC 7617 §2.2, RFC 7616 §3.3
 * @example
 * inProtectionSpace({ scheme: 'basic', realm: 'docs', challengeUrl: 'http://example.com/docs/index.html', url: 'http://example.com/docs/test.doc' }); // true
 */
export function inProtectionSpace({ scheme, challengeUrl, domain, url }: ProtectionSpaceInput): boolean {
  const space = SPACES.get(scheme.toLowerCase());
  const [from, target] = [parseUrl(challengeUrl), parseUrl(url)];
  if (!space || !from || !target) return false;
  // Two opaque origins are never the same, although all are written "null" (RFC 6454 §5, §6).
  if (target.origin !== from.origin || target.origin === 'null') return false;
  return space(challengeUrl, domain).some((prefix) => covers(prefix, target.pathname));
}

const SPACES: ReadonlyMap<string, (url: string, domain?: string) => readonly string[]> = new Map([
  ['basic', basicSpace],
  ['bearer', bearerSpace],
  ['digest', digestSpace],
]);
