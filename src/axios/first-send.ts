/** Sends a request without creating an exchange first; most requests need no exchange. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Rules } from '../exchange/challenge/rules.js';
import type { Target } from '../exchange/port/transport.js';
import { type KnownSend, needsExchange } from '../exchange/send/known.js';
import { Recorder } from '../exchange/trace/recorder.js';
import { namesAny } from './address/explicit-auth.js';
import { Progress } from './body/progress.js';
import { usesFetch } from './client/adapter.js';
import { clock } from './client/clock.js';
import type { Outcome } from './client/outcome.js';
import { failureOf, LATE } from './response/failure.js';
import { fieldOf } from './response/headers.js';
import { responseOf } from './response/reply.js';
import { hasRunOut } from './response/unread.js';
import { isIdempotent, metClosed, noteBytesRead, readsWholeBody } from './send/closed.js';
import { type Loan, lend, takeBack } from './send/loan.js';
import { redirectsOf, transportOf } from './send/own-transport.js';
import { type HopContext, Hops } from './send/redirects.js';
import type { Recorded } from './trace/store.js';

/** A finished send. */
export interface FinishedSend {
  readonly outcome: Outcome;
  readonly hops: Hops;
  /** When the send began, by the clock. */
  readonly began: number;
  readonly milliseconds: number;
  /** Whether the caller's timeout expired. */
  readonly hasRunOut: boolean;
}

/** Predicts where a request goes. */
export type Predict = (config: InternalAxiosRequestConfig) => Target;

/** A first send without an exchange: on its way, and then its result. */
export class FirstSend implements FinishedSend, HopContext, Loan {
  readonly began: number;
  readonly original: Loan['original'];
  outcome: Outcome = NO_OUTCOME;
  milliseconds = 0;
  hasRunOut = false;
  #response: AxiosResponse | undefined;
  #hops: Hops | undefined;

  /**
   * @param known - the authorized send, if the answer to the challenge is already known
   * @param predict - is called only when the place matters
   */
  constructor(
    readonly config: InternalAxiosRequestConfig,
    readonly known: KnownSend | undefined,
    private readonly predict: Predict,
  ) {
    this.original = config.beforeRedirect;
    this.began = clock.now();
    lend(config, this);
  }

  get value(): string | undefined {
    return this.known?.authorizations.origin?.value;
  }

  /** Created only when a redirect or an exchange needs them. */
  get hops(): Hops {
    this.#hops ??= new Hops(this, this.known);
    return this.#hops;
  }

  readonly beforeRedirect: Loan['beforeRedirect'] = (...hop) => this.hops.beforeRedirect(...hop);

  place(): Target {
    return this.known?.target ?? this.predict(this.config);
  }

  /** An ordinary request has no Host field of the caller's. */
  get hasOwnHost(): boolean {
    return false;
  }

  /** Its first send authorizes it to no proxy. */
  throughProxy(): undefined {}

  /** Takes the config back as the caller made it, and keeps the result. */
  end(outcome: Outcome): void {
    const { config, known } = this;
    takeBack(config, this);
    known?.end();
    if (outcome.ok) noteBytesRead(outcome.response.request, readsWholeBody(config));
    this.outcome = outcome;
    this.milliseconds = clock.now() - this.began;
    this.hasRunOut = hasRunOut(outcome, config, this.milliseconds);
    this.#response = this.hasRunOut ? undefined : responseOf(outcome);
  }

  /** Whether the result leads to an exchange; a connection that was closed does, if the request can be sent again. */
  leadsToExchange(rules: Rules): boolean {
    const { outcome, known } = this;
    if (this.hasRunOut) return false;
    const response = this.#response;
    if (!response)
      return known !== undefined && !outcome.ok && isIdempotent(known.target.method) && metClosed(outcome.error);
    const { status } = response;
    if (!known) return needsExchange(this, { status, authenticationInfo: undefined, hasMoved: false }, rules);
    const authenticationInfo = fieldOf(response, 'authentication-info');
    return needsExchange(
      this,
      { status, authenticationInfo, hasMoved: this.#hasMoved(response.request, known) },
      rules,
    );
  }

  /** XHR follows redirects by itself, and reports the URL that answered. */
  #hasMoved(request: { readonly responseURL?: string } | undefined, { target }: KnownSend): boolean {
    const redirects = redirectsOf(request) ?? this.#hops?.redirects ?? 0;
    return redirects > 0 || (request?.responseURL ?? target.url) !== target.url;
  }

  /** The record of a send that needed no exchange. After a response it is created on demand. It keeps no credential. */
  get record(): Recorded {
    const { known, config, predict, began, milliseconds } = this;
    const target = known?.target;
    const described = known?.described;
    const status = this.#response?.status;
    let recorder = status === undefined ? this.#failed : undefined;
    return () => {
      if (recorder) return recorder;
      recorder = newRecorder(() => target ?? predict(config), began);
      recorder.first({ status: status as number, milliseconds }, described);
      return recorder;
    };
  }

  /** Without a response, an error tells why: the record is written while it is known. */
  get #failed(): Recorder {
    const { known, config, predict, began, outcome } = this;
    const target = known?.target;
    const recorder = newRecorder(() => target ?? predict(config), began);
    if (known) known.record(recorder, began);
    else recorder.first();
    if (!outcome.ok) recorder.fail(this.hasRunOut ? LATE : failureOf(outcome.error));
    return recorder;
  }
}

function newRecorder(place: () => Target, began: number): Recorder {
  return new Recorder({ place, clock, began, listener: undefined, isCallers: false });
}

const NO_OUTCOME: Outcome = { ok: false, error: undefined };

// Authorization: the caller authorizes the request itself. Host: the request is for another server than the URL's.
const DECIDING = ['authorization', 'host'];

/**
 * Whether axios's http adapter can send the config unchanged: the body can be sent again, and the caller set no
 * credential, Host field, proxy, transport or progress listener.
 */
export function isOrdinary(config: InternalAxiosRequestConfig): boolean {
  const { adapter, auth, data, proxy, url, baseURL } = config;
  if (auth || (typeof proxy === 'object' && proxy !== null) || transportOf(config) || Progress.isWanted(config))
    return false;
  if (typeof adapter === 'function' || usesFetch(adapter) || namesAny(config, DECIDING)) return false;
  if (typeof data === 'object' && data !== null && !Buffer.isBuffer(data)) return false;
  return isWithoutUserinfo(url) && isWithoutUserinfo(baseURL);
}

/** An object may give a different text each time. */
function isWithoutUserinfo(url: unknown): boolean {
  return !url || (typeof url === 'string' && !url.includes('@'));
}
