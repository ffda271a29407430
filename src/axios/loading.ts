/** Loads `answering.ts`, about half of this package, so that an import of this package need not wait for it. */

import { memberOf } from '../base/own.js';
import type { FirstResult } from './first-send.js';
import { responseOf } from './response/unread.js';
import type { Recorded } from './trace/store.js';

/** The part that is loaded later. */
export type LoadedAnswering = typeof import('./answering.js');

let loaded: LoadedAnswering | undefined;
let loading: Promise<LoadedAnswering> | undefined;

/** The part, if it is loaded. */
export function loadedAnswering(): LoadedAnswering | undefined {
  return loaded;
}

/** Loads the part once; after a failure, the next call tries again. */
export function loadAnswering(): Promise<LoadedAnswering> {
  loading ??= load();
  return loading;
}

async function load(): Promise<LoadedAnswering> {
  try {
    loaded = await import('./answering.js');
    return loaded;
  } catch (error) {
    loading = undefined;
    throw error;
  }
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
