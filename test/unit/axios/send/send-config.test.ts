/** The config of one send: the caller's own as long as only its Authorization differs, else a copy. */

import http from 'node:http';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import { RequestBody } from '../../../../src/axios/body/request-body.js';
import { siblingOf } from '../../../../src/axios/client/client.js';
import { Route } from '../../../../src/axios/proxy/route.js';
import { Routes } from '../../../../src/axios/proxy/routes.js';
import { Hops } from '../../../../src/axios/send/redirects.js';
import { type Dispatching, sendConfig } from '../../../../src/axios/send/send-config.js';
import type { Authorizations, Sending, Target } from '../../../../src/exchange/port/transport.js';
import { configOf } from '../../../support/axios-config.js';

const origin = 'https://files.example';
const sibling = siblingOf(axios);
const target: Target = { origin, url: `${origin}/a`, pathname: '/a', method: 'POST', uri: '/a' };

const sendingOf = (changes: Partial<Sending> = {}): Sending => ({
  target,
  authorizations: { origin: { value: 'Basic x' }, proxy: undefined },
  authorizeHop: () => ({ origin: undefined, proxy: undefined }),
  ...changes,
});

const NAKED: Authorizations = { origin: undefined, proxy: undefined };

/** A POST of a text, with our Authorization. */
function dispatching(
  config: Partial<InternalAxiosRequestConfig> = {},
  changes: Partial<Dispatching> = {},
): Dispatching {
  const { headers, ...rest } = config;
  const given = configOf({
    method: 'post',
    url: `${origin}/a`,
    data: 'text',
    ...rest,
    headers: { Accept: '*/*', ...headers },
  });
  const sending = 'sending' in changes ? changes.sending : sendingOf();
  const context = {
    config: given,
    place: () => ({ origin: origin }),
    throughProxy: () => undefined,
    hasOwnHost: false,
  };
  return {
    config: given,
    route: new Route(given, () => origin, new Routes()),
    sibling,
    addressed: () => target,
    hops: new Hops(context, sending),
    sending,
    body: new RequestBody(given, {}),
    opened: { data: given.data },
    progress: undefined,
    fresh: undefined,
    front: undefined,
    ...changes,
  };
}

/** What a config says, field names and values included. */
const shown = ({ headers, ...rest }: InternalAxiosRequestConfig) => ({ ...rest, headers: { ...headers } });

test("the caller's own config has the Authorization during the send, and is then as it was", () => {
  const send = dispatching();
  const before = shown(send.config);
  const { config, takeBack } = sendConfig(send);
  expect(config).toBe(send.config);
  expect(config.headers.Authorization).toBe('Basic x');
  expect(config.beforeRedirect).toBe(send.hops.beforeRedirect);
  takeBack();
  expect(shown(config)).toEqual(before);
});

const elsewhere: Target = { ...target, url: `${origin}/b`, pathname: '/b', uri: '/b' };
const proxyAlone = { origin: undefined, proxy: { value: 'Basic p' } };

test.each<[string, Dispatching, object]>([
  ['fetch sends', dispatching({ adapter: 'fetch' }), { fetchOptions: expect.anything() }],
  ['an adapter of the caller may keep it', dispatching({ adapter: () => Promise.reject() }), {}],
  ['a transport of the caller is watched', dispatching({ transport: http } as never), { transport: expect.anything() }],
  ['another body is sent', dispatching({}, { opened: { data: 'other' } }), { data: 'other' }],
  ['a redirect led elsewhere', dispatching({}, { sending: sendingOf({ target: elsewhere }) }), { url: `${origin}/b` }],
  ['its credential makes way for ours', dispatching({ auth: { username: 'a', password: 'p' } }), { auth: undefined }],
  ['it spells the field in another way', dispatching({ headers: { authorization: undefined } as never }), {}],
  [
    'it takes a new connection',
    dispatching({ timeout: 9 }, { fresh: { request: undefined, spent: 4 } }),
    { timeout: 5 },
  ],
])('where %s, a copy is sent', (_, send, expected) => {
  const before = shown(send.config);
  const { config } = sendConfig(send);
  expect(config).not.toBe(send.config);
  expect(config).toMatchObject(expected);
  expect(config.headers.get('Authorization')).toBe('Basic x');
  expect(shown(send.config)).toEqual(before);
});

test('the fields of a body are sent with it', () => {
  const { config } = sendConfig(dispatching({}, { opened: { data: 'x', headers: { 'Content-Type': 'text/x' } } }));
  expect([config.headers.get('Content-Type'), config.headers.get('Accept')]).toEqual(['text/x', '*/*']);
});

test('an authorization for the proxy is sent to the proxy, and leaves the credential of the caller alone', () => {
  const auth = { username: 'a', password: 'p' };
  const proxy = { protocol: 'http', host: 'proxy.example', port: 3128 };
  const place = { ...target, origin: 'http://files.example', url: 'http://files.example/a' };
  const sending = sendingOf({ target: place, authorizations: proxyAlone });
  const { config } = sendConfig(dispatching({ auth, proxy }, { sending, addressed: () => place }));
  expect(config.headers.get('Proxy-Authorization')).toBe('Basic p');
  expect([config.headers.has('Authorization'), config.auth]).toEqual([false, auth]);
});

test("a second send of a config that is under way does not take its Authorization for the caller's", () => {
  const send = dispatching();
  const first = sendConfig(send);
  const sending = sendingOf({ authorizations: NAKED });
  const { config } = sendConfig({ ...send, sending, hops: dispatching({}, { sending }).hops });
  expect(config).not.toBe(send.config);
  expect(config.headers.has('Authorization')).toBe(false);
  first.takeBack();
});

test.each<[string, Partial<InternalAxiosRequestConfig>, boolean, string | undefined]>([
  ['after a send', { adapter: 'fetch' }, false, undefined],
  ['after a send by a mock, for the test to look at', { adapter: () => Promise.reject() }, false, 'Basic x'],
  ['after a send by an adapter that sent twice', { adapter: () => Promise.reject() }, true, undefined],
])('the Authorization in a copy, %s', (_, changes, isRepeated, left) => {
  const send = dispatching(changes);
  const { config, takeBack } = sendConfig(send);
  if (isRepeated) send.hops.renewAuthorization();
  takeBack();
  expect(config.headers.Authorization).toBe(left);
});

test('an adapter of the caller that sends again is given a new Authorization each time', () => {
  let count = 1;
  const authorizeHop = () => ({ origin: { value: `nc ${++count}` }, proxy: undefined });
  const { config } = sendConfig(
    dispatching({ adapter: () => Promise.reject() }, { sending: sendingOf({ authorizeHop }) }),
  );
  const sent = [1, 2, 3].map(() => config.headers.normalize(false).get('Authorization'));
  expect(sent).toEqual(['Basic x', 'nc 2', 'nc 3']);
});
