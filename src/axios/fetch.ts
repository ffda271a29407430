/** Sees what fetch answers: axios's fetch adapter drops the effective URL. */

import type { InternalAxiosRequestConfig } from 'axios';

type Fetch = typeof fetch;

// One wrapper for each fetch, as axios keeps what it builds for every `env.fetch` it is given.
const wrappers = new WeakMap<Fetch, Fetch>();
const responses = new WeakMap<object, Response>();

/** The response to a fetch Request, if it was sent through `observed`. */
export function fetchedResponse(request: unknown): Response | undefined {
  return typeof request === 'object' && request !== null ? responses.get(request) : undefined;
}

/** Whether axios would take its fetch adapter. */
export function usesFetch(adapter: unknown): boolean {
  const names = Array.isArray(adapter) ? adapter : [adapter];
  return names.find((name) => name !== 'xhr' || 'XMLHttpRequest' in globalThis) === 'fetch';
}

/** The `env` of a config, with its fetch observed. Ignored by axios before 1.12. */
export function observedEnv({ env }: InternalAxiosRequestConfig): Record<string, unknown> {
  const given: Record<string, unknown> = { ...env };
  return { ...given, fetch: observe(typeof given.fetch === 'function' ? (given.fetch as Fetch) : globalThis.fetch) };
}

function observe(original: Fetch): Fetch {
  const known = wrappers.get(original);
  if (known) return known;
  const wrapper: Fetch = async (input, init) => {
    const response = await original(input, init);
    if (typeof input === 'object') responses.set(input, response);
    return response;
  };
  wrappers.set(original, wrapper);
  return wrapper;
}
