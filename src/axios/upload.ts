/** The body of one send on its way, and how it is stopped when the request is sent anew. */

import type { ClientRequest } from 'node:http';
import { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import type { Opened } from './body.js';
import type { Gate } from './expect.js';

/** What was given to axios, and the gate that holds it. */
export class Upload {
  constructor(
    readonly opened: Opened,
    private readonly gate: Gate | undefined,
  ) {}

  /** Gives up what has not been sent; the connection in the middle of it is of no more use. */
  stop({ request }: AxiosResponse): void {
    this.gate?.skip();
    const isUnfinished = isSending(request);
    if (isUnfinished) request.destroy();
    const { data } = this.opened;
    if (data instanceof Readable || isUnfinished) destroy(data);
  }

  /** The response is the caller's: what the server has not waited for goes as axios would have sent it. */
  release(): void {
    this.gate?.release();
  }
}

/** Whether a request of Node's is not yet sent to its end. A finished one has given its socket to the next. */
export function isSending(request: unknown): boolean {
  const { destroyed, writableFinished, destroy } = (request ?? {}) as Partial<ClientRequest>;
  return destroyed === false && writableFinished === false && typeof destroy === 'function';
}

function destroy(data: unknown): void {
  const stream = (data ?? {}) as Partial<Readable>;
  if (stream.destroyed || typeof stream.destroy !== 'function') return;
  stream.on?.('error', () => {});
  stream.destroy();
}
