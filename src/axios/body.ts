/** The body of a request, made so that it can be sent again byte for byte, or known to be of one use only. */

import { randomBytes } from 'node:crypto';
import type { InternalAxiosRequestConfig } from 'axios';
import type { RequestBody } from '../exchange/wire.js';

type Bytes = () => Promise<Uint8Array | undefined>;

/** What is sent in place of `config.data`. */
export interface SentBody extends RequestBody {
  readonly data: unknown;
  /** Header fields that belong to `data`. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** The bytes as they are sent; `undefined` when they cannot be had. */
  readonly bytes: Bytes;
}

/** Reads `config.data`, which axios has transformed already. */
export function sentBody(config: InternalAxiosRequestConfig): SentBody {
  const { data } = config;
  if (typeof data !== 'object' || data === null) return replayable(data, () => bytesOf(data));
  if (isPackagedForm(data)) return packagedForm(data);
  // Not `instanceof`: to name FormData is to load all of undici.
  if (data[Symbol.toStringTag] === 'FormData') return new SpecForm(data, config.headers);
  if (isStream(data)) return oneShot(data, 'the body is a stream, which can be read once');
  return replayable(data, () => bytesOf(data));
}

function replayable(data: unknown, bytes: Bytes, headers?: Record<string, string>): SentBody {
  return { data, headers, consumed: undefined, bytes };
}

function oneShot(data: unknown, consumed: string): SentBody {
  return { data, headers: undefined, consumed, bytes: async () => undefined };
}

async function bytesOf(data: unknown): Promise<Uint8Array | undefined> {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  if (data instanceof URLSearchParams) return Buffer.from(data.toString(), 'utf8');
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (data instanceof Blob) return new Uint8Array(await data.arrayBuffer());
  return undefined;
}

/** The npm package form-data, which axios itself uses for multipart bodies: a stream, but one that can be copied. */
interface PackagedForm {
  getHeaders(): Record<string, string>;
  getBuffer?(): Buffer;
}

function isPackagedForm(data: object): data is PackagedForm {
  return typeof (data as PackagedForm).getHeaders === 'function' && isStream(data);
}

function packagedForm(form: PackagedForm): SentBody {
  try {
    const buffer = form.getBuffer?.();
    if (buffer) return replayable(buffer, async () => buffer, form.getHeaders());
  } catch {
    // A part is a stream itself.
  }
  return oneShot(form, 'a part of the form is a stream, which can be read once');
}

/** A form that axios writes while it sends it, with the same boundary each time; for its hash it is written out here. */
class SpecForm implements SentBody {
  readonly consumed = undefined;
  data: FormData | Uint8Array;
  headers: Record<string, string>;

  constructor(form: FormData, headers: InternalAxiosRequestConfig['headers']) {
    const given = headers.getContentType(/boundary=([-_\w\d]{10,70})/i) as RegExpExecArray | null;
    // axios makes up a boundary for every send, unless the header names one.
    const boundary = given?.[1] ?? `axios-challenge-${randomBytes(16).toString('hex')}`;
    this.data = form;
    this.headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  }

  async bytes(): Promise<Uint8Array> {
    if (this.data instanceof Uint8Array) return this.data;
    const written = new Response(this.data);
    this.headers = { 'Content-Type': written.headers.get('content-type') ?? '' };
    this.data = Buffer.from(await written.arrayBuffer());
    return this.data as Uint8Array;
  }
}

function isStream(data: object): boolean {
  const { pipe, getReader } = data as { pipe?: unknown; getReader?: unknown };
  return typeof pipe === 'function' || typeof getReader === 'function';
}
