/** Computes the authorizations of each redirect hop. An authorization that has left its space is not restored. */

import type { ClientRequest } from 'node:http';
import type { InternalAxiosRequestConfig } from 'axios';
import type { Authorizations, Sending, Target } from '../../exchange/port/transport.js';
import type { Authorization } from '../../model.js';
import { hopTarget, type RedirectOptions } from '../address/target.js';
import { concealHop } from '../redact/node-request.js';
import { callersHook, type Loan } from './loan.js';

type BeforeRedirect = NonNullable<InternalAxiosRequestConfig['beforeRedirect']>;

/** What a send needs to know about its route. */
export interface HopContext {
  readonly config: InternalAxiosRequestConfig;
  /** Where the send begins. */
  place(): Pick<Target, 'origin'>;
  /** Whether the caller's own Host field names another server than the URL; a redirect hop does not keep that field. */
  readonly hasOwnHost: boolean;
  /** A hop as the proxy sees it, if the hop goes through the proxy that we authorize to. */
  throughProxy(hop: RedirectOptions, target: Target): Target | undefined;
}

const NOTHING: Authorizations = { origin: undefined, proxy: undefined };

/** The redirect hops of one send. */
export class Hops {
  /** Origins other than the first, in the order in which redirects led to them. */
  readonly visited: string[] = [];
  /** How many redirects were followed. */
  redirects = 0;
  /** The request that a transport of the caller's returned. */
  transportRequest: unknown;
  /** The authorizations of the last hop. */
  authorizations: Authorizations;
  /** The caller's own `beforeRedirect`. */
  readonly original: BeforeRedirect | undefined;

  /** The authorizations of all dispatches, if the send was dispatched more than once. */
  #sent: Authorization[] | undefined;
  #isOver = false;

  /** @param hook - the caller's hook as it was when the send began, if the send has begun */
  constructor(
    private readonly context: HopContext,
    private readonly sending: Sending | undefined,
    hook?: Pick<Loan, 'original'>,
  ) {
    this.original = hook ? hook.original : callersHook(context.config);
    this.authorizations = sending?.authorizations ?? NOTHING;
  }

  /** The Authorization value with which the send began. */
  get value(): string | undefined {
    return this.sending?.authorizations.origin?.value;
  }

  /** A new Authorization for another dispatch of the send, so that no nc is used twice; `undefined` after the send. */
  renewAuthorization(): string | undefined {
    const { sending } = this;
    if (!sending || this.#isOver) return undefined;
    const { origin } = sending.authorizeHop({ target: sending.target, proxyTarget: undefined });
    this.#note(origin);
    return origin?.value;
  }

  /** Called when the send is over: of several dispatches, only this request and its authorization were answered. */
  end(request: unknown): void {
    this.#isOver = true;
    if (!this.#sent) return;
    const value = (request as Partial<ClientRequest> | undefined)?.getHeader?.('authorization');
    this.authorizations = { ...this.authorizations, origin: this.#sent.find((one) => one.value === value) };
  }

  /** Whether it was dispatched more than once. */
  get isRepeated(): boolean {
    return this.#sent !== undefined;
  }

  #note(authorization: Authorization | undefined): void {
    const first = this.sending?.authorizations.origin;
    this.#sent ??= first ? [first] : [];
    if (authorization) this.#sent.push(authorization);
  }

  /** Whether the send began with an Authorization of ours. */
  get hasSent(): boolean {
    return this.sending?.authorizations.origin !== undefined;
  }

  /** Replaces the caller's own `beforeRedirect`, and calls it at the end. */
  readonly beforeRedirect: BeforeRedirect = (options, ...rest) => {
    concealHop(options);
    this.follow(options);
    this.original?.(options, ...rest);
  };

  /** Sets the authorizations in the headers of the hop. */
  follow(options: RedirectOptions): void {
    this.redirects += 1;
    const target = hopTarget(options, this.context.config);
    const led = target?.origin ?? 'an unknown place';
    if (led !== this.context.place().origin) this.visited.push(led);
    else if (this.context.hasOwnHost) this.visited.push(`${led} without the Host that the caller set`);
    const { origin, proxy } = this.authorizations;
    if (!this.sending || !(origin || proxy || this.#sent)) return;
    this.authorizations = target ? this.#authorize(this.sending, options, target) : NOTHING;
    if (this.#sent) this.#note(this.authorizations.origin);
    const headers = options.headers ?? {};
    if (origin) replace(headers, 'Authorization', this.authorizations.origin?.value);
    // Another dispatch of this send has left the space, so this dispatch loses its Authorization, too.
    else if (this.#sent) replace(headers, 'Authorization', undefined);
    if (proxy) replace(headers, 'Proxy-Authorization', this.authorizations.proxy?.value);
  }

  #authorize(sending: Sending, options: RedirectOptions, target: Target): Authorizations {
    // An authorization that was stripped is never restored (SEC-03).
    const { origin, proxy } = this.authorizations;
    const proxyTarget = proxy && this.context.throughProxy(options, target);
    return sending.authorizeHop({ target: origin && target, proxyTarget });
  }
}

/** Removes all spellings: older redirect code keeps the header for subdomains (SEC-01, SEC-05). */
function replace(headers: Record<string, unknown>, name: string, value: string | undefined): void {
  for (const key of Object.keys(headers)) {
    if (key.toLowerCase() === name.toLowerCase()) delete headers[key];
  }
  if (value !== undefined) headers[name] = value;
}
