/** The route of one request: straight to the origin, or through a proxy that may send a challenge itself. */

import http from 'node:http';
import { Agent, globalAgent } from 'node:https';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Authorizations, Target } from '../../exchange/port/transport.js';
import type { Authorization } from '../../model.js';
import type { RedirectOptions } from '../address/target.js';
import { certainProxy } from './environment.js';
import { isTunnelled } from './exposure.js';
import {
  answeringProxy,
  canUseProxy,
  configuredProxy,
  type ProxyServer,
  proxyAt,
  proxyConfig,
  throughProxy,
} from './proxy.js';
import type { Routes } from './routes.js';

/** Whether Node uses the proxy of the environment by itself: then axios does not use it. */
function isNodes({ httpAgent, httpsAgent }: InternalAxiosRequestConfig, origin: string): boolean {
  const agent: Partial<Agent> = origin.startsWith('https:')
    ? (httpsAgent ?? globalAgent)
    : (httpAgent ?? http.globalAgent);
  return Object.hasOwn(agent.options ?? {}, 'proxyEnv') && Boolean((agent.options as { proxyEnv?: unknown }).proxyEnv);
}

/** The route of one request. */
export class Route {
  #proxy: { readonly known: ProxyServer | undefined } | undefined;
  /** Whether an authorization was sent to open a tunnel of axios's own. */
  hasAuthorizedTunnel = false;
  /** The header fields of the current tunnel's CONNECT. */
  #headers: Record<string, string> = {};

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    private readonly origin: () => string,
    private readonly routes: Routes,
  ) {}

  /** The proxy, if it is known. */
  get proxy(): ProxyServer | undefined {
    this.#proxy ??= { known: configuredProxy(this.config) ?? this.#learned() };
    return this.#proxy.known;
  }

  /**
   * Learns from a challenge: the proxy from a 407, unless the origin gave it; from a 401, that axios opens tunnels. To
   * see one tunnel is enough, because it depends only on the version of axios.
   */
  note(response: AxiosResponse): void {
    if (response.status === 407) this.#learn(response);
    else if (response.status === 401 && isTunnelled(response, this.config)) this.routes.opensTunnels = true;
  }

  #learn(response: AxiosResponse): void {
    const known = answeringProxy(response, this.config);
    this.#proxy = { known };
    if (known) this.routes.learn(this.origin(), known);
    if (known && !/^http:/i.test(String(response.request.path))) this.routes.hasMetTunnel = true;
  }

  /** Whether this version of axios opens tunnels. */
  get hasMetTunnel(): boolean {
    return this.routes.hasMetTunnel || this.opensTunnels;
  }

  /** The proxy that axios uses for an origin, challenged or not, if that is certain. */
  proxyFor(origin: string): ProxyServer | undefined {
    const { config } = this;
    const configured = configuredProxy(config);
    if (configured || config.proxy === false || !canUseProxy(config) || isNodes(config, origin)) return configured;
    return proxyAt(certainProxy(origin) ?? '');
  }

  get opensTunnels(): boolean {
    return this.routes.opensTunnels;
  }

  /** The proxy that gave a response, or that forwarded it after we sent an authorization to the proxy. */
  proxyOf(status: number, { proxy }: Authorizations): ProxyServer | undefined {
    return status === 407 || proxy !== undefined ? this.proxy : undefined;
  }

  /** A redirect hop as the proxy sees it; `undefined` for a tunnel, whose CONNECT is sent before it can be changed. */
  ofHop({ path }: RedirectOptions, target: Target): Target | undefined {
    const isPlain = /^http:/i.test(String(path));
    return this.proxy && isPlain ? throughProxy(this.proxy, target) : undefined;
  }

  /**
   * Uses exactly this proxy, so that its authorization cannot go to another server (SEC-06), and sends it the
   * authorization: in the header of a plain request, or in the CONNECT of a tunnel.
   */
  authorize(copy: InternalAxiosRequestConfig, target: Target, { value }: Authorization): void {
    if (!this.proxy) return;
    copy.proxy = proxyConfig(this.proxy);
    if (!target.url.startsWith('https:')) copy.headers.set('Proxy-Authorization', value);
    else copy.httpsAgent = this.#tunnelling(copy.httpsAgent, value);
  }

  /** Called when the send is over: removes the proxy's authorization, which the response's agent holds (SEC-27). */
  release(): void {
    delete this.#headers['Proxy-Authorization'];
  }

  /**
   * axios passes the options of the caller's agent to its tunnel, which writes `headers` on the CONNECT and nowhere
   * else. The tunnel encodes them as UTF-8, but each character of a field value stands for one byte.
   */
  #tunnelling(agent: unknown, value: string): Agent {
    const options = (agent as Agent | undefined)?.options;
    this.hasAuthorizedTunnel = true;
    this.#headers = { 'Proxy-Authorization': Buffer.from(value, 'latin1').toString('utf8') };
    return new Agent({ ...options, keepAlive: false, headers: this.#headers } as Agent['options']);
  }

  /** The proxy that challenged before, if axios still uses it: the variable may have changed, or may be unset. */
  #learned(): ProxyServer | undefined {
    const { config, routes } = this;
    if (routes.isEmpty || config.proxy === false || !canUseProxy(config)) return undefined;
    const origin = this.origin();
    const learned = routes.of(origin);
    const current = learned && !isNodes(config, origin) ? proxyAt(certainProxy(origin) ?? '') : undefined;
    return current?.origin === learned?.origin ? current : undefined;
  }
}
