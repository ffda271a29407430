/** The config of one send: the caller's own with what the send needs lent to it, or a copy. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Sending } from '../exchange/wire.js';
import { usesFetch } from './adapter.js';
import type { Opened } from './body.js';
import { escort } from './fetch.js';
import type { Hops } from './hops.js';
import type { Progress } from './progress.js';
import { redirect, withoutCredential } from './redirect.js';
import type { Route } from './route.js';

/** Lends the config what a send needs: a copy costs as much as computing the header. */
export function lend(config: InternalAxiosRequestConfig, { beforeRedirect, authorizations }: Hops) {
  config.beforeRedirect = beforeRedirect;
  // The caller has set none, in any case: what AxiosHeaders does to find that out takes as long as a hash.
  if (authorizations.origin) config.headers.Authorization = authorizations.origin.value;
  return config;
}

export function takeBack(config: InternalAxiosRequestConfig, { callers, hasSent }: Hops): void {
  if (callers) config.beforeRedirect = callers;
  else delete config.beforeRedirect;
  if (hasSent) delete config.headers.Authorization;
}

/** What a copy is made of. */
export interface Copying {
  readonly config: InternalAxiosRequestConfig;
  readonly route: Route;
  readonly hasBareUsername: boolean;
  readonly hops: Hops;
  readonly sending: Sending | undefined;
  /** The origin that the config names, when the send goes elsewhere. */
  readonly addressed: string | undefined;
  readonly opened: Opened | undefined;
  readonly progress: Progress | undefined;
}

/** A copy for one send: what the caller gets to see stays as it was. */
export function copyOf(copying: Copying): InternalAxiosRequestConfig {
  const { config, route, hops, sending, addressed, progress, hasBareUsername } = copying;
  const { data, headers }: Opened = copying.opened ?? { data: undefined };
  const copy: InternalAxiosRequestConfig = Object.assign(Object.create(Object.getPrototypeOf(config)), config);
  copy.beforeRedirect = hops.beforeRedirect;
  copy.data = data;
  progress?.listen(copy);
  if (usesFetch(config.adapter)) escort(copy, hops);
  if (hasBareUsername) withoutCredential(copy);
  if (!headers && !sending) return copy;
  copy.headers = Object.assign(Object.create(Object.getPrototypeOf(config.headers)), config.headers);
  for (const [name, value] of Object.entries(headers ?? {})) copy.headers.set(name, value);
  if (!sending) return copy;
  const { origin, proxy } = sending.authorizations;
  if (addressed !== undefined) redirect(copy, sending.target, addressed);
  if (origin) {
    copy.headers.set('Authorization', origin.value);
    withoutCredential(copy);
  }
  if (proxy) route.authorize(copy, sending.target, proxy);
  return copy;
}

/** Whether axios's own http adapter sends it. */
export function isHttp({ adapter }: InternalAxiosRequestConfig): boolean {
  return typeof adapter !== 'function' && !usesFetch(adapter);
}
