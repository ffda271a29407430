/** Sends a request again after a failure that may pass, as `curl --retry` does. */

import { setTimeout as wait } from 'node:timers/promises';
import type { AxiosResponse } from 'axios';
import { EXIT, Stop } from '../io/exit.js';
import { say } from '../io/stdio.js';

const PASSING = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 600_000;

/** Sends up to `times` times more. */
export async function withRetries<Response extends AxiosResponse>(
  times: number,
  send: () => Promise<Response>,
  signal: AbortSignal,
): Promise<Response> {
  for (let left = times, milliseconds = FIRST_WAIT_MS; ; left -= 1, milliseconds *= 2) {
    const response = await send().catch((error: unknown) => retried(error, left, signal));
    if (response && (left === 0 || !PASSING.has(response.status))) return response;
    response?.data.on('error', () => {}).destroy();
    const delay = Math.min(LONGEST_WAIT_MS, askedFor(response) ?? milliseconds);
    say(`${response?.status ?? 'no response in time'}: sending again in ${Math.ceil(delay / 1000)} s (${left} left)`);
    await wait(delay, undefined, { signal });
  }
}

/** Of the failures without a response, only a time-out is worth another send. */
function retried(error: unknown, left: number, signal: AbortSignal): undefined {
  const isLate = error instanceof Stop && error.status === EXIT.network && /in time$/.test(error.message);
  if (left === 0 || !isLate || signal.aborted) throw error;
  return undefined;
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); a date is not used, because curl and servers rarely agree on the time. */
function askedFor(response: AxiosResponse | undefined): number | undefined {
  const text = String(response?.headers['retry-after'] ?? '');
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}
