/** Keeps the authorizations right from hop to hop: anew for each target, gone for good once it has left its space. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Authorizations, Sending, Target } from '../exchange/wire.js';
import { concealHop } from './node-request.js';
import { type Hop, hopTarget } from './target.js';

type BeforeRedirect = NonNullable<InternalAxiosRequestConfig['beforeRedirect']>;

/** What a send needs to know of the way it goes. */
export interface Way {
  readonly config: InternalAxiosRequestConfig;
  /** Where it begins. */
  origin(): string;
  /** A hop as the proxy sees it, if it goes through the one that is answered. */
  throughProxy(hop: Hop, target: Target): Target | undefined;
}

const NOTHING: Authorizations = { origin: undefined, proxy: undefined };

/** What happened to one send on its way. */
export class Hops {
  /** Other origins than the one where it began, in the order in which redirects led there. */
  readonly visited: string[] = [];
  /** Whether there were hops at all. */
  isRedirected = false;
  /** What the last hop was sent with. */
  authorizations: Authorizations;
  /** The caller's own. */
  readonly callers: BeforeRedirect | undefined;

  constructor(
    private readonly way: Way,
    private readonly sending: Sending | undefined,
  ) {
    this.callers = way.config.beforeRedirect;
    this.authorizations = sending?.authorizations ?? NOTHING;
  }

  /** Whether the send began with an Authorization of ours. */
  get hasSent(): boolean {
    return this.sending?.authorizations.origin !== undefined;
  }

  /** Goes in place of the caller's own `beforeRedirect`, and before it. */
  readonly beforeRedirect: BeforeRedirect = (options, ...rest) => {
    concealHop(options);
    this.follow(options);
    this.callers?.(options, ...rest);
  };

  /** Writes on the headers of the hop. */
  follow(options: Hop): void {
    this.isRedirected = true;
    const target = hopTarget(options, this.way.config);
    if (target?.origin !== this.way.origin()) this.visited.push(target?.origin ?? 'an unknown place');
    const { origin, proxy } = this.authorizations;
    if (!this.sending || !(origin || proxy)) return;
    this.authorizations = target ? this.#authorize(this.sending, options, target) : NOTHING;
    const headers = options.headers ?? {};
    if (origin) replace(headers, 'Authorization', this.authorizations.origin?.value);
    if (proxy) replace(headers, 'Proxy-Authorization', this.authorizations.proxy?.value);
  }

  #authorize(sending: Sending, options: Hop, target: Target): Authorizations {
    // Once stripped, never restored (SEC-03).
    const { origin, proxy } = this.authorizations;
    const proxyTarget = proxy && this.way.throughProxy(options, target);
    return sending.authorizeHop({ target: origin && target, proxyTarget });
  }
}

/** All spellings are taken away: older redirect code keeps the header for subdomains (SEC-01, SEC-05). */
function replace(headers: Record<string, unknown>, name: string, value: string | undefined): void {
  for (const key of Object.keys(headers)) {
    if (key.toLowerCase() === name.toLowerCase()) delete headers[key];
  }
  if (value !== undefined) headers[name] = value;
}
