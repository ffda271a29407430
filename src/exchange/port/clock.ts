/** Time, for a room without a clock. */

/** Time, for a room without a clock. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** When `now()` was 0, in milliseconds since 1970. */
  readonly epoch: number;
  /** Milliseconds since 1970, as others count them: it may be set, and it goes on while the machine sleeps. */
  date(): number;
  /** Waits for `promise`, at most so many milliseconds. @throws Abandoned when `signal` aborts */
  within<T>(milliseconds: number, promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | 'timeout'>;
}
