/** The URL on the command line, taken apart so that a password in it is never shown. */

import { decodeOnce, parseUrl } from '../../syntax/url.js';
import { EXIT, Stop } from '../io/exit.js';

export interface Address {
  /** Without userinfo and fragment. */
  readonly url: string;
  readonly origin: string;
  /** The URL without its query, safe to show: a query may contain a token. */
  readonly shown: string;
  /** The userinfo, decoded once (SEC-12). */
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Where the password stands. */
  readonly source: 'URL' | '--user';
}

/** @throws Stop for anything but an http or https URL */
export function addressOf(text: string): Address {
  const url = parseUrl(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Stop(
      EXIT.usage,
      'invalid URL: it must begin with http:// or https:// (write it as https://files.example/report)',
    );
  }
  const { origin, pathname, search, username, password } = url;
  return {
    url: `${origin}${pathname}${search}`,
    origin,
    shown: `${origin}${pathname}`,
    username: decodeOnce(username) || undefined,
    password: password === '' ? undefined : decodeOnce(password),
    source: 'URL',
  };
}
