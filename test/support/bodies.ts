/** Every kind of body that axios sends. */

import { createReadStream, openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { AxiosRequestConfig } from 'axios';
import PackagedForm from 'form-data';

/** A body, and what becomes of it. */
export interface BodyCase {
  readonly name: string;
  /** Made anew for each request. */
  readonly body: () => unknown;
  readonly config?: AxiosRequestConfig;
  /** Whether it can be sent once only. */
  readonly once?: boolean;
}

export const FILE = fileURLToPath(import.meta.url);
export const BYTES = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);

export function specForm(): FormData {
  const form = new FormData();
  form.append('text', 'Grüße');
  form.append('file', new Blob([BYTES]), 'bytes.bin');
  return form;
}

export function packagedForm(content: unknown = Buffer.from(BYTES)): PackagedForm {
  const form = new PackagedForm();
  form.append('text', 'Grüße');
  form.append('file', content, { filename: 'bytes.bin', knownLength: BYTES.length });
  return form;
}

function stream(): Readable {
  return Readable.from([BYTES.slice(0, 1), BYTES.slice(1)]);
}

const typed = (type: string): AxiosRequestConfig => ({ headers: { 'Content-Type': type } });

/** Bodies that are values. */
export const VALUES: readonly BodyCase[] = [
  { name: 'JSON', body: () => ({ a: 'ä', b: [1, 2] }) },
  { name: 'a string', body: () => 'text ☃' },
  { name: 'an empty string', body: () => '' },
  { name: 'URLSearchParams', body: () => new URLSearchParams({ a: 'ä&b' }) },
  { name: 'urlencoded from an object', body: () => ({ a: 1 }), config: typed('application/x-www-form-urlencoded') },
  { name: 'a Buffer', body: () => Buffer.from(BYTES) },
  { name: 'an ArrayBuffer', body: () => BYTES.buffer },
  { name: 'a typed array with an offset', body: () => new Uint16Array(BYTES.buffer, 2, 3) },
  { name: 'a Blob', body: () => new Blob([BYTES], { type: 'application/x-bytes' }) },
  { name: 'a file as a Blob', body: () => openAsBlob(FILE) },
  { name: 'FormData', body: specForm },
  { name: 'the package form-data', body: packagedForm },
  {
    name: 'multipart from an object',
    body: () => ({ a: 1, b: Buffer.from('x') }),
    config: typed('multipart/form-data'),
  },
  { name: 'nothing', body: () => undefined },
];

const ONCE = { challenge: { bufferBody: 0 } };

/** Bodies that are streams. */
export const STREAMS: readonly BodyCase[] = [
  { name: 'a stream', body: stream, config: ONCE, once: true },
  { name: 'a form with a stream in it', body: () => packagedForm(stream()), config: ONCE, once: true },
  { name: 'a kept stream', body: stream, config: { challenge: { bufferBody: 100_000 } } },
  {
    name: 'a kept form with a stream in it',
    body: () => packagedForm(stream()),
    config: { challenge: { bufferBody: 100_000 } },
  },
  { name: 'a file stream', body: () => createReadStream(FILE) },
  { name: 'a stream with a factory', body: stream, config: { challenge: { body: stream } } },
  { name: 'a factory', body: () => undefined, config: { challenge: { body: stream } } },
];
