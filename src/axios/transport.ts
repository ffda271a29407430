/** Sends one axios request any number of times, authorized or not: the client side of an exchange. */

import type { AxiosResponse } from 'axios';
import { unlessAborted } from '../base/abort.js';
import { CutOff } from '../exchange/port/cut-off.js';
import type { Reply, Sending, Target, Wire } from '../exchange/port/transport.js';
import { ownHost } from './address/explicit-auth.js';
import { predictedTarget, type RedirectOptions } from './address/target.js';
import type { Opened } from './body/body.js';
import { Progress } from './body/progress.js';
import { RequestBody } from './body/request-body.js';
import { stopSending } from './body/stop.js';
import { clock } from './client/clock.js';
import { type Outcome, outcomeOf } from './client/outcome.js';
import type { Pins } from './connections/pins.js';
import type { FinishedSend } from './first-send.js';
import { mayBeExposed } from './proxy/exposure.js';
import { throughProxy } from './proxy/proxy.js';
import { forCaller } from './response/for-caller.js';
import { AxiosReply } from './response/reply.js';
import { hasRunOut, responseOf } from './response/unread.js';
import { cancel, isGivenUp, signalOf } from './send/cancellation.js';
import { CLOSED_BETWEEN, Connections, isIdempotent, isSafe, noteBytesRead, readsWholeBody } from './send/closed.js';
import { Hops } from './send/redirects.js';
import { type Leading, type SendConfig, sendConfig } from './send/send-config.js';
import type { WireInput } from './wire-input.js';

/** One axios request, as an exchange sends it. What only a challenge needs is computed on demand. */
export class AxiosWire implements Wire<Outcome> {
  readonly #input: WireInput;
  readonly #body: RequestBody;
  readonly #progress: Progress | undefined;
  readonly #connections = new Connections();
  /** The origins that redirects led through, in all sends so far. */
  readonly #visited: string[] = [];
  /** Whether the caller's timeout expired during the last send. */
  hasRunOut = false;
  #target: Target | undefined;
  #signal: AbortSignal | undefined;
  #release: (() => void) | undefined;
  #pins: Pins | undefined;

  constructor(input: WireInput) {
    this.#input = input;
    this.#body = new RequestBody(input.config, input.body);
    if (Progress.isWanted(input.config)) this.#progress = new Progress(input.config);
  }

  get target(): Target {
    const { config, address, sibling } = this.#input;
    this.#target ??= predictedTarget(config, address(), sibling);
    return this.#target;
  }

  get timeout(): number {
    return Number(this.#input.config.timeout) || 0;
  }

  get signal(): AbortSignal | undefined {
    this.#signal ??= signalOf(this.#input.config, (release) => {
      this.#release = release;
    });
    return this.#signal;
  }

  get isExposed(): boolean {
    const { config, route } = this.#input;
    return mayBeExposed(config, this.target, route);
  }

  throughProxy(target: Target): Target | undefined {
    const { proxy } = this.#input.route;
    return proxy && !this.#pins?.hasTunnelFor(target) ? throughProxy(proxy, target) : undefined;
  }

  preparePinning(): Promise<void> {
    return this.#input.connections.load();
  }

  get pinning(): Pins | undefined {
    const { config, connections, address, route } = this.#input;
    this.#pins ??= connections.of({
      config,
      address,
      proxyFor: (origin) => route.proxyFor(origin),
      opensTunnels: () => route.hasMetTunnel,
      hasAuthorizedTunnel: () => route.hasAuthorizedTunnel,
      signal: () => this.signal,
      timeout: this.timeout,
    });
    return this.#pins;
  }

  /** Called when the exchange is over: stops listening to the caller's cancel token, releases the body and the connection. */
  release(): void {
    this.#release?.();
    this.#body.close();
    this.#pins?.unpin();
  }

  isBodyless(target: Target): boolean {
    return this.#body.isEmpty(target);
  }

  consumed(target: Target): string | undefined {
    return this.#body.consumed(target);
  }

  ready(target: Target, hashed: Target | undefined): Promise<string | undefined> {
    return this.#body.ready(target, hashed);
  }

  bytes(target: Target): Promise<Uint8Array | undefined> {
    return this.#body.bytes(target);
  }

  cancel(): Promise<never> {
    return cancel(this.#input);
  }

  async send(sending?: Sending): Promise<Reply<Outcome>> {
    const { config, dispatch } = this.#input;
    const opening = sending?.isPartial ? undefined : this.#body.next(sending?.target);
    const opened = opening instanceof Promise ? await unlessAborted(opening, this.signal) : opening;
    if (isGivenUp(config)) return this.cancel();
    const hops = this.#hopsOf(sending);
    const front = sending && this.#pins?.frontFor(sending);
    const prepared = this.#prepare(hops, sending, opened, front);
    this.#connections.begin();
    const began = clock.now();
    const outcome = await outcomeOf(dispatch, prepared.config, config.adapter);
    prepared.takeBack();
    const milliseconds = clock.now() - began;
    const metClosed = this.#connections.end(outcome, milliseconds);
    this.#pins?.end(outcome);
    if (outcome.ok) noteBytesRead(outcome.response.request, readsWholeBody(config));
    const isCut = metClosed || this.#pins?.isUnsent;
    if (sending && isCut) throw this.#cutOff(outcome, hops, opened, sending.target);
    this.hasRunOut = hasRunOut(outcome, prepared.config, milliseconds);
    return this.#reply({ outcome, hops, began, milliseconds, hasRunOut: this.hasRunOut }, sending?.target, opened);
  }

  /** Continues after a send that was made without this wire. */
  resumeAfter(sent: FinishedSend): Reply<Outcome> | CutOff {
    const { outcome, hops, milliseconds } = sent;
    if (!this.#connections.end(outcome, milliseconds)) return this.#reply(sent, undefined, undefined);
    this.#finish(outcome, hops);
    return new CutOff((outcome as { readonly error: unknown }).error, true);
  }

  #hopsOf(sending: Sending | undefined): Hops {
    const { config, address, route } = this.#input;
    const place = () => sending?.target ?? this.target;
    const throughProxy = (hop: RedirectOptions, target: Target) => route.ofHop(hop, target);
    return new Hops({ config, place, throughProxy, hasOwnHost: ownHost(config, address) !== undefined }, sending);
  }

  #prepare(hops: Hops, sending: Sending | undefined, opened: Opened | undefined, front?: Leading): SendConfig {
    const [body, progress, addressed] = [this.#body, this.#progress, () => this.target];
    // A request that must not be processed twice uses a new connection, because only an old one is closed unnoticed.
    const isFresh = !front && sending && (sending.isAgain || this.#isOnce(sending.target));
    const fresh = isFresh ? this.#connections.previous : undefined;
    return sendConfig({ ...this.#input, addressed, hops, sending, body, opened, progress, fresh, front });
  }

  #isOnce(target: Target): boolean {
    return !isSafe(target.method) || this.#body.isOnce(target);
  }

  #cutOff(outcome: Outcome, hops: Hops, opened: Opened | undefined, target: Target): CutOff {
    const { error } = outcome as { readonly error: { readonly request?: unknown } };
    if (opened) stopSending(error.request, opened.data);
    this.#finish(outcome, hops);
    if (this.#pins?.isShaking) return new CutOff(error, false, this.#pins.isUnsent ? CLOSED_BETWEEN : undefined);
    if (this.#pins?.isUnsent) return new CutOff(error, this.consumed(target) === undefined);
    return new CutOff(error, isIdempotent(target.method) && this.consumed(target) === undefined);
  }

  #reply(
    { outcome, hops, began, hasRunOut }: FinishedSend,
    to: Target | undefined,
    opened: Opened | undefined,
  ): Reply<Outcome> {
    const { config, route } = this.#input;
    const response = this.#finish(outcome, hops);
    if (!response || hasRunOut) throw outcome.ok ? new TypeError('the adapter gave no response') : outcome.error;
    this.#visited.push(...hops.visited);
    route.note(response);
    const proxy = () => route.proxyOf(response.status, hops.authorizations);
    const target = () => to ?? this.target;
    const [isOnce, visited] = [this.#isOnce(target()), this.#visited];
    const lend = () => this.#pins?.lend();
    return new AxiosReply(outcome, response, { config, began, target, hops, opened, isOnce, visited, lend, proxy });
  }

  /** Ends the hops of a send, and makes its outcome fit for the caller. */
  #finish(outcome: Outcome, hops: Hops): AxiosResponse | undefined {
    const { given, isCallerAuthorized } = this.#input;
    const response = responseOf(outcome);
    hops.end(response?.request);
    forCaller(outcome, given, !isCallerAuthorized || hops.authorizations.proxy !== undefined);
    return response;
  }
}
