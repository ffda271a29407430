/** Reads the URLs that a URL parser would leave as they are: only what they begin with is parsed, and only once. */

import type { InternalAxiosRequestConfig } from 'axios';
import { parseUrl } from '../../syntax/url.js';

/** The parts of an address that make a target. */
export type AddressParts = Pick<URL, 'origin' | 'protocol' | 'host' | 'pathname' | 'search'>;

// What the parser does not change (WHATWG URL §4.4): no "//" at the beginning, no dot segment, nothing to be encoded.
const PATH = String.raw`(?:/(?!\.|%2e)[\w~!$&'()*+,;=:@%.-]*)+`;
const PLAIN = new RegExp(String.raw`^(?!//)${PATH}(?:\?[\w~!$&()*+,;=:@%./?-]+)?$`, 'i');
// Scheme and authority, and a path without slashes at its end.
const BASE = new RegExp(String.raw`^https?://[^\0- /?#\\@]+((?!//)(?:${PATH}(?<!/))?)/?$`, 'i');

/** What many URLs begin with. */
interface Base extends Pick<URL, 'origin' | 'protocol' | 'host'> {
  readonly path: string;
}

/** The URLs of one client, which mostly begin alike. */
export class PlainUrls {
  #text = '';
  #base: Base | undefined;

  /** The origin of a request; `undefined` if a parser has to read its URL. */
  originOf(config: InternalAxiosRequestConfig): string | undefined {
    return this.#baseOf(config)?.origin;
  }

  /** The address of a request; `undefined` if a parser has to read its URL. */
  read(config: InternalAxiosRequestConfig): AddressParts | undefined {
    const base = this.#baseOf(config);
    const rest = base && restOf(config);
    if (!rest || !PLAIN.test(rest)) return undefined;
    const { origin, protocol, host, path } = base;
    const query = rest.indexOf('?');
    const [pathname, search] = query < 0 ? [rest, ''] : [rest.slice(0, query), rest.slice(query)];
    return { origin, protocol, host, pathname: path + pathname, search };
  }

  #baseOf(config: InternalAxiosRequestConfig): Base | undefined {
    const text = baseTextOf(config);
    if (text !== this.#text) this.#begin(text);
    return this.#base;
  }

  #begin(text: string): void {
    const path = BASE.exec(text)?.[1];
    const url = path === undefined ? undefined : parseUrl(text);
    this.#text = text;
    this.#base = url && { origin: url.origin, protocol: url.protocol, host: url.host, path: path as string };
  }
}

/** The base of a relative URL; scheme and authority of an absolute URL. Empty: neither is known. */
function baseTextOf({ baseURL, url, allowAbsoluteUrls, socketPath }: InternalAxiosRequestConfig): string {
  if (typeof url !== 'string' || url === '' || socketPath) return '';
  if (isRelative(url)) return baseURL ?? '';
  return baseURL && !mayBeAbsolute(allowAbsoluteUrls) ? '' : url.slice(0, Math.max(0, slashOf(url)));
}

/** Whether an absolute URL replaces the base; versions of axios differ in what else than `false` forbids it. */
export function mayBeAbsolute(allowAbsoluteUrls: boolean | undefined): boolean {
  return allowAbsoluteUrls === undefined || allowAbsoluteUrls === true;
}

/** The URL from the path on; axios puts a slash between a base and a relative URL. */
function restOf({ url = '' }: InternalAxiosRequestConfig): string {
  if (url.startsWith('/')) return url;
  return isRelative(url) ? `/${url}` : url.slice(slashOf(url));
}

/** Whether a URL has neither a scheme nor an authority; a colon may end a scheme. */
function isRelative(url: string): boolean {
  return url.startsWith('/') ? !url.startsWith('//') : !url.includes(':');
}

/** Where the path of an absolute URL begins. */
function slashOf(url: string): number {
  return url.indexOf('/', 'https://'.length);
}
