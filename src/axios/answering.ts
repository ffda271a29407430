/** Answers the challenges of one client. `loading.ts` loads this file apart, so that the import of this package is short. */

import type { InternalAxiosRequestConfig } from 'axios';
import { foresees } from '../exchange/challenge/assumption.js';
import type { Rules } from '../exchange/challenge/rules.js';
import { exchange } from '../exchange/exchange.js';
import { preempt } from '../exchange/party/preempt.js';
import { ownError } from '../exchange/port/cut-off.js';
import { UNKNOWN } from '../exchange/send/direct.js';
import { type DirectSend, directSend, isUnknown } from '../exchange/send/known.js';
import { Recorder } from '../exchange/trace/recorder.js';
import type { Addresses } from './address/addresses.js';
import { type ExplicitAuth, explicitAuthOf, ownHost } from './address/explicit-auth.js';
import { addressedUrl, predictedTarget } from './address/target.js';
import type { BodyOptions } from './body/body.js';
import { BoundConnections } from './bound-connections.js';
import type { Client, Dispatch } from './client/client.js';
import { clock } from './client/clock.js';
import type { Outcome } from './client/outcome.js';
import type { FirstResult } from './first-send.js';
import { Challengers } from './parties/parties.js';
import { mayBeExposed } from './proxy/exposure.js';
import { Route } from './proxy/route.js';
import { Routes } from './proxy/routes.js';
import { withhold } from './redact/config.js';
import { failureOf, LATE } from './response/failure.js';
import { responseOf } from './response/unread.js';
import { isBlind } from './send/own-transport.js';
import { AxiosWire } from './transport.js';

/** The client whose challenges are answered, and what its requests share from the beginning. */
export interface ClientParts {
  readonly client: Client;
  readonly rules: Rules;
  readonly addresses: Addresses;
  readonly sibling: Client;
  readonly dispatch: Dispatch;
}

/** One request, as it came in. */
export interface ExchangeInput {
  /** The config that the response or the error refers to. */
  readonly config: InternalAxiosRequestConfig;
  /** Our own copy of it. */
  readonly own: InternalAxiosRequestConfig;
  /** How the caller authenticates the request itself. */
  readonly callers: ExplicitAuth | undefined;
  readonly rules: Rules;
  readonly body: BodyOptions;
  /** The first send, if it was made without an exchange. */
  readonly sent: FirstResult | undefined;
}

/** A finished exchange. */
export interface Exchanged {
  readonly outcome: Outcome;
  readonly recorder: Recorder;
}

/** The protection spaces, routes and connections of one client, and the exchanges that use them. */
export class Answering {
  readonly #parts: ClientParts;
  readonly #challengers: Challengers;
  readonly #routes = new Routes();
  readonly #connections = new BoundConnections();

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#challengers = new Challengers(parts.client, parts.rules.providers);
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

  /** The first send to a place that is known, or of which nothing is known; `undefined` if it needs an exchange. */
  direct(config: InternalAxiosRequestConfig): DirectSend | undefined {
    const { rules, addresses } = this.#parts;
    if (this.#challengers.areUnknown && !foresees(rules)) return UNKNOWN;
    if (!this.#routes.isEmpty) return undefined;
    const origin = addresses.plainOrigin(config);
    const { spaces } = this.#challengers;
    if (origin !== undefined && isUnknown({ rules, spaces }, origin)) return UNKNOWN;
    const target = addresses.target(config);
    const isExposed = () => mayBeExposed(config, target, this.#routes);
    // Every member by its name: to spread an object here would take as long as a hash.
    return directSend({ rules, spaces, isExposed }, target, clock);
  }

  /** Whether a request to a URL is authorized at its first send, whatever its body. */
  isPrimed(url: string): boolean {
    const { client, rules, sibling } = this.#parts;
    const config = { ...client.defaults, url, headers: undefined } as unknown as InternalAxiosRequestConfig;
    const address = addressedUrl(config, sibling);
    if (!address) return false;
    const place = () => address;
    const origin = this.#challengers.origin(config, rules, explicitAuthOf(config, place), place);
    const target = predictedTarget(config, address, sibling);
    const attempt = preempt(origin, target, () => mayBeExposed(config, target, this.#routes));
    return origin.rules.preemptive && !isBlind(config) && attempt !== undefined && !attempt.lane.answer.needsBody;
  }

  /** Sends a request, and answers the challenges that come back. What is thrown is an outcome, too. */
  async exchange({ config, own, callers, rules: given, body, sent }: ExchangeInput): Promise<Exchanged> {
    const { addresses, sibling, dispatch } = this.#parts;
    // The caller set no Host field (see `isOrdinary`), so a Host field here was added by the first send.
    if (sent) own.headers.delete('host');
    const address = () => addresses.of(own);
    const isUnseen = isBlind(own);
    const rules = rulesFor(own, given, address);
    const route: Route = new Route(own, () => wire.target.origin, this.#routes);
    const origin = this.#challengers.origin(own, rules, callers, address);
    const wire: AxiosWire = new AxiosWire({
      config: own,
      given: config,
      address,
      sibling,
      dispatch,
      route,
      body,
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
    if (!origin.handsOff) withhold(config, callers, sibling);
    if (!outcome.ok && wire.hasRunOut) recorder.fail(LATE);
    else if (!outcome.ok && !responseOf(outcome)) recorder.fail(failureOf(outcome.error));
    return { outcome, recorder };
  }
}

/** The rules of one request. */
function rulesFor(own: InternalAxiosRequestConfig, given: Rules, address: () => URL): Rules {
  // A Host field of the caller's own is another server (SEC-46), and nothing is assumed of it.
  const rules = ownHost(own, address) === undefined ? given : { ...given, assumption: undefined };
  // A redirect that is not reported could carry a preemptive authorization to another place.
  return isBlind(own) ? { ...rules, preemptive: false } : rules;
}
