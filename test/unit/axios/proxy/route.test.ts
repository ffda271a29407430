/** The route of a request: the proxy that is known, how it is authorized to, and what is learnt of it. */

import type { Agent } from 'node:https';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { Route } from '../../../../src/axios/proxy/route.js';
import { Routes } from '../../../../src/axios/proxy/routes.js';
import type { Target } from '../../../../src/exchange/port/transport.js';
import { configOf } from '../../../support/axios-config.js';
import { withoutProxyVariables } from '../../../support/environment.js';

withoutProxyVariables();

const ORIGIN = 'http://files.example';
const P = { origin: 'http://proxy.example:3128', credential: undefined };
const PROXY = { protocol: 'http', host: 'proxy.example', port: 3128 };

const targetAt = (origin: string): Target => ({ origin, url: `${origin}/a`, pathname: '/a', method: 'GET', uri: '/a' });
const routeOf = (config: Partial<InternalAxiosRequestConfig> = {}, routes = new Routes()) =>
  new Route(configOf(config), () => ORIGIN, routes);

/** A 407 that came for a request in absolute-form, as axios sends it to a proxy. */
const refusedBy = (host: string, status = 407) =>
  ({ status, request: { path: `${ORIGIN}/a`, host } }) as unknown as AxiosResponse;

test('the proxy that axios was told to use is known at once; one of the environment is not', () => {
  process.env.http_proxy = P.origin;
  expect(routeOf({ proxy: PROXY }).proxy).toEqual(P);
  expect(routeOf().proxy).toBeUndefined();
});

test('the proxy of the environment that answered is known to this request and to the next one', () => {
  process.env.http_proxy = P.origin;
  const routes = new Routes();
  const route = routeOf({}, routes);
  route.note(refusedBy('proxy.example'));
  expect([route.proxy, routeOf({}, routes).proxy]).toEqual([P, P]);
});

test.each<[string, Record<string, string>, Partial<InternalAxiosRequestConfig>]>([
  ['the variable names another', { http_proxy: 'http://other.example:3128' }, {}],
  ['the variable is gone', { http_proxy: '' }, {}],
  ['the origin is to be reached without one', { no_proxy: 'files.example' }, {}],
  ['the request takes none', {}, { proxy: false }],
  ['fetch sends', {}, { adapter: 'fetch' }],
])('what was learnt of a proxy does not count where %s', (_, variables, config) => {
  process.env.http_proxy = P.origin;
  const routes = new Routes();
  routes.learn(ORIGIN, P);
  Object.assign(process.env, variables);
  expect(routeOf(config, routes).proxy).toBeUndefined();
});

test('a 407 that no known proxy gave teaches nothing, and no other status does', () => {
  process.env.http_proxy = P.origin;
  const routes = new Routes();
  routeOf({}, routes).note(refusedBy('other.example'));
  routeOf({}, routes).note(refusedBy('proxy.example', 401));
  routeOf({}, routes).note({ status: 407, request: { path: '/a', host: 'proxy.example' } } as AxiosResponse);
  expect([routes.isEmpty, routes.opensTunnels]).toEqual([true, false]);
});

test('a 401 that came through a tunnel of axios shows that it opens tunnels', () => {
  const routes = new Routes();
  const request = { agent: { proxy: PROXY }, socket: { encrypted: true } };
  routeOf({}, routes).note({ status: 401, request } as AxiosResponse);
  expect([routeOf({}, routes).opensTunnels, routeOf().opensTunnels]).toEqual([true, false]);
});

test('a plain request is authorized in its header, through exactly this proxy', () => {
  const copy = configOf({ proxy: { ...PROXY, auth: { username: 'a', password: 'p' } } });
  routeOf({ proxy: PROXY }).authorize(copy, targetAt(ORIGIN), { value: 'Basic p' });
  expect(copy.headers.get('Proxy-Authorization')).toBe('Basic p');
  expect(copy.proxy).toEqual({ ...PROXY, protocol: 'http:' });
});

test('a tunnel is authorized in its CONNECT, and no more once the send is over', () => {
  const [route, copy] = [routeOf({ proxy: PROXY }), configOf()];
  // A field value holds a byte a character; the tunnel writes UTF-8.
  route.authorize(copy, targetAt('https://files.example'), { value: 'Digest username="M\u00c3\u00bcller"' });
  const { headers } = (copy.httpsAgent as Agent).options as { headers?: object };
  expect(headers).toEqual({ 'Proxy-Authorization': 'Digest username="Müller"' });
  expect(copy.headers.has('Proxy-Authorization')).toBe(false);
  route.release();
  expect(headers).toEqual({});
});

test('without a known proxy nothing is authorized', () => {
  const copy = configOf();
  routeOf().authorize(copy, targetAt(ORIGIN), { value: 'Basic p' });
  expect([copy.headers.has('Proxy-Authorization'), copy.proxy]).toEqual([false, undefined]);
});

test.each([
  ['a 407', 407, undefined, true],
  ['any status, once we have authorized to it', 200, { value: 'x' }, true],
  ['another status', 401, undefined, false],
])("a reply is the proxy's, too, for %s", (_, status, proxy, expected) => {
  const found = routeOf({ proxy: PROXY }).proxyOf(status, { origin: undefined, proxy });
  expect(found).toEqual(expected ? P : undefined);
});

test('a plain hop of a redirect is seen by the proxy, and a tunnel is not', () => {
  const route = routeOf({ proxy: PROXY });
  const target = targetAt(ORIGIN);
  expect(route.ofHop({ path: `${ORIGIN}/a` }, target)).toMatchObject({
    origin: P.origin,
    method: 'GET',
    uri: `${ORIGIN}/a`,
  });
  expect(route.ofHop({ path: '/a' }, target)).toBeUndefined();
});

test('a thousand proxies are remembered, the newest of them; an origin is forgotten, and so is a proxy', () => {
  const routes = new Routes();
  const at = (index: number) => `http://${index}.example`;
  for (let index = 0; index <= 1000; index += 1) routes.learn(at(index), index === 500 ? { ...P, origin: at(1) } : P);
  expect([routes.of(at(0)), routes.of(at(1))]).toEqual([undefined, P]);
  routes.forget(at(1));
  expect([routes.of(at(1)), routes.of(at(500)), routes.of(at(2))]).toEqual([undefined, undefined, P]);
  routes.forget();
  expect(routes.isEmpty).toBe(true);
});
