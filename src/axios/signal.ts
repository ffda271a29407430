/** When the caller gives a request up. */

import type { InternalAxiosRequestConfig } from 'axios';
import { follow } from '../followed.js';

/** The caller's two ways to give up, as one; `keep` gets what takes the listener off the cancel token. */
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

/** Whether it was given up already: a cancel token tells its listeners a tick later. */
export function isGivenUp({ signal, cancelToken }: InternalAxiosRequestConfig): boolean {
  return signal?.aborted === true || cancelToken?.reason !== undefined;
}

/** What axios's CancelToken has, and its types leave out. */
interface Subscribable {
  subscribe(listener: () => void): void;
  unsubscribe(listener: () => void): void;
}
