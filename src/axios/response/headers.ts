/** Reads the header fields of a response, and its body as it was on the wire. */

import type { AxiosResponse } from 'axios';

/** A header field as one value. */
export function fieldOf(response: AxiosResponse, name: string): string | undefined {
  const value = headerOf(response, name);
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A header field of a response. Most adapters give an AxiosHeaders, some give a plain object. */
function headerOf({ headers }: AxiosResponse, name: string): string | string[] | undefined {
  for (const key in headers) {
    if (key.length !== name.length || key.toLowerCase() !== name || !Object.hasOwn(headers, key)) continue;
    const value: unknown = (headers as Record<string, unknown>)[key];
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
  }
  return undefined;
}

/** The lines of a header field, if the adapter keeps them: an open quote in one line cannot swallow the next line. */
export function linesOf(response: AxiosResponse, name: string): string | string[] | undefined {
  const raw = rawHeaders(response);
  const lines = raw?.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name);
  return lines && lines.length > 1 ? lines : headerOf(response, name);
}

/** The body as it was on the wire, if that is known: rspauth with qop=auth-int covers its hash. */
export function bodyOf(response: AxiosResponse): Uint8Array | undefined {
  if (wasEncoded(response)) return undefined;
  const { data } = response;
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (typeof data !== 'string') return undefined;
  // The text was decoded from bytes. Its bytes are those of the body only if they have the length that was announced.
  const bytes = Buffer.from(data, 'utf8');
  return Number(headerOf(response, 'content-length')) === bytes.length ? bytes : undefined;
}

/** Whether the body was encoded. axios removes Content-Encoding when it decompresses; the raw lines still have it. */
export function wasEncoded(response: AxiosResponse): boolean {
  const names = rawHeaders(response)?.filter((_, index) => index % 2 === 0) ?? Object.keys(response.headers ?? {});
  return names.some((name) => name.toLowerCase() === 'content-encoding');
}

/** Header names and values alternate, as Node's http keeps them. */
function rawHeaders({ request }: AxiosResponse): string[] | undefined {
  const raw: unknown = request?.res?.rawHeaders;
  return Array.isArray(raw) && raw.every((one) => typeof one === 'string') ? raw : undefined;
}
