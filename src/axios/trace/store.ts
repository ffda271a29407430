/** Finds the trace of a request by the response or the error that its caller was given. */

import type { AxiosResponse } from 'axios';
import { fit } from '../../base/columns.js';
import { memberOf } from '../../base/own.js';
import type { Trace } from '../../exchange/trace/events.js';
import { formatTrace, type Writing } from '../../exchange/trace/explain.js';
import type { Recorder } from '../../exchange/trace/recorder.js';
import { remedyFor } from '../../exchange/trace/remedy.js';
import { isOurs } from '../../syntax/said.js';
import { visible } from '../../syntax/visible.js';
import type { Outcome } from '../client/outcome.js';
import { reasonsOf } from '../response/reason.js';
import { responseOf } from '../response/unread.js';

/** Returns the record, which may be created on demand because few callers ask for it. */
export type Recorded = () => Recorder;

const records = new WeakMap<object, Recorded>();

/** Stores a record under the response and the error of an outcome. */
export function remember(outcome: Outcome, recorded: Recorded): void {
  const response = responseOf(outcome);
  if (response) records.set(response, recorded);
  if (!outcome.ok && isObject(outcome.error)) records.set(outcome.error, recorded);
}

/**
 * The ordered, secret-free record of how a request was authenticated. Never throws.
 *
 * @param outcome - the response or the error that axios gave, or an error that holds one of them as `cause` or
 *   `response`
 * @returns `undefined` for anything that did not come from a client with `installAuth`
 * @example
 * const response = await client.get('/report');
 * trace(response)?.events.filter(({ type }) => type === 'send').length; // 2
 */
export function trace(outcome: unknown): Trace | undefined {
  try {
    return recordOf(outcome)?.().trace;
  } catch {
    return undefined; // A getter of the error may throw.
  }
}

function recordOf(outcome: unknown): Recorded | undefined {
  for (let held = outcome, depth = 0; isObject(held) && depth < 8; depth += 1) {
    const { response, cause } = held as { response?: object; cause?: unknown };
    const found = records.get(held) ?? (response && records.get(response));
    if (found) return found;
    held = cause;
  }
  return undefined;
}

/**
 * Why a request ended as it did, as text for a person: what was sent, what the server asked for, what each provider
 * said, why it stopped, and what can be done. Never holds a secret. Never throws.
 *
 * @param outcome - the response, or the error, that axios gave
 * @returns several lines, or a single line that says why there is no record
 * @example
 * await client.get('/report').catch((error) => console.error(explain(error)));
 */
export function explain(outcome: unknown): string {
  return atTerminal(explained(outcome, formatTrace));
}

/** What `explain` says, in the words of a reader, written by `format`. */
export function explained(outcome: unknown, format: typeof formatTrace, writing: Partial<Writing> = {}): string {
  const found = trace(outcome);
  if (found) return format(found, { reader: 'program', said: reasonsIn(outcome), ...writing });
  if (isOurs(outcome)) return `${visible(outcome.message)} (${outcome.code})\n  what to do: ${remedyFor(outcome.code)}`;
  if (isLeftAlone(outcome)) return 'no record: the request had challenge: false, so that a 401 was left alone';
  return `${ownWordsOf(outcome)}no record: the request did not pass through a client with installAuth`;
}

/** An error that did not come from axios is a fault of the program: its reader needs the stack first. */
function ownWordsOf(outcome: unknown): string {
  try {
    if (!(outcome instanceof Error) || memberOf(outcome as { isAxiosError?: unknown }, 'isAxiosError')) return '';
    return `${visibleLines(outcome.stack ?? `${outcome.name}: ${outcome.message}`)}\n`;
  } catch {
    return ''; // A getter of the error may throw.
  }
}

function visibleLines(text: unknown): string {
  return `${text}`.split('\n').map(visible).join('\n');
}

/** What the server says in the response of an outcome. */
function reasonsIn(outcome: unknown): string[] {
  try {
    const held = outcome as {
      readonly response?: AxiosResponse;
      readonly cause?: { readonly response?: AxiosResponse };
    };
    const response = held.response ?? held.cause?.response ?? (outcome as AxiosResponse);
    return reasonsOf(response);
  } catch {
    return []; // The response of another client, or a getter that throws.
  }
}

/** Breaks lines where a terminal would break them within a word. */
function atTerminal(text: string): string {
  const { isTTY, columns } = process.stderr;
  return isTTY && columns ? fit(text, columns - 1) : text;
}

function isLeftAlone(outcome: unknown): boolean {
  const config = isObject(outcome) ? memberOf(outcome as { config?: { challenge?: unknown } }, 'config') : undefined;
  return isObject(config) && Object.hasOwn(config, 'challenge') && config.challenge === false;
}

function isObject(held: unknown): held is object {
  return typeof held === 'object' && held !== null;
}
