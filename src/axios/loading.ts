/** Loads what answers challenges: about half of this package, which an import of it need not wait for. */

import { memberOf } from '../base/own.js';
import type { FirstResult } from './first-send.js';
import { responseOf } from './response/unread.js';
import type { Recorded } from './trace/store.js';

type Loaded = typeof import('./answering.js');

let loaded: Loaded | undefined;
let loading: Promise<Loaded> | undefined;

/** What is loaded already. */
export function loadedAnswering(): Loaded | undefined {
  return loaded;
}

/** Loads it once; after a failure, the next call tries again. */
export function loadAnswering(): Promise<Loaded> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Loaded> {
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
