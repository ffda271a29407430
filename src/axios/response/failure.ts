/** Names the reason if a request ends without a response. */

import { AuthError } from '../../errors.js';
import { kindOf } from '../../syntax/said.js';
import { Broken } from '../client/broken.js';

/** The code of an error, and its meaning. A foreign error's message is not used, because it may contain any text. */
export interface Failure {
  readonly code: string | undefined;
  readonly reason: string;
}

const MEANINGS: Readonly<Record<string, string>> = {
  ERR_CANCELED: 'the caller canceled the request',
  ECONNABORTED: 'no response came in time',
  ETIMEDOUT: 'no response came in time',
  ECONNREFUSED: 'connection refused: nothing is listening on that port',
  ENOTFOUND: 'unknown host name',
  ECONNRESET: 'the connection was closed before a response came',
  ERR_INVALID_URL: 'invalid URL',
  ERR_FR_TOO_MANY_REDIRECTS: 'too many redirects',
};

// What JavaScript itself throws. A failure of the network is an error of axios or has a code.
const FAULT = /^(Type|Range|Reference|Syntax)Error$/;

/** The failure if the caller's timeout expired, whatever the error says. */
export const LATE: Failure = { code: 'ETIMEDOUT', reason: 'the response was not complete in time' };

/** Reads the error that axios, or an adapter, gave in place of a response. */
export function failureOf(error: unknown): Failure {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  if (error instanceof AuthError) return { code: error.code, reason: error.message };
  if (cause instanceof Broken) return { code: cause.code, reason: cause.message };
  const kind = kindOf(error) ?? '';
  if (FAULT.test(kind)) return { code: kind, reason: 'a fault in the program, in a scheme or in a provider' };
  // The fetch adapter reports every failure as ERR_NETWORK; the `cause` has the specific code.
  const known = code === 'ERR_NETWORK' && typeof cause?.code === 'string' ? cause.code : code;
  if (typeof known !== 'string') return { code: undefined, reason: 'no response came' };
  return { code: known, reason: MEANINGS[known] ?? 'no response came' };
}
