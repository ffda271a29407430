/** Determines the kind of a request's body, and thereby how often the body can be sent. */

import type { Readable } from 'node:stream';
import type { InternalAxiosRequestConfig } from 'axios';
import type { BodyOptions, Opened, SentBody } from './body.js';
import { BufferedBody } from './buffered.js';
import { FactoryBody } from './factory.js';
import { reopening } from './file.js';
import { isPackagedForm, packagedForm, SpecForm } from './form.js';
import { isStream, StreamBody } from './stream.js';

/** Makes the body from `config.data`, which axios has already transformed. */
export function sentBody(
  { data, headers }: InternalAxiosRequestConfig,
  { factory, bufferLimit = 0 }: BodyOptions = {},
): SentBody {
  const read = (given: unknown) => bodyOf(given, headers, bufferLimit);
  if (!factory) return bodyOf(data, headers, bufferLimit);
  return new FactoryBody({ factory, read, bufferLimit }, isNothing(data) ? undefined : bodyOf(data, headers, 0));
}

function bodyOf(data: unknown, headers: InternalAxiosRequestConfig['headers'], bufferLimit: number): SentBody {
  if (typeof data !== 'object' || data === null) return new FixedBody(data);
  if (isPackagedForm(data)) return packagedForm(data, bufferLimit);
  // Not `instanceof`: a reference to FormData makes Node load all of undici.
  if ((data as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'FormData') {
    return new SpecForm(data as FormData, headers);
  }
  if (!isStream(data)) return new FixedBody(data);
  const reopen = reopening(data);
  if (reopen) return new FactoryBody({ ...reopen, read: readFile, bufferLimit }, new StreamBody(data));
  return bufferLimit > 0 ? new BufferedBody(data, bufferLimit) : new StreamBody(data);
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
