/** Tells a response that a cache kept from one that came for the request at hand. */

import type { AxiosResponse } from 'axios';

// An adapter that caches gives the same object again.
const given = new WeakSet<AxiosResponse>();

/** To be asked once for each response of an adapter; axios-cache-interceptor makes a new one that says `cached`. */
export function isKept(response: AxiosResponse): boolean {
  const isAgain = given.has(response);
  given.add(response);
  return isAgain || (Object.hasOwn(response, 'cached') && (response as { cached?: unknown }).cached === true);
}
