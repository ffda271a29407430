/** Describes the challengers of a request to the exchange: the origin, and the proxy on the way to it. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Rules } from '../../exchange/challenge/rules.js';
import { Spaces } from '../../exchange/memory/spaces.js';
import type { Challenger } from '../../exchange/party/challenger.js';
import type { PasswordCredential, Provider } from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import { type ExplicitAuth, ownHost, setsField } from '../address/explicit-auth.js';
import { originFor, urlText } from '../address/target.js';
import type { Client } from '../client/client.js';
import type { ProxyServer } from '../proxy/proxy.js';
import { Memory, OFFERS } from './memory.js';

/** The origins and proxies that may challenge the requests of one client, with a memory for each kind. */
export class Challengers {
  readonly #memory: Memory;
  /** The memory for proxies, kept apart from the memory for origins (SEC-06). */
  readonly #proxies: Memory;
  readonly #client: Client;
  /** The last base URL and its origin, cached because parsing a URL takes as long as computing a hash. */
  #base: { readonly text: string; readonly origin: string | undefined } = { text: '', origin: undefined };

  constructor(client: Client, providers: readonly Provider[]) {
    this.#client = client;
    this.#memory = new Memory(providers, OFFERS.origins);
    this.#proxies = new Memory(providers, OFFERS.proxies);
  }

  /** Whether both of the client's own memories are empty: then nothing can be authorized before a challenge. */
  get areUnknown(): boolean {
    return this.#memory.isEmpty && this.#proxies.isEmpty;
  }

  /** The protection spaces of origins, for the client's own requests. */
  get spaces(): Spaces {
    return this.#memory.own;
  }

  /** Forgets everything, or one origin, which may be a proxy's. */
  forget(origin?: string): void {
    for (const memory of [this.#memory, this.#proxies]) memory.forget(origin);
  }

  /** The origin as a challenger (401). */
  origin(
    config: InternalAxiosRequestConfig,
    base: Rules,
    callers: ExplicitAuth | undefined,
    address: () => URL,
  ): Challenger {
    if (setsField(config, 'authorization')) return handsOff(base);
    const own = callers?.password === undefined ? undefined : callers;
    const username = callers?.username;
    // A credential that the caller gave for one origin must not open a session at another origin (SEC-45).
    const origin = callers && originFor(address(), config);
    const host = ownHost(config, address);
    const spaces = this.#memory.of({ providers: base.providers, username, credential: own, origin, host });
    const sentScheme = own && config.httpVersion !== 2 ? 'basic' : undefined;
    const baseOrigin = this.#baseOrigin();
    const provider = own && callersProvider(own);
    return {
      ...NONE,
      status: 401,
      proxy: false,
      rules: base,
      spaces,
      username,
      baseOrigin,
      sentScheme,
      callers: provider,
    };
  }

  /**
   * The proxy as a challenger (407). A response to CONNECT loses the proxy's proof, so the proof is verified if it is
   * present, but never required.
   */
  proxy(config: InternalAxiosRequestConfig, base: Rules, proxy: ProxyServer | undefined): Challenger | undefined {
    if (!proxy || setsField(config, 'proxy-authorization')) return undefined;
    const { credential } = proxy;
    const providers = credential ? [callersProvider(credential)] : base.providers;
    const rules: Rules = { ...base, providers, mutual: base.mutual === 'require' ? 'verify' : base.mutual };
    const spaces = this.#proxies.of({ ...NO_PLACE, providers, username: undefined, credential });
    const sentScheme = credential && 'basic';
    return { ...NONE, status: 407, proxy: true, rules, spaces, sentScheme };
  }

  /** The origin that a credential is for if it names no origin itself (SEC-29). */
  #baseOrigin(): string | undefined {
    const { socketPath, baseURL } = this.#client.defaults;
    if (socketPath) return `unix:${socketPath}`;
    const text = urlText(baseURL) ?? '';
    if (this.#base.text !== text) this.#base = { text, origin: parseUrl(text)?.origin };
    return this.#base.origin;
  }
}

const NONE = {
  username: undefined,
  baseOrigin: undefined,
  sentScheme: undefined,
  callers: undefined,
  handsOff: undefined,
};
const NO_PLACE = { origin: undefined, host: undefined };

/** The origin when the caller set Authorization itself: its challenges are left alone. */
function handsOff(rules: Rules): Challenger {
  const reason = 'the caller set Authorization, so its 401 was left alone';
  return { ...NONE, status: 401, proxy: false, rules, spaces: new Spaces(), handsOff: reason };
}

function callersProvider(credential: PasswordCredential): Provider {
  return { name: 'caller', get: () => credential };
}
