/** A stream that is kept in memory while it is sent, up to a limit, so that it can be sent again. */

import { Readable } from 'node:stream';
import type { AnyStream, Fields, Opened, SentBody } from './body.js';
import { bufferOf, chunksOf } from './stream.js';

/** Each send repeats the kept chunks, then reads on from where the previous send stopped. */
export class BufferedBody implements SentBody {
  readonly isPlain = false;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #isWhole = false;
  #source: AsyncIterator<unknown> | undefined;
  #pulling: Promise<Buffer | undefined> | undefined;
  #reader: Readable | undefined;
  #turn = 0;

  constructor(
    private readonly stream: AnyStream,
    private readonly limit: number,
    private readonly fields?: Fields,
  ) {
    if (stream instanceof Readable) stream.on('error', this.#fail);
  }

  get consumed(): string | undefined {
    if (this.#bytes <= this.limit) return undefined;
    return `the body is a stream longer than the ${this.limit} bytes that bufferBody keeps`;
  }

  async open(): Promise<Opened> {
    const headers = await this.fields?.();
    this.#turn += 1;
    const reader = Readable.from(this.#read(this.#turn), { objectMode: false });
    this.#reader = reader;
    return { data: reader, headers };
  }

  async bytes(): Promise<Uint8Array | undefined> {
    await this.fields?.();
    while (!this.#isWhole && this.#bytes <= this.limit) await this.#pull();
    return this.#isWhole && this.#bytes <= this.limit ? Buffer.concat(this.#chunks) : undefined;
  }

  close(): void {
    if (this.stream instanceof Readable) this.stream.off('error', this.#fail);
  }

  /** Passes an error of the stream to the current reader: before the first read, no other listener would report it. */
  readonly #fail = (error: Error): void => {
    this.#reader?.destroy(error);
  };

  async *#read(turn: number): AsyncGenerator<Buffer> {
    for (let index = 0; ; index += 1) {
      // A later send reads the stream now. To return here would end the body of this send too early.
      if (turn !== this.#turn) await new Promise(() => {});
      const chunk = this.#chunks[index] ?? (await this.#pull());
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  /** The next chunk. A stopped send may still be waiting for the same chunk, so both sends share the promise. */
  #pull(): Promise<Buffer | undefined> {
    this.#pulling ??= this.#next().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #next(): Promise<Buffer | undefined> {
    if (this.#isWhole) return undefined;
    // A send that reads past the limit has already repeated all kept chunks, so they are no longer needed.
    const isOver = this.#bytes > this.limit;
    if (isOver) this.#chunks.length = 0;
    this.#source ??= chunksOf(this.stream)[Symbol.asyncIterator]();
    const { done, value } = await this.#source.next();
    if (done) this.#isWhole = true;
    if (done) return undefined;
    const chunk = bufferOf(value);
    this.#bytes += chunk.length;
    if (!isOver) this.#chunks.push(chunk);
    return chunk;
  }
}
