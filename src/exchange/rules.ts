/** What an exchange goes by: the caller's options, made definite. */

import type { Provider, Scheme } from '../model.js';
import type { GIVEN_UP } from './flight.js';
import type { Spaces } from './spaces.js';
import type { AuthEvent } from './trace.js';

/** The rules of one request. */
export interface Rules {
  readonly schemes: readonly Scheme[];
  readonly providers: readonly Provider[];
  /** Whether a password or a token may travel in clear text to the origin, and whether a weaker offer is taken there. */
  allowsInsecure(origin: string): boolean;
  /** Whether a challenge of this origin is answered when a redirect led there from another. */
  trustsOrigin(origin: string): boolean;
  readonly preemptive: boolean;
  readonly maxCredentials: number;
  readonly mutual: 'verify' | 'require' | 'off';
  readonly onEvent: ((event: AuthEvent) => void) | undefined;
}

/** Who may ask for a credential: the origin with 401, or the proxy on the way with 407 (RFC 9110 §11.6, §11.7). */
export interface Challenger {
  readonly status: 401 | 407;
  readonly proxy: boolean;
  readonly rules: Rules;
  /** The proxy's are others than the origin's: neither sees what the other was given (SEC-06). */
  readonly spaces: Spaces;
  /** The account that the caller named (userinfo). */
  readonly username: string | undefined;
  /** The origin of the client's base URL, if it has one. */
  readonly baseOrigin: string | undefined;
  /** The scheme with which the client itself sends the caller's own credential (`config.auth`, userinfo): not to be tried again. */
  readonly sentScheme: string | undefined;
  /** Why nothing is answered: the caller does that. */
  readonly handsOff: string | undefined;
}

/** Time, for a room without a clock. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** When `now()` was 0, in milliseconds since 1970. */
  readonly epoch: number;
  /** Waits for `promise`, at most so many milliseconds and only until `signal` aborts. */
  within<T>(
    milliseconds: number,
    promise: Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T | 'timeout' | typeof GIVEN_UP>;
}
