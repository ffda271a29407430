/** axios's response as the exchange sees it. */

import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Reply, Target } from '../exchange/wire.js';
import type { Authorization } from '../model.js';
import { discard, free, giveUp } from './drain.js';
import { answeredUrl } from './fetch.js';
import { bodyOf, fieldOf, linesOf } from './fields.js';
import type { Hops } from './hops.js';
import { isKept } from './kept.js';
import { lostResponse } from './lost.js';
import { type ProxyServer, throughProxy } from './proxy.js';
import { effectiveTarget } from './target.js';
import { isSending, type Upload } from './upload.js';

/** What axios gives its caller: a response, or an error that may hold one. */
export type Outcome =
  | { readonly ok: true; readonly response: AxiosResponse }
  | { readonly ok: false; readonly error: unknown };

/** The response of an outcome, whichever way `validateStatus` sent it. */
export function responseOf(outcome: Outcome): AxiosResponse | undefined {
  if (outcome.ok) return outcome.response;
  const { response, cause } = (outcome.error ?? {}) as Partial<AxiosError>;
  // The fetch adapter of axios 1.13.3 wraps its own error in another one, without the response.
  return response ?? (cause as AxiosError | undefined)?.response ?? lostResponse(outcome.error ?? {});
}

/** What a send knows of itself. */
export interface Sent {
  readonly config: InternalAxiosRequestConfig;
  /** Where it went. */
  target(): Target;
  readonly hops: Hops;
  /** Its body on its way; `undefined` when it has none, or is known to be one that can be sent again. */
  readonly upload: Upload | undefined;
  /** The origins that redirects led through, in this send and those before. */
  readonly visited: readonly string[];
  /** The proxy that let a response pass, or gave it; `undefined` where none is to be answered. */
  proxy(response: AxiosResponse): ProxyServer | undefined;
}

// No cache keeps these, and tests give one object for all of them.
const CHALLENGED = new Set([401, 407]);

/** One response. Everything but its status is read when it is asked for. */
export class AxiosReply implements Reply<Outcome> {
  readonly status: number;
  /** Whether a cache gave what it got for another request: nobody has seen the authorization of this one. */
  readonly isKept: boolean;
  #target: { readonly found: Target | undefined } | undefined;

  constructor(
    readonly outcome: Outcome,
    readonly response: AxiosResponse,
    private readonly sent: Sent,
  ) {
    this.status = response.status;
    // Only a function in place of axios's own adapters keeps any.
    const mayBeKept = typeof sent.config.adapter === 'function' && !CHALLENGED.has(response.status);
    this.isKept = mayBeKept && isKept(response);
  }

  get challenges(): string | readonly string[] | undefined {
    return linesOf(this.response, 'www-authenticate');
  }

  get authenticationInfo(): string | undefined {
    return fieldOf(this.response, 'authentication-info');
  }

  get target(): Target | undefined {
    this.#target ??= { found: effectiveTarget(this.response, this.sent.target(), this.sent.config, answeredUrl) };
    return this.#target.found;
  }

  get isExposed(): boolean {
    return /^https:/i.test(String(this.response.request?.path));
  }

  get visited(): readonly string[] {
    return this.sent.visited;
  }

  get authorization(): Authorization | undefined {
    if (this.isKept) return undefined;
    const { hops } = this.sent;
    const isWhereItBegan = this.target?.origin === this.sent.target().origin && hops.visited.length === 0;
    return isWhereItBegan ? hops.authorizations.origin : undefined;
  }

  get proxy(): Reply<Outcome> | undefined {
    const proxy = this.sent.proxy(this.response);
    return (
      proxy && new ProxyReply(this, this.response, throughProxy(proxy, this.target ?? this.sent.target()), this.sent)
    );
  }

  body(): Uint8Array | undefined {
    return bodyOf(this.response);
  }

  /** A body that is still on its way to a server that has refused it is stopped: it is going to be sent again. */
  async free(): Promise<void> {
    if (await free(this.response)) this.#stopUpload();
  }

  async discard(): Promise<void> {
    // The end of a response is not waited for when its connection cannot be used again.
    if (isSending(this.response.request)) giveUp(this.response);
    else await discard(this.response);
    this.#stopUpload();
  }

  #stopUpload(): void {
    this.sent.upload?.stop(this.response);
  }
}

/** The same response as the proxy's. */
class ProxyReply implements Reply<Outcome> {
  readonly status: number;
  readonly outcome: Outcome;
  readonly isExposed = false;
  readonly visited: readonly string[] = [];
  readonly proxy = undefined;

  constructor(
    private readonly reply: AxiosReply,
    readonly response: AxiosResponse,
    readonly target: Target,
    private readonly sent: Sent,
  ) {
    this.status = reply.status;
    this.outcome = reply.outcome;
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
