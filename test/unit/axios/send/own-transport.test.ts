/** A transport of the caller's: whether the redirects that it follows are known; follow-redirects itself plays it. */

import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import {
  isBlind,
  redirectsOf,
  tellsRedirects,
  transportOf,
  watched,
} from '../../../../src/axios/send/own-transport.js';
import { Hops } from '../../../../src/axios/send/redirects.js';
import { configOf } from '../../../support/axios-config.js';
import { bare, plainServer } from '../../../support/stage.js';

type Transport = NonNullable<ReturnType<typeof transportOf>>;

const { http: redirecting } = createRequire(import.meta.url)('follow-redirects') as { http: Transport };
const own: Transport = { request: () => ({}) };
const using = (transport: unknown, more: object = {}) => configOf({ transport, ...more } as never);

test('the transport is an own property of the config (SEC-28)', () => {
  const inherited = Object.assign(Object.create({ transport: own }), configOf());
  expect([using(own), configOf(), inherited].map(transportOf)).toEqual([own, undefined, undefined]);
});

test.each([
  ['none', configOf(), false],
  ["Node's http", using(http), false],
  ["Node's https", using(https), false],
  ["the caller's", using(own), true],
  ["the caller's, which is to follow none", using(own, { maxRedirects: 0 }), false],
])('whether a transport may hide redirects: %s', (_, config, expected) => {
  expect(isBlind(config)).toBe(expected);
});

/** Sends a request that is redirected twice, through a transport. */
async function sent(transport: Transport, changes: Partial<InternalAxiosRequestConfig> = {}) {
  const steps: Record<string, string> = { '/one': '/two', '/two': '/three' };
  const { url } = await plainServer((request, response) => {
    const to = steps[request.url ?? ''];
    if (to) response.writeHead(302, { Location: to });
    response.end();
  });
  const context = {
    config: configOf(),
    place: () => ({ origin: url }),
    throughProxy: () => undefined,
    hasOwnHost: false,
  };
  const hops = new Hops(context, undefined);
  const config = { ...configOf({ transport } as never), ...changes };
  const send = { transport: watched(transport, hops), validateStatus: null, ...changes };
  const response: AxiosResponse = await bare(url).get('/one', send);
  return { hops, response, tells: tellsRedirects(response.request, config, hops) };
}

test('follow-redirects tells each redirect, and where the last one led', async () => {
  const { hops, response, tells } = await sent(redirecting);
  expect([response.status, hops.redirects, redirectsOf(response.request), tells]).toEqual([200, 2, 2, true]);
});

test('a transport that follows none has nothing to tell', async () => {
  const { hops, response, tells } = await sent(http as never, { maxRedirects: 0 });
  expect([response.status, hops.redirects, redirectsOf(response.request), tells]).toEqual([302, 0, undefined, true]);
});

test('a transport that follows redirects by itself does not tell them', async () => {
  // It drops the hooks of axios, and hands on what follow-redirects gives.
  const silent: Transport = {
    request: (options, ...rest) => redirecting.request({ ...options, beforeRedirects: {} }, ...rest),
  };
  const { hops, response, tells } = await sent(silent);
  expect([response.status, hops.redirects, tells]).toEqual([200, 0, false]);
});

test('a transport that may follow redirects, and does not say so, is not believed', async () => {
  const other: Transport = { request: (...given) => (http.request as (...all: unknown[]) => unknown)(...given) };
  const { response, tells } = await sent(other);
  expect([response.status, tells]).toEqual([302, false]);
});

test('the transport keeps what else it has, and is itself unchanged', () => {
  const agent = new http.Agent();
  const transport = { ...own, agent };
  const copy = watched(transport, new Hops(CONTEXT, undefined)) as typeof transport;
  expect([copy.agent, transport.request]).toEqual([agent, own.request]);
});

const CONTEXT = {
  config: configOf(),
  place: () => ({ origin: 'http://h' }),
  throughProxy: () => undefined,
  hasOwnHost: false,
};
