/** Frees the connection of a response that will not be read. */

import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { AxiosResponse } from 'axios';

// To read a longer or slower body of a 401 to its end costs more than a new connection.
const MAX_DRAINED_BYTES = 65_536;
const MAX_DRAINED_MILLISECONDS = 1000;

/** How long to wait for the end of a body, in milliseconds: at most half of what the caller's timeout leaves. */
export function drainTime(left: number): number {
  return Math.max(0, Math.min(MAX_DRAINED_MILLISECONDS, left / 2));
}

/**
 * Reads a small streamed body into memory, and replaces it by a stream of the same bytes. Returns whether the response
 * no longer needs its connection.
 */
export async function free(response: AxiosResponse, milliseconds: number): Promise<boolean> {
  const { data } = response;
  if (!isReadable(data) || data.readableEnded || data.destroyed) return !isWebStream(data);
  const chunks: Buffer[] = [];
  // A stream may end with the chunk that exceeds the limit: nothing can be put back into it after its end.
  const isWhole = (await collect(data, chunks, milliseconds)) || data.readableEnded;
  const body = Buffer.concat(chunks);
  if (isWhole) response.data = Readable.from([body], { objectMode: false });
  else if (body.length > 0 && !data.destroyed) data.unshift(body);
  return isWhole;
}

/** Collects the chunks of a stream, and returns whether the stream ended within the limits. */
function collect(stream: Readable, chunks: Buffer[], milliseconds: number): Promise<boolean> {
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
    const timer = setTimeout(done, milliseconds, false);
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError);
  });
}

/** Frees the connection of a streamed response that will not be read. axios has read all other response types. */
export async function discard(
  { data }: Pick<AxiosResponse, 'data'>,
  milliseconds = MAX_DRAINED_MILLISECONDS,
): Promise<void> {
  if (isReadable(data)) return drain(data, milliseconds);
  if (isWebStream(data)) await cancel(data, milliseconds);
}

/** Cancels a web stream. axios completes that only with the next chunk, which may never come: hence the limit. */
async function cancel(stream: ReadableStream, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([stream.cancel().catch(() => {}), late]);
  clearTimeout(timer);
}

export function giveUp({ data }: AxiosResponse): void {
  if (isReadable(data)) data.on('error', () => {}).destroy();
}

async function drain(stream: Readable, milliseconds: number): Promise<void> {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DRAINED_BYTES) stream.destroy();
  });
  const timer = setTimeout(() => stream.destroy(), milliseconds);
  // The caller gets the next response, so an error in this body is ignored.
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
