/** Detects when the caller cancels a request, and ends it as axios does. */

import type { InternalAxiosRequestConfig } from 'axios';
import { follow } from '../../base/abort.js';
import type { Dispatch } from '../client/client.js';
import { outcomeOf, referTo } from '../client/outcome.js';

/** Combines the caller's `signal` and `cancelToken` into one; `keep` gets a function that removes the listeners. */
export function signalOf(
  { signal, cancelToken }: InternalAxiosRequestConfig,
  keep: (release: () => void) => void,
): AbortSignal | undefined {
  const given = (signal as AbortSignal | undefined) ?? undefined;
  if (!cancelToken) return given;
  const token = cancelToken as unknown as Subscribable;
  const both = follow(given);
  token.subscribe(both.abort);
  keep(() => {
    token.unsubscribe(both.abort);
    both.release();
  });
  return both.signal;
}

/** Whether the request is already canceled. Reads the cancel token, which notifies its listeners a tick later. */
export function isGivenUp({ signal, cancelToken }: InternalAxiosRequestConfig): boolean {
  return signal?.aborted === true || cancelToken?.reason !== undefined;
}

/** A request that was canceled. */
export interface Canceled {
  readonly config: InternalAxiosRequestConfig;
  /** The caller's own config. */
  readonly given: InternalAxiosRequestConfig;
  readonly dispatch: Dispatch;
}

/**
 * Rejects with axios's own cancellation error. A `data:` URL makes axios do so without a send: axios does not read
 * such a URL for a canceled request, but would send a request to any other URL.
 */
export async function cancel({ config, given, dispatch }: Canceled): Promise<never> {
  const nowhere = { ...config, url: 'data:,', baseURL: undefined, method: 'get', data: undefined };
  const outcome = await outcomeOf(dispatch, nowhere as unknown as InternalAxiosRequestConfig, 'http');
  if (outcome.ok) throw new TypeError('axios sent a request that was canceled');
  referTo(given, outcome.error);
  throw outcome.error;
}

/** Methods that axios's CancelToken has, but that its types do not declare. */
interface Subscribable {
  subscribe(listener: () => void): void;
  unsubscribe(listener: () => void): void;
}
