/** Finds the trace of a request from what its caller was given. */

import { AuthError } from '../errors.js';
import { formatTrace } from '../exchange/explain.js';
import type { Recorder } from '../exchange/recorder.js';
import { remedyFor } from '../exchange/remedy.js';
import type { Trace } from '../exchange/trace.js';
import { type Outcome, responseOf } from './reply.js';

/** Gives the record, which few ask for. */
export type Recorded = () => Recorder;

const records = new WeakMap<object, Recorded>();

/** Ties a record to an outcome. */
export function remember(outcome: Outcome, recorded: Recorded): void {
  const response = responseOf(outcome);
  if (response) records.set(response, recorded);
  if (!outcome.ok && isObject(outcome.error)) records.set(outcome.error, recorded);
}

/**
 * The ordered, secret-free record of how a request was authenticated. Never throws.
 *
 * @param outcome - the response, or the error, that axios gave; an error that has one as its `cause` or `response` too
 * @returns `undefined` for anything that did not come from a client with `installAuth`
 * @example
 * const response = await client.get('/report');
 * trace(response)?.events.filter(({ type }) => type === 'send').length; // 2
 */
export function trace(outcome: unknown): Trace | undefined {
  for (let held = outcome, depth = 0; isObject(held) && depth < 8; depth += 1) {
    const { response, cause } = held as { response?: object; cause?: unknown };
    const found = records.get(held) ?? (response && records.get(response));
    if (found) return found().trace;
    held = cause;
  }
  return undefined;
}

/**
 * Why a request ended as it did, as text for a person: what was sent, what the server asked for, what each provider
 * said, why it stopped, and what can be done. Never holds a secret. Never throws.
 *
 * @param outcome - the response, or the error, that axios gave
 * @returns several lines, or one that says why there is no record
 * @example
 * await client.get('/report').catch((error) => console.error(explain(error)));
 */
export function explain(outcome: unknown): string {
  const found = trace(outcome);
  if (found) return formatTrace(found);
  if (outcome instanceof AuthError)
    return `${outcome.message} (${outcome.code})\n  what to do: ${remedyFor(outcome.code)}`;
  if (isLeftAlone(outcome)) return 'no record: the request had challenge: false, so that a 401 was left alone';
  return 'no record: the request did not pass through a client with installAuth';
}

function isLeftAlone(outcome: unknown): boolean {
  const { config } = (outcome ?? {}) as { config?: { challenge?: unknown } };
  return isObject(config) && Object.hasOwn(config, 'challenge') && config.challenge === false;
}

function isObject(held: unknown): held is object {
  return typeof held === 'object' && held !== null;
}
