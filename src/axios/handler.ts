/** Runs one request of a client as an exchange, or leaves it alone. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { preempt } from '../exchange/attempt.js';
import { exchange } from '../exchange/exchange.js';
import { Recorder } from '../exchange/recorder.js';
import type { Rules } from '../exchange/rules.js';
import { usesFetch } from './adapter.js';
import { callersCredential, setsField } from './caller.js';
import { Challengers } from './challengers.js';
import { type Client, type Dispatch, dispatchOf, siblingOf } from './client.js';
import { clock } from './clock.js';
import { conceal } from './conceal.js';
import { debugging } from './debug.js';
import { failureOf } from './failure.js';
import { Hops } from './hops.js';
import {
  bodyOptionsOf,
  type ChallengeOption,
  type ChallengeOptions,
  type DefiniteOptions,
  mergeOptions,
  rulesOf,
} from './options.js';
import { Progress } from './progress.js';
import { remember } from './record.js';
import { type Outcome, responseOf } from './reply.js';
import { Route, Routes } from './route.js';
import { addressedUrl, predictedTarget, urlText } from './target.js';
import { AxiosWire } from './wire.js';
import { withhold } from './withhold.js';

/** A first send that was made before there was an exchange. */
interface Sent {
  readonly outcome: Outcome;
  readonly hops: Hops;
  readonly milliseconds: number;
}

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
    if (options === undefined && this.#isUnknown(config)) return this.#firstSend(config);
    return this.#exchange(config, options);
  }

  /** Keeps the caller's password out of what a request that never began shows. */
  withhold(config: InternalAxiosRequestConfig): void {
    if (ownOption(config) === false || setsField(config, 'authorization')) return;
    withhold(
      config,
      callersCredential(config, () => this.#address(config)),
    );
  }

  /** Whether nothing is known that could concern the request, and nothing about it is out of the ordinary. */
  #isUnknown(config: InternalAxiosRequestConfig): boolean {
    return this.#challengers.areUnknown && this.#rules.onEvent === undefined && isOrdinary(config);
  }

  /** Most requests of most programs are never challenged: no exchange is begun for them. */
  #firstSend(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const { beforeRedirect } = config;
    const place = () => predictedTarget(config, this.#address(config), this.#sibling);
    const hops = new Hops({ config, origin: () => place().origin, throughProxy: () => undefined }, undefined);
    const began = clock.now();
    const end = (outcome: Outcome): AxiosResponse | Promise<AxiosResponse> => {
      if (beforeRedirect) config.beforeRedirect = beforeRedirect;
      else delete config.beforeRedirect;
      const status = responseOf(outcome)?.status;
      const milliseconds = clock.now() - began;
      if (status === 401 || status === 407) return this.#exchange(config, undefined, { outcome, hops, milliseconds });
      const recorder = new Recorder({ place, clock, began, listener: undefined, isCallers: false });
      recorder.first(status === undefined ? undefined : { status, milliseconds });
      conceal(outcome, config);
      return this.#settle(outcome, recorder);
    };
    config.beforeRedirect = hops.beforeRedirect;
    return this.#dispatch(config, config.adapter).then(
      (response) => end({ ok: true, response }),
      (error: unknown) => end({ ok: false, error }),
    );
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
    const first = sent && { reply: wire.adopt(sent.outcome, sent.hops), milliseconds: sent.milliseconds };
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
    return this.#settle(outcome, recorder);
  }

  /** Gives the caller what came of it, and keeps the record. */
  #settle(outcome: Outcome, recorder: Recorder): AxiosResponse {
    if (!outcome.ok && !responseOf(outcome)) recorder.fail(failureOf(outcome.error));
    remember(outcome, recorder);
    this.#debug?.(recorder.trace);
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

/** Sent by axios's http adapter as it is: a body that can be sent again, and no credential of the caller. */
function isOrdinary(config: InternalAxiosRequestConfig): boolean {
  const { adapter, auth, data, url, baseURL } = config;
  if (Progress.isWanted(config)) return false;
  if (auth || setsField(config, 'authorization') || typeof adapter === 'function' || usesFetch(adapter)) return false;
  if (typeof data === 'object' && data !== null && !Buffer.isBuffer(data)) return false;
  return !urlText(url)?.includes('@') && !urlText(baseURL)?.includes('@');
}

/** What stands for a URL that axios will refuse itself. */
const NOWHERE = new URL('http://invalid.invalid/');

function ownOption(config: InternalAxiosRequestConfig): ChallengeOption | undefined {
  return Object.hasOwn(config, 'challenge') ? config.challenge : undefined;
}
