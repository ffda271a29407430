/** Writes the record of each exchange on stderr, while AXIOS_CHALLENGE_DEBUG is set. */

import { formatTrace } from '../exchange/explain.js';
import type { Trace } from '../exchange/trace.js';

const OFF = new Set([undefined, '', '0', 'false']);

/** `undefined` when it is not wanted. Each record is one write, so that concurrent ones do not mix. */
export function debugging({ AXIOS_CHALLENGE_DEBUG: wanted }: NodeJS.ProcessEnv): ((trace: Trace) => void) | undefined {
  if (OFF.has(wanted)) return undefined;
  return (trace) => {
    process.stderr.write(`axios-challenge: ${formatTrace(trace)}\n`);
  };
}
