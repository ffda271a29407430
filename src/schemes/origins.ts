/** The origins that a scheme answers, where the caller has to name each of them. */

import { AuthError } from '../errors.js';
import { parseUrl } from '../syntax/url.js';

/** Reads the option: whole origins (RFC 6454), at least one. @throws AuthError ERR_AUTH_OPTION */
export function exactOrigins(list: unknown, owner: string): readonly string[] {
  const origins = Array.isArray(list) ? list.map(originIn) : [];
  if (origins.length > 0 && origins.every((origin) => origin !== undefined)) return origins;
  const wanted = "a list of whole origins, without pattern or path, as in ['https://intranet.example']";
  throw new AuthError('ERR_AUTH_OPTION', `${owner}: origins must be ${wanted}`);
}

function originIn(text: unknown): string | undefined {
  const url = typeof text === 'string' ? parseUrl(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname.includes('*')) return undefined;
  return url.href === `${url.origin}/` ? url.origin : undefined;
}
