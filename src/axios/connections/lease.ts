/** A connection in the hands of one request, and what it is authenticated with. */

import type { AxiosResponse } from 'axios';
import type { Bond, Pinned, SeenRequest } from '../../exchange/port/pinning.js';
import { fieldOf } from '../response/headers.js';
import type { Course } from './obstacle.js';
import type { OwnConnection, Side } from './own-connection.js';
import type { Pool } from './pool.js';
import type { LeadingWay } from './way.js';

/** What a connection is authenticated with, by each side. */
export type Bonds = Partial<Readonly<Record<Side, Bond>>>;

/** A connection in use, and where it came from. */
export interface Lease {
  readonly connection: OwnConnection;
  readonly pool: Pool;
  readonly way: LeadingWay;
  readonly bonds: Bonds;
  /** How many messages of a handshake were sent on it. */
  readonly messages: Record<Side, number>;
  /** Who has let the last request in. */
  readonly keptFor: Set<Side>;
  /** Whether a send went out elsewhere, because something else than Node sends requests here (a mock). */
  isBypassed: boolean;
  /** Whether it is of no use to other requests. */
  isOnce: boolean;
}

/** Where a request ends: a CONNECT leads through the proxy that sees it (RFC 9112 §3.2.3). */
export function endOf({ method, origin, uri }: SeenRequest): string {
  return method === 'CONNECT' ? `https://${uri}` : origin;
}

/** Where a tunnel ends; empty for what is none. */
export function tunnelledTo(course: Course, target: SeenRequest): string {
  return course === 'tunnel' ? new URL(endOf(target)).host : '';
}

function sides({ bonds }: Lease): Side[] {
  return Object.keys(bonds) as Side[];
}

/** Notes a send, and which messages it carries. */
export function noteSend(lease: Lease, toOrigin: boolean, toProxy: boolean): void {
  const { bonds, keptFor, messages } = lease;
  keptFor.clear();
  if (toOrigin) messages.origin += 1;
  if (toProxy) messages.proxy += 1;
  // Whoever gets the tunnel next may have another credential for the proxy.
  if (toProxy && !bonds.proxy) lease.isOnce = true;
}

/** Whether all whose connection it is have let the last request in. */
export function isKept(lease: Lease): boolean {
  return !lease.isOnce && sides(lease).every((side) => lease.keptFor.has(side));
}

/** Whether a request that carries nothing is let in. */
export function isWarm(lease: Lease): boolean {
  return sides(lease).every((side) => lease.connection.letInBy.has(side));
}

export function stateFor({ connection }: Lease, side: Side): Pinned {
  return connection.letInBy.has(side) ? 'authenticated' : 'open';
}

/**
 * Whether the next request needs no message: the server's word (MS-N2HT), or, as curl has it, more than one message,
 * because one alone may authorize a request and not the connection.
 */
export function isPersistent({ connection, messages }: Lease, last: AxiosResponse | undefined): boolean {
  const field = last && fieldOf(last, 'persistent-auth');
  if (field !== undefined) return /^\s*true\s*$/i.test(field);
  return connection.letInBy.has('origin') || messages.origin > 1;
}

/** A tunnel is let in once; a connection to a proxy as one to an origin. */
export function isProxyPersistent({ connection, messages }: Lease): boolean {
  return connection.tunnel?.isOpen === true || connection.letInBy.has('proxy') || messages.proxy > 1;
}

/** Whether it serves what a proxy is to let in. A handshake with the origin cannot go on in another tunnel. */
export function isOfUse({ bonds, connection }: Lease, wanted: Bonds): boolean {
  if (wanted.origin && connection.tunnel?.isOpen) return true;
  return isSame(bonds, wanted) && (wanted.origin !== undefined || !connection.isClosed);
}

function isSame(one: Bonds, other: Bonds): boolean {
  return (['origin', 'proxy'] as const).every((side) => isSameBond(one[side], other[side]));
}

function isSameBond(one: Bond | undefined, other: Bond | undefined): boolean {
  if (!one || !other) return one === other;
  const names = ['origin', 'isProxy', 'realm', 'scheme', 'credential'] as const;
  return names.every((name) => one[name] === other[name]);
}
