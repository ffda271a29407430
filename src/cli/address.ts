/** The URL on the command line, taken apart so that a password in it is never shown. */

import { parseUrl } from '../syntax/url.js';
import { EXIT, Stop } from './exit-status.js';

export interface Address {
  /** Without userinfo and fragment. */
  readonly url: string;
  readonly origin: string;
  /** As it may be shown: tokens travel in queries. */
  readonly shown: string;
  /** The userinfo, decoded once (SEC-12). */
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** @throws Stop for anything but an http or https URL */
export function addressOf(text: string): Address {
  const url = parseUrl(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Stop(EXIT.usage, 'that is not an http or https URL (write it as https://files.example/report)');
  }
  const { origin, pathname, search, username, password } = url;
  return {
    url: `${origin}${pathname}${search}`,
    origin,
    shown: `${origin}${pathname}`,
    username: decode(username) || undefined,
    password: password === '' ? undefined : decode(password),
  };
}

/** What is no percent-encoding stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
