/** Which challenges guard which path. */

/** A digest algorithm of RFC 7616 §6.1. */
export type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess' | 'SHA-512-256' | 'SHA-512-256-sess';

/** `Basic` (RFC 7617). */
export interface BasicProtection {
  /** Which auth-scheme it is. */
  readonly scheme: 'basic';
  /** Default `test`. */
  readonly realm?: string;
  /** Say `charset="UTF-8"` (RFC 7617 §2.1). User names and passwords are UTF-8 either way. */
  readonly charset?: boolean;
}

/** `Digest` (RFC 7616), with the habits that servers are known for. */
export interface DigestProtection {
  /** Which auth-scheme it is. */
  readonly scheme: 'digest';
  /** Default `test`. Any characters but controls; sent as UTF-8. */
  readonly realm?: string;
  /** Left out: the challenge names no algorithm, which means MD5 (RFC 7616 §3.3). */
  readonly algorithm?: DigestAlgorithm | undefined;
  /** Default `auth`. `null`: the challenge has no qop, as in RFC 2069. */
  readonly qop?: string | null;
  /** Say `userhash=true`, and believe hashed user names (RFC 7616 §3.4.4). */
  readonly userhash?: boolean;
  /** Say `charset=UTF-8`. User names and passwords are UTF-8 either way. */
  readonly charset?: boolean;
  /** What the client has to send back (RFC 7616 §3.3). Default: none. */
  readonly opaque?: string;
  /** The value of `domain`: URIs separated by spaces. It is said, not enforced. */
  readonly domain?: string;
  /** After so many accepted requests a nonce is stale. Default: never. */
  readonly nonceUses?: number;
  /** After so many milliseconds (of `Date.now()`) a nonce is stale. Default: never. */
  readonly nonceLifetime?: number;
  /** Hand the same nonce to everybody until it is used up or refused, instead of a fresh one with each 401. */
  readonly sharedNonce?: boolean;
  /** Send `nextnonce` with every n-th accepted request of a nonce (RFC 7616 §3.5). The old nonce stays good. */
  readonly nextnonce?: number | 'always';
  /** Default true: prove knowledge of the password with `rspauth` (RFC 7616 §3.5). `wrong`: fail to. */
  readonly rspauth?: boolean | 'wrong';
  /** `any` (default): each nc once per nonce, in any order; `strict`: exactly one more than the last. */
  readonly ncOrder?: 'any' | 'strict';
  /** Call the nonce stale when `ncOrder` is broken; by default that 401 only has a fresh nonce. */
  readonly staleOnBadNc?: boolean;
  /** False: never say `stale=true`, as some servers do. */
  readonly staleFlag?: boolean;
  /** Refuse every right response with `stale=true`. */
  readonly alwaysStale?: boolean;
  /**
   * The session key of the `-sess` algorithms. `first` (default, RFC 7616 §3.4.2): nonce and cnonce of the first request
   * after the challenge, kept across `nextnonce` (so with `sharedNonce` for one client only); `each`: of each request, as servers without memory do.
   */
  readonly sessKey?: 'first' | 'each';
}

/** `Bearer` (RFC 6750). */
export interface BearerProtection {
  /** Which auth-scheme it is. */
  readonly scheme: 'bearer';
  /** Default `test`. */
  readonly realm?: string;
  /** Which scope a token needs, as the challenge says. Default: none. */
  readonly scope?: string;
  /** Say `error="invalid_token"` when a wrong token came (RFC 6750 §3.1). */
  readonly error?: boolean;
}

/** Field values to be sent as they are, one field line each, one byte a character. Nobody gets past them. */
export interface RawProtection {
  /** The field values. */
  readonly raw: string | readonly string[];
}

/**
 * What guards a path.
 *
 * @example
 * const strong: Protection = { scheme: 'digest', algorithm: 'SHA-256', nonceUses: 10 };
 * const broken: Protection = { raw: 'Digest realm="unterminated' };
 */
export type Protection = BasicProtection | DigestProtection | BearerProtection | RawProtection;

/** One protection or several, for everything or by path prefix. */
export type Protect = Protection | readonly Protection[] | Readonly<Record<string, Protection | readonly Protection[]>>;

/** A path prefix and what guards it. */
export interface Guard<T> {
  readonly prefix: string;
  readonly judges: readonly T[];
}

/** Turns each protection into a judge, and puts the longest prefixes first. */
export function guardsOf<T>(protect: Protect, judgeOf: (protection: Protection) => T): Guard<T>[] {
  return Object.entries(byPrefix(protect))
    .map(([prefix, protections]) => ({ prefix, judges: listOf(protections).map(judgeOf) }))
    .sort((one, other) => other.prefix.length - one.prefix.length);
}

/** The judges of the longest prefix that holds the request-target; none when the path is open. */
export function judgesAt<T>(guards: readonly Guard<T>[], target: string): readonly T[] {
  const path = pathOf(target);
  return guards.find(({ prefix }) => holds(prefix, path))?.judges ?? [];
}

function byPrefix(protect: Protect): Readonly<Record<string, Protection | readonly Protection[]>> {
  if (Array.isArray(protect) || isProtection(protect)) return { '/': protect as Protection | readonly Protection[] };
  return protect as Readonly<Record<string, Protection | readonly Protection[]>>;
}

function isProtection(protect: object): protect is Protection {
  return 'scheme' in protect || 'raw' in protect;
}

function listOf(protections: Protection | readonly Protection[]): readonly Protection[] {
  return isProtection(protections) ? [protections] : protections;
}

// A prefix ends at a segment border: `/docs` holds `/docs/a`, not `/docsets`.
function holds(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '').replace(/\?.*$/s, '');
  return path.startsWith('/') ? path : '/';
}
