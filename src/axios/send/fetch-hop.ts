/** Builds the next hop of a redirected fetch (Fetch §4.4), with its own authorization. */

import { fetchTarget } from '../address/fetch-target.js';
import type { Hops } from './redirects.js';

/** A redirect response, and where it leads. */
export interface RedirectResponse {
  readonly status: number;
  readonly location: string;
}

/** A copy of a request's body for another hop. */
export class SpareBody {
  #spare: Request | undefined;
  #bytes: ArrayBuffer | undefined;

  /** @param isRepeatable - whether the body is in memory already; a clone of a stream would keep all of it there */
  constructor(request: Request, isRepeatable: boolean) {
    if (request.body !== null && isRepeatable) this.#spare = request.clone();
  }

  /** @throws TypeError as fetch does, if the body is a stream, because fetch has read it */
  async bytes({ body }: Request): Promise<ArrayBuffer | undefined> {
    if (body === null) return undefined;
    if (!this.#spare) throw failure('the body is a stream, which cannot be sent again');
    this.#bytes ??= await this.#spare.arrayBuffer();
    return this.#bytes;
  }
}

/** The error that fetch gives for a request that fails. */
export function failure(reason: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(reason) });
}

const CONFIDENTIAL = ['authorization', 'cookie', 'host', 'proxy-authorization'];

/** @throws TypeError as fetch does */
export async function nextHop(
  current: Request,
  { status, location }: RedirectResponse,
  hops: Hops,
  spare: SpareBody,
): Promise<Request> {
  const target = new URL(location, current.url);
  if (!/^https?:$/.test(target.protocol)) throw failure('unknown scheme');
  const isGet = becomesGet(current.method, status);
  const method = isGet ? 'GET' : current.method;
  const body = isGet ? undefined : await spare.bytes(current);
  const headers: Record<string, unknown> = Object.fromEntries(current.headers);
  if (isGet) for (const name of Object.keys(headers)) if (name.startsWith('content-')) delete headers[name];
  if (target.origin !== new URL(current.url).origin) for (const name of CONFIDENTIAL) delete headers[name];
  hops.follow({ href: target.href, path: fetchTarget(target), method, headers });
  const { signal, redirect, credentials, cache, mode, integrity, keepalive } = current;
  const same = { signal, redirect, credentials, cache, mode, integrity, keepalive };
  const own = { method, headers: headers as Record<string, string>, ...(body && { body }) };
  return new Request(target, { ...same, ...own });
}

/**
 * Whether a redirect changes the method to GET (RFC 9110 §15.4): for 303 always (except from HEAD), for 301 and 302
 * from POST, as in browsers.
 */
function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return method === 'POST' && (status === 301 || status === 302);
}
