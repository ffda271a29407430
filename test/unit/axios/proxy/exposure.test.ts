/** Whether anyone but the origin can read a request: before it is sent, and after (SEC-04, SEC-47). */

import http from 'node:http';
import { Agent } from 'node:https';
import { Socket } from 'node:net';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isElsewhere, isTunnelled, mayBeExposed, wasExposed } from '../../../../src/axios/proxy/exposure.js';
import { configOf } from '../../../support/axios-config.js';
import { withoutProxyVariables } from '../../../support/environment.js';
import { bare, plainServer } from '../../../support/stage.js';

withoutProxyVariables();

const HERE = 'http://127.0.0.1';
const HTTP = 'http://files.example';
const HTTPS = 'https://files.example';

const proxy = (host: string) => ({ proxy: { protocol: 'http', host, port: 3128 } });
const agent = (options: object) => ({ httpAgent: new http.Agent(options) });
const dispatcher = (name: string) => ({ adapter: 'fetch', fetchOptions: { dispatcher: { constructor: { name } } } });

class OtherAgent extends http.Agent {}

test.each<[string, string, object, boolean]>([
  ['straight to this machine', HERE, {}, false],
  ['straight to an origin with TLS', HTTPS, {}, false],
  ['a Unix socket', 'unix:/run/x', proxy('proxy.example'), false],
  ['through a proxy elsewhere', HERE, proxy('proxy.example'), true],
  ['through a proxy on this machine', HERE, proxy('127.0.0.1'), false],
  ['through a proxy, without a tunnel', HTTPS, proxy('127.0.0.1'), true],
  ['an agent that looks names up by itself', HERE, agent({ lookup: () => {} }), true],
  ['an agent that goes to another host', HERE, agent({ host: 'other.example' }), true],
  ['an agent of a class of its own', HERE, { httpAgent: new OtherAgent() }, true],
  ['an agent that keeps connections', HERE, agent({ keepAlive: true }), false],
  ['a lookup of the caller, for a name', 'http://localhost:80', { lookup: () => {} }, true],
  ['a lookup of the caller, for an address', HERE, { lookup: () => {} }, false],
  ["fetch, by undici's Agent", HERE, dispatcher('Agent'), false],
  ['fetch, by a dispatcher that may be a proxy', HERE, dispatcher('ProxyAgent'), true],
  ['fetch, by a proxy and with TLS', HTTPS, dispatcher('ProxyAgent'), false],
])('before the send: %s', (_, origin, config, expected) => {
  const given = configOf(config as Partial<InternalAxiosRequestConfig>);
  expect(mayBeExposed(given, { origin }, { opensTunnels: false })).toBe(expected);
});

test('before the send: a version of axios that opens tunnels shows nothing to a proxy of the environment', () => {
  process.env.https_proxy = 'http://proxy.example:3128';
  const may = (opensTunnels: boolean, config = {}) =>
    mayBeExposed(configOf(config), { origin: HTTPS }, { opensTunnels });
  expect([may(false), may(true), may(false, { proxy: false })]).toEqual([true, false, false]);
});

const responseOf = (request: object) => ({ status: 401, request }) as AxiosResponse;
const addressed = (remoteAddress: string | undefined, more = {}) => {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  return Object.assign(socket, more);
};
const TLS = { encrypted: true };

test.each<[string, string, object, boolean]>([
  ['to this machine', HTTP, { socket: addressed('127.0.0.1') }, false],
  ['to another machine that is called localhost', 'http://localhost', { socket: addressed('192.0.2.1') }, true],
  ['to another machine with TLS', HTTPS, { socket: addressed('192.0.2.1', TLS) }, false],
  ['with TLS that a proxy elsewhere speaks', HTTPS, { socket: addressed('192.0.2.1') }, true],
  ['all of an https request, to a proxy without a tunnel', HTTPS, { path: 'https://files.example/' }, true],
  ['to a proxy elsewhere', HERE, { path: 'http://127.0.0.1/', host: 'proxy.example' }, true],
  ['to a proxy on this machine', HERE, { path: 'http://127.0.0.1/', host: '::1', socket: addressed('::1') }, false],
  ['to a Unix socket', 'unix:/run/x', { socket: addressed(undefined) }, false],
  ['on a connection that is closed', HERE, { socket: addressed(undefined) }, false],
  ['by a mock', HTTP, {}, false],
])('after the send: %s', (_, origin, request, expected) => {
  expect(wasExposed(responseOf(request), origin, configOf())).toBe(expected);
});

test('after the send: a real request to this machine was not exposed', async () => {
  const { url } = await plainServer((_, response) => response.end());
  const response = await bare(url).get('/');
  expect(wasExposed(response, url, response.config)).toBe(false);
  expect(isElsewhere(response)).toBe(false);
});

test.each([
  ['elsewhere', addressed('192.0.2.1'), true],
  ['elsewhere, with TLS', addressed('192.0.2.1', TLS), false],
  ['here', addressed('::1'), false],
  ['nowhere any more', addressed(undefined), false],
])('a proxy is %s', (_, socket, expected) => {
  expect(isElsewhere(responseOf({ socket }))).toBe(expected);
});

const tunnel = Object.assign(new Agent(), { proxy: { host: 'proxy.example' } });

test.each<[string, object, Partial<InternalAxiosRequestConfig>, boolean]>([
  ["axios's own agent, within TLS", { agent: tunnel, socket: TLS }, {}, true],
  ["the caller's agent", { agent: tunnel, socket: TLS }, { httpsAgent: tunnel }, false],
  ['the proxy itself', { agent: tunnel, socket: {} }, {}, false],
  ['an agent without a proxy', { agent: new Agent(), socket: TLS }, {}, false],
  ['an adapter of the caller', { agent: tunnel, socket: TLS }, { adapter: () => Promise.reject() }, false],
])('a tunnel of axios shows by %s', (_, request, config, expected) => {
  expect(isTunnelled(responseOf(request), configOf(config))).toBe(expected);
});
