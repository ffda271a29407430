/** Where a request goes; the judge is the URL parser of the platform, and axios's own `getUri`. */

import http from 'node:http';
import axios, { type AxiosResponse } from 'axios';
import {
  addressedUrl,
  effectiveTarget,
  hopTarget,
  originFor,
  predictedTarget,
  serialized,
} from '../../../../src/axios/address/target.js';
import { siblingOf } from '../../../../src/axios/client/client.js';
import { configOf } from '../../../support/axios-config.js';

const sibling = siblingOf(axios);
const origin = 'https://files.example';

describe('addressedUrl', () => {
  test.each([
    ['an absolute URL', { url: `${origin}/a?b=c` }],
    ['a path', { baseURL: origin, url: '/a' }],
    ['a path under a path', { baseURL: `${origin}/api`, url: '/a' }],
    ['a base with a slash at its end', { baseURL: `${origin}/api/`, url: '/a' }],
    ['a path without a slash', { baseURL: `${origin}/api`, url: 'a' }],
    ['a URL without a scheme that is to be joined', { baseURL: origin, url: '//other/a', allowAbsoluteUrls: false }],
    ['an absolute URL beside a base', { baseURL: origin, url: 'https://other.example/a' }],
    ['an absolute URL that is to be joined', { baseURL: origin, url: 'http://a/b', allowAbsoluteUrls: false }],
    ['a base alone', { baseURL: `${origin}/api` }],
    ['a scheme in capitals', { baseURL: origin, url: 'HTTP://OTHER.example/a' }],
  ])('%s is joined as axios joins it', (_, address) => {
    const expected = axios.create().getUri(address);
    expect(addressedUrl(configOf(address), sibling)?.href).toBe(new URL(expected).href);
  });

  test('objects are read as text', () => {
    const address = { baseURL: new URL(origin) as never, url: '/a' };
    expect(addressedUrl(configOf(address), sibling)?.href).toBe(`${origin}/a`);
  });

  test('a path alone leads to the host of a Unix socket', () => {
    expect(addressedUrl(configOf({ url: '/a', socketPath: '/run/x' }), sibling)?.href).toBe('http://localhost/a');
  });

  test.each(['', '/a', 'http://', 'http://a:port/'])('%p is not an address', (url) => {
    expect(addressedUrl(configOf({ url }), sibling)).toBeUndefined();
  });
});

describe('predictedTarget', () => {
  const predicted = (config: Parameters<typeof configOf>[0], url = `${origin}/a`) =>
    predictedTarget(configOf(config), new URL(url), sibling);

  test('the method is in capitals, and the origin is that of RFC 6454', () => {
    const target = { origin, url: `${origin}/a?b`, pathname: '/a', method: 'PUT', uri: '/a?b' };
    expect(predicted({ method: 'put' }, 'https://alice:secret@files.example:443/a?b#c')).toEqual(target);
  });

  test('the http adapter appends the params to the path, and does not parse them', () => {
    const paramsSerializer = { serialize: () => 'q="é"' };
    const { uri, url } = predicted({ params: { q: 1 }, paramsSerializer });
    expect([uri, url]).toEqual(['/a?q="é"', `${origin}/a?q="é"`]);
  });

  test('fetch parses the params', () => {
    const paramsSerializer = { serialize: () => 'q="é"' };
    const { uri } = predicted({ params: { q: 1 }, paramsSerializer, adapter: 'fetch' });
    expect(uri).toBe('/a?q=%22%C3%A9%22');
  });

  test('a serializer that throws is for axios to report', () => {
    const serialize = () => {
      throw new Error('no such parameter');
    };
    const config = { params: { q: 1 }, paramsSerializer: { serialize } };
    expect(predicted(config).uri).toBe('/a');
    expect(serialized(configOf(config), sibling)).toBeUndefined();
  });
});

describe('effectiveTarget', () => {
  const sent = { origin, url: `${origin}/a`, pathname: '/a', method: 'POST', uri: '/a' };
  const answered = (request: object, config = {}, status = 401) =>
    effectiveTarget({ request, status } as AxiosResponse, sent, configOf(config), () => undefined);

  test('a request that was not redirected was answered where it was sent', () => {
    expect(answered({ path: '/a', method: 'POST', res: { responseUrl: `${origin}/a#x` } })).toBe(sent);
  });

  test('a redirect has another URL and another method', () => {
    const request = { path: '/in?b', method: 'GET', res: { responseUrl: 'https://other.example/in?b' } };
    const expected = { origin: 'https://other.example', url: 'https://other.example/in?b', pathname: '/in' };
    expect(answered(request)).toEqual({ ...expected, method: 'GET', uri: '/in?b' });
  });

  test('the absolute-form that a proxy is given is the origin-form for the origin', () => {
    const res = { responseUrl: `${origin}/a` };
    expect(answered({ path: `${origin}/a`, method: 'POST', res })?.uri).toBe('/a');
  });

  test('a Unix socket is an origin of its own', () => {
    const request = { path: '/a', method: 'POST', res: { responseUrl: 'http://[::1]/b' } };
    const socket = { ...sent, origin: 'unix:/run/x', url: 'http://localhost/a' };
    const config = configOf({ socketPath: '/run/x' });
    const response = { request, status: 401 } as AxiosResponse;
    const target = effectiveTarget(response, socket, config, () => undefined);
    expect(target).toMatchObject({ origin: 'unix:/run/x', url: 'http://localhost/b' });
  });

  test('an adapter function that reports no URL may have led to any place', () => {
    expect(answered({}, { adapter: async () => ({}) as never })).toBeUndefined();
    expect(answered({})).toEqual(sent);
  });

  test('an adapter function that returns a request of Node was answered where that request was sent', () => {
    const request = http.request('http://127.0.0.1:9/asked');
    request.on('error', () => {}).destroy();
    const adapter = async () => ({}) as never;
    expect(answered(request, { adapter })?.url).toBe('http://127.0.0.1:9/asked');
    // The response is another request's.
    const redirected = { path: 'http://127.0.0.1:9/asked', res: { statusCode: 302 } };
    expect(answered(redirected, { adapter })).toBeUndefined();
  });

  test('a mock that repeats the URL of the config was answered there', () => {
    expect(answered({ responseURL: '/b' }, { baseURL: `${origin}/under`, url: '/b' })).toEqual(sent);
  });

  test('fetch tells only the hop that this package saw', () => {
    const request = { [Symbol.toStringTag]: 'Request', url: `${origin}/elsewhere` };
    expect(answered(request)).toBeUndefined();
    const hop = { url: `${origin}/in?q#h`, method: 'GET' };
    const target = effectiveTarget({ request, status: 401 } as AxiosResponse, sent, configOf(), () => hop);
    expect(target).toEqual({ origin, url: `${origin}/in?q`, pathname: '/in', method: 'GET', uri: '/in?q' });
  });
});

test('a hop without a valid URL has no target', () => {
  expect(hopTarget({ path: '/a' }, configOf())).toBeUndefined();
  expect(hopTarget({ href: 'http://' }, configOf())).toBeUndefined();
  const href = `${origin}/a?b`;
  const expected = { origin, url: href, pathname: '/a', uri: '/a?b', method: 'GET' };
  expect(hopTarget({ href }, configOf())).toEqual(expected);
  expect(hopTarget({ href, path: href, method: 'PUT' }, configOf())).toEqual({ ...expected, method: 'PUT' });
});

test('two Unix sockets are two origins, although both have the host localhost', () => {
  const url = new URL('http://localhost/a');
  expect(originFor(url, configOf({ socketPath: '/run/x' }))).toBe('unix:/run/x');
  expect(originFor(url, configOf())).toBe('http://localhost');
});
