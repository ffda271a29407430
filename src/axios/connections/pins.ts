/** The connection that one request has to itself: taken from the pool of its credential, and given back at the end. */

import type http from 'node:http';
import { Socket } from 'node:net';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { CutOff } from '../../exchange/port/cut-off.js';
import type { Bond, Pinned, Pinning } from '../../exchange/port/pinning.js';
import type { Sending, Target } from '../../exchange/port/transport.js';
import { ownHost } from '../address/explicit-auth.js';
import type { Outcome } from '../client/outcome.js';
import { fieldOf } from '../response/headers.js';
import { responseOf } from '../response/reply.js';
import { currentRequest } from '../send/fresh.js';
import { type Front, frontOf } from './front.js';
import { wayName } from './names.js';
import { obstacleTo, sourceOf } from './obstacle.js';
import { OwnConnection } from './own-connection.js';
import type { Pool } from './pool.js';
import type { Pools, Way } from './pools.js';

// As many as a browser opens to one origin, and a little more.
const DEFAULT_SIZE = 8;

const BYPASSED = 'something else than Node sends the requests of this process, and does not say on which connection';

/** What a request brings. */
export interface PinsInput {
  readonly config: InternalAxiosRequestConfig;
  readonly pools: Pools;
  readonly address: () => URL;
  /** The target that the request is addressed to. */
  readonly target: () => Target;
  readonly timeout: number;
  readonly signal: () => AbortSignal | undefined;
}

/** A connection in use, and where it came from. */
interface Lease {
  readonly connection: OwnConnection;
  readonly pool: Pool;
  readonly origin: string;
  /** How many messages of a handshake were sent on it. */
  messages: number;
  isKept: boolean;
  /** Whether a send went out elsewhere, because something else than Node sends requests here (a mock). */
  isBypassed: boolean;
}

/** The connections of one request, one after another. */
export class Pins implements Pinning {
  #lease: Lease | undefined;
  #last: AxiosResponse | undefined;
  /** The agent of the last send, if that took the connection. */
  #front: Front | undefined;

  constructor(private readonly input: PinsInput) {}

  obstacle(origin: string): string | undefined {
    return obstacleTo(this.input.config, origin, this.#isSecure(origin));
  }

  get binding(): Uint8Array | undefined {
    return this.#lease?.connection.binding;
  }

  async pin(bond: Bond, isNew: boolean): Promise<Pinned> {
    this.unpin();
    const { pools, timeout, signal } = this.input;
    const { origin } = bond;
    for (;;) {
      const pool = pools.of(bond, this.#way(origin));
      const connection = await pool.take(isNew, { timeout, signal: signal() });
      if (connection) {
        this.#lease = { connection, pool, origin, messages: 0, isKept: false, isBypassed: false };
        return connection.isAuthenticated ? 'authenticated' : 'open';
      }
      // Closed meanwhile by a refusal, or by the caller: the credential may be good for new connections.
      if (!pool.isClosed) return 'absent';
    }
  }

  unpin(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    lease?.pool.give(lease.connection, lease.isKept);
  }

  keep(): void {
    const lease = this.#lease;
    if (!lease) return;
    lease.isKept = true;
    lease.connection.isAuthenticated = this.#isPersistent(lease);
  }

  close(bond: Bond): void {
    this.input.pools.close(bond);
  }

  /**
   * The agent of a send; `undefined` if the send goes as any other request does.
   *
   * @throws CutOff if the last send did not go out on the connection
   */
  agentFor({ target, authorizations }: Sending): http.Agent | undefined {
    const lease = this.#lease;
    this.#front = undefined;
    if (!lease || target.origin !== lease.origin) return undefined;
    // A request that carries nothing may take any connection, but a message of a handshake no other one.
    if (!authorizations.origin && lease.connection.isClosed) return undefined;
    if (authorizations.origin && lease.isBypassed) throw new CutOff(new Error(BYPASSED), false, BYPASSED);
    if (authorizations.origin) lease.messages += 1;
    this.#front = frontOf(lease.connection, sourceOf(this.input.config, this.#isSecure(lease.origin)));
    return this.#front.agent;
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
    return this.#front !== undefined && this.#lease?.connection.isReplaced === true;
  }

  /** Whether the last send was a message of a handshake, which cannot go on on another connection. */
  get isShaking(): boolean {
    return this.#front !== undefined && this.#lease?.connection.isAuthenticated === false;
  }

  /**
   * Whether the next request needs no message: the server's word (MS-N2HT), or, as curl has it, more than one message,
   * because one alone may authorize a request and not the connection.
   */
  #isPersistent({ connection, messages }: Lease): boolean {
    const field = this.#last && fieldOf(this.#last, 'persistent-auth');
    if (field !== undefined) return /^\s*true\s*$/i.test(field);
    return connection.isAuthenticated || messages > 1;
  }

  #way(origin: string): Way {
    const { config, address } = this.input;
    const isSecure = this.#isSecure(origin);
    const source = sourceOf(config, isSecure);
    return {
      name: wayName(source, config, ownHost(config, address)),
      size: sizeOf(source),
      open: () => new OwnConnection(source, isSecure),
    };
  }

  /** A socket path is an origin that does not tell. */
  #isSecure(origin: string): boolean {
    return (origin.startsWith('unix:') ? this.input.target().url : origin).startsWith('https:');
  }
}

function sizeOf({ maxSockets }: http.Agent): number {
  return Number.isInteger(maxSockets) && maxSockets > 0 ? maxSockets : DEFAULT_SIZE;
}
