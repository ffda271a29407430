/** Who may ask for a credential, as the exchange sees them: the origin of a request, and the proxy on its way. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Challenger, Rules } from '../exchange/rules.js';
import { Spaces } from '../exchange/spaces.js';
import type { PasswordCredential, Provider } from '../model.js';
import { parseUrl } from '../syntax/url.js';
import { type Callers, setsField } from './caller.js';
import type { Client } from './client.js';
import { Memory } from './memory.js';
import type { ProxyServer } from './proxy.js';
import { urlText } from './target.js';

/** Those who challenge the requests of one client, each with what is remembered of it. */
export class Challengers {
  readonly #memory: Memory;
  /** What is remembered of proxies: never the same as of an origin (SEC-06). */
  readonly #proxies: Memory;
  readonly #client: Client;
  /** The base URL as it was last seen, and its origin: to parse it takes as long as a hash. */
  #base: { readonly text: string; readonly origin: string | undefined } = { text: '', origin: undefined };

  constructor(client: Client, providers: readonly Provider[]) {
    this.#client = client;
    this.#memory = new Memory(providers);
    this.#proxies = new Memory(providers);
  }

  /** Whether no request of the client's own can be authorized before it is challenged. */
  get areUnknown(): boolean {
    return this.#memory.isEmpty && this.#proxies.isEmpty;
  }

  /** What the client's own requests know of origins. */
  get spaces(): Spaces {
    return this.#memory.own;
  }

  /** Forgets everything, or one origin (a proxy's, too). */
  forget(origin?: string): void {
    for (const memory of [this.#memory, this.#proxies]) memory.forget(origin);
  }

  /** The origin, as one who asks. */
  origin(config: InternalAxiosRequestConfig, base: Rules, callers: Callers | undefined): Challenger {
    if (setsField(config, 'authorization')) return handsOff(base);
    const own = callers?.password === undefined ? undefined : callers;
    const username = callers?.username;
    const rules = own ? { ...base, providers: [callersProvider(own)] } : base;
    const spaces = this.#memory.of({ providers: rules.providers, username, credential: own });
    const sentScheme = own && config.httpVersion !== 2 ? 'basic' : undefined;
    const baseOrigin = this.#baseOrigin();
    return { status: 401, proxy: false, rules, spaces, username, baseOrigin, sentScheme, handsOff: undefined };
  }

  /** The proxy, as one who asks. Its proof gets lost in a CONNECT, so it can be checked, but not asked for. */
  proxy(config: InternalAxiosRequestConfig, base: Rules, proxy: ProxyServer | undefined): Challenger | undefined {
    if (!proxy || setsField(config, 'proxy-authorization')) return undefined;
    const { credential } = proxy;
    const providers = credential ? [callersProvider(credential)] : base.providers;
    const rules: Rules = { ...base, providers, mutual: base.mutual === 'require' ? 'verify' : base.mutual };
    const spaces = this.#proxies.of({ providers, username: undefined, credential });
    const sentScheme = credential && 'basic';
    return { ...NOBODYS, status: 407, proxy: true, rules, spaces, sentScheme };
  }

  /** Where a credential belongs that names no origin (SEC-29). */
  #baseOrigin(): string | undefined {
    const { socketPath, baseURL } = this.#client.defaults;
    if (socketPath) return `unix:${socketPath}`;
    const text = urlText(baseURL) ?? '';
    if (this.#base.text !== text) this.#base = { text, origin: parseUrl(text)?.origin };
    return this.#base.origin;
  }
}

const NOBODYS = { username: undefined, baseOrigin: undefined, sentScheme: undefined, handsOff: undefined };

/** The origin, when the caller answers for itself. */
function handsOff(rules: Rules): Challenger {
  const reason = 'the caller set Authorization, so its 401 was left alone';
  return { ...NOBODYS, status: 401, proxy: false, rules, spaces: new Spaces(), handsOff: reason };
}

function callersProvider(credential: PasswordCredential): Provider {
  return { name: 'caller', get: () => credential };
}
