/** A body that a factory creates again for every send that the existing body cannot serve. */

import { Readable } from 'node:stream';
import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import type { BodySource, Opened, SentBody } from './body.js';
import { isStream, readAll, readableOf, StreamBody, wasRead } from './stream.js';

// A limit for memory, where a hash has to cover the body (qop=auth-int); a larger `bufferBody` raises it.
const MAX_HASHED_BYTES = 67_108_864;

/** Bodies from a factory; `first` is the body that the caller gave for the first send. */
export class FactoryBody implements SentBody {
  readonly isPlain = false;
  #current: SentBody | undefined;
  #isClosed = false;

  constructor(
    private readonly source: BodySource,
    first: SentBody | undefined,
  ) {
    this.#current = first;
  }

  get consumed(): string | undefined {
    return this.#usable ? undefined : this.source.obstacle?.();
  }

  /** The current body, if it can still be sent. */
  get #usable(): SentBody | undefined {
    return this.#current?.consumed === undefined ? this.#current : undefined;
  }

  async open(): Promise<Opened> {
    const body = this.#usable ?? (await this.#make());
    return body.open();
  }

  /** Keeps the hashed bytes, and sends exactly those: a file may change, and a factory may give a different body. */
  async bytes(): Promise<Uint8Array | undefined> {
    const body = this.#usable ?? (await this.#make());
    if (!(body instanceof StreamBody)) return body.bytes();
    const fields = await body.fields?.();
    const bytes = await readAll(body.stream, Math.max(this.source.bufferLimit, MAX_HASHED_BYTES));
    if (bytes) this.#current = new BytesBody(bytes, fields);
    return bytes;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#current) memberOf(this.#current, 'close')?.call(this.#current);
  }

  async #make(): Promise<SentBody> {
    const given = await this.#given();
    // The request ended meanwhile, so no send will read this stream.
    if (this.#isClosed && given instanceof Readable) given.on('error', () => {}).destroy();
    this.#current = this.source.read(given);
    return this.#current;
  }

  async #given(): Promise<unknown> {
    let given: unknown;
    try {
      given = await this.source.factory();
    } catch (cause) {
      if (cause instanceof AuthError) throw cause;
      throw new AuthError('ERR_AUTH_BODY', 'the body factory failed', { cause });
    }
    return sendable(given);
  }
}

/** Converts a value for the adapters. Rejects a stream that was read before: it would be sent as an empty body. */
function sendable(given: unknown): unknown {
  if (typeof given === 'string') return given;
  if (given instanceof Uint8Array) return Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (typeof given !== 'object' || given === null) throw useless('gave no body');
  if ('getHeaders' in given || !isStream(given)) return given;
  if (wasRead(given)) throw useless('gave a stream that was read before');
  return readableOf(given);
}

function useless(what: string): AuthError {
  return new AuthError('ERR_AUTH_BODY', `the body factory ${what}`);
}

/** A stream that was read into memory; it is sent as a stream, so that its framing stays. */
class BytesBody implements SentBody {
  readonly isPlain = false;
  readonly consumed = undefined;

  constructor(
    private readonly content: Uint8Array,
    private readonly headers: Record<string, string> | undefined,
  ) {}

  open(): Opened {
    return { data: Readable.from([this.content], { objectMode: false }), headers: this.headers };
  }

  async bytes(): Promise<Uint8Array> {
    return this.content;
  }
}
