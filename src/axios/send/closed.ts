/** Detects sends on a connection that the server had closed before any part of a response came (RFC 9112 §9.3.1). */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Outcome } from '../client/outcome.js';
import { currentRequest, type PreviousSend } from './fresh.js';

/** Why a message of a handshake was not sent. */
export const CLOSED_BETWEEN =
  'the connection was closed before the next message, and a handshake cannot go on on another';

// RFC 9110 §9.2, and what RFC 3253, 4918 and 5323 add.
const SAFE = new Set('GET HEAD OPTIONS TRACE QUERY PROPFIND REPORT SEARCH'.split(' '));
const IDEMPOTENT = new Set([...SAFE, ...'PUT DELETE PROPPATCH MKCOL COPY MOVE UNLOCK'.split(' ')]);

/** Whether a request changes nothing (RFC 9110 §9.2.1). */
export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/** Whether a request may be repeated if its result is unknown (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/** The bytes received on a connection at its last complete response: if there are more, another response has begun. */
const bytesAfterResponse = new WeakMap<object, number>();

/**
 * Notes the bytes received on the connection of a response.
 *
 * @param isComplete - whether the whole body of the response has been read
 */
export function noteBytesRead(request: unknown, isComplete: boolean): void {
  const socket = currentRequest(request)?.socket;
  if (!socket) return;
  const { bytesRead } = socket;
  if (isComplete && bytesRead !== undefined) bytesAfterResponse.set(socket, bytesRead);
  else bytesAfterResponse.delete(socket);
}

/** Whether axios gives a response only after its whole body has come. */
export function readsWholeBody({ responseType }: Pick<InternalAxiosRequestConfig, 'responseType'>): boolean {
  return responseType !== 'stream';
}

/** The connections of the sends of one request, one after another. */
export class Connections {
  /** The last send, once it is over. */
  previous: PreviousSend | undefined;

  /** Called when a send begins: the body of the previous response has been read. */
  begin(): void {
    if (this.previous) noteBytesRead(this.previous.request, true);
  }

  /** Called when a send is over; returns whether it met a closed connection. */
  end(outcome: Outcome, spent: number): boolean {
    const { request } = ((outcome.ok ? outcome.response : outcome.error) ?? {}) as Failed;
    this.previous = { request, spent };
    return !outcome.ok && metClosed(outcome.error);
  }
}

const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
const MAX_CAUSES = 4;

/** Reads the error that axios gave in place of a response. Only a connection that was used before counts. */
export function metClosed(error: unknown): boolean {
  const { code, request, response } = (error ?? {}) as Failed;
  if (response) return false;
  if (code === 'ERR_NETWORK') return fetchMetClosed(error as Failed);
  const sent = currentRequest(request);
  if (!CLOSED.has(code ?? '') || !sent || sent.res) return false;
  const bytes = sent.socket ? bytesAfterResponse.get(sent.socket) : undefined;
  // Node does not mark a connection as reused if it passes directly to a request that was waiting for it.
  return bytes === undefined ? sent.reusedSocket === true : bytes === sent.socket?.bytesRead;
}

interface Failed {
  readonly code?: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly cause?: unknown;
  /** Set by undici. */
  readonly socket?: { readonly bytesRead?: number };
}

/** fetch does not tell whether a connection was used before; only the number of bytes received on it shows that. */
function fetchMetClosed(error: Failed): boolean {
  let held: Failed | undefined = error;
  for (let depth = 0; held && depth < MAX_CAUSES; depth += 1) {
    if (CLOSED.has(held.code ?? '')) return held.socket?.bytesRead !== 0;
    held = held.cause as Failed | undefined;
  }
  return false;
}
