/** A body that is a stream: it can be read once, so it can be sent once. */

import { PassThrough, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Opened, SentBody } from './body.js';
import type { Gate } from './expect.js';

/** A stream of Node (some have no more than `pipe`), or of the web. */
export type AnyStream = Readable | NodeJS.ReadableStream | ReadableStream;

/** Header fields that belong to a body. */
export type Fields = () => Promise<Record<string, string>>;

/** Whether a value is a stream of either kind. */
export function isStream(data: object): data is AnyStream {
  const { pipe, getReader } = data as { pipe?: unknown; getReader?: unknown };
  return typeof pipe === 'function' || typeof getReader === 'function';
}

/** A stream that is sent as it is. Once it was let go, it is not known what of it is left. */
export class StreamBody implements SentBody {
  readonly isPlain = true;
  #gate: Gate | undefined;
  #isSent = false;

  constructor(
    readonly stream: AnyStream,
    private readonly reason = 'the body is a stream, which can be read once',
    readonly fields?: Fields,
  ) {}

  get consumed(): string | undefined {
    return this.#isSent || this.#gate?.isOpen || wasRead(this.stream) ? this.reason : undefined;
  }

  open(gate?: Gate): Opened | Promise<Opened> {
    this.#gate = gate;
    if (gate) return this.#hold(gate);
    this.#isSent = true;
    return { data: this.stream };
  }

  async bytes(): Promise<undefined> {}

  async #hold(gate: Gate): Promise<Opened> {
    const headers = await this.fields?.();
    return { data: gate.hold(readableOf(this.stream)), headers };
  }
}

/** Whether anything has been taken out of a stream. */
export function wasRead(stream: AnyStream): boolean {
  return Readable.isDisturbed(stream as Readable);
}

/** The chunks of a stream; nothing is read before they are asked for. */
export function chunksOf(stream: AnyStream): AsyncIterable<unknown> {
  return Symbol.asyncIterator in stream ? stream : readLater(stream);
}

// form-data is a stream as they were before Node 0.10: it has no more than `pipe`.
async function* readLater(stream: NodeJS.ReadableStream): AsyncGenerator<unknown> {
  const passed = new PassThrough();
  stream.on('error', (error) => passed.destroy(error));
  yield* stream.pipe(passed);
}

/** A stream as Node has them. */
export function readableOf(stream: AnyStream): Readable {
  return stream instanceof Readable ? stream : Readable.from(chunksOf(stream), { objectMode: false });
}

/** Everything that is left of a stream; `undefined` when it is longer than `limit` bytes. */
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

/** A chunk as a request writes it. */
export function bufferOf(chunk: unknown): Buffer {
  return Buffer.from(chunk as string);
}
