/** What to call it when a request ends without a response. */

import { AuthError } from '../errors.js';

/** The code of the error, and what it means. Never its message, which may be anybody's words. */
export interface Failure {
  readonly code: string | undefined;
  readonly reason: string;
}

const MEANINGS: Readonly<Record<string, string>> = {
  ERR_CANCELED: 'the caller gave up',
  ECONNABORTED: 'no response came in time',
  ETIMEDOUT: 'no response came in time',
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'the name of the host is not known',
  ECONNRESET: 'the connection was closed before a response came',
  ERR_INVALID_URL: 'the URL is none',
  ERR_FR_TOO_MANY_REDIRECTS: 'there were too many redirects',
};

/** Reads the error that axios, or an adapter, gave in place of a response. */
export function failureOf(error: unknown): Failure {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  if (error instanceof AuthError) return { code: error.code, reason: error.message };
  // The fetch adapter calls everything a network error; its cause knows more.
  const known = code === 'ERR_NETWORK' && typeof cause?.code === 'string' ? cause.code : code;
  if (typeof known !== 'string') return { code: undefined, reason: 'no response came' };
  return { code: known, reason: MEANINGS[known] ?? 'no response came' };
}
