/** Sends a request without creating an exchange first; most requests need no exchange. */

import { types } from 'node:util';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Rules } from '../exchange/challenge/rules.js';
import type { Target } from '../exchange/port/transport.js';
import { needsExchange } from '../exchange/send/direct.js';
import type { KnownSend } from '../exchange/send/known.js';
import { Recorder } from '../exchange/trace/recorder.js';
import { namesAny } from './address/explicit-auth.js';
import { Progress } from './body/progress.js';
import { usesFetch } from './client/adapter.js';
import { clock } from './client/clock.js';
import type { Outcome } from './client/outcome.js';
import { failureOf, LATE } from './response/failure.js';
import { fieldOf } from './response/headers.js';
import { hasRunOut, responseOf } from './response/unread.js';
import { isIdempotent, metClosed, noteBytesRead, readsWholeBody } from './send/closed.js';
import { callersHook, type Loan, lend, takeBack } from './send/loan.js';
import { transportOf } from './send/own-transport.js';
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

/** A first send without an exchange, on its way. Node keeps it as long as the connection, so that it holds no result. */
export class FirstSend implements HopContext, Loan {
  readonly began: number;
  readonly original: Loan['original'];
  #hops: Hops | undefined;

  /**
   * @param known - the authorized send, if the answer to the challenge is already known
   * @param predict - is called only when the place matters
   */
  constructor(
    readonly config: InternalAxiosRequestConfig,
    readonly known: KnownSend | undefined,
    readonly predict: Predict,
  ) {
    this.original = callersHook(config);
    this.began = clock.now();
    lend(config, this);
  }

  get value(): string | undefined {
    return this.known?.authorizations.origin?.value;
  }

  /** Created only when a redirect or an exchange needs them. */
  get hops(): Hops {
    this.#hops ??= new Hops(this, this.known, this);
    return this.#hops;
  }

  get redirects(): number {
    return this.#hops?.redirects ?? 0;
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

  /** Takes the config back as the caller made it. */
  end(outcome: Outcome): FirstResult {
    takeBack(this.config, this);
    this.known?.end();
    if (outcome.ok) noteBytesRead(outcome.response.request, readsWholeBody(this.config));
    return new FirstResult(outcome, this, clock.now() - this.began);
  }
}

/** The result of a first send without an exchange. */
export class FirstResult implements FinishedSend {
  readonly hasRunOut: boolean;
  readonly #response: AxiosResponse | undefined;

  constructor(
    readonly outcome: Outcome,
    private readonly sent: FirstSend,
    readonly milliseconds: number,
  ) {
    this.hasRunOut = hasRunOut(outcome, sent.config, milliseconds);
    this.#response = this.hasRunOut ? undefined : responseOf(outcome);
  }

  get hops(): Hops {
    return this.sent.hops;
  }

  get began(): number {
    return this.sent.began;
  }

  get known(): KnownSend | undefined {
    return this.sent.known;
  }

  /** Whether the result leads to an exchange; a connection that was closed does, if the request can be sent again. */
  leadsToExchange(rules: Rules): boolean {
    const { outcome, known } = this;
    if (this.hasRunOut) return false;
    const response = this.#response;
    if (!response)
      return known !== undefined && !outcome.ok && isIdempotent(known.target.method) && metClosed(outcome.error);
    const { status, request } = response;
    if (!known) return needsExchange(this, { status, authenticationInfo: undefined, hasMoved: false }, rules);
    const answered = request?.res?.responseUrl ?? request?.responseURL ?? known.target.url;
    const hasMoved = this.sent.redirects > 0 || answered !== known.target.url;
    return needsExchange(
      this,
      { status, authenticationInfo: fieldOf(response, 'authentication-info'), hasMoved },
      rules,
    );
  }

  /** The record of a send that needed no exchange. After a response it is created on demand. It keeps no credential. */
  get record(): Recorded {
    const { milliseconds, known } = this;
    const { config, predict, began } = this.sent;
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
    const { outcome, known } = this;
    const { config, predict, began } = this.sent;
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
  if (typeof data === 'object' && data !== null && !isBytes(data)) return false;
  return isWithoutUserinfo(url) && isWithoutUserinfo(baseURL);
}

/** Whether a body is bytes: axios gives a Buffer or an ArrayBuffer, also for a typed array. */
function isBytes(data: object): boolean {
  return Buffer.isBuffer(data) || types.isAnyArrayBuffer(data);
}

/** An object may give a different text each time. */
function isWithoutUserinfo(url: unknown): boolean {
  return !url || (typeof url === 'string' && !url.includes('@'));
}
