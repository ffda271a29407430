/** Sends one axios request any number of times, authorized or not: the client side of an exchange. */

import type { AxiosError, InternalAxiosRequestConfig } from 'axios';
import type { AuthorizeHop, Reply, Target, Wire } from '../exchange/wire.js';
import type { Authorization } from '../model.js';
import { type SentBody, sentBody } from './body.js';
import { withoutUserinfo } from './caller.js';
import type { Client, Dispatch } from './client.js';
import { observedEnv, usesFetch } from './fetch.js';
import { Hops } from './hops.js';
import { AxiosReply, type Outcome, responseOf } from './reply.js';
import { predictedTarget } from './target.js';

/** What a wire is made of. */
export interface WireInput {
  /** The config as the adapter got it, with its own adapter back in place. */
  readonly config: InternalAxiosRequestConfig;
  readonly address: () => URL;
  readonly sibling: Client;
  readonly dispatch: Dispatch;
  readonly baseOrigin: () => string | undefined;
  readonly username: string | undefined;
  readonly sentScheme: string | undefined;
}

/** One axios request, as an exchange sends it. What only a challenge needs is worked out when there is one. */
export class AxiosWire implements Wire<Outcome> {
  readonly body: SentBody;
  readonly username: string | undefined;
  readonly sentScheme: string | undefined;
  readonly #input: WireInput;
  #target: Target | undefined;
  #signal: AbortSignal | undefined;

  constructor(input: WireInput) {
    this.#input = input;
    this.username = input.username;
    this.sentScheme = input.sentScheme;
    this.body = sentBody(input.config);
  }

  get target(): Target {
    const { config, address, sibling } = this.#input;
    this.#target ??= predictedTarget(config, address(), sibling);
    return this.#target;
  }

  get baseOrigin(): string | undefined {
    return this.#input.baseOrigin();
  }

  get signal(): AbortSignal | undefined {
    this.#signal ??= signalOf(this.#input.config);
    return this.#signal;
  }

  async send(target?: Target, authorization?: Authorization, authorizeHop?: AuthorizeHop): Promise<Reply<Outcome>> {
    const { config, dispatch } = this.#input;
    const hops = new Hops(config, () => this.target.origin, authorization, authorizeHop);
    const copy = this.#copyFor(hops);
    if (authorization && target) this.#authorize(copy, target, authorization);
    try {
      const response = await dispatch(copy, config.adapter);
      return new AxiosReply(this.#given({ response }), response, config, () => target ?? this.target, hops);
    } catch (error) {
      const outcome = this.#given({ error });
      const response = responseOf(outcome);
      if (!response) throw error;
      return new AxiosReply(outcome, response, config, () => target ?? this.target, hops);
    }
  }

  /** A copy for this send: what the caller gets to see stays as it was. */
  #copyFor(hops: Hops): InternalAxiosRequestConfig {
    const { config } = this.#input;
    const copy: InternalAxiosRequestConfig = Object.assign(Object.create(Object.getPrototypeOf(config)), config);
    copy.beforeRedirect = hops.beforeRedirect;
    copy.data = this.body.data;
    if (usesFetch(config.adapter)) copy.env = observedEnv(config) as NonNullable<typeof copy.env>;
    if (!this.body.headers) return copy;
    copy.headers = copyOf(config.headers);
    for (const [name, value] of Object.entries(this.body.headers)) copy.headers.set(name, value);
    return copy;
  }

  #authorize(copy: InternalAxiosRequestConfig, target: Target, authorization: Authorization): void {
    if (copy.headers === this.#input.config.headers) copy.headers = copyOf(copy.headers);
    copy.headers.set('Authorization', authorization.value);
    // axios deletes the header when it finds a credential of its own in the config or the URL.
    if (copy.auth) copy.auth = undefined as never;
    if (target.url === this.target.url && target.method === this.target.method) {
      if (copy.url?.includes('@')) copy.url = withoutUserinfo(copy.url) ?? '';
      if (copy.baseURL?.includes('@')) copy.baseURL = withoutUserinfo(copy.baseURL) ?? '';
    } else {
      redirect(copy, target);
    }
  }

  /** What the caller gets names the caller's own config, without what a send added to its copy. */
  #given(outcome: Outcome): Outcome {
    const { config } = this.#input;
    const response = responseOf(outcome);
    if (response) response.config = config;
    if ('error' in outcome && isObject(outcome.error) && outcome.error.config) outcome.error.config = config;
    return outcome;
  }
}

/** AxiosHeaders of whichever copy of axios: its fields are own properties. */
function copyOf<Headers extends object>(headers: Headers): Headers {
  return Object.assign(Object.create(Object.getPrototypeOf(headers)), headers);
}

/** Follows a redirect by hand: the same request to where it led, with the method it led to (RFC 9110 §15.4). */
function redirect(copy: InternalAxiosRequestConfig, { url, method }: Target): void {
  if (method !== copy.method?.toUpperCase() && (method === 'GET' || method === 'HEAD')) {
    copy.data = undefined;
    for (const name of Object.keys(copy.headers)) {
      if (/^content-/i.test(name)) copy.headers.delete(name);
    }
  }
  Object.assign(copy, { url, method: method.toLowerCase(), baseURL: undefined, params: undefined });
}

function isObject(error: unknown): error is Partial<AxiosError> {
  return typeof error === 'object' && error !== null;
}

/** The caller's two ways to give up, as one. */
function signalOf({ signal, cancelToken }: InternalAxiosRequestConfig): AbortSignal | undefined {
  const signals = [signal as AbortSignal | undefined, cancelToken && abortSignalOf(cancelToken)].filter(
    (one): one is AbortSignal => one !== undefined && one !== null,
  );
  return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
}

function abortSignalOf(cancelToken: { promise: Promise<unknown>; reason?: unknown }): AbortSignal {
  const controller = new AbortController();
  if (cancelToken.reason) controller.abort();
  cancelToken.promise.then(() => controller.abort());
  return controller.signal;
}
