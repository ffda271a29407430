/** Reads `--redirect`: where the browser comes back to, as it is registered with the issuer. */

import type { OAuthRedirect } from '../../oauth/options.js';
import { parseUrl } from '../../syntax/url.js';
import { misused } from '../input/arguments.js';
import type { Invocation } from '../input/command.js';

/** Without a port, any that is free (RFC 8252 §7.3). @throws Stop for an address that is not on this machine */
export function redirectOf(given: Invocation): { readonly redirect?: OAuthRedirect } {
  const text = given.text('redirect');
  if (text === undefined) return {};
  const url = parseUrl(text);
  const isOurs =
    url?.protocol === 'http:' && url.hostname === '127.0.0.1' && url.username === '' && url.password === '';
  if (!isOurs || url.search !== '' || url.hash !== '')
    throw misused('login', '--redirect must be of the form http://127.0.0.1:PORT/PATH, or without a port');
  // A port of 80 is not in a URL: what is meant then is any port.
  return { redirect: { path: url.pathname, ...(url.port !== '' && { port: Number(url.port) }) } };
}
