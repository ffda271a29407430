/** Handles the requests of one client: sends them, and has those answered that are challenged. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { foresees } from '../exchange/challenge/assumption.js';
import type { Rules } from '../exchange/challenge/rules.js';
import { UNKNOWN } from '../exchange/send/direct.js';
import type { DirectSend, KnownSend } from '../exchange/send/known.js';
import { Addresses } from './address/addresses.js';
import { ownCopy, readOnce } from './address/entry.js';
import { explicitAuthOf, setsField } from './address/explicit-auth.js';
import type { Answering, ClientParts, ExchangeInput } from './answering.js';
import { watchStream } from './body/stream.js';
import { type Client, dispatchOf, siblingOf } from './client/client.js';
import type { Outcome } from './client/outcome.js';
import { type FirstResult, FirstSend, isOrdinary } from './first-send.js';
import { type LoadedAnswering, loadAnswering, loadedAnswering, unansweredRecord } from './loading.js';
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
  readonly #client: ClientParts;
  readonly #options: DefiniteOptions;
  readonly #rules: Rules;
  readonly #debug = debugging(process.env);
  /** `undefined` until the first exchange: before it, nothing is known of any origin. */
  #answering: Answering | undefined;
  #isOver = false;

  /** @throws AuthError ERR_AUTH_OPTION */
  constructor(client: Client, options: DefiniteOptions) {
    this.#options = options;
    this.#rules = rulesOf(options);
    const sibling = siblingOf(client);
    const [addresses, dispatch] = [new Addresses(sibling), dispatchOf(sibling)];
    this.#client = { client, rules: this.#rules, addresses, sibling, dispatch };
    // Begins now, so that a request seldom has to wait. A request that waits sees a failure itself.
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

  /** Reads the config before anything waits, so that later changes by the caller do not affect the request (SEC-44). */
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

  async #answer(input: ExchangeInput): Promise<AxiosResponse> {
    let answering: Answering;
    try {
      // Does not wait if it is loaded: during a wait, the caller could change the body.
      answering = this.#answering ?? this.#begin(loadedAnswering() ?? (await loadAnswering()));
    } catch (error) {
      return this.#leave(input, error);
    }
    const { outcome, recorder } = await answering.exchange(input);
    return this.#settle(outcome, () => recorder);
  }

  /** Without the loaded part, sends the request as it is; the caller gets the 401. */
  async #leave({ config, callers, body, sent }: ExchangeInput, error: unknown): Promise<AxiosResponse> {
    body.source?.close();
    try {
      if (!sent) return await this.#firstSend(config, undefined);
      conceal(sent.outcome, config);
      return this.#settle(sent.outcome, unansweredRecord(sent, error));
    } finally {
      withhold(config, callers, this.#client.sibling);
    }
  }

  #begin({ Answering }: LoadedAnswering): Answering {
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
