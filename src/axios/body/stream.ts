/** A body that is a stream: it can be read once, so it can be sent once. */

import { PassThrough, Readable } from 'node:stream';
import type { AnyStream, Fields, Opened, SentBody } from './body.js';

/** Whether a value is a Node stream or a web stream. */
export function isStream(data: object): data is AnyStream {
  const { pipe, getReader } = data as { pipe?: unknown; getReader?: unknown };
  return typeof pipe === 'function' || typeof getReader === 'function';
}

/** A stream that is sent unchanged. Once a send has started to read the stream, it is unknown how much is left. */
export class StreamBody implements SentBody {
  readonly isPlain = true;
  #isSent = false;

  constructor(
    readonly stream: AnyStream,
    private readonly reason = 'the body is a stream, which can be read once',
    readonly fields?: Fields,
  ) {}

  get consumed(): string | undefined {
    return this.#isSent || wasRead(this.stream) ? this.reason : undefined;
  }

  open(): Opened {
    this.#isSent = true;
    return { data: this.stream };
  }

  async bytes(): Promise<undefined> {}
}

/** Whether a stream has been read from. */
export function wasRead(stream: AnyStream): boolean {
  return Readable.isDisturbed(stream as Readable);
}

/** The chunks of a stream; the stream is not read before the first chunk is requested. */
export function chunksOf(stream: AnyStream): AsyncIterable<unknown> {
  return Symbol.asyncIterator in stream ? stream : readLater(stream);
}

// form-data is an old-style stream (before Node 0.10), which implements only `pipe`.
async function* readLater(stream: NodeJS.ReadableStream): AsyncGenerator<unknown> {
  const passed = new PassThrough();
  stream.on('error', (error) => passed.destroy(error));
  yield* stream.pipe(passed);
}

/** A stream as a Node Readable. */
export function readableOf(stream: AnyStream): Readable {
  return stream instanceof Readable ? stream : Readable.from(chunksOf(stream), { objectMode: false });
}

/** The rest of a stream; `undefined` if it is longer than `limit` bytes. */
export async function readAll(stream: AnyStream, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(stream)) {
    const buffer = bufferOf(chunk);
    bytes += buffer.length;
    if (bytes > limit) return undefined;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

/** A chunk as the bytes that a request sends. */
export function bufferOf(chunk: unknown): Buffer {
  return Buffer.from(chunk as string);
}

/** Watches the caller's stream until its request is over: without a listener, an error would end the process. */
export class WatchedStream {
  /** What it failed with. */
  error: Error | undefined;

  constructor(private readonly stream: Pick<NodeJS.ReadableStream, 'on' | 'removeListener'>) {
    stream.on('error', this.#fail);
  }

  /** Called when the request is over. */
  close(): void {
    this.stream.removeListener('error', this.#fail);
  }

  readonly #fail = (error: unknown): void => {
    this.error ??= (error ?? new Error('the stream failed')) as Error;
  };
}

/** Watches a body, if it is a Node stream. */
export function watchStream(data: unknown): WatchedStream | undefined {
  const { pipe, on } = (data ?? {}) as { readonly pipe?: unknown; readonly on?: unknown };
  if (typeof pipe !== 'function' || typeof on !== 'function') return undefined;
  return new WatchedStream(data as NodeJS.ReadableStream);
}
