/** How a response that nobody will read gives its connection back. */

import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { AxiosResponse } from 'axios';

// A 401 with a longer body, or one that trickles, costs more than a new connection.
const MAX_DRAINED_BYTES = 65_536;
const MAX_DRAINED_MILLISECONDS = 1000;

/** Reads a small streamed body into memory; the stream in its place gives the same. Whether the connection is done with. */
export async function free(response: AxiosResponse): Promise<boolean> {
  const { data } = response;
  if (!isReadable(data) || data.readableEnded || data.destroyed) return !isWebStream(data);
  const chunks: Buffer[] = [];
  const isWhole = await collect(data, chunks);
  const body = Buffer.concat(chunks);
  if (isWhole) response.data = Readable.from([body], { objectMode: false });
  else if (body.length > 0 && !data.destroyed) data.unshift(body);
  return isWhole;
}

/** Whether the end came within the limits. */
function collect(stream: Readable, chunks: Buffer[]): Promise<boolean> {
  let bytes = 0;
  return new Promise((resolve) => {
    const done = (isWhole: boolean) => {
      clearTimeout(timer);
      stream.off('readable', onReadable).off('end', onEnd).off('error', onError);
      resolve(isWhole);
    };
    const onEnd = () => done(true);
    const onError = () => done(false);
    const onReadable = () => {
      for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) {
        chunks.push(Buffer.from(chunk));
        bytes += chunk.length;
      }
      if (bytes > MAX_DRAINED_BYTES) done(false);
    };
    const timer = setTimeout(done, MAX_DRAINED_MILLISECONDS, false);
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError);
  });
}

/** Frees the connection of a response that nobody will read. The other response types were read by axios. */
export async function discard({ data }: Pick<AxiosResponse, 'data'>): Promise<void> {
  if (isReadable(data)) return drain(data);
  if (isWebStream(data)) await data.cancel().catch(() => {});
}

export function giveUp({ data }: AxiosResponse): void {
  if (isReadable(data)) data.on('error', () => {}).destroy();
}

async function drain(stream: Readable): Promise<void> {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DRAINED_BYTES) stream.destroy();
  });
  const timer = setTimeout(() => stream.destroy(), MAX_DRAINED_MILLISECONDS);
  // A broken body is not the caller's concern: the next response is.
  await finished(stream).catch(() => {});
  clearTimeout(timer);
  stream.on('error', () => {});
}

function isReadable(data: unknown): data is Readable {
  const { pipe, destroy } = (data ?? {}) as Partial<Readable>;
  return typeof pipe === 'function' && typeof destroy === 'function';
}

function isWebStream(data: unknown): data is ReadableStream {
  return typeof (data as Partial<ReadableStream> | undefined)?.cancel === 'function';
}
