/** How long the properties are looked for, and from which seed on. */

import type { Parameters } from 'fast-check';

// The same stories in every `npm test`; others, and more of them, in `npm run fuzz`.
const SEED = 20_617;

// A machine that is busy with other things gets through fewer.
const PATIENCE = 8000;

/** Seconds for a property, when it is to search for longer than it has runs. */
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const seed = Number(process.env.FUZZ_SEED ?? SEED);

/** `runs` of a property, or as many as there is time for: a share of the seconds. A failure prints its seed and its path. */
export function budget<T>(runs: number, share = 1): Parameters<T> {
  if (seconds === 0) return { seed, numRuns: runs, interruptAfterTimeLimit: PATIENCE };
  return { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 * share };
}

/** For Jest. */
export const TIMEOUT = 60_000 + 2000 * seconds;
