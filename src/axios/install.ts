/** Installs on a client by wrapping the adapter of every request in an exchange, and ejects again. */

import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { AuthError } from '../errors.js';
import { parseUrl } from '../syntax/url.js';
import { type Client, isSiblingInMaking } from './client/client.js';
import { Handler } from './handler.js';
import type { ChallengeOption, DefiniteOptions } from './options/options.js';
import { prime } from './prime.js';
import { isGivenUp } from './send/cancellation.js';

declare module 'axios' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration has to repeat axios's own
  interface AxiosRequestConfig<D = any> {
    /** How a 401 of this request is answered; `false` leaves it alone. */
    challenge?: ChallengeOption;
  }
}

/** What `installAuth` gives back. */
export interface AuthHandle {
  /** Removes the plugin: later requests pass untouched. Credentials, nonces and refusals are forgotten. */
  eject(): void;
  /**
   * Forgets credentials, nonces and refusals, for the origin of `url` (which may be a proxy's) or for all origins. The
   * strength of the challenges that an origin has sent stays remembered for the process, so that an attacker who offers
   * a weaker challenge gains nothing by waiting for this call.
   */
  forget(url?: string): void;
  /**
   * Answers the challenge of `url` in advance: sends a HEAD, or a GET if HEAD is not challenged. The next request to
   * `url` is then authorized at its first send, so that its body may be a stream that can be read only once.
   *
   * @param url - as it would be given to the client: relative to its `baseURL`, or absolute
   * @returns whether a request to `url` will be authorized at its first send. False if a GET is not challenged, if
   *   the credential is refused or missing, with `preemptive: false`, and with `qop=auth-int`, which has to know the
   *   body.
   * @throws what the client throws for a request that gets no response
   * @see RFC 7616 §3.3, RFC 7617 §2.2
   * @example
   * const handle = installAuth(client);
   * if (await handle.prime('/upload')) await client.put('/upload', process.stdin);
   */
  prime(url: string): Promise<boolean>;
}

// Registered symbols that mark our functions: the ESM and the CommonJS copy of this package may be used on one client.
const INTERCEPTOR = Symbol.for('axios-challenge.interceptor');
const ADAPTER: unique symbol = Symbol.for('axios-challenge.adapter');

type Marked = AxiosAdapter & { [ADAPTER]?: true };

const NOT_INSTALLED: AuthHandle = { eject() {}, forget() {}, prime: async () => false };

/** Installs with every option given. @throws AuthError ERR_AUTH_INSTALLED, ERR_AUTH_OPTION */
export function install(client: Client, options: DefiniteOptions): AuthHandle {
  // The callable instance and the Axios object behind it share their interceptors, so they count as one client.
  const { request } = client.interceptors;
  if (isSiblingInMaking()) return NOT_INSTALLED;
  if (hasInterceptor(request)) {
    throw new AuthError('ERR_AUTH_INSTALLED', 'installAuth was called on this client before: call eject() first');
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
      handler.end();
    },
    forget: (url) => handler.forget(url === undefined ? undefined : originOf(String(url))),
    prime: (url) => prime(client, handler, String(url)),
  };
}

/** Whether an interceptor of ours, or `which`, is installed. The caller's `clear()` removes it as `eject()` does. */
function hasInterceptor(interceptors: Client['interceptors']['request'], which?: object): boolean {
  let found = false;
  (interceptors as unknown as Handlers).forEach(({ fulfilled }) => {
    if (typeof fulfilled === 'function' && INTERCEPTOR in fulfilled)
      found ||= which === undefined || which === fulfilled;
  });
  return found;
}

/** A method that every version of axios has, but that its types do not declare. */
interface Handlers {
  forEach(see: (handler: { readonly fulfilled?: unknown }) => void): void;
}

function wrap(config: InternalAxiosRequestConfig, handler: Handler): InternalAxiosRequestConfig {
  const original = config.adapter;
  if (typeof original === 'function' && ADAPTER in original) return config;
  // axios does not call the adapter of a request that is already canceled.
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
