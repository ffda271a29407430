/** What one client has learned of the ways to its origins. */

import type { ProxyServer } from './proxy.js';

const MAX_ROUTES = 1000;

/** The proxies of the environment that answered, by origin. The least recently learned is forgotten first (SEC-35). */
export class Routes {
  readonly #proxies = new Map<string, ProxyServer>();
  /** Whether axios has been seen to open a tunnel. */
  opensTunnels = false;
  /** Whether axios has been seen to ask for one, at least: the proxy has answered. */
  hasMetTunnel = false;

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

  /** Forgets everything, or one origin, which may be a proxy's. */
  forget(origin?: string): void {
    for (const [key, proxy] of this.#proxies) {
      if (origin === undefined || key === origin || proxy.origin === origin) this.#proxies.delete(key);
    }
  }
}
