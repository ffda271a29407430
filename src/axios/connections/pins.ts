/** The connection that one request has to itself: taken from the pool of its credentials, and given back at the end. */

import { Socket } from 'node:net';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Bond, Pinned, Pinning, SeenRequest } from '../../exchange/port/pinning.js';
import type { Sending } from '../../exchange/port/transport.js';
import type { Outcome } from '../client/outcome.js';
import type { ProxyServer } from '../proxy/proxy.js';
import { fieldOf } from '../response/headers.js';
import { responseOf } from '../response/reply.js';
import { currentRequest } from '../send/fresh.js';
import type { Front } from './front.js';
import { type Course, courseOf, obstacleTo } from './obstacle.js';
import type { OwnConnection, Side } from './own-connection.js';
import type { Pool } from './pool.js';
import type { Pools } from './pools.js';
import { type LeadingWay, wayOf } from './way.js';

/** What a request brings. */
export interface PinsInput {
  readonly config: InternalAxiosRequestConfig;
  readonly pools: Pools;
  readonly address: () => URL;
  /** The proxy that axios uses for an origin, if that is certain. */
  readonly proxyFor: (origin: string) => ProxyServer | undefined;
  readonly opensTunnels: () => boolean;
  readonly timeout: number;
  readonly signal: () => AbortSignal | undefined;
}

type Bonds = Partial<Readonly<Record<Side, Bond>>>;

/** A connection in use, and where it came from. */
interface Lease {
  readonly connection: OwnConnection;
  readonly pool: Pool;
  readonly way: LeadingWay;
  readonly course: Course;
  readonly bonds: Bonds;
  /** How many messages of a handshake were sent on it. */
  readonly messages: Record<Side, number>;
  /** Who has let the last request in. */
  readonly keptFor: Set<Side>;
}

/** The connections of one request, one after another. */
export class Pins implements Pinning {
  #lease: Lease | undefined;
  #last: AxiosResponse | undefined;
  #isAuthorizedEachTime = false;

  constructor(private readonly input: PinsInput) {}

  obstacle(target: SeenRequest, isProxy: boolean): string | undefined {
    const { config, proxyFor, opensTunnels } = this.input;
    const proxy = proxyFor(endOf(target));
    const isAuthorizedEachTime = proxy?.credential !== undefined || this.#isAuthorizedEachTime;
    const isBound = this.#lease?.bonds.proxy !== undefined;
    return obstacleTo(config, target, isProxy, {
      proxy,
      opensTunnels: opensTunnels(),
      isAuthorizedEachTime: isAuthorizedEachTime && !isBound,
    });
  }

  get binding(): Uint8Array | undefined {
    return this.#lease?.connection.binding;
  }

  async pin(bond: Bond, target: SeenRequest, isNew: boolean): Promise<Pinned> {
    const party: Side = bond.isProxy ? 'proxy' : 'origin';
    const held = this.#lease;
    const bonds = this.#bondsWith(bond, target);
    // The tunnel of a handshake with the origin, which cannot go on in another one.
    if (held && party === 'proxy' && !isNew && isSame(held.bonds, bonds) && (bonds.origin || !held.connection.isClosed))
      return stateFor(held, party);
    this.unpin();
    const { pools, timeout, signal } = this.input;
    const course = courseOf(this.input.config, target, bond.isProxy);
    const way = this.#way(target, course);
    // What the origin is about to be sent was made for a connection that nobody was let in on.
    const isFresh = isNew || (party === 'proxy' && bonds.origin !== undefined);
    for (;;) {
      const pool = pools.of(Object.values(bonds), way);
      const connection = await pool.take(isFresh, { timeout, signal: signal() });
      if (connection) {
        const messages = { origin: 0, proxy: 0 };
        this.#lease = { connection, pool, way, course, bonds, messages, keptFor: new Set(connection.letInBy) };
        return stateFor(this.#lease, party);
      }
      // Closed meanwhile by a refusal, or by the caller: the credential may be good for new connections.
      if (!pool.isClosed) return 'absent';
    }
  }

  unpin(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    lease?.pool.give(
      lease.connection,
      parties(lease).every((party) => lease.keptFor.has(party)),
    );
  }

  keep(isProxy: boolean): void {
    const lease = this.#lease;
    if (!lease) return;
    const party: Side = isProxy ? 'proxy' : 'origin';
    lease.keptFor.add(party);
    const { letInBy } = lease.connection;
    if (isProxy ? isProxyPersistent(lease) : this.#isPersistent(lease)) letInBy.add(party);
    else letInBy.delete(party);
  }

  close(bond: Bond): void {
    this.input.pools.close(bond);
  }

  /** The agent of a send; `undefined` if the send goes as any other request does. */
  front({ target, authorizations }: Sending): Front | undefined {
    const lease = this.#lease;
    const { origin, proxy } = authorizations;
    this.#isAuthorizedEachTime = proxy !== undefined && !lease?.bonds.proxy;
    if (!lease?.way.leadsTo(target)) return undefined;
    // A request that carries nothing may take any connection, but a message of a handshake no other one.
    if (!origin && !proxy && lease.connection.isClosed) return undefined;
    lease.keptFor.clear();
    if (origin) lease.messages.origin += 1;
    if (proxy) lease.messages.proxy += 1;
    if (lease.connection.tunnel) lease.connection.tunnel.authorization = proxy?.value;
    return lease.way.front(lease.connection);
  }

  /** A send is over. */
  end(front: Front, outcome: Outcome): void {
    front.end();
    this.#last = responseOf(outcome);
    if (!this.#last) this.#lease?.connection.close();
    // Something has replaced the agent: nobody else may get what this request was let in on.
    const socket: unknown = front.isUsed() ? undefined : currentRequest(this.#last?.request)?.socket;
    if (socket instanceof Socket) socket.destroy();
  }

  /** Whether the connection was closed before the last send had one. */
  get isReplaced(): boolean {
    return this.#lease?.connection.isReplaced === true || this.#lease?.connection.tunnel?.isCut === true;
  }

  /** Whether the send went out on a connection that had been authenticated before. */
  get isWarm(): boolean {
    const lease = this.#lease;
    return lease !== undefined && parties(lease).every((party) => lease.connection.letInBy.has(party));
  }

  /**
   * Whether the next request needs no message: the server's word (MS-N2HT), or, as curl has it, more than one message,
   * because one alone may authorize a request and not the connection.
   */
  #isPersistent({ connection, messages }: Lease): boolean {
    const field = this.#last && fieldOf(this.#last, 'persistent-auth');
    if (field !== undefined) return /^\s*true\s*$/i.test(field);
    return connection.letInBy.has('origin') || messages.origin > 1;
  }

  /** Within a tunnel the connection belongs to both, and else to the one who asks (SEC-34, SEC-86). */
  #bondsWith(bond: Bond, target: SeenRequest): Bonds {
    const held = this.#lease;
    const isTunnel = courseOf(this.input.config, target, bond.isProxy) === 'tunnel';
    const isOn = isTunnel && held?.course === 'tunnel' && held.way.leadsTo({ ...target, url: `${endOf(target)}/` });
    const other = isOn ? held.bonds : {};
    if (bond.isProxy) return other.origin ? { origin: other.origin, proxy: bond } : { proxy: bond };
    return other.proxy ? { origin: bond, proxy: other.proxy } : { origin: bond };
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

/** Where a request ends: a CONNECT leads through the proxy that sees it (RFC 9112 §3.2.3). */
function endOf({ method, origin, uri }: SeenRequest): string {
  return method === 'CONNECT' ? `https://${uri}` : origin;
}

function parties({ bonds }: Lease): Side[] {
  return Object.keys(bonds) as Side[];
}

function stateFor({ connection }: Lease, party: Side): Pinned {
  return connection.letInBy.has(party) ? 'authenticated' : 'open';
}

/** A tunnel is let in once; a connection to a proxy as one to an origin. */
function isProxyPersistent({ connection, messages }: Lease): boolean {
  return connection.tunnel?.isOpen === true || connection.letInBy.has('proxy') || messages.proxy > 1;
}

function isSame(one: Bonds, other: Bonds): boolean {
  return (['origin', 'proxy'] as const).every((party) => isSameBond(one[party], other[party]));
}

function isSameBond(one: Bond | undefined, other: Bond | undefined): boolean {
  if (!one || !other) return one === other;
  const names = ['origin', 'isProxy', 'realm', 'scheme', 'credential'] as const;
  return names.every((name) => one[name] === other[name]);
}
