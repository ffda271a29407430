/** Says of a kept token how long it lasts and what it allows; never the token. */

import type { StoredToken } from '../../oauth/tokens/stored-token.js';
import { phrase } from '../../syntax/visible.js';

/** What may be known of a token. */
export interface TokenSummary {
  /** RFC 3339, in UTC; absent: the issuer did not say. */
  readonly expires?: string;
  /** In seconds, negative if it has run out. */
  readonly expiresIn?: number;
  readonly scope?: string;
  /** Whether it is renewed without a person. */
  readonly renewable: boolean;
}

export function summaryOf({ expires, scope, refresh }: StoredToken, now = Date.now()): TokenSummary {
  return {
    ...(expires !== undefined && timesOf(expires, now)),
    ...(scope !== undefined && { scope }),
    renewable: refresh !== undefined,
  };
}

/** What is no date does not end. */
function timesOf(expires: number, now: number): Pick<TokenSummary, 'expires' | 'expiresIn'> {
  if (Math.abs(expires) > 8.64e15) return {};
  return { expires: new Date(expires).toISOString(), expiresIn: Math.round((expires - now) / 1000) };
}

/** `expires 2026-11-30T08:00Z (in 59 minutes), is renewed, allows files:read` */
export function summaryText({ expires, expiresIn = 0, scope, renewable }: TokenSummary): string {
  const verb = expiresIn < 0 ? 'expired' : 'expires';
  const end = expires === undefined ? 'has no known end' : `${verb} ${expires.slice(0, 16)}Z (${distance(expiresIn)})`;
  const allows = scope === undefined || scope === '' ? [] : [`allows ${phrase(scope)}`];
  return [end, renewable ? 'can be renewed' : 'cannot be renewed', ...allows].join(', ');
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** In the largest unit of which there are two. */
function distance(seconds: number): string {
  const size = Math.abs(seconds);
  const [unit, length] = UNITS.find(([, length]) => size >= 2 * length) ?? ['second', 1];
  const count = Math.floor(size / length);
  const text = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}
