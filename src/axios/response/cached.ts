/** Distinguishes a response from a cache from a response to the current request. */

import type { AxiosResponse } from 'axios';

// An adapter that caches returns the same response object again.
const given = new WeakSet<AxiosResponse>();

/**
 * Whether a response of an adapter is from a cache: it was noted before, or axios-cache-interceptor has made it, which
 * creates a new response and marks it as `cached`.
 */
export function isCached(response: AxiosResponse): boolean {
  if (given.has(response)) return true;
  return Object.hasOwn(response, 'cached') && (response as { cached?: unknown }).cached === true;
}

/** Notes a response of an adapter: the same object is cached if it comes again. */
export function noteResponse(response: AxiosResponse): void {
  given.add(response);
}
