/** Tells whether a time limit ran out, so that no test has to watch a clock. */

import { afterwards } from './stage.js';

// In milliseconds: every limit of this package that a request may wait for is longer.
const SHORTEST = 500;

/** The time limits that run out from now on, until the test ends, in milliseconds. */
export function expiredLimits(): readonly number[] {
  const expired: number[] = [];
  const { setTimeout: original } = globalThis;
  const watched = (work: (...values: unknown[]) => void, milliseconds = 0, ...values: unknown[]) => {
    const expire = (...given: unknown[]) => {
      if (milliseconds >= SHORTEST) expired.push(milliseconds);
      work(...given);
    };
    return original(expire, milliseconds, ...values);
  };
  globalThis.setTimeout = Object.assign(watched, original) as unknown as typeof setTimeout;
  afterwards(() => {
    globalThis.setTimeout = original;
  });
  return expired;
}
