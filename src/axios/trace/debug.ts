/** Writes the record of each request to stderr if AXIOS_CHALLENGE_DEBUG is set. */

import type { Trace } from '../../exchange/trace/events.js';
import { formatTrace } from '../../exchange/trace/explain.js';

const NAME = 'AXIOS_CHALLENGE_DEBUG';
const OFF = new Set([undefined, '', '0', 'false']);

type Debug = (trace: () => Trace) => void;

/** Returns `undefined` if debugging is off. Each record is one write, so that concurrent records do not mix. */
export function debugging(environment: NodeJS.ProcessEnv): Debug | undefined {
  // Reads an own property only: a property of Object.prototype is not an environment variable (SEC-28).
  const wanted = Object.hasOwn(environment, NAME) ? environment[NAME] : undefined;
  if (OFF.has(wanted)) return undefined;
  return (trace) => {
    try {
      process.stderr.write(`axios-challenge: ${formatTrace(trace())}\n`);
    } catch {
      // A request must not fail because its record cannot be written.
    }
  };
}
