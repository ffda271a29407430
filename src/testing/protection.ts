/** The protections of the server, and which of them guard a path. */

/** A digest algorithm of RFC 7616 §6.1. */
export type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess' | 'SHA-512-256' | 'SHA-512-256-sess';

/** `Basic` (RFC 7617). */
export interface BasicProtection {
  /** The auth-scheme. */
  readonly scheme: 'basic';
  /** The realm; default `test`. */
  readonly realm?: string;
  /** Send `charset="UTF-8"` (RFC 7617 §2.1). The server reads user names and passwords as UTF-8 in any case. */
  readonly charset?: boolean;
}

/** `Digest` (RFC 7616), with options that imitate the behaviour of real servers. */
export interface DigestProtection {
  /** The auth-scheme. */
  readonly scheme: 'digest';
  /** The realm; default `test`. Any characters except control characters; sent as UTF-8. */
  readonly realm?: string;
  /** The algorithm. If it is left out, the challenge does not name it, which means MD5 (RFC 7616 §3.3). */
  readonly algorithm?: DigestAlgorithm | undefined;
  /** The value of `qop`; default `auth`. `null`: a challenge without qop, as in RFC 2069. */
  readonly qop?: string | null;
  /** Send `userhash=true`, and accept hashed user names (RFC 7616 §3.4.4). */
  readonly userhash?: boolean;
  /** Send `charset=UTF-8`. The server reads user names and passwords as UTF-8 in any case. */
  readonly charset?: boolean;
  /** The value that the client has to send back unchanged (RFC 7616 §3.3). Default: the challenge has no `opaque`. */
  readonly opaque?: string;
  /** The value of `domain`: URIs separated by spaces. The server sends it, but does not enforce it. */
  readonly domain?: string;
  /** The number of accepted requests after which a nonce is stale. Default: unlimited. */
  readonly nonceUses?: number;
  /** The age in milliseconds (of `Date.now()`) from which a nonce is stale. Default: unlimited. */
  readonly nonceLifetime?: number;
  /** Send the same nonce to every client until it is stale or refused, instead of a fresh nonce in each 401. */
  readonly sharedNonce?: boolean;
  /** Send `nextnonce` with every n-th accepted request of a nonce (RFC 7616 §3.5). The old nonce stays valid. */
  readonly nextnonce?: number | 'always';
  /** Prove knowledge of the password with `rspauth` (RFC 7616 §3.5). Default true; `wrong`: a wrong proof. */
  readonly rspauth?: boolean | 'wrong';
  /** `any` (default): each nc at most once per nonce, in any order; `strict`: each nc is the previous nc plus one. */
  readonly ncOrder?: 'any' | 'strict';
  /** Send `stale=true` when an nc breaks `ncOrder`; by default, that 401 has a fresh nonce without `stale`. */
  readonly staleOnBadNc?: boolean;
  /** False: never send `stale=true`; some servers do not. Default true. */
  readonly staleFlag?: boolean;
  /** Refuse every correct response with `stale=true`. */
  readonly alwaysStale?: boolean;
  /**
   * The nonce and cnonce in the session key of the `-sess` algorithms. `first` (default, RFC 7616 §3.4.2): those of the
   * first request after the challenge, kept across `nextnonce`; with `sharedNonce`, this works for one client only.
   * `each`: those of the same request, as in servers that keep no session.
   */
  readonly sessKey?: 'first' | 'each';
}

/** `Bearer` (RFC 6750). */
export interface BearerProtection {
  /** The auth-scheme. */
  readonly scheme: 'bearer';
  /** The realm; default `test`. */
  readonly realm?: string;
  /** The scope in the challenge, which a token needs. Default: the challenge has no `scope`. */
  readonly scope?: string;
  /** Send `error="invalid_token"` in response to an unknown token (RFC 6750 §3.1). */
  readonly error?: boolean;
}

/** `NTLM` (MS-NTHT): NTLMv2 with a MIC, for one connection at a time. */
export interface NtlmProtection {
  /** The auth-scheme. */
  readonly scheme: 'ntlm';
  /** The domain of the users, which an answer may name or leave out; default `LAB`. */
  readonly domain?: string;
  /** False: the server says no time in its message, as Windows before Vista. */
  readonly timestamp?: boolean;
  /** False: the server has no extended session security, as one that wants NTLMv1. */
  readonly extendedSecurity?: boolean;
  /** False: the server's message has no target info. */
  readonly targetInfo?: boolean;
  /** `never`: a bare `NTLM` to every message. `always`: a message to every message, the last one too. */
  readonly answers?: 'never' | 'always';
}

/** Field values that are sent unchanged, one field line each, a byte per character. Every authorization is refused. */
export interface RawProtection {
  /** The field values. */
  readonly raw: string | readonly string[];
}

/**
 * A protection of a path: one challenge, and which authorizations it accepts.
 *
 * @example
 * const strong: Protection = { scheme: 'digest', algorithm: 'SHA-256', nonceUses: 10 };
 * const broken: Protection = { raw: 'Digest realm="unterminated' };
 */
export type Protection = BasicProtection | DigestProtection | BearerProtection | NtlmProtection | RawProtection;

/** One protection or several, for every path or by path prefix. */
export type Protect = Protection | readonly Protection[] | Readonly<Record<string, Protection | readonly Protection[]>>;

/** A path prefix, and the judges that guard it. */
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

/** The judges of the longest prefix that matches the request-target; `[]` when the path is open. */
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

// A prefix ends at a segment border: `/docs` matches `/docs/a`, but not `/docsets`.
function holds(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '').replace(/\?.*$/s, '');
  return path.startsWith('/') ? path : '/';
}
