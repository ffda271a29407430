/** axios's response as the exchange sees it, and how an unused one is given up. */

import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Reply, Target } from '../exchange/wire.js';
import type { Authorization } from '../model.js';
import { answeredUrl } from './fetch.js';
import type { Hops } from './hops.js';
import { isKept } from './kept.js';
import { lostResponse } from './lost.js';
import { type ProxyServer, throughProxy } from './proxy.js';
import { effectiveTarget } from './target.js';
import { isSending, type Upload } from './upload.js';

/** What axios gives its caller: a response, or an error that may hold one. */
export type Outcome =
  | { readonly ok: true; readonly response: AxiosResponse }
  | { readonly ok: false; readonly error: unknown };

/** The response of an outcome, whichever way `validateStatus` sent it. */
export function responseOf(outcome: Outcome): AxiosResponse | undefined {
  if (outcome.ok) return outcome.response;
  const { response, cause } = (outcome.error ?? {}) as Partial<AxiosError>;
  // The fetch adapter of axios 1.13.3 wraps its own error in another one, without the response.
  return response ?? (cause as AxiosError | undefined)?.response ?? lostResponse(outcome.error ?? {});
}

/** What a send knows of itself. */
export interface Sent {
  readonly config: InternalAxiosRequestConfig;
  /** Where it went. */
  target(): Target;
  readonly hops: Hops;
  /** Its body on its way; `undefined` when it has none, or is known to be one that can be sent again. */
  readonly upload: Upload | undefined;
  /** The origins that redirects led through, in this send and those before. */
  readonly visited: readonly string[];
  /** The proxy that let a response pass, or gave it; `undefined` where none is to be answered. */
  proxy(response: AxiosResponse): ProxyServer | undefined;
}

// No cache keeps these, and tests give one object for all of them.
const CHALLENGED = new Set([401, 407]);

/** One response. Everything but its status is read when it is asked for. */
export class AxiosReply implements Reply<Outcome> {
  readonly status: number;
  /** Whether a cache gave what it got for another request: nobody has seen the authorization of this one. */
  readonly isKept: boolean;
  #target: { readonly found: Target | undefined } | undefined;

  constructor(
    readonly outcome: Outcome,
    readonly response: AxiosResponse,
    private readonly sent: Sent,
  ) {
    this.status = response.status;
    this.isKept = !CHALLENGED.has(response.status) && isKept(response);
  }

  get challenges(): string | readonly string[] | undefined {
    return linesOf(this.response, 'www-authenticate');
  }

  get authenticationInfo(): string | undefined {
    return fieldOf(this.response, 'authentication-info');
  }

  get target(): Target | undefined {
    this.#target ??= { found: effectiveTarget(this.response, this.sent.target(), this.sent.config, answeredUrl) };
    return this.#target.found;
  }

  get isExposed(): boolean {
    return /^https:/i.test(String(this.response.request?.path));
  }

  get visited(): readonly string[] {
    return this.sent.visited;
  }

  get authorization(): Authorization | undefined {
    if (this.isKept) return undefined;
    const { hops } = this.sent;
    const isWhereItBegan = this.target?.origin === this.sent.target().origin && hops.visited.length === 0;
    return isWhereItBegan ? hops.authorizations.origin : undefined;
  }

  get proxy(): Reply<Outcome> | undefined {
    const proxy = this.sent.proxy(this.response);
    return (
      proxy && new ProxyReply(this, this.response, throughProxy(proxy, this.target ?? this.sent.target()), this.sent)
    );
  }

  body(): Uint8Array | undefined {
    return bodyOf(this.response);
  }

  /** A body that is still on its way to a server that has refused it is stopped: it is going to be sent again. */
  async free(): Promise<void> {
    if (await free(this.response)) this.#stopUpload();
  }

  async discard(): Promise<void> {
    // The end of a response is not waited for when its connection cannot be used again.
    if (isSending(this.response.request)) giveUp(this.response);
    else await discard(this.response);
    this.#stopUpload();
  }

  #stopUpload(): void {
    this.sent.upload?.stop(this.response);
  }
}

/** The same response as the proxy's. */
class ProxyReply implements Reply<Outcome> {
  readonly status: number;
  readonly outcome: Outcome;
  readonly isExposed = false;
  readonly visited: readonly string[] = [];
  readonly proxy = undefined;

  constructor(
    private readonly reply: AxiosReply,
    readonly response: AxiosResponse,
    readonly target: Target,
    private readonly sent: Sent,
  ) {
    this.status = reply.status;
    this.outcome = reply.outcome;
  }

  get challenges(): string | readonly string[] | undefined {
    return linesOf(this.response, 'proxy-authenticate');
  }

  get authenticationInfo(): string | undefined {
    return fieldOf(this.response, 'proxy-authentication-info');
  }

  get authorization(): Authorization | undefined {
    return this.reply.isKept ? undefined : this.sent.hops.authorizations.proxy;
  }

  body(): Uint8Array | undefined {
    return this.reply.body();
  }

  free(): Promise<void> {
    return this.reply.free();
  }

  discard(): Promise<void> {
    return this.reply.discard();
  }
}

/** A header field as one value. */
function fieldOf(response: AxiosResponse, name: string): string | undefined {
  const value = headerOf(response, name);
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A header field of a response: an AxiosHeaders as a rule, a plain object from some adapters. */
function headerOf({ headers }: AxiosResponse, name: string): string | string[] | undefined {
  for (const key in headers) {
    if (key.length !== name.length || key.toLowerCase() !== name || !Object.hasOwn(headers, key)) continue;
    const value: unknown = (headers as Record<string, unknown>)[key];
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
  }
  return undefined;
}

/** The lines of a header field, where the adapter keeps them: an open quote in one cannot swallow the next. */
function linesOf(response: AxiosResponse, name: string): string | string[] | undefined {
  const raw = rawHeaders(response);
  const lines = raw?.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name);
  return lines && lines.length > 1 ? lines : headerOf(response, name);
}

// A 401 with a longer body, or one that trickles, costs more than a new connection.
const MAX_DRAINED_BYTES = 65_536;
const MAX_DRAINED_MILLISECONDS = 1000;

/** Reads a small streamed body into memory; the stream in its place gives the same. Whether the connection is done with. */
async function free(response: AxiosResponse): Promise<boolean> {
  const { data } = response;
  if (!isReadable(data) || data.readableEnded || data.destroyed) return !isWebStream(data);
  const chunks: Buffer[] = [];
  const isWhole = await collect(data, chunks);
  const body = Buffer.concat(chunks);
  if (isWhole) response.data = Readable.from([body], { objectMode: false });
  else if (body.length > 0 && !data.destroyed) data.unshift(body);
  return isWhole;
}

/** Whether the end came within the limits. */
function collect(stream: Readable, chunks: Buffer[]): Promise<boolean> {
  let bytes = 0;
  return new Promise((resolve) => {
    const done = (isWhole: boolean) => {
      clearTimeout(timer);
      stream.off('readable', onReadable).off('end', onEnd).off('error', onError);
      resolve(isWhole);
    };
    const onEnd = () => done(true);
    const onError = () => done(false);
    const onReadable = () => {
      for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) {
        chunks.push(Buffer.from(chunk));
        bytes += chunk.length;
      }
      if (bytes > MAX_DRAINED_BYTES) done(false);
    };
    const timer = setTimeout(done, MAX_DRAINED_MILLISECONDS, false);
    stream.on('readable', onReadable).on('end', onEnd).on('error', onError);
  });
}

/** Frees the connection of a response that nobody will read. The other response types were read by axios. */
export async function discard({ data }: Pick<AxiosResponse, 'data'>): Promise<void> {
  if (isReadable(data)) return drain(data);
  if (isWebStream(data)) await data.cancel().catch(() => {});
}

function giveUp({ data }: AxiosResponse): void {
  if (isReadable(data)) data.on('error', () => {}).destroy();
}

async function drain(stream: Readable): Promise<void> {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DRAINED_BYTES) stream.destroy();
  });
  const timer = setTimeout(() => stream.destroy(), MAX_DRAINED_MILLISECONDS);
  // A broken body is not the caller's concern: the next response is.
  await finished(stream).catch(() => {});
  clearTimeout(timer);
  stream.on('error', () => {});
}

function isReadable(data: unknown): data is Readable {
  const { pipe, destroy } = (data ?? {}) as Partial<Readable>;
  return typeof pipe === 'function' && typeof destroy === 'function';
}

function isWebStream(data: unknown): data is ReadableStream {
  return typeof (data as Partial<ReadableStream> | undefined)?.cancel === 'function';
}

/** The body as it was on the wire, where that can be known: it is hashed for rspauth with qop=auth-int. */
function bodyOf(response: AxiosResponse): Uint8Array | undefined {
  if (wasEncoded(response)) return undefined;
  const { data } = response;
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (typeof data !== 'string') return undefined;
  // Text went through a decoder: it is the body only if no byte was lost.
  const bytes = Buffer.from(data, 'utf8');
  return Number(headerOf(response, 'content-length')) === bytes.length ? bytes : undefined;
}

/** axios takes the header away when it has decompressed; the raw lines still have it. */
function wasEncoded(response: AxiosResponse): boolean {
  const names = rawHeaders(response)?.filter((_, index) => index % 2 === 0) ?? Object.keys(response.headers ?? {});
  return names.some((name) => name.toLowerCase() === 'content-encoding');
}

/** Names and values in turn, as Node's http keeps them. */
function rawHeaders({ request }: AxiosResponse): string[] | undefined {
  const raw: unknown = request?.res?.rawHeaders;
  return Array.isArray(raw) && raw.every((one) => typeof one === 'string') ? raw : undefined;
}
