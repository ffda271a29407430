/**
 * Follows fetch's redirects hop by hop. `response.url` is not enough: it tells where a redirect led, but not through
 * which origins; and fetch repeats the Authorization of the first hop, whose nc and uri are wrong for the next hop.
 */

import type { InternalAxiosRequestConfig } from 'axios';
import { noteAnswer } from '../address/fetch-answer.js';
import { isStream } from '../body/stream.js';
import { failure, nextHop, SpareBody } from './fetch-hop.js';
import type { Hops } from './redirects.js';

type Fetch = typeof fetch;

// One wrapper for each fetch function, because axios caches what it builds for each `env.fetch`.
const wrappers = new WeakMap<Fetch, Fetch>();

/** Passed on by axios in `fetchOptions`. It is a class, so that axios does not copy it when it merges options. */
class RedirectContext {
  constructor(
    readonly hops: Hops,
    readonly isRepeatable: boolean,
  ) {}
}

/** Makes a send follow redirects hop by hop. axios before 1.12 ignores that: then the final target is unknown. */
export function followHops(config: InternalAxiosRequestConfig, hops: Hops): void {
  const { data } = config;
  const isRepeatable = typeof data !== 'object' || data === null || !isStream(data);
  const env: Record<string, unknown> = { ...config.env };
  env.fetch = wrapperOf(typeof env.fetch === 'function' ? (env.fetch as Fetch) : globalThis.fetch);
  config.env = env as NonNullable<typeof config.env>;
  config.fetchOptions = { ...config.fetchOptions, axiosChallenge: new RedirectContext(hops, isRepeatable) } as Record<
    string,
    unknown
  >;
}

function wrapperOf(original: Fetch): Fetch {
  const known = wrappers.get(original);
  if (known) return known;
  const wrapper: Fetch = (input, init) => {
    const { axiosChallenge, ...options } = (init ?? {}) as RequestInit & { axiosChallenge?: unknown };
    if (!(axiosChallenge instanceof RedirectContext) || typeof input !== 'object' || !('headers' in input)) {
      return original(input, init);
    }
    return follow(original, input, options, axiosChallenge);
  };
  wrappers.set(original, wrapper);
  return wrapper;
}

const MAX_HOPS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Follows redirects as fetch does: for GET and HEAD, which a redirect does not change, and for every request that we
 * authorize.
 */
async function follow(
  original: Fetch,
  request: Request,
  options: RequestInit,
  context: RedirectContext,
): Promise<Response> {
  const { hops, isRepeatable } = context;
  const { method, redirect } = request;
  const isOurs = method === 'GET' || method === 'HEAD' || hops.hasSent;
  if (redirect !== 'follow' || !isOurs) return once(original, request, options);
  const spare = new SpareBody(request, isRepeatable);
  let current = request;
  for (let hop = 0; ; hop += 1) {
    const response = await original(current, { ...options, redirect: 'manual' });
    const { status } = response;
    const location = REDIRECTS.has(status) ? response.headers.get('location') : null;
    if (location === null) {
      return noteAnswer(request, response, current);
    }
    if (hop === MAX_HOPS) throw failure('redirect count exceeded');
    await response.body?.cancel();
    current = await nextHop(current, { status, location }, hops, spare);
  }
}

async function once(original: Fetch, request: Request, options: RequestInit): Promise<Response> {
  return noteAnswer(request, await original(request, options), request);
}
