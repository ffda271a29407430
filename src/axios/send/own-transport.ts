/** Handles a transport of the caller's: axios gives it a request, but does not learn which redirects it follows. */

import http, { ClientRequest } from 'node:http';
import https from 'node:https';
import type { InternalAxiosRequestConfig } from 'axios';
import type { RedirectOptions } from '../address/target.js';
import { concealHop } from '../redact/node-request.js';
import type { Hops } from './redirects.js';

/** The method of a transport that axios calls, with the option that is changed here. */
interface Transport {
  request(options: { beforeRedirects?: Record<string, unknown> }, ...rest: unknown[]): unknown;
}

export function transportOf(config: InternalAxiosRequestConfig): Transport | undefined {
  const transport: unknown = Object.hasOwn(config, 'transport') ? config.transport : undefined;
  return transport ? (transport as Transport) : undefined;
}

/** Whether the transport may follow redirects without reporting them. Node's own modules do not follow redirects. */
export function isBlind(config: InternalAxiosRequestConfig): boolean {
  const transport = transportOf(config);
  return transport !== undefined && config.maxRedirects !== 0 && !isNative(transport);
}

function isNative({ request }: Transport): boolean {
  return request === http.request || request === https.request;
}

/** The transport with axios's own hook for redirects: a transport made of follow-redirects calls the hook. */
export function watched(transport: Transport, hops: Hops): Transport {
  const request: Transport['request'] = (options, ...rest) => {
    if (options.beforeRedirects) options.beforeRedirects.config = (hop: RedirectOptions) => follow(hop, hops);
    hops.transportRequest = transport.request(options, ...rest);
    return hops.transportRequest;
  };
  return Object.assign(Object.create(transport), { request });
}

function follow(hop: RedirectOptions & { readonly agent?: unknown }, hops: Hops): void {
  concealHop(hop);
  hops.follow(hop);
}

/** The RedirectableRequest of follow-redirects behind a request. */
interface Redirected {
  readonly _redirectable?: { readonly _redirectCount?: unknown };
}

/** How many redirects led to a request, if follow-redirects followed them. */
export function redirectsOf(request: unknown): number | undefined {
  const count = (request as Redirected | undefined)?._redirectable?._redirectCount;
  return typeof count === 'number' ? count : undefined;
}

/** Whether all redirects that a transport has followed were reported. */
export function tellsRedirects(request: unknown, config: InternalAxiosRequestConfig, hops: Hops): boolean {
  if (!transportOf(config)) return true;
  const count = redirectsOf(request);
  if (count !== undefined) return count === hops.redirects;
  if (isBlind(config)) return false;
  // If the transport did not return this request, it has made the request later, for a redirect that was not reported.
  return request === hops.transportRequest || !(request instanceof ClientRequest);
}
