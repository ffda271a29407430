/** What an exchange asks of a client that can keep a connection to itself: the port for schemes that authorize a connection. */

import type { Credential, Scheme } from '../../model.js';

/** What a connection is authenticated with: nobody with another of these uses the connection (SEC-34). */
export interface Bond {
  readonly origin: string;
  readonly realm: string;
  /** The object, not only its name: another one may have other options. */
  readonly scheme: Scheme;
  readonly credential: Credential;
}

/** What a pinned connection is: let in before, open for a handshake, or absent because none became free in time. */
export type Pinned = 'authenticated' | 'open' | 'absent';

/** The connections that one request may have to itself. */
export interface Pinning {
  /** Why no connection can be kept to an origin, in one line; `undefined` when one can. */
  obstacle(origin: string): string | undefined;
  /**
   * Keeps the sends from now on together, on one connection that no other request uses meanwhile. A send rejects with a
   * CutOff when that connection has been closed. Waits while all connections of the bond are in use.
   *
   * @param isNew - whether a connection that others have used will not do
   * @throws Abandoned when the caller gives up
   */
  pin(bond: Bond, isNew: boolean): Promise<Pinned>;
  /** Sends go again as the client sends any other request. */
  unpin(): void;
  /** The server let the request in: the next request with this bond may have the connection. */
  keep(): void;
  /** Closes every connection of a bond; one that is in use, after its response. */
  close(bond: Bond): void;
  /** The channel binding of the pinned connection (RFC 5929 §4); `undefined` without TLS, and before it is open. */
  readonly binding: Uint8Array | undefined;
}
