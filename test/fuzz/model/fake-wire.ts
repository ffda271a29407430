/** The port of an exchange, played without a network: follows redirects, times out, gives up, as axios does. */

import type { Authorizations, Reply, Sending, Target, Wire } from '../../../src/exchange/port/transport.js';
import type { Authorization } from '../../../src/model.js';
import type { Call } from './story.js';
import type { VirtualTime } from './time.js';
import { type Answer, ORIGINS, PAGE, WireError, type World } from './world.js';

/** What a caller gets. */
export interface Outcome {
  readonly status: number;
  /** Which send of its call it came from. */
  readonly send: number;
}

/** What all wires of a client share. */
export interface Network {
  readonly world: World;
  readonly time: VirtualTime;
  readonly hasProxy: boolean;
  /** The origins for which the proxy is known. */
  readonly known: Set<string>;
}

export const BODY = 'the whole body';
const MAX_HOPS = 5;
const NOTHING: Authorizations = { origin: undefined, proxy: undefined };

export function targetOf(url: string, method: string): Target {
  const { origin, pathname } = new URL(url);
  return { origin, url, pathname, method, uri: pathname };
}

export class FakeWire implements Wire<Outcome> {
  readonly target: Target;
  readonly timeout: number;
  readonly visited: string[] = [];
  /** How often it was sent, and how often with a body. */
  sends = 0;
  bodies = 0;

  constructor(
    private readonly network: Network,
    private readonly index: number,
    private readonly call: Call,
    readonly signal: AbortSignal | undefined,
  ) {
    this.target = targetOf(ORIGINS[call.place] + call.path, call.method);
    this.timeout = call.timeout;
  }

  /** Whether its body can be sent at once, and again. */
  get isOrdinary(): boolean {
    return this.call.body === 'none' || this.call.body === 'bytes';
  }

  throughProxy({ origin, url, method, uri }: Target): Target | undefined {
    if (!this.network.hasProxy || !this.network.known.has(this.target.origin)) return undefined;
    return { origin: ORIGINS.proxy, url: `${ORIGINS.proxy}/`, pathname: '/', method, uri: url || origin + uri };
  }

  consumed(target: Target): string | undefined {
    const isRead = this.call.body === 'stream' && this.bodies > 0 && this.#hasBody(target);
    return isRead ? 'the body is a stream' : undefined;
  }

  async ready(target: Target, hashed: Target | undefined): Promise<string | undefined> {
    const { body } = this.call;
    if (!this.#hasBody(target)) return undefined;
    if (body === 'slow' || body === 'broken') await this.network.time.sleep(3);
    if (body === 'broken' || (body === 'stream' && hashed)) return 'the body cannot be had';
    return this.consumed(target);
  }

  async bytes(target: Target): Promise<Uint8Array | undefined> {
    return Buffer.from(this.#hasBody(target) ? BODY : '');
  }

  async cancel(): Promise<Outcome> {
    throw new WireError('canceled');
  }

  async send(sending?: Sending): Promise<Reply<Outcome>> {
    if (this.signal?.aborted) throw new WireError('canceled');
    this.sends += 1;
    if (this.#hasBody(sending?.target ?? this.target)) this.bodies += 1;
    const way = new Way(sending?.target ?? this.target, sending);
    const { promise, settle } = this.#limits();
    try {
      return await Promise.race([this.#travel(way), promise]);
    } finally {
      way.isGone = true;
      settle();
    }
  }

  async #travel(way: Way): Promise<Reply<Outcome>> {
    const { world, known, hasProxy, time } = this.network;
    const sleep = (milliseconds: number) => time.sleep(milliseconds);
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      const answer = await world.deliver(this.#requestOf(way));
      if (way.isGone) throw new WireError('nobody waits');
      if (answer.status === 407 && hasProxy) known.add(this.target.origin);
      if (answer.location === undefined) return new FakeReply(answer, way, this, sleep);
      way.follow(answer, (target) => this.throughProxy(target));
      if (way.target.origin !== way.began.origin) this.visited.push(way.target.origin);
    }
    throw new WireError('too many redirects');
  }

  #requestOf({ target, authorizations }: Way) {
    return {
      call: this.index,
      url: target.url,
      method: target.method,
      body: this.#hasBody(target) ? BODY : '',
      authorization: authorizations.origin?.value,
      proxyAuthorization: authorizations.proxy?.value,
    };
  }

  #hasBody({ method }: Target): boolean {
    return this.call.body !== 'none' && method === this.call.method;
  }

  /** Whatever ends a send from the caller's side; `settle` takes the watch off again. */
  #limits(): { readonly promise: Promise<never>; settle(): void } {
    let settle = () => {};
    const promise = new Promise<never>((_, reject) => {
      const abort = () => reject(new WireError('canceled'));
      const late = () => reject(new WireError('timeout'));
      const takeBack = this.timeout > 0 ? this.network.time.after(this.timeout, late) : () => {};
      this.signal?.addEventListener('abort', abort);
      settle = () => {
        takeBack();
        this.signal?.removeEventListener('abort', abort);
      };
    });
    return { promise, settle };
  }
}

/** One send on its way. */
class Way {
  readonly began: Target;
  authorizations: Authorizations;
  hasLeft = false;
  isGone = false;

  constructor(
    public target: Target,
    private readonly sending: Sending | undefined,
  ) {
    this.began = target;
    this.authorizations = sending?.authorizations ?? NOTHING;
  }

  follow({ status, location }: Answer, throughProxy: (target: Target) => Target | undefined): void {
    const method = status === 303 && this.target.method !== 'HEAD' ? 'GET' : this.target.method;
    this.target = targetOf(location as string, method);
    if (this.target.origin !== this.began.origin) this.hasLeft = true;
    const { origin, proxy } = this.authorizations;
    if (!this.sending || !(origin || proxy)) return;
    const proxyTarget = proxy && throughProxy(this.target);
    this.authorizations = this.sending.authorizeHop({ target: origin && this.target, proxyTarget });
  }
}

class FakeReply implements Reply<Outcome> {
  readonly status: number;
  readonly challenges: readonly string[] | undefined;
  readonly authenticationInfo: string | undefined;
  readonly target: Target;
  readonly isExposed = false;
  readonly visited: readonly string[];
  readonly authorization: Authorization | undefined;
  readonly proxy: Reply<Outcome> | undefined;
  readonly response = {};
  readonly outcome: Outcome;

  constructor(
    answer: Answer,
    way: Way,
    wire: FakeWire,
    private readonly sleep: (milliseconds: number) => Promise<void>,
    asProxy = false,
  ) {
    const { origin, proxy } = way.authorizations;
    const proxyTarget = asProxy ? undefined : wire.throughProxy(way.target);
    this.status = answer.status;
    this.challenges = asProxy ? answer.proxyChallenges : answer.challenges;
    this.authenticationInfo = asProxy ? answer.proxyInfo : answer.info;
    this.target = (asProxy && wire.throughProxy(way.target)) || way.target;
    this.visited = asProxy ? [] : wire.visited;
    this.authorization = asProxy ? proxy : way.hasLeft ? undefined : origin;
    this.outcome = { status: answer.status, send: wire.sends };
    const concernsProxy = proxyTarget && (answer.status === 407 || proxy);
    this.proxy = concernsProxy ? new FakeReply(answer, way, wire, sleep, true) : undefined;
    this.#isEmpty = way.target.method === 'HEAD';
  }

  readonly #isEmpty: boolean;

  body(): Uint8Array {
    return this.#isEmpty ? Buffer.alloc(0) : PAGE;
  }

  free(): Promise<void> {
    return this.sleep(0);
  }

  discard(): Promise<void> {
    return this.sleep(this.target.pathname === '/' ? 1 : 0);
  }
}
