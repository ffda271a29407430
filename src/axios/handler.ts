/** Handles the requests of one client: sends them, and has those answered that are challenged. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { foresees } from '../exchange/challenge/assumption.js';
import type { Rules } from '../exchange/challenge/rules.js';
import { UNKNOWN } from '../exchange/send/direct.js';
import type { DirectSend, KnownSend } from '../exchange/send/known.js';
import { Addresses } from './address/addresses.js';
import { ownCopy, readOnce } from './address/entry.js';
import { explicitAuthOf, setsField } from './address/explicit-auth.js';
import type { Answered, Answering, Exchanging } from './answering.js';
import { watchStream } from './body/stream.js';
import { type Client, dispatchOf, siblingOf } from './client/client.js';
import type { Outcome } from './client/outcome.js';
import { type FirstResult, FirstSend, isOrdinary } from './first-send.js';
import { loadAnswering, loadedAnswering, unansweredRecord } from './loading.js';
import {
  bodyOptionsOf,
  type ChallengeOption,
  type ChallengeOptions,
  type DefiniteOptions,
  mergeOptions,
  rulesOf,
} from './options/options.js';
import { keepToPlace, withhold } from './redact/config.js';
import { conceal } from './redact/outcome.js';
import { withoutLoan } from './send/loan.js';
import { debugging } from './trace/debug.js';
import { type Recorded, remember } from './trace/store.js';

/** The state and the request handling of one `installAuth`. */
export class Handler {
  readonly #client: Answered;
  readonly #options: DefiniteOptions;
  readonly #rules: Rules;
  readonly #debug = debugging(process.env);
  /** Nothing is known before the first exchange. */
  #answering: Answering | undefined;
  #isOver = false;

  /** @throws AuthError ERR_AUTH_OPTION */
  constructor(client: Client, options: DefiniteOptions) {
    this.#options = options;
    this.#rules = rulesOf(options);
    const sibling = siblingOf(client);
    const [addresses, dispatch] = [new Addresses(sibling), dispatchOf(sibling)];
    this.#client = { client, rules: this.#rules, addresses, sibling, dispatch };
    // Begun now, so that a request seldom waits for it; one that does hears of a failure itself.
    loadAnswering().catch(() => {});
  }

  /** Forgets everything, or one origin, which may be a proxy's. */
  forget(origin?: string): void {
    this.#answering?.forget(origin);
  }

  /** Forgets everything, for good. */
  end(): void {
    this.#isOver = true;
    this.#answering?.end();
  }

  /** Whether a request to a URL is authorized at its first send, whatever its body. */
  isPrimed(url: string): boolean {
    return this.#answering?.isPrimed(url) ?? false;
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
    keepToPlace(config, this.#client.sibling);
    if (options === false) return this.#client.dispatch(config, original);
    readOnce(config);
    return this.#exchange(config, options);
  }

  /** Withholds the caller's password in the config of a request that was canceled early, because its error shows it. */
  withhold(config: InternalAxiosRequestConfig): void {
    if (ownOption(config) === false || setsField(config, 'authorization')) return;
    readOnce(config);
    const callers = explicitAuthOf(config, () => this.#client.addresses.of(config));
    withhold(config, callers, this.#client.sibling);
  }

  /** A first send without an exchange; `undefined` if the request needs one. */
  #direct(config: InternalAxiosRequestConfig): DirectSend | undefined {
    if (this.#rules.onEvent || !isOrdinary(config)) return undefined;
    if (this.#answering) return this.#answering.direct(config);
    return foresees(this.#rules) ? undefined : UNKNOWN;
  }

  /** Sends directly, and begins an exchange only for a 401, a 407 or an unexpected response. */
  async #firstSend(config: InternalAxiosRequestConfig, known: KnownSend | undefined): Promise<AxiosResponse> {
    const { adapter } = config;
    const sent = new FirstSend(config, known, this.#client.addresses.target);
    let outcome: Outcome;
    try {
      outcome = { ok: true, response: await this.#client.dispatch(config, adapter) };
    } catch (error) {
      outcome = { ok: false, error };
    }
    const result = sent.end(outcome);
    if (result.leadsToExchange(this.#rules)) return this.#exchange(config, undefined, result);
    conceal(outcome, config);
    return this.#settle(outcome, result.record);
  }

  /** What may have to wait until it is loaded is read before, so that the caller may change it (SEC-44). */
  async #exchange(
    config: InternalAxiosRequestConfig,
    options: ChallengeOptions | undefined,
    sent?: FirstResult,
  ): Promise<AxiosResponse> {
    const callers = explicitAuthOf(config, () => this.#client.addresses.of(config));
    const own = ownCopy(config, callers, this.#client.sibling);
    const merged = options ? mergeOptions(this.#options, options) : this.#options;
    const rules = options ? rulesOf(merged) : this.#rules;
    const body = { ...bodyOptionsOf(merged, options), source: watchStream(own.data) };
    return this.#answer({ config, own, callers, rules, body, sent });
  }

  async #answer(exchanging: Exchanging): Promise<AxiosResponse> {
    let answering: Answering;
    try {
      // Without a wait where there need be none: a wait gives the caller time to change the body.
      answering = this.#answering ?? this.#begin(loadedAnswering() ?? (await loadAnswering()));
    } catch (error) {
      return this.#leave(exchanging, error);
    }
    const { outcome, recorder } = await answering.exchange(exchanging);
    return this.#settle(outcome, () => recorder);
  }

  /** Nothing can be answered: the request is sent as it is, and a 401 is the caller's. */
  async #leave({ config, callers, body, sent }: Exchanging, error: unknown): Promise<AxiosResponse> {
    body.source?.close();
    try {
      if (!sent) return await this.#firstSend(config, undefined);
      conceal(sent.outcome, config);
      return this.#settle(sent.outcome, unansweredRecord(sent, error));
    } finally {
      withhold(config, callers, this.#client.sibling);
    }
  }

  #begin({ Answering }: NonNullable<ReturnType<typeof loadedAnswering>>): Answering {
    this.#answering ??= new Answering(this.#client);
    if (this.#isOver) this.#answering.end();
    return this.#answering;
  }

  /** Keeps the record, and gives the caller the response or the error. */
  #settle(outcome: Outcome, recorded: Recorded): AxiosResponse {
    remember(outcome, recorded);
    this.#debug?.(() => recorded().trace);
    if (!outcome.ok) throw outcome.error;
    return outcome.response;
  }
}

function ownOption(config: InternalAxiosRequestConfig): ChallengeOption | undefined {
  return Object.hasOwn(config, 'challenge') ? config.challenge : undefined;
}
