/** Runs one request of a client as an exchange, or leaves it alone. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { preempt } from '../exchange/attempt.js';
import { exchange } from '../exchange/exchange.js';
import { type KnownSend, knownSend } from '../exchange/known.js';
import { Recorder } from '../exchange/recorder.js';
import type { Rules } from '../exchange/rules.js';
import { callersCredential, namesField, setsField } from './caller.js';
import { Challengers } from './challengers.js';
import { type Client, type Dispatch, dispatchOf, siblingOf } from './client.js';
import { clock } from './clock.js';
import { conceal } from './conceal.js';
import { debugging } from './debug.js';
import { failureOf } from './failure.js';
import { firstSend, isNews, isOrdinary, recordOf, type Sent } from './first-send.js';
import {
  bodyOptionsOf,
  type ChallengeOption,
  type ChallengeOptions,
  type DefiniteOptions,
  mergeOptions,
  rulesOf,
} from './options.js';
import { type Recorded, remember } from './record.js';
import { type Outcome, responseOf } from './reply.js';
import { Route, Routes } from './route.js';
import { addressedUrl, predictedTarget } from './target.js';
import { AxiosWire } from './wire.js';
import { withhold } from './withhold.js';

/** What is behind one `installAuth`. */
export class Handler {
  readonly #challengers: Challengers;
  readonly #routes = new Routes();
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
  }

  /** Forgets everything, or one origin (a proxy's, too). */
  forget(origin?: string): void {
    this.#challengers.forget(origin);
    if (origin === undefined) this.#routes.forget();
  }

  /** The adapter of one request, in place of `original`. */
  handle(config: InternalAxiosRequestConfig, original: InternalAxiosRequestConfig['adapter']): Promise<AxiosResponse> {
    // Whoever replays `error.config` gets the caller's own adapter, and passes through here once only.
    if (original === undefined) delete config.adapter;
    else config.adapter = original;
    const options = ownOption(config);
    if (options === false) return this.#dispatch(config, original);
    if (options !== undefined || this.#rules.onEvent || !isOrdinary(config)) return this.#exchange(config, options);
    if (this.#challengers.areUnknown) return this.#firstSend(config, undefined);
    const known = this.#known(config);
    return known ? this.#firstSend(config, known) : this.#exchange(config, undefined);
  }

  /** Keeps the caller's password out of what a request that never began shows. */
  withhold(config: InternalAxiosRequestConfig): void {
    if (ownOption(config) === false || setsField(config, 'authorization')) return;
    withhold(
      config,
      callersCredential(config, () => this.#address(config)),
    );
  }

  /** A send to a known space, if nothing of it waits for anything. */
  #known(config: InternalAxiosRequestConfig): KnownSend | undefined {
    if (!this.#routes.isEmpty || namesField(config, 'authorization')) return undefined;
    const target = predictedTarget(config, this.#address(config), this.#sibling);
    return knownSend({ rules: this.#rules, spaces: this.#challengers.spaces }, target, clock);
  }

  /** Most requests are never challenged, or let in as those before: an exchange is begun when the response says news. */
  async #firstSend(config: InternalAxiosRequestConfig, known: KnownSend | undefined): Promise<AxiosResponse> {
    const target = known?.target;
    const place = () => target ?? predictedTarget(config, this.#address(config), this.#sibling);
    const sent = await firstSend({ config, place, known, dispatch: this.#dispatch });
    if (isNews(sent, this.#rules)) return this.#exchange(config, undefined, sent);
    conceal(sent.outcome, config);
    return this.#settle(sent.outcome, recordOf(sent, place));
  }

  async #exchange(
    config: InternalAxiosRequestConfig,
    options: ChallengeOptions | undefined,
    sent?: Sent,
  ): Promise<AxiosResponse> {
    const address = () => this.#address(config);
    const callers = callersCredential(config, address);
    const merged = options ? mergeOptions(this.#options, options) : this.#options;
    const rules = options ? rulesOf(merged) : this.#rules;
    const route: Route = new Route(config, () => wire.target.origin, this.#routes);
    const origin = this.#challengers.origin(config, rules, callers);
    const wire: AxiosWire = new AxiosWire({
      config,
      address,
      sibling: this.#sibling,
      dispatch: this.#dispatch,
      route,
      hasBareUsername: callers !== undefined && callers.password === undefined,
      body: bodyOptionsOf(merged, options),
      isCallers: origin.handsOff !== undefined,
    });
    const first = sent && { ...sent, reply: wire.adopt(sent.outcome, sent.hops) };
    const isCallers = origin.handsOff !== undefined || origin.sentScheme !== undefined;
    const began = clock.now() - (sent?.milliseconds ?? 0);
    const recorder = new Recorder({ place: () => wire.target, clock, began, listener: rules.onEvent, isCallers });
    const proxy = () => this.#challengers.proxy(config, rules, route.proxy);
    let outcome: Outcome;
    try {
      outcome = await exchange<Outcome>({ wire, clock, recorder, origin, proxy }, first);
    } catch (error) {
      outcome = { ok: false, error };
    }
    wire.release();
    if (!origin.handsOff) withhold(config, callers);
    if (!outcome.ok && !responseOf(outcome)) recorder.fail(failureOf(outcome.error));
    return this.#settle(outcome, () => recorder);
  }

  /** Gives the caller what came of it, and keeps the record. */
  #settle(outcome: Outcome, recorded: Recorded): AxiosResponse {
    remember(outcome, recorded);
    this.#debug?.(recorded().trace);
    if (!outcome.ok) throw outcome.error;
    return outcome.response;
  }

  /** Whether a request to a URL is authorized at its first send, whatever its body. */
  isPrimed(url: string): boolean {
    const { baseURL, socketPath, allowAbsoluteUrls, auth } = this.#client.defaults;
    const config = { url, baseURL, socketPath, allowAbsoluteUrls, auth } as InternalAxiosRequestConfig;
    const address = addressedUrl(config, this.#sibling);
    if (!address) return false;
    const origin = this.#challengers.origin(
      config,
      this.#rules,
      callersCredential(config, () => address),
    );
    const attempt = preempt(origin, predictedTarget(config, address, this.#sibling));
    return origin.rules.preemptive && attempt !== undefined && !attempt.lane.answer.needsBody;
  }

  #address(config: InternalAxiosRequestConfig): URL {
    return addressedUrl(config, this.#sibling) ?? NOWHERE;
  }
}

/** What stands for a URL that axios will refuse itself. */
const NOWHERE = new URL('http://invalid.invalid/');

function ownOption(config: InternalAxiosRequestConfig): ChallengeOption | undefined {
  return Object.hasOwn(config, 'challenge') ? config.challenge : undefined;
}
