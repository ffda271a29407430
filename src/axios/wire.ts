/** Sends one axios request any number of times, authorized or not: the client side of an exchange. */

import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { AuthorizeHop, Reply, Target, Wire } from '../exchange/wire.js';
import type { Authorization } from '../model.js';
import { type SentBody, sentBody } from './body.js';
import { withoutUserinfo } from './caller.js';
import type { Client, Dispatch } from './client.js';
import { fetchedResponse, observedEnv, usesFetch } from './fetch.js';
import { bodyOf, discard, headerOf, linesOf, type Outcome, responseOf } from './reply.js';
import { effectiveTarget, predictedTarget } from './target.js';

/** What a wire is made of. */
export interface WireInput {
  /** The config as the adapter got it, with its own adapter back in place. */
  readonly config: InternalAxiosRequestConfig;
  readonly address: URL;
  readonly sibling: Client;
  readonly dispatch: Dispatch;
  readonly baseOrigin: string | undefined;
  readonly username: string | undefined;
  readonly sentScheme: string | undefined;
}

/** One axios request, as an exchange sends it. */
export class AxiosWire implements Wire<Outcome> {
  readonly target: Target;
  readonly body: SentBody;
  readonly signal: AbortSignal | undefined;
  readonly baseOrigin: string | undefined;
  readonly username: string | undefined;
  readonly sentScheme: string | undefined;
  readonly #config: InternalAxiosRequestConfig;
  readonly #dispatch: Dispatch;

  constructor({ config, address, sibling, dispatch, baseOrigin, username, sentScheme }: WireInput) {
    this.#config = config;
    this.#dispatch = dispatch;
    this.baseOrigin = baseOrigin;
    this.username = username;
    this.sentScheme = sentScheme;
    this.target = predictedTarget(config, address, sibling);
    this.body = sentBody(config);
    this.signal = signalOf(config);
  }

  async send(target: Target, authorization?: Authorization, authorizeHop?: AuthorizeHop): Promise<Reply<Outcome>> {
    const hops = new Hops(authorization, authorizeHop, target);
    const outcome = await this.#dispatched(this.#configFor(target, authorization, hops));
    return this.#reply(outcome, target, hops);
  }

  async #dispatched(config: InternalAxiosRequestConfig): Promise<Outcome> {
    try {
      return { response: this.#given(await this.#dispatch(config, config.adapter)) };
    } catch (error) {
      if (responseOf({ error }) === undefined) throw this.#blamed(error);
      return { error: this.#blamed(error) };
    }
  }

  #reply(outcome: Outcome, target: Target, hops: Hops): Reply<Outcome> {
    const response = responseOf(outcome) as AxiosResponse;
    const effective = effectiveTarget(response, target, this.#config, fetchedResponse(response.request));
    const moved = effective !== undefined && effective.origin !== target.origin;
    return {
      status: response.status,
      challenges: linesOf(response, 'www-authenticate'),
      authenticationInfo: joined(headerOf(response, 'authentication-info')),
      target: effective,
      leftOrigin: hops.leftOrigin,
      authorization: moved ? undefined : hops.authorization,
      outcome,
      body: () => bodyOf(response),
      discard: () => discard(response),
    };
  }

  /** A copy for this send: the caller's config is never written on. */
  #configFor(target: Target, authorization: Authorization | undefined, hops: Hops): InternalAxiosRequestConfig {
    const config = this.#config;
    const copy: InternalAxiosRequestConfig = Object.assign(Object.create(Object.getPrototypeOf(config)), config);
    if (usesFetch(config.adapter)) copy.env = observedEnv(config) as NonNullable<typeof copy.env>;
    copy.data = this.body.data;
    copy.beforeRedirect = hops.beforeRedirect(config.beforeRedirect);
    if (!authorization && Object.keys(this.body.headers).length === 0) return copy;
    copy.headers = new (config.headers.constructor as new (from: object) => typeof config.headers)(config.headers);
    for (const [name, value] of Object.entries(this.body.headers)) copy.headers.set(name, value);
    if (authorization) this.#authorize(copy, target, authorization);
    return copy;
  }

  #authorize(copy: InternalAxiosRequestConfig, target: Target, authorization: Authorization): void {
    // axios deletes the header when it finds a credential of its own in the config or the URL.
    delete copy.auth;
    copy.headers.set('Authorization', authorization.value);
    if (target.url === this.target.url && target.method === this.target.method) {
      Object.assign(copy, { url: withoutUserinfo(copy.url), baseURL: withoutUserinfo(copy.baseURL) });
    } else {
      redirect(copy, target);
    }
  }

  /** The caller's own config, without what a send added to its copy. */
  #given(response: AxiosResponse): AxiosResponse {
    response.config = this.#config;
    return response;
  }

  #blamed(error: unknown): unknown {
    const { config, response } = (error ?? {}) as Partial<AxiosError>;
    if (config) (error as AxiosError).config = this.#config;
    if (response) this.#given(response);
    return error;
  }
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

/** What follow-redirects hands to `beforeRedirect`, as far as it matters here. */
interface RedirectOptions {
  readonly href?: unknown;
  readonly path?: unknown;
  readonly method?: unknown;
  readonly headers?: Record<string, unknown>;
}

/** Keeps the Authorization right from hop to hop: anew for each target, gone for good once it has left its space. */
class Hops {
  leftOrigin = false;

  constructor(
    /** What the last hop was sent with. */
    public authorization: Authorization | undefined,
    private readonly authorizeHop: AuthorizeHop | undefined,
    private readonly from: Target,
  ) {}

  beforeRedirect(
    callers: InternalAxiosRequestConfig['beforeRedirect'],
  ): NonNullable<InternalAxiosRequestConfig['beforeRedirect']> {
    return (options, ...rest) => {
      const hop = this.#target(options as RedirectOptions);
      if (hop?.origin !== this.from.origin) this.leftOrigin = true;
      if (this.authorization) this.#rewrite((options as RedirectOptions).headers ?? {}, hop);
      callers?.(options, ...rest);
    };
  }

  /** All spellings are taken away: older redirect code keeps the header for subdomains (SEC-01, SEC-05). */
  #rewrite(headers: Record<string, unknown>, hop: Target | undefined): void {
    this.authorization = hop && this.authorizeHop?.(hop);
    for (const name of Object.keys(headers)) {
      if (name.toLowerCase() === 'authorization') delete headers[name];
    }
    if (this.authorization) headers.Authorization = this.authorization.value;
  }

  #target({ href, path, method }: RedirectOptions): Target | undefined {
    if (typeof href !== 'string' || !URL.canParse(href)) return undefined;
    const url = new URL(href);
    const uri = typeof path === 'string' ? path : `${url.pathname}${url.search}`;
    const origin = this.from.origin.startsWith('unix:') ? this.from.origin : url.origin;
    const target = { origin, url: `${url.protocol}//${url.host}${url.pathname}${url.search}`, pathname: url.pathname };
    return { ...target, uri, method: String(method ?? this.from.method) };
  }
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
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
