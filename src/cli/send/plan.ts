/** Reads from the command line which request is to be sent. */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { type Address, addressOf } from '../input/address.js';
import { misused } from '../input/arguments.js';
import type { Invocation } from '../input/command.js';
import { joinedData, readInput, unreadable } from '../input/data.js';
import { formOf } from '../input/form.js';
import { headersOf } from '../input/headers.js';
import { assertNone, PARTS, withUser } from '../input/options.js';

/** A request. */
export interface Plan {
  readonly address: Address;
  readonly method: string;
  readonly headers: RequestFields;
}

/** `false` keeps axios from setting the field itself. */
export type RequestFields = Readonly<Record<string, string | string[] | false>>;

/** A body as axios takes it. */
export type Payload = Buffer | FormData | Readable | undefined;

/** A body, and the fields that describe it. */
export interface Content {
  readonly headers: RequestFields;
  readonly isEmpty: boolean;
  /** The body of one request; a file is opened each time. */
  open(): Payload;
}

const BODIES = ['form', 'upload-file', 'head'] as const;

/** The request without its body. @throws Stop for a command line that contradicts itself */
export function planOf(name: string, given: Invocation): Plan {
  const parts = given.inOrder(...PARTS).length > 0;
  assertNone(name, given, ['method', 'request']);
  assertNone(name, given, ['output', 'remote-name']);
  const bodies = BODIES.filter((option) => given.has(option) || given.inOrder(option).length > 0);
  if (bodies.length + Number(parts) > 1)
    throw misused(name, 'use only one of --data, --form, --upload-file and --head');
  const address = withUser(name, given, addressOf(given.url ?? ''));
  const upload = given.text('upload-file');
  return {
    address: upload === undefined ? address : withFileName(address, upload),
    method: methodOf(name, given, parts),
    headers: { ...defaultFields(given), ...headersOf(given.texts('header')) },
  };
}

/** RFC 9110 §9.1: the method is a token. CONNECT is refused: it opens a tunnel and does not request a resource. */
function methodOf(name: string, given: Invocation, hasData: boolean): string {
  const method = given.text('method') ?? given.text('request');
  if (method === undefined) return defaultMethod(given, hasData);
  const upper = method.toUpperCase();
  if (/^[!#$%&'*+.^_`|~0-9A-Z-]+$/.test(upper) && upper !== 'CONNECT') return upper;
  throw misused(name, 'invalid HTTP method');
}

function defaultMethod(given: Invocation, hasData: boolean): string {
  if (given.has('head')) return 'HEAD';
  if (given.text('upload-file') !== undefined) return 'PUT';
  return hasData || given.texts('form').length > 0 ? 'POST' : 'GET';
}

function defaultFields(given: Invocation): RequestFields {
  const agent = given.text('user-agent');
  const isJson = given.texts('json').length > 0;
  return {
    ...(agent !== undefined && { 'User-Agent': agent }),
    ...(isJson && { Accept: 'application/json', 'Content-Type': 'application/json' }),
  };
}

/** As in curl, a URL that ends with a slash names a folder: the file keeps its name in it. */
function withFileName(address: Address, file: string): Address {
  const { pathname, search, origin } = new URL(address.url);
  if (!pathname.endsWith('/') || file === '-') return address;
  const path = `${pathname}${encodeURIComponent(basename(file))}`;
  return { ...address, url: `${origin}${path}${search}`, shown: `${origin}${path}` };
}

/** Reads the body, which can be sent again after a challenge: bytes, or a file that is opened again. @throws Stop */
export async function contentOf(given: Invocation, signal: AbortSignal): Promise<Content> {
  const [parts, form, upload] = [given.inOrder(...PARTS), given.texts('form'), given.text('upload-file')];
  if (parts.length > 0) return contentWith(await joinedData(parts, signal));
  if (form.length > 0) return contentWith(await formOf(form, signal));
  if (upload === undefined) return contentWith(undefined);
  if (upload === '-') return contentWith(await readInput(signal), UNTYPED);
  const { size } = await stat(upload).catch((error) => {
    throw unreadable(upload, error);
  });
  return { open: () => createReadStream(upload), isEmpty: false, headers: { ...UNTYPED, 'Content-Length': `${size}` } };
}

function contentWith(data: Buffer | FormData | undefined, headers: RequestFields = {}): Content {
  return { open: () => data, isEmpty: data === undefined, headers };
}

// Without this field, axios would send the Content-Type of a form.
const UNTYPED: RequestFields = { 'Content-Type': 'application/octet-stream' };
