/** The record of one request to the server. */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * One request as the server received it, and the status of its response.
 *
 * @example
 * const server = await challengeServer();
 * const statuses = () => server.requests.map(({ status, user, nc }: ReceivedRequest) => [status, user, nc]);
 * // after one answered request: [[401, undefined, undefined], [200, 'alice', 1]]
 */
export interface ReceivedRequest {
  /** The method as received. */
  readonly method: string;
  /** The request-target as received (RFC 9112 §3.2): origin-form; at a proxy, absolute- or authority-form. */
  readonly url: string;
  /** The header fields, as Node parsed them. */
  readonly headers: IncomingHttpHeaders;
  /** The names and values of the fields alternately, as received. */
  readonly rawHeaders: readonly string[];
  /** The bytes of the body; empty if the request has no body. */
  readonly body: Buffer;
  /** The value of `Authorization`, or of `Proxy-Authorization` when the server acts as a proxy. */
  readonly authorization?: string;
  /** The auth-scheme of `authorization`, in lower case. */
  readonly scheme?: string;
  /** The user name in the authorization, accepted or not: see `status`. */
  readonly user?: string;
  /** The Digest nonce of the authorization (RFC 7616 §3.4). */
  readonly nonce?: string;
  /** The Digest nonce count (nc) of the authorization, as a number. */
  readonly nc?: number;
  /** The status of the response; 0 until the server has responded. */
  readonly status: number;
  /** True if the challenge of the response had `stale=true` (RFC 7616 §3.3). */
  readonly stale?: boolean;
  /** One sentence that says how the client broke the RFCs; the status is then 400. */
  readonly violation?: string;
  /** The port of the client: requests with the same port used the same connection. */
  readonly remotePort: number;
}

/** A ReceivedRequest that is not complete yet, so its properties can be set. */
export type Draft = { -readonly [Key in keyof ReceivedRequest]: ReceivedRequest[Key] };

/** The draft of a request to a server, whose body has not been read. */
export function draftOf(request: IncomingMessage): Draft {
  return {
    // Node's types allow for a response, which has neither.
    method: request.method as string,
    url: request.url as string,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: Buffer.alloc(0),
    status: 0,
    remotePort: request.socket.remotePort ?? 0,
  };
}
