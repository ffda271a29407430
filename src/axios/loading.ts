/** Loads what answers challenges: more than half of this package, which a program that meets none never needs. */

import { memberOf } from '../base/own.js';
import type { FirstResult } from './first-send.js';
import { responseOf } from './response/unread.js';
import type { Recorded } from './trace/store.js';

type Loaded = typeof import('./answering.js');

let loading: Promise<Loaded> | undefined;

/** Loads it once; after a failure, the next call tries again. */
export function loadAnswering(): Promise<Loaded> {
  loading ??= import('./answering.js').catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

let isBegun = false;

/** Begins to load it while the first request is under way, so that a 401 need not wait, and finds what was installed. */
export function preloadAnswering(): void {
  if (isBegun) return;
  isBegun = true;
  setImmediate(() => loadAnswering().catch(() => {}));
}

const NOT_LOADED =
  'what answers challenges could not be loaded: were the files of axios-challenge replaced under the running program?';

/** The record of a first send that nothing follows, because the rest of this package could not be loaded. */
export function unansweredRecord({ outcome, record }: FirstResult, error: unknown): Recorded {
  const recorder = record();
  const failure = memberOf((error ?? {}) as { code?: string }, 'code');
  recorder.record({ type: 'end', status: responseOf(outcome)?.status, failure, reason: NOT_LOADED });
  return () => recorder;
}
