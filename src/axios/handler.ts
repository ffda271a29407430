/** Runs one request of a client as an exchange, or leaves it alone. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { preempt } from '../exchange/answer/attempt.js';
import type { Rules } from '../exchange/challenge/rules.js';
import { exchange } from '../exchange/exchange.js';
import { ownError } from '../exchange/port/cut-off.js';
import { type DirectSend, directSend, isUnknown, type KnownSend, UNKNOWN } from '../exchange/send/known.js';
import { Recorder } from '../exchange/trace/recorder.js';
import { Addresses } from './address/addresses.js';
import { ownCopy, readOnce } from './address/entry.js';
import { explicitAuthOf, ownHost, setsField } from './address/explicit-auth.js';
import { addressedUrl, predictedTarget } from './address/target.js';
import { BoundConnections } from './bound-connections.js';
import { type Client, type Dispatch, dispatchOf, siblingOf } from './client/client.js';
import { clock } from './client/clock.js';
import type { Outcome } from './client/outcome.js';
import { type FirstResult, FirstSend, isOrdinary } from './first-send.js';
import {
  bodyOptionsOf,
  type ChallengeOption,
  type ChallengeOptions,
  type DefiniteOptions,
  mergeOptions,
  rulesOf,
} from './options.js';
import { Challengers } from './parties/parties.js';
import { mayBeExposed } from './proxy/exposure.js';
import { Route, Routes } from './proxy/route.js';
import { keepToPlace, withhold } from './redact/config.js';
import { conceal } from './redact/outcome.js';
import { failureOf, LATE } from './response/failure.js';
import { responseOf } from './response/reply.js';
import { withoutLoan } from './send/loan.js';
import { isBlind } from './send/own-transport.js';
import { debugging } from './trace/debug.js';
import { type Recorded, remember } from './trace/store.js';
import { AxiosWire } from './transport.js';

/** The state and the request handling of one `installAuth`. */
export class Handler {
  readonly #challengers: Challengers;
  readonly #routes = new Routes();
  readonly #addresses: Addresses;
  readonly #connections = new BoundConnections();
  readonly #sibling: Client;
  readonly #dispatch: Dispatch;
  readonly #client: Client;
  readonly #options: DefiniteOptions;
  readonly #rules: Rules;
  readonly #debug = debugging(process.env);

  /** @throws AuthError ERR_AUTH_OPTION */
  constructor(client: Client, options: DefiniteOptions) {
    this.#client = client;
    this.#options = options;
    this.#rules = rulesOf(options);
    this.#challengers = new Challengers(client, this.#rules.providers);
    this.#sibling = siblingOf(client);
    this.#dispatch = dispatchOf(this.#sibling);
    this.#addresses = new Addresses(this.#sibling);
  }

  /** Forgets everything, or one origin, which may be a proxy's. */
  forget(origin?: string): void {
    this.#challengers.forget(origin);
    this.#routes.forget(origin);
    this.#connections.forget(origin);
  }

  /** Forgets everything, for good. */
  end(): void {
    this.forget();
    this.#connections.end();
  }

  /** The adapter of one request, in place of `original`. */
  handle(given: InternalAxiosRequestConfig, original: InternalAxiosRequestConfig['adapter']): Promise<AxiosResponse> {
    // A caller may send one config twice at once (hedging): the second send gets a copy, and its own authorization.
    const config = withoutLoan(given);
    // Restores the caller's own adapter, so that a replay of `error.config` passes through this handler only once.
    if (original === undefined) delete config.adapter;
    else config.adapter = original;
    const options = ownOption(config);
    const direct = options === undefined && this.#direct(config);
    if (direct) return this.#firstSend(config, direct.known);
    keepToPlace(config, this.#sibling);
    if (options === false) return this.#dispatch(config, original);
    readOnce(config);
    return this.#exchange(config, options);
  }

  /** Whether the space of some origin is known before its first challenge. */
  get #foresees(): boolean {
    const { assumption, preemptive } = this.#rules;
    return assumption !== undefined && !assumption.isForEveryStatus && preemptive;
  }

  /** Withholds the caller's password in the config of a request that was canceled early, because its error shows it. */
  withhold(config: InternalAxiosRequestConfig): void {
    if (ownOption(config) === false || setsField(config, 'authorization')) return;
    readOnce(config);
    const callers = explicitAuthOf(config, () => this.#addresses.of(config));
    withhold(config, callers, this.#sibling);
  }

  /** The first send to a place that is known, or of which nothing is known; `undefined` if it needs an exchange. */
  #direct(config: InternalAxiosRequestConfig): DirectSend | undefined {
    if (this.#rules.onEvent || !isOrdinary(config)) return undefined;
    if (this.#challengers.areUnknown && !this.#foresees) return UNKNOWN;
    if (!this.#routes.isEmpty) return undefined;
    const origin = this.#addresses.plainOrigin(config);
    const party = { rules: this.#rules, spaces: this.#challengers.spaces };
    if (origin !== undefined && isUnknown(party, origin)) return UNKNOWN;
    const target = this.#addresses.target(config);
    const isExposed = () => mayBeExposed(config, target, this.#routes);
    return directSend({ ...party, isExposed }, target, clock);
  }

  /** Sends directly, and begins an exchange only for a 401, a 407 or an unexpected response. */
  async #firstSend(config: InternalAxiosRequestConfig, known: KnownSend | undefined): Promise<AxiosResponse> {
    const { adapter } = config;
    const sent = new FirstSend(config, known, this.#addresses.target);
    let outcome: Outcome;
    try {
      outcome = { ok: true, response: await this.#dispatch(config, adapter) };
    } catch (error) {
      outcome = { ok: false, error };
    }
    const result = sent.end(outcome);
    if (result.leadsToExchange(this.#rules)) return this.#exchange(config, undefined, result);
    conceal(outcome, config);
    return this.#settle(outcome, result.record);
  }

  async #exchange(
    config: InternalAxiosRequestConfig,
    options: ChallengeOptions | undefined,
    sent?: FirstResult,
  ): Promise<AxiosResponse> {
    const callers = explicitAuthOf(config, () => this.#addresses.of(config));
    const own = ownCopy(config, callers, this.#sibling);
    // The caller set no Host field (see `isOrdinary`), so a Host field here was added by the first send.
    if (sent) own.headers.delete('host');
    const address = () => this.#addresses.of(own);
    const merged = options ? mergeOptions(this.#options, options) : this.#options;
    const read = options ? rulesOf(merged) : this.#rules;
    // A Host field of the caller's own is another server (SEC-46), and nothing is assumed of it.
    const given = ownHost(own, address) === undefined ? read : { ...read, assumption: undefined };
    const isUnseen = isBlind(own);
    // A redirect that is not reported could carry a preemptive authorization to another place.
    const rules = isUnseen ? { ...given, preemptive: false } : given;
    const route: Route = new Route(own, () => wire.target.origin, this.#routes);
    const origin = this.#challengers.origin(own, rules, callers, address);
    const wire: AxiosWire = new AxiosWire({
      config: own,
      given: config,
      address,
      sibling: this.#sibling,
      dispatch: this.#dispatch,
      route,
      body: bodyOptionsOf(merged, options),
      connections: this.#connections,
      isCallerAuthorized: origin.handsOff !== undefined,
    });
    const first = sent && { reply: wire.resumeAfter(sent), milliseconds: sent.milliseconds, known: sent.known };
    const isCallers = origin.handsOff !== undefined || origin.sentScheme !== undefined;
    const began = clock.now() - (sent?.milliseconds ?? 0);
    const recorder = new Recorder({ place: () => wire.target, clock, began, listener: rules.onEvent, isCallers });
    const proxy = () => (isUnseen ? undefined : this.#challengers.proxy(own, rules, route.proxy));
    let outcome: Outcome;
    try {
      outcome = await exchange<Outcome>({ wire, clock, recorder, origin, proxy }, first);
    } catch (error) {
      outcome = { ok: false, error: ownError(error) };
    }
    wire.release();
    if (!origin.handsOff) withhold(config, callers, this.#sibling);
    if (!outcome.ok && wire.hasRunOut) recorder.fail(LATE);
    else if (!outcome.ok && !responseOf(outcome)) recorder.fail(failureOf(outcome.error));
    return this.#settle(outcome, () => recorder);
  }

  /** Keeps the record, and gives the caller the response or the error. */
  #settle(outcome: Outcome, recorded: Recorded): AxiosResponse {
    remember(outcome, recorded);
    this.#debug?.(() => recorded().trace);
    if (!outcome.ok) throw outcome.error;
    return outcome.response;
  }

  /** Whether a request to a URL is authorized at its first send, whatever its body. */
  isPrimed(url: string): boolean {
    const config = { ...this.#client.defaults, url, headers: undefined } as unknown as InternalAxiosRequestConfig;
    const address = addressedUrl(config, this.#sibling);
    if (!address) return false;
    const place = () => address;
    const origin = this.#challengers.origin(config, this.#rules, explicitAuthOf(config, place), place);
    const target = predictedTarget(config, address, this.#sibling);
    const attempt = preempt(origin, target, () => mayBeExposed(config, target, this.#routes));
    return origin.rules.preemptive && !isBlind(config) && attempt !== undefined && !attempt.lane.answer.needsBody;
  }
}

function ownOption(config: InternalAxiosRequestConfig): ChallengeOption | undefined {
  return Object.hasOwn(config, 'challenge') ? config.challenge : undefined;
}
