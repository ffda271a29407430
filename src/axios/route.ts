/** The way of one request: straight to the origin, or through a proxy that may ask for a credential itself. */

import { Agent } from 'node:https';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../exchange/wire.js';
import type { Authorization } from '../model.js';
import type { Hops } from './hops.js';
import { answeringProxy, canUseProxy, configuredProxy, type ProxyServer, proxyConfig, throughProxy } from './proxy.js';
import type { Hop } from './target.js';

const MAX_ROUTES = 1000;

/** Which proxy of the environment has answered for an origin, the least recently learned forgotten first (SEC-35). */
export class Routes {
  readonly #proxies = new Map<string, ProxyServer>();

  of(origin: string): ProxyServer | undefined {
    return this.#proxies.get(origin);
  }

  learn(origin: string, proxy: ProxyServer): void {
    this.#proxies.delete(origin);
    this.#proxies.set(origin, proxy);
    if (this.#proxies.size > MAX_ROUTES) this.#proxies.delete(this.#proxies.keys().next().value as string);
  }

  get isEmpty(): boolean {
    return this.#proxies.size === 0;
  }

  forget(): void {
    this.#proxies.clear();
  }
}

/** The way of one request. */
export class Route {
  #proxy: { readonly known: ProxyServer | undefined } | undefined;
  /** Of the tunnel under way. */
  #headers: Record<string, string> = {};

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    private readonly origin: () => string,
    private readonly routes: Routes,
  ) {}

  /** The proxy, as far as one is known. */
  get proxy(): ProxyServer | undefined {
    this.#proxy ??= { known: configuredProxy(this.config) ?? this.#learned() };
    return this.#proxy.known;
  }

  /** A 407 tells which proxy it is; one that the origin gives itself tells nothing. */
  learn(response: AxiosResponse): void {
    const known = answeringProxy(response, this.config);
    this.#proxy = { known };
    if (known) this.routes.learn(this.origin(), known);
  }

  /** Whether a response is one that the proxy gave, or let pass on our word. */
  concerns(status: number, { authorizations }: Hops): boolean {
    return status === 407 || authorizations.proxy !== undefined;
  }

  /** A hop of a redirect as the proxy sees it. A tunnel is opened before anyone can write on its request. */
  ofHop({ path }: Hop, target: Target): Target | undefined {
    const isPlain = /^http:/i.test(String(path));
    return this.proxy && isPlain ? throughProxy(this.proxy, target) : undefined;
  }

  /**
   * Takes exactly this proxy, so that its authorization cannot go anywhere else (SEC-06), and tells it the
   * authorization: in the header of a plain request, in the CONNECT of a tunnel.
   */
  authorize(copy: InternalAxiosRequestConfig, target: Target, { value }: Authorization): void {
    if (!this.proxy) return;
    copy.proxy = proxyConfig(this.proxy);
    if (!target.url.startsWith('https:')) copy.headers.set('Proxy-Authorization', value);
    else copy.httpsAgent = this.#tunnelling(copy.httpsAgent, value);
  }

  /** The send is over. What it told the proxy can be reached from the response's own agent, and is taken away (SEC-27). */
  release(): void {
    delete this.#headers['Proxy-Authorization'];
  }

  /**
   * axios hands the options of the caller's agent to its tunnel, which writes `headers` on the CONNECT and nowhere else.
   * It writes them as UTF-8, and a field value has a byte a character.
   */
  #tunnelling(agent: unknown, value: string): Agent {
    const options = (agent as Agent | undefined)?.options;
    this.#headers = { 'Proxy-Authorization': Buffer.from(value, 'latin1').toString('utf8') };
    return new Agent({ ...options, keepAlive: false, headers: this.#headers } as Agent['options']);
  }

  #learned(): ProxyServer | undefined {
    const { config, routes } = this;
    if (routes.isEmpty || config.proxy === false || !canUseProxy(config)) return undefined;
    return routes.of(this.origin());
  }
}
