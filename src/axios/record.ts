/** Finds the trace of a request from what its caller was given. */

import { formatTrace } from '../exchange/explain.js';
import type { Trace } from '../exchange/trace.js';
import { type Outcome, responseOf } from './reply.js';

const traces = new WeakMap<object, Trace>();

/** Ties a trace to an outcome. */
export function remember(outcome: Outcome, trace: Trace): void {
  const response = responseOf(outcome);
  if (response) traces.set(response, trace);
  if (!outcome.ok) rememberOn(outcome.error, trace);
}

/** Ties a trace to anything a caller may hold. */
export function rememberOn(held: unknown, trace: Trace): void {
  if (typeof held === 'object' && held !== null) traces.set(held, trace);
}

/**
 * The ordered, secret-free record of how a request was authenticated.
 *
 * @param outcome - the response, or the error, that axios gave; an error that has one as its `cause` or `response` too
 * @returns `undefined` for anything that did not come from a client with `installAuth`
 * @example
 * const response = await client.get('/report');
 * trace(response)?.events.filter(({ type }) => type === 'send').length; // 2
 */
export function trace(outcome: unknown): Trace | undefined {
  for (let held = outcome, depth = 0; typeof held === 'object' && held !== null && depth < 8; depth += 1) {
    const { response, cause } = held as { response?: object; cause?: unknown };
    const found = traces.get(held) ?? (response && traces.get(response));
    if (found) return found;
    held = cause;
  }
  return undefined;
}

/**
 * Why a request ended as it did, as text for a person: what was sent, what the server asked for, what each provider
 * said, and why it stopped. Never holds a secret.
 *
 * @param outcome - the response, or the error, that axios gave
 * @example
 * await client.get('/report').catch((error) => console.error(explain(error)));
 */
export function explain(outcome: unknown): string {
  const found = trace(outcome);
  return found
    ? formatTrace(found)
    : 'no record: the request did not pass through a client with installAuth, or had challenge: false';
}
