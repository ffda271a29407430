/** What an exchange asks of a client that can keep a connection to itself: the port for schemes that authorize a connection. */

import type { Credential, Scheme } from '../../model.js';

/** What a connection is authenticated with: nobody with another of these uses the connection (SEC-34). */
export interface Bond {
  readonly origin: string;
  /** Whether the proxy on the way let it in, and not the origin: a tunnel may be authenticated with both. */
  readonly isProxy: boolean;
  readonly realm: string;
  /** The object, not only its name: another one may have other options. */
  readonly scheme: Scheme;
  readonly credential: Credential;
}

/** A request, as the one who lets its connection in sees it: for a proxy it may be a CONNECT. */
export interface SeenRequest {
  readonly origin: string;
  readonly url: string;
  readonly method: string;
  readonly uri: string;
}

/** What a pinned connection is: let in before, open for a handshake, or absent because none became free in time. */
export type Pinned = 'authenticated' | 'open' | 'absent';

/** The connections that one request may have to itself. */
export interface Pinning {
  /** Why no connection can be kept for a request, in one line; `undefined` when one can. */
  obstacle(request: SeenRequest, isProxy: boolean): string | undefined;
  /**
   * Keeps the sends from now on together, on one connection that no other request uses meanwhile. A send rejects with a
   * CutOff when that connection has been closed. Waits while all connections of the bond are in use.
   *
   * @param isNew - whether a connection that others have used will not do
   * @throws Abandoned when the caller gives up
   */
  pin(bond: Bond, request: SeenRequest, isNew: boolean): Promise<Pinned>;
  /**
   * Gives the connection back: sends go again as the client sends any other request.
   *
   * @param isProxy - who has no use for it any more; the other one's handshake cannot go on either
   */
  unpin(isProxy: boolean): void;
  /** The origin, or the proxy, let the request in: the next request with this bond may have the connection. */
  keep(isProxy: boolean): void;
  /** Closes every connection of a bond; one that is in use, after its response. */
  close(bond: Bond): void;
  /** The origin's channel binding of the pinned connection (RFC 5929 §4); `undefined` without TLS, and before it is open. */
  readonly binding: Uint8Array | undefined;
}
