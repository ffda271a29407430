/** Which kind of body a request has, and so how often it can be sent. */

import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { InternalAxiosRequestConfig } from 'axios';
import type { Gate } from './expect.js';
import { FactoryBody } from './factory.js';
import { reopening } from './file.js';
import { isPackagedForm, packagedForm, SpecForm } from './multipart.js';
import { RecordedBody } from './recording.js';
import { isStream, StreamBody } from './stream.js';

/** What a body factory may give: whatever axios can send as it is. */
export type Body = Readable | ReadableStream | Uint8Array | string | Blob | FormData;

/** Gives the body of a request anew. */
export type BodyFactory = () => Body | Promise<Body>;

/** The body of one request, over all its sends. */
export interface SentBody {
  /** Whether `config.data` itself is sent, without header fields of ours. */
  readonly isPlain: boolean;
  /** Why the body cannot be sent now; `undefined` when it can. */
  readonly consumed: string | undefined;
  /** What is sent now; a gate holds a stream back. @throws AuthError ERR_AUTH_BODY */
  open(gate?: Gate): Opened | Promise<Opened>;
  /** The bytes that the next `open` gives; `undefined` when they cannot be had. @throws AuthError ERR_AUTH_BODY */
  bytes(): Promise<Uint8Array | undefined>;
  /** Nothing will be sent any more. */
  close?(): void;
}

/** A body for one send. */
export interface Opened {
  /** What stands in place of `config.data`. */
  readonly data: unknown;
  /** Header fields that belong to it. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What the caller has said about the body of a request. */
export interface BodyOptions {
  readonly factory?: BodyFactory | undefined;
  /** How many bytes of a stream are kept to be sent again. */
  readonly kept?: number | undefined;
}

/** Reads `config.data`, which axios has transformed already. */
export function sentBody(
  { data, headers }: InternalAxiosRequestConfig,
  { factory, kept = 0 }: BodyOptions = {},
): SentBody {
  const read = (given: unknown) => bodyOf(given, headers, kept);
  if (!factory) return bodyOf(data, headers, kept);
  return new FactoryBody({ factory, read, kept }, isNothing(data) ? undefined : bodyOf(data, headers, 0));
}

function bodyOf(data: unknown, headers: InternalAxiosRequestConfig['headers'], kept: number): SentBody {
  if (typeof data !== 'object' || data === null) return new FixedBody(data);
  if (isPackagedForm(data)) return packagedForm(data, kept);
  // Not `instanceof`: to name FormData is to load all of undici.
  if ((data as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'FormData') {
    return new SpecForm(data as FormData, headers);
  }
  if (!isStream(data)) return new FixedBody(data);
  const reopen = reopening(data);
  if (reopen) return new FactoryBody({ ...reopen, read: readFile, kept }, new StreamBody(data));
  return kept > 0 ? new RecordedBody(data, kept) : new StreamBody(data);
}

function readFile(given: unknown): SentBody {
  return new StreamBody(given as Readable);
}

/** A value that is the same each time it is sent. */
class FixedBody implements SentBody {
  readonly isPlain = true;
  readonly consumed = undefined;

  constructor(private readonly data: unknown) {}

  open(): Opened {
    return { data: this.data };
  }

  async bytes(): Promise<Uint8Array | undefined> {
    const { data } = this;
    if (typeof data === 'string') return Buffer.from(data, 'utf8');
    if (data instanceof URLSearchParams) return Buffer.from(data.toString(), 'utf8');
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    if (data instanceof Blob) return new Uint8Array(await data.arrayBuffer());
    return isNothing(data) ? new Uint8Array(0) : undefined;
  }
}

function isNothing(data: unknown): boolean {
  return data === undefined || data === null;
}
