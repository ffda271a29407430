/** What the server remembers of one request. */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * One request as the server saw it, and how it was answered.
 *
 * @example
 * const server = await challengeServer();
 * const statuses = () => server.requests.map(({ status, user, nc }: ReceivedRequest) => [status, user, nc]);
 * // after one answered request: [[401, undefined, undefined], [200, 'alice', 1]]
 */
export interface ReceivedRequest {
  /** The method, as it came. */
  readonly method: string;
  /** The request-target as it came (RFC 9112 §3.2): origin-form, or absolute-form at a proxy. */
  readonly url: string;
  /** The header fields, as Node parsed them. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** The bytes of the body; empty without one. */
  readonly body: Buffer;
  /** The value of `Authorization` (or `Proxy-Authorization` when the server plays a proxy). */
  readonly authorization?: string;
  /** The auth-scheme of `authorization`, in lower case. */
  readonly scheme?: string;
  /** The user name that was claimed, whether or not it was believed: see `status`. */
  readonly user?: string;
  /** The Digest nonce of the answer (RFC 7616 §3.4). */
  readonly nonce?: string;
  /** The Digest nonce count of the answer, as a number. */
  readonly nc?: number;
  /** The status we answered; 0 as long as we have not. */
  readonly status: number;
  /** True when we answered `stale=true` (RFC 7616 §3.3). */
  readonly stale?: boolean;
  /** What the client did against the RFCs, in one sentence; the status is then 400. */
  readonly violation?: string;
  /** The port at the client's end: equal ports are one connection. */
  readonly remotePort: number;
}

/** The same while it is being filled in. */
export type Draft = { -readonly [Key in keyof ReceivedRequest]: ReceivedRequest[Key] };

/** The draft of a request whose body has not been read. */
export function draftOf(request: IncomingMessage): Draft {
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: Buffer.alloc(0),
    status: 0,
    remotePort: request.socket.remotePort ?? 0,
  };
}

/** The whole body. Reading it is also what lets the connection be used again after a 401. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
