/** axios's response as the exchange sees it. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Reply, Target } from '../../exchange/port/transport.js';
import type { Authorization } from '../../model.js';
import { answeredAs } from '../address/fetch-answer.js';
import { effectiveTarget } from '../address/target.js';
import type { Opened } from '../body/body.js';
import { isSending, stopSending } from '../body/stop.js';
import { clock } from '../client/clock.js';
import type { Outcome } from '../client/outcome.js';
import { isElsewhere, wasExposed } from '../proxy/exposure.js';
import { type ProxyServer, throughProxy } from '../proxy/proxy.js';
import { redirectsOf, tellsRedirects, transportOf } from '../send/own-transport.js';
import type { Hops } from '../send/redirects.js';
import { isCached, noteResponse } from './cached.js';
import { discard, drainTime, free, giveUp } from './drain.js';
import { bodyOf, fieldOf, linesOf } from './headers.js';

/** The send that a reply belongs to. */
export interface RepliedSend {
  readonly config: InternalAxiosRequestConfig;
  /** When the send began, by the clock. */
  readonly began: number;
  /** The target that the request was sent to. */
  target(): Target;
  readonly hops: Hops;
  /** The body of the send; `undefined` if there is no body, or if it is known that the body can be sent again. */
  readonly opened: Opened | undefined;
  /** The origins that redirects led through, in this send and in earlier sends. */
  readonly visited: readonly string[];
  /** Whether the next send cannot be repeated: if it fails, the caller may still get the body of this response. */
  readonly isOnce: boolean;
  /** Called when others may have the connection that the request has to itself. */
  lend(): void;
  /** The proxy that gave or forwarded the response; `undefined` if there is no proxy to authorize to. */
  proxy(): ProxyServer | undefined;
}

/** Stands for the places that unreported redirects led to. */
const UNKNOWN = 'an unknown place';

// A cache does not keep these, and a test may return the same object for all of them.
const CHALLENGED = new Set([401, 407]);

/** One response. Everything except its status is read on demand. */
export class AxiosReply implements Reply<Outcome> {
  readonly status: number;
  /** Whether a cache gave the response to another request: then no server has seen this request's authorization. */
  readonly isKept: boolean;
  #target: { readonly found: Target | undefined } | undefined;

  constructor(
    readonly outcome: Outcome,
    readonly response: AxiosResponse,
    private readonly sent: RepliedSend,
  ) {
    this.status = response.status;
    // Only an adapter function in place of axios's own adapters can return a cached response.
    const mayBeCached = typeof sent.config.adapter === 'function' && !CHALLENGED.has(response.status);
    this.isKept = mayBeCached && isCached(response);
    if (mayBeCached) noteResponse(response);
  }

  get challenges(): string | readonly string[] | undefined {
    return linesOf(this.response, 'www-authenticate');
  }

  get authenticationInfo(): string | undefined {
    return fieldOf(this.response, 'authentication-info');
  }

  get target(): Target | undefined {
    this.#target ??= { found: this.#findTarget() };
    return this.#target.found;
  }

  get isExposed(): boolean {
    const { origin } = this.target ?? this.sent.target();
    return wasExposed(this.response, origin, this.sent.config);
  }

  get visited(): readonly string[] {
    const { visited } = this.sent;
    return this.#isHidden ? [...visited, UNKNOWN] : visited;
  }

  get authorization(): Authorization | undefined {
    if (this.isKept) return undefined;
    const { hops } = this.sent;
    const isWhereItBegan = this.target?.origin === this.sent.target().origin && hops.visited.length === 0;
    return isWhereItBegan && !this.#isHidden ? hops.authorizations.origin : undefined;
  }

  get proxy(): Reply<Outcome> | undefined {
    const proxy = this.sent.proxy();
    return (
      proxy && new ProxyReply(this, this.response, throughProxy(proxy, this.target ?? this.sent.target()), this.sent)
    );
  }

  body(): Uint8Array | undefined {
    return bodyOf(this.response);
  }

  /** Also stops an upload that is not finished: the server has refused the request, and its body will be sent again. */
  async free(): Promise<void> {
    if (await free(this.response, this.#drainTime)) this.#stopUpload();
    this.sent.lend();
  }

  async discard(): Promise<void> {
    // Do not wait for the end of the response if its connection cannot be reused.
    const { response } = this;
    if (isSending(response.request)) giveUp(response);
    else if (!this.sent.isOnce || !(await free(response, this.#drainTime))) await discard(response, this.#drainTime);
    this.#stopUpload();
  }

  /** How long to wait for the end of the response: the caller's timeout must not expire meanwhile. */
  get #drainTime(): number {
    const { config, began } = this.sent;
    const timeout = Number(config.timeout) || Number.POSITIVE_INFINITY;
    return drainTime(began + timeout - clock.now());
  }

  #findTarget(): Target | undefined {
    const { config, hops } = this.sent;
    if (!tellsRedirects(this.response.request, config, hops)) return undefined;
    return effectiveTarget(this.response, this.sent.target(), config, answeredAs);
  }

  /** Whether there were unreported redirects: they may have led through any place, which may have chosen the target. */
  get #isHidden(): boolean {
    const { config, hops } = this.sent;
    const { request } = this.response;
    if ((redirectsOf(request) ?? 0) > hops.redirects) return true;
    const mayHide = typeof config.adapter === 'function' || transportOf(config) || request?.responseURL !== undefined;
    return Boolean(mayHide) && hops.redirects === 0 && this.target?.url !== this.sent.target().url;
  }

  #stopUpload(): void {
    const { opened } = this.sent;
    if (opened) stopSending(this.response.request, opened.data);
  }
}

/** The same response, as the reply of the proxy. */
class ProxyReply implements Reply<Outcome> {
  readonly status: number;
  readonly outcome: Outcome;
  readonly visited: readonly string[] = [];
  readonly proxy = undefined;

  constructor(
    private readonly reply: AxiosReply,
    readonly response: AxiosResponse,
    readonly target: Target,
    private readonly sent: RepliedSend,
  ) {
    this.status = reply.status;
    this.outcome = reply.outcome;
  }

  get isExposed(): boolean {
    return isElsewhere(this.response);
  }

  get challenges(): string | readonly string[] | undefined {
    return linesOf(this.response, 'proxy-authenticate');
  }

  get authenticationInfo(): string | undefined {
    return fieldOf(this.response, 'proxy-authentication-info');
  }

  get authorization(): Authorization | undefined {
    return this.reply.isKept ? undefined : this.sent.hops.authorizations.proxy;
  }

  body(): Uint8Array | undefined {
    return this.reply.body();
  }

  free(): Promise<void> {
    return this.reply.free();
  }

  discard(): Promise<void> {
    return this.reply.discard();
  }
}
