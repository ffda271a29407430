/** Copies a request as it came in, so that later changes by the caller do not affect it (SEC-44). */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Client } from '../client/client.js';
import { type ExplicitAuth, hasUserinfo, withoutUserinfo } from './explicit-auth.js';
import { addressedUrl, serialized, urlText } from './target.js';

/** Converts `url` and `baseURL` to text once: an object may change, or give a different text each time. */
export function readOnce(config: InternalAxiosRequestConfig): void {
  if (config.url && typeof config.url !== 'string') config.url = urlText(config.url) as string;
  if (config.baseURL && typeof config.baseURL !== 'string') config.baseURL = urlText(config.baseURL) as string;
}

/**
 * Makes our own copy, with the credential in `auth` alone. Without `auth`, axios sends userinfo in the same way; it
 * would send a username alone with an empty password.
 */
export function ownCopy(
  config: InternalAxiosRequestConfig,
  explicit: ExplicitAuth | undefined,
  sibling: Client,
): InternalAxiosRequestConfig {
  const copy: InternalAxiosRequestConfig = Object.assign(Object.create(Object.getPrototypeOf(config)), config);
  copy.headers = Object.assign(Object.create(Object.getPrototypeOf(config.headers)), config.headers);
  const proxy: unknown = config.proxy;
  if (proxy instanceof URL) copy.proxy = new URL(proxy) as never;
  if (config.params) serializeOnce(copy, sibling);
  // An adapter of the caller may send the request elsewhere: userinfo would not follow, but `auth` would.
  if (typeof config.adapter === 'function' && explicit?.password !== undefined) return copy;
  cutUserinfo(copy, sibling, withoutUserinfo);
  if (explicit) copy.auth = explicit.password === undefined ? (undefined as never) : { ...explicit };
  return copy;
}

/** Serializes the params once: with a different text the next time, the answer would be for another request-target. */
function serializeOnce(copy: InternalAxiosRequestConfig, sibling: Client): void {
  const text = serialized(copy, sibling);
  // If the serializer throws, axios reports the error.
  if (text === undefined) return;
  if (copy.params instanceof URLSearchParams) copy.params = new URLSearchParams(copy.params);
  copy.paramsSerializer = { serialize: () => text };
}

/** Removes userinfo from the URLs of a config, as `without` does. The config still leads to the same place. */
export function cutUserinfo(
  config: InternalAxiosRequestConfig,
  sibling: Client,
  without: (url: string) => string,
): void {
  if (!hasUserinfo(config.url) && !hasUserinfo(config.baseURL)) return;
  const place = addressedUrl(config, sibling);
  const kept = place && without(place.href);
  for (const name of ['url', 'baseURL'] as const) {
    const url = urlText(config[name]);
    if (!url) continue;
    config[name] = without(url);
    // After joining, text that looks like userinfo may be part of a path, and is then restored.
    if (place && without(addressedUrl(config, sibling)?.href ?? '') !== kept) config[name] = url;
  }
  // The userinfo resulted only from joining `baseURL` and `url`, so both are replaced.
  if (kept !== undefined && addressedUrl(config, sibling)?.href !== kept)
    Object.assign(config, { url: kept, baseURL: '' });
}
