/** Sends a copy of a request elsewhere than its config says: where a redirect led, and without what was not for there. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../exchange/wire.js';
import { withoutUserinfo } from './caller.js';
import { urlText } from './target.js';

/** axios deletes the header when it finds a credential of its own in the config or the URL. */
export function withoutCredential(copy: InternalAxiosRequestConfig): void {
  if (copy.auth) copy.auth = undefined as never;
  if (hasUserinfo(copy.url)) copy.url = withoutUserinfo(String(copy.url));
  if (hasUserinfo(copy.baseURL)) copy.baseURL = withoutUserinfo(String(copy.baseURL));
}

/** Follows a redirect by hand: the same request to where it led, with the method it led to (RFC 9110 §15.4). */
export function redirect(copy: InternalAxiosRequestConfig, target: Target, addressed: string): void {
  const { url, method } = target;
  if (isBodyless(copy, target)) {
    copy.data = undefined;
    for (const name of Object.keys(copy.headers)) {
      if (/^content-/i.test(name)) copy.headers.delete(name);
    }
  }
  // The credential was for the URL that the caller wrote.
  withoutCredential(copy);
  if (target.origin !== addressed) strip(copy);
  Object.assign(copy, { url, method: method.toLowerCase(), baseURL: undefined, params: undefined });
}

/** What the caller sent to one origin is not for another (SEC-05). */
function strip({ headers, sensitiveHeaders }: InternalAxiosRequestConfig & { sensitiveHeaders?: unknown }): void {
  const own = Array.isArray(sensitiveHeaders) ? sensitiveHeaders.map(String) : [];
  for (const name of ['authorization', 'cookie', 'host', 'proxy-authorization', ...own]) headers.delete(name);
}

export function isBodyless({ method }: InternalAxiosRequestConfig, target: Target): boolean {
  return target.method !== method?.toUpperCase() && ['GET', 'HEAD', 'CONNECT'].includes(target.method);
}

export function hasUserinfo(url: unknown): boolean {
  return urlText(url)?.includes('@') === true;
}
