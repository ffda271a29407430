/** Form bodies: forms of the package form-data (axios also makes them from objects), and the FormData of the web. */

import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { InternalAxiosRequestConfig } from 'axios';
import type { Fields, Opened, SentBody } from './body.js';
import { BufferedBody } from './buffered.js';
import { isStream, StreamBody } from './stream.js';

/** A form of the package form-data: a stream, but a stream that can be copied. */
interface PackagedForm extends NodeJS.ReadableStream {
  getHeaders(): Record<string, string>;
  getBuffer?(): Buffer;
  getLength?(callback: (error: Error | null, length: number) => void): void;
}

/** Whether a body is a form of the package form-data. */
export function isPackagedForm(data: object): data is PackagedForm {
  return typeof (data as PackagedForm).getHeaders === 'function' && isStream(data);
}

/** The body of a form: its bytes, or a stream if a part of the form is a stream. */
export function packagedForm(form: PackagedForm, bufferLimit: number): SentBody {
  const written = writtenOf(form);
  if (written) return new WrittenForm(written, form.getHeaders());
  let known: ReturnType<Fields> | undefined;
  const fields = () => {
    known ??= fieldsOf(form);
    return known;
  };
  if (bufferLimit > 0) return new BufferedBody(form, bufferLimit, fields);
  return new StreamBody(form, 'a part of the form is a stream, which can be read once', fields);
}

/** The bytes of a form; `undefined` if a part is a stream, for which `getBuffer` throws. */
function writtenOf(form: PackagedForm): Buffer | undefined {
  try {
    return form.getBuffer?.();
  } catch {
    return undefined;
  }
}

/** The header fields that axios would add: the boundary, and the length if known. Called before the form is read. */
async function fieldsOf(form: PackagedForm): Promise<Record<string, string>> {
  const fields = form.getHeaders();
  try {
    const length = form.getLength && (await promisify(form.getLength).call(form));
    return typeof length === 'number' && length >= 0 ? { ...fields, 'Content-Length': String(length) } : fields;
  } catch {
    return fields;
  }
}

class WrittenForm implements SentBody {
  readonly isPlain = false;
  readonly consumed = undefined;

  constructor(
    private readonly data: Buffer,
    private readonly headers: Record<string, string>,
  ) {}

  open(): Opened {
    return { data: this.data, headers: this.headers };
  }

  async bytes(): Promise<Uint8Array> {
    return this.data;
  }
}

/** A FormData that axios serializes during a send, with the same boundary each time. For a hash, it is written here. */
export class SpecForm implements SentBody {
  readonly isPlain = false;
  readonly consumed = undefined;
  #data: FormData | Uint8Array;
  #type: string;

  constructor(form: FormData, headers: InternalAxiosRequestConfig['headers']) {
    const given = headers.getContentType(/boundary=([-_\w\d]{10,70})/i) as RegExpExecArray | null;
    // axios generates a boundary for every send, unless the header names a boundary.
    const boundary = given?.[1] ?? `axios-challenge-${randomBytes(16).toString('hex')}`;
    this.#data = form;
    this.#type = `multipart/form-data; boundary=${boundary}`;
  }

  open(): Opened {
    return { data: this.#data, headers: { 'Content-Type': this.#type } };
  }

  async bytes(): Promise<Uint8Array> {
    if (this.#data instanceof Uint8Array) return this.#data;
    const written = new Response(this.#data);
    this.#type = written.headers.get('content-type') ?? '';
    this.#data = Buffer.from(await written.arrayBuffer());
    return this.#data;
  }
}
