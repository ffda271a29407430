/** The clock of a flow that waits for a person. */

import { unlessAborted } from '../../base/abort.js';

/** What a device flow asks of the time. */
export interface FlowTime {
  /** In milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

// What a timer holds; more would be at once.
const LONGEST = 2 ** 31 - 1;

export const REAL_TIME: FlowTime = {
  now: () => Date.now(),
  wait: (milliseconds, signal) => unlessAborted(sleep(Math.min(milliseconds, LONGEST), signal), signal),
};

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
