/** What an exchange goes by: the caller's options, made definite. */

import type { Provider, Scheme } from '../model.js';
import type { GIVEN_UP } from './flight.js';
import type { AuthEvent } from './trace.js';

/** The rules of one request. */
export interface Rules {
  readonly schemes: readonly Scheme[];
  readonly providers: readonly Provider[];
  /** Whether a password or a token may travel in clear text to the origin, and whether a weaker offer is taken there. */
  allowsInsecure(origin: string): boolean;
  readonly preemptive: boolean;
  readonly maxCredentials: number;
  readonly mutual: 'verify' | 'require' | 'off';
  readonly onEvent: ((event: AuthEvent) => void) | undefined;
}

/** Time, for a room without a clock. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Waits for `promise`, at most so many milliseconds and only until `signal` aborts. */
  within<T>(
    milliseconds: number,
    promise: Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T | 'timeout' | typeof GIVEN_UP>;
}
