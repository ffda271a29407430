/** Sends through fetch hop by hop: axios's fetch adapter drops the effective URL, and fetch keeps a header on its way. */

import type { InternalAxiosRequestConfig } from 'axios';
import { fetchTarget } from './fetch-target.js';
import type { Hops } from './hops.js';

type Fetch = typeof fetch;

// One wrapper for each fetch, as axios keeps what it builds for every `env.fetch` it is given.
const wrappers = new WeakMap<Fetch, Fetch>();
const answered = new WeakMap<object, string>();
const responses = new WeakMap<object, Response>();

/** The URL that answered a fetch Request; `undefined` when fetch did not tell, or was not asked through here. */
export function answeredUrl(request: object): string | undefined {
  return answered.get(request);
}

/** The response to a fetch Request, where axios has failed to read it. */
export function answeredBy(request: object): Response | undefined {
  return responses.get(request);
}

/** Travels in `fetchOptions`, which axios hands on: a class, so that no merging of options copies it. */
class Escort {
  constructor(readonly hops: Hops) {}
}

/** Makes a config go hop by hop. Ignored by axios before 1.12: then it is not known who answered. */
export function escort(config: InternalAxiosRequestConfig, hops: Hops): void {
  const env: Record<string, unknown> = { ...config.env };
  env.fetch = wrapperOf(typeof env.fetch === 'function' ? (env.fetch as Fetch) : globalThis.fetch);
  config.env = env as NonNullable<typeof config.env>;
  config.fetchOptions = { ...config.fetchOptions, axiosChallenge: new Escort(hops) } as Record<string, unknown>;
}

function wrapperOf(original: Fetch): Fetch {
  const known = wrappers.get(original);
  if (known) return known;
  const wrapper: Fetch = (input, init) => {
    const { axiosChallenge, ...options } = (init ?? {}) as RequestInit & { axiosChallenge?: unknown };
    if (!(axiosChallenge instanceof Escort) || typeof input !== 'object' || !('headers' in input)) {
      return original(input, init);
    }
    return follow(original, input, options, axiosChallenge.hops);
  };
  wrappers.set(original, wrapper);
  return wrapper;
}

const MAX_HOPS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Follows redirects as fetch does (Fetch §4.4), for the methods whose request a redirect leaves as it is. */
async function follow(original: Fetch, request: Request, options: RequestInit, hops: Hops): Promise<Response> {
  const { method, redirect } = request;
  if (redirect !== 'follow' || (method !== 'GET' && method !== 'HEAD')) return once(original, request, options);
  let current = request;
  for (let hop = 0; ; hop += 1) {
    const response = await original(current, { ...options, redirect: 'manual' });
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null) {
      answered.set(request, current.url);
      responses.set(request, response);
      return response;
    }
    if (hop === MAX_HOPS) throw new TypeError('fetch failed', { cause: new Error('redirect count exceeded') });
    await response.body?.cancel();
    current = nextHop(current, new URL(location, current.url), hops);
  }
}

async function once(original: Fetch, request: Request, options: RequestInit): Promise<Response> {
  const response = await original(request, options);
  if (!response.redirected) answered.set(request, request.url);
  responses.set(request, response);
  return response;
}

const CONFIDENTIAL = ['authorization', 'cookie', 'host', 'proxy-authorization'];

function nextHop(current: Request, target: URL, hops: Hops): Request {
  if (!/^https?:$/.test(target.protocol)) throw new TypeError('fetch failed', { cause: new Error('unknown scheme') });
  const headers: Record<string, unknown> = Object.fromEntries(current.headers);
  if (target.origin !== new URL(current.url).origin) for (const name of CONFIDENTIAL) delete headers[name];
  hops.follow({ href: target.href, path: fetchTarget(target), method: current.method, headers });
  return new Request(new Request(target, current), { headers: headers as Record<string, string> });
}
