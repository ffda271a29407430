/** Stops the sending of a body: the server has refused the request before it has read all of it. */

import type { ClientRequest } from 'node:http';
import { Readable } from 'node:stream';

/**
 * Stops a send.
 *
 * @param request - of the send. A connection with a partly sent body cannot be reused, so its request is destroyed
 * @param data - the value that axios was given as the body of the send
 */
export function stopSending(request: unknown, data: unknown): void {
  const isUnfinished = isSending(request);
  if (isUnfinished) request.destroy();
  if (data instanceof Readable || isUnfinished) destroy(data);
}

/** Whether a Node request is still being sent. A finished request may have passed its socket to another request. */
export function isSending(request: unknown): request is ClientRequest {
  const { destroyed, writableFinished, destroy } = (request ?? {}) as Partial<ClientRequest>;
  return destroyed === false && writableFinished === false && typeof destroy === 'function';
}

function destroy(data: unknown): void {
  const stream = (data ?? {}) as Partial<Readable>;
  if (stream.destroyed || typeof stream.destroy !== 'function') return;
  stream.on?.('error', () => {});
  stream.destroy();
}
