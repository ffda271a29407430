/** What a response says beside its status: its header fields, and its body as it was on the wire. */

import type { AxiosResponse } from 'axios';

/** A header field as one value. */
export function fieldOf(response: AxiosResponse, name: string): string | undefined {
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
export function linesOf(response: AxiosResponse, name: string): string | string[] | undefined {
  const raw = rawHeaders(response);
  const lines = raw?.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name);
  return lines && lines.length > 1 ? lines : headerOf(response, name);
}

/** The body as it was on the wire, where that can be known: it is hashed for rspauth with qop=auth-int. */
export function bodyOf(response: AxiosResponse): Uint8Array | undefined {
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
