/** The connection that one request has to itself: taken from the pool of its credentials, and given back at the end. */

import { Socket } from 'node:net';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { CutOff } from '../../exchange/port/cut-off.js';
import type { Bond, Pinned, Pinning, SeenRequest } from '../../exchange/port/pinning.js';
import type { Sending } from '../../exchange/port/transport.js';
import type { Outcome } from '../client/outcome.js';
import type { ProxyServer } from '../proxy/proxy.js';
import { responseOf } from '../response/unread.js';
import { currentRequest } from '../send/fresh.js';
import type { Front } from './front.js';
import {
  type Bonds,
  endOf,
  isKept,
  isOfUse,
  isPersistent,
  isProxyPersistent,
  isWarm,
  type Lease,
  noteSend,
  stateFor,
  tunnelledTo,
} from './lease.js';
import { type Course, courseOf, obstacleTo } from './obstacle.js';
import type { Side } from './own-connection.js';
import type { Pools } from './pools.js';
import { type LeadingWay, wayOf } from './way.js';

const BYPASSED = 'something else than Node sends the requests of this process, and does not say on which connection';
const LOST = 'the connection of the handshake is gone';

/** What a request brings. */
export interface PinsInput {
  readonly config: InternalAxiosRequestConfig;
  readonly pools: Pools;
  readonly address: () => URL;
  /** The proxy that axios uses for an origin, if that is certain. */
  readonly proxyFor: (origin: string) => ProxyServer | undefined;
  readonly opensTunnels: () => boolean;
  /** Whether the proxy was sent an authorization to open a tunnel, and not a connection that it has let in. */
  readonly hasAuthorizedTunnel: () => boolean;
  readonly timeout: number;
  readonly signal: () => AbortSignal | undefined;
}

/** The connections of one request, one after another. */
export class Pins implements Pinning {
  #lease: Lease | undefined;
  #last: AxiosResponse | undefined;
  /** What the sends are kept together for, whether there is a connection for it now or not. */
  #bonds: Bonds = {};
  #place = '';
  /** The agent of the last send, if that took the connection. */
  #front: Front | undefined;

  constructor(private readonly input: PinsInput) {}

  obstacle(target: SeenRequest, isProxy: boolean): string | undefined {
    const { config, proxyFor, opensTunnels, hasAuthorizedTunnel } = this.input;
    const proxy = proxyFor(endOf(target));
    const isAuthorizedEachTime = proxy?.credential !== undefined || hasAuthorizedTunnel();
    const isBound = this.#bonds.proxy !== undefined;
    return obstacleTo(config, target, isProxy, {
      proxy,
      opensTunnels: opensTunnels(),
      isAuthorizedEachTime: isAuthorizedEachTime && !isBound,
    });
  }

  get binding(): Uint8Array | undefined {
    return this.#lease?.connection.binding;
  }

  /** Whether a request goes through an open tunnel that its proxy asked nothing for: it sees no CONNECT any more. */
  hasTunnelFor(target: SeenRequest): boolean {
    const { bonds, connection, way } = this.#lease ?? {};
    return !bonds?.proxy && connection?.tunnel?.isOpen === true && way?.leadsTo(target) === true;
  }

  async pin(bond: Bond, target: SeenRequest, isNew: boolean): Promise<Pinned> {
    const side: Side = bond.isProxy ? 'proxy' : 'origin';
    const held = this.#lease;
    const bonds = this.#bondsWith(bond, target);
    if (held && side === 'proxy' && !isNew && isOfUse(held, bonds)) return stateFor(held, side);
    this.#giveBack();
    const { pools, timeout, signal } = this.input;
    const course = courseOf(this.input.config, target, bond.isProxy);
    const way = this.#way(target, course);
    [this.#bonds, this.#place] = [bonds, tunnelledTo(course, target)];
    // What the origin is about to be sent was made for a connection that nobody was let in on.
    const isFresh = isNew || (side === 'proxy' && bonds.origin !== undefined);
    for (;;) {
      const pool = pools.of(Object.values(bonds), way);
      const connection = await pool.take(isFresh, { timeout, signal: signal() });
      if (connection) {
        const messages = { origin: 0, proxy: 0 };
        const keptFor = new Set(connection.letInBy);
        this.#lease = { connection, pool, way, bonds, messages, keptFor, isBypassed: false, isOnce: false };
        return stateFor(this.#lease, side);
      }
      // Closed meanwhile by a refusal, or by the caller: the credential may be good for new connections.
      if (!pool.isClosed) return 'absent';
    }
  }

  unpin(isProxy?: boolean): void {
    this.#giveBack();
    const { origin, proxy } = this.#bonds;
    if (isProxy === undefined) this.#bonds = {};
    else if (isProxy) this.#bonds = origin ? { origin } : {};
    else this.#bonds = proxy ? { proxy } : {};
  }

  /** Others may have the connection while this request waits; not that of a handshake with the origin, which goes on. */
  lend(): void {
    if (!this.#bonds.origin) this.#giveBack();
  }

  #giveBack(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease) lease.pool.give(lease.connection, isKept(lease) && !this.input.pools.isOver);
  }

  keep(isProxy: boolean): void {
    const lease = this.#lease;
    if (!lease) return;
    const side: Side = isProxy ? 'proxy' : 'origin';
    lease.keptFor.add(side);
    const { letInBy } = lease.connection;
    if (isProxy ? isProxyPersistent(lease) : isPersistent(lease, this.#last)) letInBy.add(side);
    else letInBy.delete(side);
  }

  close(bond: Bond): void {
    this.input.pools.close(bond);
  }

  /**
   * Leads a send to the connection; `undefined` if the send goes as any other request does.
   *
   * @throws CutOff if a message of a handshake has no connection to go on on
   */
  frontFor({ target, authorizations: { origin, proxy } }: Sending): Front | undefined {
    const lease = this.#lease;
    this.#front = undefined;
    // A message of a handshake goes out on no other connection; any other request may.
    const isMessage = (origin && this.#bonds.origin) || (proxy && this.#bonds.proxy);
    // The other side's connection was given back, and this side's was the same.
    if (!lease && isMessage) throw new CutOff(new Error(LOST), false, LOST);
    if (!lease?.way.leadsTo(target)) return undefined;
    if (!isMessage && lease.connection.isClosed) return undefined;
    if (isMessage && lease.isBypassed) throw new CutOff(new Error(BYPASSED), false, BYPASSED);
    noteSend(lease, origin !== undefined, proxy !== undefined);
    lease.connection.tunnel?.prepare(proxy?.value, this.input.timeout);
    this.#front = lease.way.front(lease.connection, lease.bonds.origin !== undefined);
    return this.#front;
  }

  /** A send is over. */
  end(outcome: Outcome): void {
    if (!this.#front) return;
    this.#front.end();
    this.#last = responseOf(outcome);
    if (!this.#last) this.#lease?.connection.close();
    if (!this.#front.isUsed()) this.#pass(currentRequest(this.#last?.request)?.socket);
  }

  /** Something took the request to another connection: nobody else may get what this request was let in on. */
  #pass(socket: unknown): void {
    if (this.#lease) this.#lease.isBypassed = true;
    this.#lease?.connection.close();
    if (socket instanceof Socket) socket.destroy();
  }

  /** Whether the connection had been closed before the last send, which therefore reached nobody. */
  get isUnsent(): boolean {
    const { isReplaced, tunnel } = this.#lease?.connection ?? {};
    return this.#front !== undefined && (isReplaced === true || tunnel?.isCut === true);
  }

  /** Whether the last send was a message of a handshake, which cannot go on on another connection. */
  get isShaking(): boolean {
    const lease = this.#lease;
    return this.#front !== undefined && lease !== undefined && !isWarm(lease);
  }

  /** Within a tunnel the connection belongs to both, and else to the one who asks (SEC-34, SEC-86). */
  #bondsWith(bond: Bond, target: SeenRequest): Bonds {
    const place = tunnelledTo(courseOf(this.input.config, target, bond.isProxy), target);
    const { origin, proxy }: Bonds = place !== '' && place === this.#place ? this.#bonds : {};
    if (bond.isProxy) return origin ? { origin, proxy: bond } : { proxy: bond };
    return proxy ? { origin: bond, proxy } : { origin: bond };
  }

  #way(target: SeenRequest, course: Course): LeadingWay {
    const { config, address, proxyFor, timeout } = this.input;
    const place = endOf(target);
    const proxy = course === 'straight' ? undefined : proxyFor(place);
    // A socket path is an origin that does not tell.
    const isSecure = course === 'tunnel' || (course === 'straight' && target.url.startsWith('https:'));
    return wayOf({ config, address, course, isSecure, place, proxy, timeout });
  }
}
