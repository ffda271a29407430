/** Installs on a client, and takes off again: every request's adapter is wrapped in an exchange. */

import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { AuthError } from '../errors.js';
import { parseUrl } from '../syntax/url.js';
import { type Client, isSiblingInMaking } from './client.js';
import { Handler } from './handler.js';
import type { ChallengeOption, DefiniteOptions } from './options.js';
import { prime } from './prime.js';
import { isGivenUp } from './signal.js';

declare module 'axios' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration has to repeat axios's own
  interface AxiosRequestConfig<D = any> {
    /** How a 401 of this request is answered; `false` leaves it alone. */
    challenge?: ChallengeOption;
  }
}

/** What `installAuth` gives back. */
export interface AuthHandle {
  /** Takes the plugin off: later requests pass untouched. What was remembered is forgotten. */
  eject(): void;
  /** Forgets credentials, nonces and refusals: of the origin of `url`, which may be a proxy's, or of all. */
  forget(url?: string): void;
  /**
   * Has the challenge of `url` answered before it matters: sends a HEAD, or a GET where HEAD is not challenged, so that
   * the next request there is authorized at its first send, and a stream that can be read once goes through.
   *
   * @param url - as it would be given to the client: relative to its `baseURL`, or absolute
   * @returns whether a request to `url` will be authorized at once. False for a place that does not challenge a GET, for
   *   a refused or missing credential, for `preemptive: false`, and for `qop=auth-int`, which has to know the body.
   * @throws what the client throws for a request that gets no response
   * @see RFC 7616 §3.3, RFC 7617 §2.2
   * @example
   * const handle = installAuth(client);
   * if (await handle.prime('/upload')) await client.put('/upload', process.stdin);
   */
  prime(url: string): Promise<boolean>;
}

// Marks on our functions that hold across the ESM and the CommonJS copy of this package, which may meet on one client.
const INTERCEPTOR = Symbol.for('axios-challenge.interceptor');
const ADAPTER: unique symbol = Symbol.for('axios-challenge.adapter');

type Marked = AxiosAdapter & { [ADAPTER]?: true };

const NOT_INSTALLED: AuthHandle = { eject() {}, forget() {}, prime: async () => false };

/** Installs with every option given. @throws AuthError ERR_AUTH_INSTALLED, ERR_AUTH_OPTION */
export function install(client: Client, options: DefiniteOptions): AuthHandle {
  // The callable instance and the Axios object behind it share their interceptors: one client.
  const { request } = client.interceptors;
  if (isSiblingInMaking()) return NOT_INSTALLED;
  if (hasInterceptor(request)) {
    throw new AuthError('ERR_AUTH_INSTALLED', 'installAuth was called on this client before: eject() first');
  }
  const handler = new Handler(client, options);
  // Synchronous: one asynchronous interceptor makes all requests of the client start a tick later.
  const interceptor = Object.assign((config: InternalAxiosRequestConfig) => wrap(config, handler), {
    [INTERCEPTOR]: true,
  });
  const id = request.use(interceptor, undefined, { synchronous: true });
  return {
    eject() {
      if (hasInterceptor(request, interceptor)) request.eject(id);
      handler.forget();
    },
    forget: (url) => handler.forget(url === undefined ? undefined : originOf(url)),
    prime: (url) => prime(client, handler, url),
  };
}

/** Whether an interceptor of ours, or this one, is there. `clear()` takes it away as `eject()` does. */
function hasInterceptor(interceptors: Client['interceptors']['request'], which?: object): boolean {
  let found = false;
  (interceptors as unknown as Handlers).forEach(({ fulfilled }) => {
    if (typeof fulfilled === 'function' && INTERCEPTOR in fulfilled)
      found ||= which === undefined || which === fulfilled;
  });
  return found;
}

/** What every version of axios has, and its types leave out. */
interface Handlers {
  forEach(see: (handler: { readonly fulfilled?: unknown }) => void): void;
}

function wrap(config: InternalAxiosRequestConfig, handler: Handler): InternalAxiosRequestConfig {
  const original = config.adapter;
  if (typeof original === 'function' && ADAPTER in original) return config;
  // axios does not call the adapter of a request that was given up before.
  if (isGivenUp(config)) handler.withhold(config);
  const adapter: Marked = (given) => handler.handle(given, original);
  adapter[ADAPTER] = true;
  config.adapter = adapter;
  return config;
}

function originOf(url: string): string {
  if (url.startsWith('unix:')) return url;
  const origin = parseUrl(url)?.origin;
  if (origin !== undefined) return origin;
  throw new AuthError('ERR_AUTH_OPTION', 'forget() takes an absolute URL');
}
