/** A body that is made anew for every send that the given one does not serve. */

import { Readable } from 'node:stream';
import { AuthError } from '../errors.js';
import { memberOf } from '../member.js';
import type { BodyFactory, Opened, SentBody } from './body.js';
import type { Gate } from './expect.js';
import { isStream, readAll, readableOf, StreamBody, wasRead } from './stream.js';

// Only where a hash has to cover the body (qop=auth-int), and `bufferBody` says nothing: beyond it lies a full memory.
const MAX_HASHED_BYTES = 67_108_864;

/** Where bodies come from. */
export interface BodySource {
  readonly factory: BodyFactory;
  /** Makes a body of what the factory gave. */
  readonly read: (given: unknown) => SentBody;
  /** How many bytes may be kept in memory. */
  readonly kept: number;
  /** Why the factory will fail, where that is known beforehand. */
  readonly obstacle?: () => string | undefined;
}

/** Bodies from a factory; `first` is what the caller gave for the first send. */
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

  /** A stream that was held back is as good as new. */
  get #usable(): SentBody | undefined {
    return this.#current?.consumed === undefined ? this.#current : undefined;
  }

  async open(gate?: Gate): Promise<Opened> {
    const body = this.#usable ?? (await this.#make());
    return body.open(gate);
  }

  /** What is sent is what was hashed: a file may change, and a factory may be wrong. */
  async bytes(): Promise<Uint8Array | undefined> {
    const body = this.#usable ?? (await this.#make());
    if (!(body instanceof StreamBody)) return body.bytes();
    const fields = await body.fields?.();
    const bytes = await readAll(body.stream, this.source.kept || MAX_HASHED_BYTES);
    if (bytes) this.#current = new KeptBody(bytes, fields);
    return bytes;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#current) memberOf(this.#current, 'close')?.call(this.#current);
  }

  async #make(): Promise<SentBody> {
    const given = await this.#given();
    // Nobody waits for it any more.
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

/** As the adapters take it. A stream that was read before would be sent as an empty body. */
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
class KeptBody implements SentBody {
  readonly isPlain = false;
  readonly consumed = undefined;

  constructor(
    private readonly kept: Uint8Array,
    private readonly headers: Record<string, string> | undefined,
  ) {}

  open(gate?: Gate): Opened {
    const stream = Readable.from([this.kept], { objectMode: false });
    return { data: gate ? gate.hold(stream) : stream, headers: this.headers };
  }

  async bytes(): Promise<Uint8Array> {
    return this.kept;
  }
}
