/** Changes the copy of a config to the target of a redirect, and removes what was not meant for that target. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../../exchange/port/transport.js';
import { cutUserinfo } from '../address/entry.js';
import { withoutUserinfo } from '../address/explicit-auth.js';
import { isBodyless } from '../body/request-body.js';
import type { Client } from '../client/client.js';

/** Removes the credential from a copy: axios deletes our header if it finds a credential in the config or the URL. */
export function withoutCredential(copy: InternalAxiosRequestConfig, sibling: Client): void {
  if (copy.auth) copy.auth = undefined as never;
  cutUserinfo(copy, sibling, withoutUserinfo);
}

/** Removes the body from a copy, and the fields that tell of it. */
export function withoutBody(copy: InternalAxiosRequestConfig): void {
  copy.data = undefined;
  for (const name of Object.keys(copy.headers)) {
    if (/^(content-.*|expect|transfer-encoding)$/i.test(name)) copy.headers.delete(name);
  }
}

/** Changes a copy to the URL and the method that a redirect led to (RFC 9110 §15.4). */
export function redirect(copy: InternalAxiosRequestConfig, target: Target, addressed: string, sibling: Client): void {
  const { url, method } = target;
  if (isBodyless(copy, target)) withoutBody(copy);
  // The credential was for the URL that the caller wrote.
  withoutCredential(copy, sibling);
  if (target.origin !== addressed) strip(copy);
  Object.assign(copy, { url, method: method.toLowerCase(), baseURL: undefined, params: undefined });
}

/** Removes the header fields that the caller meant for another origin (SEC-05). */
function strip({ headers, sensitiveHeaders }: InternalAxiosRequestConfig & { sensitiveHeaders?: unknown }): void {
  const own = Array.isArray(sensitiveHeaders) ? sensitiveHeaders.map(String) : [];
  for (const name of ['authorization', 'cookie', 'host', 'proxy-authorization', ...own]) headers.delete(name);
}
