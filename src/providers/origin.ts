/** Reads the origin (RFC 6454) out of a URL that a person or a program wrote. */

import { AuthError } from '../errors.js';
import type { CredentialRequest } from '../model.js';
import { parseUrl } from '../syntax/url.js';

/** `what` names the option or variable in the error; the URL itself may hold a password, so the error does not show it. */
export function originOf(url: string, what: string): string {
  const parsed = parseUrl(url);
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return parsed.origin;
  // A socket path is used as the origin itself.
  if (parsed?.protocol === 'unix:') return url;
  throw new AuthError('ERR_AUTH_OPTION', `${what} is not an http or https URL (write it as https://files.example)`);
}

/**
 * Why a credential that names no origin is not for this origin: it belongs to the client's `baseURL` (SEC-29), and
 * never to a proxy.
 */
export function unboundFrom({ origin, baseOrigin, proxy }: CredentialRequest): string | undefined {
  if (proxy) return 'names no origin, so it is not for a proxy';
  if (baseOrigin === undefined || baseOrigin === origin) return undefined;
  return `names no origin, so it is for the baseURL, ${baseOrigin}`;
}
