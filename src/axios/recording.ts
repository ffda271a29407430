/** A stream that is kept in memory while it is sent, up to a limit, so that it can be sent again. */

import { Readable } from 'node:stream';
import type { Opened, SentBody } from './body.js';
import type { Gate } from './expect.js';
import { type AnyStream, bufferOf, chunksOf, type Fields } from './stream.js';

/** Each send gives what was kept, then goes on reading where the one before it has stopped. */
export class RecordedBody implements SentBody {
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

  async open(gate?: Gate): Promise<Opened> {
    const headers = await this.fields?.();
    this.#turn += 1;
    const reader = Readable.from(this.#read(this.#turn), { objectMode: false });
    this.#reader = reader;
    return { data: gate ? gate.hold(reader) : reader, headers };
  }

  async bytes(): Promise<Uint8Array | undefined> {
    await this.fields?.();
    while (!this.#isWhole && this.#bytes <= this.limit) await this.#pull();
    return this.#isWhole && this.#bytes <= this.limit ? Buffer.concat(this.#chunks) : undefined;
  }

  close(): void {
    if (this.stream instanceof Readable) this.stream.off('error', this.#fail);
  }

  /** A stream that fails before it is read has nobody else to tell. */
  readonly #fail = (error: Error): void => {
    this.#reader?.destroy(error);
  };

  async *#read(turn: number): AsyncGenerator<Buffer> {
    for (let index = 0; ; index += 1) {
      // Another send goes on from here. This one must not end: that would be the end of its body.
      if (turn !== this.#turn) await new Promise(() => {});
      const chunk = this.#chunks[index] ?? (await this.#pull());
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  /** The next chunk. A send that was stopped may still be waiting for it: it is the next one's, too. */
  #pull(): Promise<Buffer | undefined> {
    this.#pulling ??= this.#next().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #next(): Promise<Buffer | undefined> {
    if (this.#isWhole) return undefined;
    // Whoever asks for more than was kept has got all that was kept.
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
