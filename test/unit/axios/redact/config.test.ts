/** The passwords of the caller in a config: read by name, shown nowhere, and kept to the server that they are for. */

import { inspect } from 'node:util';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import { siblingOf } from '../../../../src/axios/client/client.js';
import { keepToPlace, withhold } from '../../../../src/axios/redact/config.js';
import { configOf } from '../../../support/axios-config.js';

const sibling = siblingOf(axios);
const SECRET = 's3cret:with a colon';
const alice = { username: 'alice', password: SECRET };
const PROXY = { protocol: 'http', host: 'proxy.example', port: 3128 };

/** A config whose credentials are withheld. */
function withheld(config: Partial<InternalAxiosRequestConfig>, explicit = config.auth): InternalAxiosRequestConfig {
  const given = configOf({ url: 'https://files.example/a', ...config });
  withhold(given, explicit, sibling);
  return given;
}

const shown = (config: object) =>
  inspect(config, { depth: 9, showHidden: true, getters: true }) + JSON.stringify(config);

test.each<[string, Partial<InternalAxiosRequestConfig>]>([
  ['auth', { auth: alice }],
  ['the URL', { url: `https://alice:${encodeURIComponent(SECRET)}@files.example/a` }],
  ['the base URL', { url: '/a', baseURL: `https://alice:${encodeURIComponent(SECRET)}@files.example` }],
])('a credential in %s is read by name, and shown nowhere', (_, config) => {
  const given = withheld(config, alice);
  expect({ username: given.auth?.username, password: given.auth?.password }).toEqual(alice);
  expect(shown(given)).not.toMatch(/s3cret/);
  expect(axios.getUri(given)).toBe('https://files.example/a');
});

test.each<[string, unknown]>([
  ['as an object', alice],
  ['as one text (axios before 1.16)', `alice:${SECRET}`],
])("a proxy's credential %s is read by name, and shown nowhere; the caller's proxy is left as it was", (_, auth) => {
  const proxy = { ...PROXY, auth } as never as NonNullable<InternalAxiosRequestConfig['proxy']>;
  const given = withheld({ proxy });
  const { auth: kept, ...rest } = given.proxy as Exclude<InternalAxiosRequestConfig['proxy'], false | undefined>;
  expect({ username: kept?.username, password: kept?.password }).toEqual(alice);
  expect(rest).toEqual(PROXY);
  expect(shown(given)).not.toMatch(/s3cret/);
  expect(proxy).toEqual({ ...PROXY, auth });
});

test('axios hands a withheld credential on as it is, and it is withheld once', () => {
  const given = withheld({ auth: alice });
  const { auth } = given;
  withhold(given, alice, sibling);
  expect(given.auth).toBe(auth);
});

test('a user name alone is no secret', () => {
  const given = withheld({ url: 'https://alice@files.example/a' });
  expect([given.url, given.auth]).toEqual(['https://alice@files.example/a', undefined]);
});

test.each<[string, Partial<InternalAxiosRequestConfig>, boolean]>([
  ['another path', { url: 'https://files.example/b' }, true],
  ['another origin', { url: 'https://other.example/a' }, false],
  ['another port', { url: 'https://files.example:8443/a' }, false],
  ['no TLS', { url: 'http://files.example/a' }, false],
  ['a Unix socket', { socketPath: '/run/x' }, false],
  ['no URL at all', { url: 'http://' }, false],
])('a replay to %s: whether the credential goes along', (_, changes, isKept) => {
  const given = Object.assign(withheld({ auth: alice }), changes);
  keepToPlace(given, sibling);
  expect(given.auth?.password).toBe(isKept ? SECRET : undefined);
});

test('the userinfo of a URL goes before a credential that came from a URL, and not before auth', () => {
  const url = 'https://bob:builder@files.example/a';
  const fromUrl = Object.assign(withheld({ url: 'https://alice:x@files.example/a' }, alice), { url });
  const fromAuth = Object.assign(withheld({ auth: alice }), { url });
  for (const given of [fromUrl, fromAuth]) keepToPlace(given, sibling);
  expect([fromUrl.auth?.username, fromAuth.auth?.username]).toEqual([undefined, 'alice']);
});

test.each([
  ['the same proxy', {}, SECRET],
  ['another proxy', { host: 'other.example' }, undefined],
  ['another port', { port: 3129 }, undefined],
])('a replay through %s', (_, changes, password) => {
  const given = withheld({ proxy: { ...PROXY, auth: alice } });
  given.proxy = { ...(given.proxy as typeof PROXY), ...changes };
  keepToPlace(given, sibling);
  expect((given.proxy as { auth?: typeof alice }).auth?.password).toBe(password);
});
