/** Takes out of a request what a client of the user's has for other servers: the header fields that it adds by default. */

import type { AxiosInstance } from 'axios';

// They say how to read and write, and who asks.
const HARMLESS = ['accept', 'accept-encoding', 'content-type', 'user-agent'];

/** `false`, which takes a field out, for each default field but those in `own`. */
export function withoutDefaults(http: AxiosInstance, own: Readonly<Record<string, unknown>>): Record<string, false> {
  const kept = new Set([...HARMLESS, ...Object.keys(own).map((name) => name.toLowerCase())]);
  const names = namesIn(Object(http.defaults).headers).filter((name) => !kept.has(name.toLowerCase()));
  return Object.fromEntries(names.map((name) => [name, false]));
}

/** Beside the fields for all methods there are those of `common`, `get` and `post`. */
function namesIn(headers: unknown): string[] {
  const entries = Object.entries(Object(headers));
  return entries.flatMap(([name, value]) => (isGroup(value) ? Object.keys(value) : [name]));
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
