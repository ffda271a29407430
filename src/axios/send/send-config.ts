/** Prepares the config of one send: the caller's own config where nothing else differs, or a copy. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Sending, Target } from '../../exchange/port/transport.js';
import { namesAny } from '../address/explicit-auth.js';
import type { Opened } from '../body/body.js';
import type { Progress } from '../body/progress.js';
import type { RequestBody } from '../body/request-body.js';
import { usesFetch } from '../client/adapter.js';
import type { Client } from '../client/client.js';
import type { Route } from '../proxy/route.js';
import { followHops } from './fetch.js';
import { freshen, type PreviousSend } from './fresh.js';
import { lend, loanOf, takeBack, withoutLoan } from './loan.js';
import { transportOf, watched } from './own-transport.js';
import { redirect, withoutBody, withoutCredential } from './redirected-config.js';
import type { Hops } from './redirects.js';

/** Leads a send to a connection. */
export interface Leading {
  /** Whether the connection writes the `Proxy-Authorization`, and not axios. */
  readonly isTunnel: boolean;
  /** Whether the origin lets the connection in, or is asked to. */
  readonly isForOrigin: boolean;
  direct(config: InternalAxiosRequestConfig): void;
}

/** One send that is to be made. */
export interface Dispatching {
  readonly config: InternalAxiosRequestConfig;
  readonly route: Route;
  readonly sibling: Client;
  /** The target that the config addresses. */
  addressed(): Target;
  readonly hops: Hops;
  readonly sending: Sending | undefined;
  readonly body: RequestBody;
  readonly opened: Opened | undefined;
  readonly progress: Progress | undefined;
  /** The previous send, if this send takes a connection that no other request has used. */
  readonly fresh: PreviousSend | undefined;
  /** Leads to the connection that this request has to itself. */
  readonly front: Leading | undefined;
}

/** The config of one send. */
export interface SendConfig {
  readonly config: InternalAxiosRequestConfig;
  /** Called when the send is over: removes our Authorization, which is in no config after that. */
  takeBack(): void;
}

/** Makes the config of a send. */
export function sendConfig(send: Dispatching): SendConfig {
  const { config, hops, route } = send;
  if (isPlain(send)) return { config: lend(config, hops), takeBack: () => takeBack(config, hops) };
  const copy = copyOf(send);
  const takeBackCopy = () => {
    route.release();
    // A mock shows its config to a test, so the header stays there, unless the send was dispatched more than once.
    const keepsConfig = typeof config.adapter === 'function' && !hops.isRepeated;
    if (hops.hasSent && !keepsConfig) delete copy.headers.Authorization;
  };
  return { config: copy, takeBack: takeBackCopy };
}

const AUTHORIZATION = ['authorization'];

/** Whether a send differs from the caller's config only by its Authorization, and uses axios's own http adapter. */
function isPlain({ config, sending, body, opened, progress, fresh, front, addressed }: Dispatching): boolean {
  // An adapter of the caller may keep the config that it is given.
  if (fresh || front || !isHttp(config) || transportOf(config) || loanOf(config)) return false;
  if (!body.isPlain(opened) || progress || config.auth) return false;
  if (!sending) return true;
  // If the field is present in another spelling, axios writes the value under that spelling.
  if (namesAny(config, AUTHORIZATION)) return false;
  return isSamePlace(sending.target, addressed()) && !sending.authorizations.proxy;
}

/** A copy for one send, so that the config that the caller sees is not changed. */
function copyOf(send: Dispatching): InternalAxiosRequestConfig {
  const { route, hops, sending, progress, sibling, fresh, front } = send;
  const config = withoutLoan(send.config);
  const { data, headers }: Opened = send.opened ?? { data: undefined };
  const copy: InternalAxiosRequestConfig = Object.assign(Object.create(Object.getPrototypeOf(config)), config);
  copy.beforeRedirect = hops.beforeRedirect;
  copy.data = data;
  const transport = transportOf(config);
  if (transport) copy.transport = watched(transport, hops);
  progress?.listen(copy);
  if (usesFetch(config.adapter)) followHops(copy, hops);
  if (!headers && !sending) return copy;
  copy.headers = Object.assign(Object.create(Object.getPrototypeOf(config.headers)), config.headers);
  for (const [name, value] of Object.entries(headers ?? {})) copy.headers.set(name, value);
  if (!sending) return copy;
  const { origin, proxy } = sending.authorizations;
  const addressed = send.addressed();
  if (!isSamePlace(sending.target, addressed)) redirect(copy, sending.target, addressed.origin, sibling);
  if (origin) {
    copy.headers.set('Authorization', origin.value);
    // An adapter of the caller may send the request more than once.
    if (typeof config.adapter === 'function') renewEachTime(copy, hops);
    withoutCredential(copy, sibling);
  }
  if (proxy && !front?.isTunnel) route.authorize(copy, sending.target, proxy);
  if (fresh) freshen(copy, fresh);
  if (sending.isPartial) {
    withoutBody(copy);
    // A redirect would lead on without the body: the request itself follows it.
    copy.maxRedirects = 0;
  }
  front?.direct(copy);
  // axios would send the caller's password with Basic, where nothing is to be sent.
  if (front?.isForOrigin) withoutCredential(copy, sibling);
  return copy;
}

/** axios's http adapter first normalizes the headers: from the second call on, with a new authorization. */
function renewEachTime({ headers }: InternalAxiosRequestConfig, hops: Hops): void {
  let isFirst = true;
  const normalize = (format: boolean) => {
    if (!isFirst) headers.set('Authorization', hops.renewAuthorization() ?? null);
    isFirst = false;
    return Object.getPrototypeOf(headers).normalize.call(headers, format);
  };
  Object.defineProperty(headers, 'normalize', { value: normalize });
}

/** Whether axios's own http adapter sends the request. */
function isHttp({ adapter }: InternalAxiosRequestConfig): boolean {
  return typeof adapter !== 'function' && !usesFetch(adapter);
}

function isSamePlace(one: Target, other: Target): boolean {
  return one.url === other.url && one.method === other.method;
}
