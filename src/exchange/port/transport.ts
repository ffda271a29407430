/** What an exchange asks of whoever sends the requests: the port to the HTTP client. */

import type { Authorization } from '../../model.js';
import type { Pinning } from './pinning.js';

/** Where a request goes. */
export interface Target {
  /** scheme, host and port (RFC 6454); a socket path makes an origin of its own. */
  readonly origin: string;
  /** Absolute, without userinfo and fragment. */
  readonly url: string;
  /** The path of `url`, by which protection spaces are told apart. */
  readonly pathname: string;
  readonly method: string;
  /** The request-target as it is sent (RFC 9112 §3.2). */
  readonly uri: string;
}

/** What is sent to whom; `undefined`: nothing of ours. */
export interface Authorizations {
  readonly origin: Authorization | undefined;
  readonly proxy: Authorization | undefined;
}

/** A hop of a redirect, as those see it who may authorize it; `undefined`: it is none of theirs. */
export interface Hop {
  readonly target: Target | undefined;
  /** The origin is the proxy's, and the method may be CONNECT. */
  readonly proxyTarget: Target | undefined;
}

/** One send: where to, and with what. */
export interface Sending {
  readonly target: Target;
  readonly authorizations: Authorizations;
  /** Whether it takes a connection that no other request has used: the one before met a closed one. */
  readonly isAgain?: boolean;
  /** Whether it goes without its body: a message of a handshake, after which the server asks for another. */
  readonly isPartial?: boolean;
  /** What a hop of a redirect is sent with. */
  authorizeHop(hop: Hop): Authorizations;
}

/** One response, whether the client calls it a success or an error, as one of those who may ask for a credential gave it. */
export interface Reply<Outcome> {
  readonly status: number;
  /** The `WWW-Authenticate` or `Proxy-Authenticate` field value. */
  readonly challenges: string | readonly string[] | undefined;
  /** The `Authentication-Info` or `Proxy-Authentication-Info` field value. */
  readonly authenticationInfo: string | undefined;
  /** Who answered, after redirects; `undefined` when the client cannot tell. */
  readonly target: Target | undefined;
  /** Whether the request went out in clear text beyond this machine, or to a proxy, whatever the origin is called. */
  readonly isExposed: boolean;
  /** The origins beside the addressed one that redirects led through, which may have chosen where they led back to. */
  readonly visited: readonly string[];
  /** What authorized the request that got this response; `undefined` when it was stripped on the way. */
  readonly authorization: Authorization | undefined;
  /** Whether a cache of the caller's gave it: then no server did. */
  readonly isKept?: boolean;
  /** The same response as the proxy on the way gave it, or let it pass; `undefined` when there is none, or it cannot be answered. */
  readonly proxy: Reply<Outcome> | undefined;
  /** The response itself, as the client has it. */
  readonly response: unknown;
  /** What the client will hand to its caller. */
  readonly outcome: Outcome;
  /** The bytes of the response body, where they are known to be those of the wire. */
  body(): Uint8Array | undefined;
  /** Frees the connection where it can without losing the body: others may need it while this request waits. */
  free(): Promise<void>;
  /**
   * Reads the body to its end, or gives up the connection: the response will not be used, unless the next send is one that
   * cannot be repeated, and is cut off.
   */
  discard(): Promise<void>;
}

/** One logical request, which can be sent any number of times. */
export interface Wire<Outcome> {
  readonly target: Target;
  /** Aborted when the caller gives up. A send after that must send nothing and reject as the client does. */
  readonly signal: AbortSignal | undefined;
  /** How long the caller waits for one send, in milliseconds; 0: as long as it takes. */
  readonly timeout: number;
  /** Whether the next send may go out so; a client that takes no other way than to the origin leaves it out. */
  readonly isExposed?: boolean;
  /** A request as the proxy on its way sees it; `undefined` when it is not known to take one, or goes through an open tunnel. */
  throughProxy(target: Target): Target | undefined;
  /** Why the body cannot be sent to a target now; `undefined` when it can, or when none is sent there. */
  consumed(target: Target): string | undefined;
  /**
   * Makes the body of the next send ready; resolves to why that cannot be done.
   *
   * @param hashed - where the answer that covers the body (qop=auth-int) goes to
   */
  ready(target: Target, hashed: Target | undefined): Promise<string | undefined>;
  /** The bytes that the next send to a target has as its body; `undefined`: they cannot be had. */
  bytes(target: Target): Promise<Uint8Array | undefined>;
  /** Whether the request has no body at a target, so that a message of a handshake is the request itself. */
  isBodyless?(target: Target): boolean;
  /** The connections that this request may have to itself; absent: the client cannot keep one, or has not prepared it. */
  readonly pinning?: Pinning | undefined;
  /** Asked before a challenge is answered whose scheme authorizes connections. */
  preparePinning?(): Promise<void>;
  /** Rejects as the client does when its caller gives up, and sends nothing. */
  cancel(): Promise<Outcome>;
  /** Without an argument: to the one that was addressed, which need not be worked out for it. @throws CutOff */
  send(sending?: Sending): Promise<Reply<Outcome>>;
}
