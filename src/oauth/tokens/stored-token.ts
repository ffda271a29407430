/** What is kept of a token, and the text that a store holds for it. */

/** A token as a store keeps it. */
export interface StoredToken {
  /** The access token (RFC 6749 §1.4). */
  readonly access: string;
  /** The refresh token (RFC 6749 §1.5), if the issuer gave one. */
  readonly refresh?: string;
  /** When the access token runs out, in milliseconds since 1970; absent: the issuer did not say. */
  readonly expires?: number;
  /** The scopes that it has, separated by blanks (RFC 6749 §3.3). */
  readonly scope?: string;
}

const VERSION = 1;

// A token that runs out within a minute may have run out when it arrives.
const LEEWAY_MS = 60_000;

/** Whether more than a minute remains at `now`, or the token does not say. */
export function isFresh({ expires }: StoredToken, now: number): boolean {
  return expires === undefined || expires - now > LEEWAY_MS;
}

export function formatStored(token: StoredToken): string {
  const { access, refresh, expires, scope } = tokenWith(token);
  return JSON.stringify({ version: VERSION, access, refresh, expires, scope });
}

/** `undefined` for what is not such a text: garbage in a store is a token that is not there. */
export function parseStored(text: unknown): StoredToken | undefined {
  const kept = objectOf(text);
  if (kept?.version !== VERSION || typeof kept.access !== 'string' || kept.access === '') return undefined;
  const { access, refresh, expires, scope } = kept;
  return tokenWith({
    access,
    ...(typeof refresh === 'string' && { refresh }),
    ...(typeof expires === 'number' && { expires }),
    ...(typeof scope === 'string' && { scope }),
  });
}

/** A copy that inherits nothing: a refresh token on Object.prototype is not the issuer's (SEC-28). */
export function tokenWith(token: StoredToken): StoredToken {
  return Object.assign(Object.create(null), token);
}

function objectOf(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    return typeof value === 'object' && value !== null ? Object.assign(Object.create(null), value) : undefined;
  } catch {
    return undefined;
  }
}
