/** Sends one axios request any number of times, authorized or not: the client side of an exchange. */

import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AuthError } from '../errors.js';
import { GIVEN_UP, orGiveUp } from '../exchange/flight.js';
import type { Reply, Sending, Target, Wire } from '../exchange/wire.js';
import { memberOf } from '../member.js';
import { type BodyOptions, type Opened, type SentBody, sentBody } from './body.js';
import { namesField } from './caller.js';
import type { Client, Dispatch } from './client.js';
import { conceal } from './conceal.js';
import { expectsContinue, Gate } from './expect.js';
import { Hops } from './hops.js';
import { Progress } from './progress.js';
import { throughProxy } from './proxy.js';
import { hasUserinfo, isBodyless } from './redirect.js';
import { AxiosReply, type Outcome, responseOf } from './reply.js';
import type { Route } from './route.js';
import { copyOf, isHttp, lend, takeBack } from './sent-config.js';
import { isGivenUp, signalOf } from './signal.js';
import { type Hop, predictedTarget } from './target.js';
import { Upload } from './upload.js';

/** What a wire is made of. */
export interface WireInput {
  /** The config as the adapter got it, with its own adapter back in place. */
  readonly config: InternalAxiosRequestConfig;
  readonly address: () => URL;
  readonly sibling: Client;
  readonly dispatch: Dispatch;
  readonly route: Route;
  /** Whether the URL names an account without a password: axios would try it with an empty one. */
  readonly hasBareUsername: boolean;
  readonly body: BodyOptions;
  /** Whether the caller authorizes the request: then what is left of it is the caller's, too. */
  readonly isCallers: boolean;
}

/** One axios request, as an exchange sends it. What only a challenge needs is worked out when there is one. */
export class AxiosWire implements Wire<Outcome> {
  readonly #input: WireInput;
  readonly #body: SentBody;
  readonly #progress: Progress | undefined;
  /** The body of the next send. */
  #ready: Upload | undefined;
  /** The body of the last one. */
  #upload: Upload | undefined;
  /** The origins that redirects led through, in all sends so far. */
  readonly #visited: string[] = [];
  #target: Target | undefined;
  #signal: AbortSignal | undefined;
  #release: (() => void) | undefined;

  constructor(input: WireInput) {
    this.#input = input;
    this.#body = sentBody(input.config, input.body);
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

  throughProxy(target: Target): Target | undefined {
    const { proxy } = this.#input.route;
    return proxy && throughProxy(proxy, target);
  }

  /** The exchange is over: nobody listens to the caller's cancel token any more. */
  release(): void {
    this.#release?.();
    this.#upload?.release();
    memberOf(this.#body, 'close')?.call(this.#body);
    this.#progress?.settle();
  }

  /** The reply of a send that was made without this wire. */
  adopt(outcome: Outcome, hops: Hops): Reply<Outcome> {
    return this.#reply(outcome, undefined, hops);
  }

  consumed(target: Target): string | undefined {
    return this.#isBodyless(target) ? undefined : this.#body.consumed;
  }

  async ready(target: Target, hashed: Target | undefined): Promise<string | undefined> {
    try {
      if (hashed && !(await this.bytes(hashed))) return 'the body is not known before it is sent, so it has no hash';
      if (!this.#isBodyless(target) && (hashed || !this.#ready)) this.#ready = await this.#open();
      return undefined;
    } catch (error) {
      return error instanceof AuthError ? error.message : 'the body cannot be read';
    }
  }

  async bytes(target: Target): Promise<Uint8Array | undefined> {
    return this.#isBodyless(target) ? new Uint8Array(0) : this.#body.bytes();
  }

  /** axios reads no `data:` URL for a request that was given up, and says so in its own words. Others it would send. */
  async cancel(): Promise<never> {
    const { config, dispatch } = this.#input;
    const nowhere = { ...config, url: 'data:,', baseURL: undefined, method: 'get', data: undefined };
    try {
      await dispatch(nowhere as unknown as InternalAxiosRequestConfig, 'http');
    } catch (error) {
      if (isObject(error) && error.config) error.config = config;
      throw error;
    }
    throw new TypeError('the request was given up');
  }

  async send(sending?: Sending): Promise<Reply<Outcome>> {
    const { config, dispatch, route } = this.#input;
    const opening = this.#nextUpload(sending?.target);
    const upload = opening instanceof Promise ? await orGiveUp(opening, this.signal) : opening;
    if (upload === GIVEN_UP || isGivenUp(config)) return this.cancel();
    this.#upload = upload;
    const origin = () => (sending?.target ?? this.target).origin;
    const throughProxy = (hop: Hop, target: Target) => route.ofHop(hop, target);
    const hops = new Hops({ config, origin, throughProxy }, sending);
    const isPlain = this.#isPlain(sending, upload);
    const sent = isPlain ? lend(config, hops) : this.#copy(hops, sending, upload?.opened);
    try {
      return this.#reply({ ok: true, response: await dispatch(sent, config.adapter) }, sending?.target, hops);
    } catch (error) {
      return this.#reply({ ok: false, error }, sending?.target, hops);
    } finally {
      if (isPlain) takeBack(config, hops);
      else route.release();
    }
  }

  #nextUpload(target: Target | undefined): Upload | Promise<Upload> | undefined {
    const isBodyless = target && this.#isBodyless(target);
    const upload = isBodyless ? undefined : (this.#ready ?? this.#open());
    this.#ready = undefined;
    return upload;
  }

  #open(): Upload | Promise<Upload> {
    const { config } = this.#input;
    const isHeld = isHttp(config) && config.httpVersion !== 2 && expectsContinue(config);
    const gate = isHeld ? new Gate() : undefined;
    const opening = this.#body.open(gate);
    return opening instanceof Promise ? opening.then((opened) => new Upload(opened, gate)) : new Upload(opening, gate);
  }

  #reply(outcome: Outcome, target: Target | undefined, hops: Hops): Reply<Outcome> {
    const { config, route } = this.#input;
    const response = responseOf(outcome);
    // What the caller gets names the caller's own config, without what a send added to its copy.
    if (response) response.config = config;
    if (!outcome.ok && isObject(outcome.error) && outcome.error.config) outcome.error.config = config;
    if (!this.#input.isCallers || hops.authorizations.proxy) conceal(outcome, config);
    if (!response) throw outcome.ok ? new TypeError('the adapter gave no response') : outcome.error;
    this.#visited.push(...hops.visited);
    if (response.status === 407) route.learn(response);
    const proxy = ({ status }: AxiosResponse) => (route.concerns(status, hops) ? route.proxy : undefined);
    return new AxiosReply(outcome, response, {
      config,
      target: () => target ?? this.target,
      hops,
      upload: this.#upload,
      visited: this.#visited,
      proxy,
    });
  }

  /** Whether a send differs from the caller's own by its Authorization alone, and axios's own http adapter sends it. */
  #isPlain(sending: Sending | undefined, upload: Upload | undefined): boolean {
    const { config } = this.#input;
    // An adapter of the caller may keep what it is given.
    if (!isHttp(config)) return false;
    if (!this.#body.isPlain || upload?.opened.data !== config.data || this.#progress || config.auth) return false;
    if (hasUserinfo(config.url) || hasUserinfo(config.baseURL)) return false;
    // axios writes a field where it finds it in another spelling.
    if (sending && namesField(config, 'authorization')) return false;
    return sending === undefined || (this.#isAddressed(sending.target) && !sending.authorizations.proxy);
  }

  #copy(hops: Hops, sending: Sending | undefined, opened: Opened | undefined): InternalAxiosRequestConfig {
    const { config, route, hasBareUsername } = this.#input;
    const isElsewhere = sending !== undefined && !this.#isAddressed(sending.target);
    const addressed = isElsewhere ? this.target.origin : undefined;
    return copyOf({ config, route, hasBareUsername, hops, sending, addressed, opened, progress: this.#progress });
  }

  #isBodyless(target: Target): boolean {
    return isBodyless(this.#input.config, target);
  }

  #isAddressed({ url, method }: Target): boolean {
    return url === this.target.url && method === this.target.method;
  }
}

function isObject(error: unknown): error is Partial<AxiosError> {
  return typeof error === 'object' && error !== null;
}
