/** Holds a response back until its body is complete: the `rspauth` of auth-int is in the head and covers the body. */

import type { ServerResponse } from 'node:http';

type Loose = (...args: unknown[]) => unknown;

/** Calls `beforeHead` with the whole body, just before the head and the body are sent. */
export function holdResponse(response: ServerResponse, beforeHead: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let head: unknown[] | undefined;
  const held: Record<'writeHead' | 'write' | 'end' | 'flushHeaders', Loose> = {
    flushHeaders: () => undefined,
    writeHead: (...args) => {
      head = args;
      return response;
    },
    write: (...args) => {
      chunks.push(chunkOf(args));
      process.nextTick(callbackOf(args));
      return true;
    },
    end: (...args) => {
      chunks.push(chunkOf(args));
      for (const name of Object.keys(held)) Reflect.deleteProperty(response, name);
      const body = Buffer.concat(chunks);
      beforeHead(body);
      if (head) (response.writeHead as Loose)(...head);
      return response.end(body, callbackOf(args));
    },
  };
  Object.assign(response, held);
}

function chunkOf([chunk, encoding]: unknown[]): Buffer {
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as 'utf8') : 'utf8');
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
}

function callbackOf(args: unknown[]): () => void {
  return (args.find((arg) => typeof arg === 'function') as (() => void) | undefined) ?? (() => undefined);
}
