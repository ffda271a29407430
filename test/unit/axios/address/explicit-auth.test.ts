/** What the caller says of authentication itself; the judge of a URL is the parser of the platform. */

import {
  explicitAuthOf,
  hasUserinfo,
  namesAny,
  ownHost,
  setsField,
  withoutPassword,
  withoutUserinfo,
} from '../../../../src/axios/address/explicit-auth.js';
import { configOf } from '../../../support/axios-config.js';

const nowhere = () => new URL('http://files.example/');

test.each([
  ['the usual spelling', { Authorization: 'Basic x' }, true],
  ['another spelling', { aUTHORIZATION: 'Basic x' }, true],
  ['false, which tells axios to send none', { Authorization: false }, true],
  ['null, which tells axios to send none', { Authorization: null }, true],
  ['undefined', { Authorization: undefined }, false],
  ['a field of another name', { 'Proxy-Authorization': 'Basic x' }, false],
  ['no field', {}, false],
])('the caller has set Authorization or not: %s', (_, headers, expected) => {
  const config = configOf();
  Object.assign(config.headers, headers);
  expect(setsField(config, 'authorization')).toBe(expected);
});

test('a field without a value is named, and not set', () => {
  const config = configOf();
  Object.assign(config.headers, { AUTHORIZATION: undefined });
  expect([namesAny(config, ['host', 'authorization']), setsField(config, 'authorization')]).toEqual([true, false]);
  expect(namesAny(config, ['host', 'cookie'])).toBe(false);
});

test.each([
  ['another host', 'Other.Example', 'other.example'],
  ['the host of the URL', 'FILES.example', undefined],
  ['another port', 'files.example:8080', 'files.example:8080'],
  ['false', false, undefined],
  ['null', null, undefined],
])('Host: %s', (_, value, expected) => {
  const config = configOf();
  Object.assign(config.headers, { host: value });
  expect(ownHost(config, nowhere)).toBe(expected);
});

describe('explicitAuthOf', () => {
  const read = (config: Parameters<typeof configOf>[0]) =>
    explicitAuthOf(configOf(config), () => new URL(String(config?.url ?? 'http://files.example/')));

  test.each([
    ['auth', { auth: { username: 'alice', password: 'p' } }, { username: 'alice', password: 'p' }],
    ['auth without a password', { auth: { username: 'alice' } as never }, { username: 'alice', password: '' }],
    [
      'auth before userinfo',
      { url: 'http://bob:q@h/', auth: { username: 'a', password: 'p' } },
      { username: 'a', password: 'p' },
    ],
    ['userinfo', { url: 'http://alice:p@h/' }, { username: 'alice', password: 'p' }],
    ['userinfo, decoded once', { url: 'http://a%40b:p%2540@h/' }, { username: 'a@b', password: 'p%40' }],
    ['userinfo that is not percent-encoded', { url: 'http://alice:100%@h/' }, { username: 'alice', password: '100%' }],
    ['a user name alone', { url: 'http://alice@h/' }, { username: 'alice' }],
    ['an "@" in the path', { url: 'http://h/@alice' }, undefined],
    ['nothing', { url: 'http://h/' }, undefined],
  ])('%s', (_, config, expected) => {
    expect(read(config)).toEqual(expected);
  });

  test("an inherited auth is not the caller's (SEC-28)", () => {
    const config = Object.assign(Object.create({ auth: { username: 'eve', password: 'x' } }), configOf());
    expect(explicitAuthOf(config, nowhere)).toBeUndefined();
  });
});

const SPELLINGS = [
  'http://alice:p@files.example/a',
  'http:///alice:p@files.example/a',
  'http:alice:p@files.example/a',
  'http:\\\\alice:p@files.example\\a',
  ' \n\thttp://alice:p@files.example/a',
  'ht\ntp://al\tice:p@files.example/a',
  'HTTPS://alice:p@files.example/a?b@c#d@e',
  'https://alice:p:q@r@files.example/a',
  'http://alice:@files.example/',
];

test.each(SPELLINGS)('the userinfo of %j is found, and the rest of the URL stays', (url) => {
  const expected = new URL(url);
  expected.username = '';
  expected.password = '';
  const cut = new URL(withoutUserinfo(url));
  expect(cut.href).toBe(expected.href);
  expect(hasUserinfo(url)).toBe(true);
  expect(new URL(withoutPassword(url)).password).toBe('');
});

test.each(['/a@b', 'http://files.example/a@b', 'http://files.example?a@b', 'mailto:alice@files.example', 'a@b'])(
  '%j has no userinfo, and stays as it is',
  (url) => {
    expect([withoutUserinfo(url), withoutPassword(url)]).toEqual([url, url]);
  },
);

test('a user name without a password is left by withoutPassword', () => {
  expect(withoutPassword('http://alice@files.example/')).toBe('http://alice@files.example/');
});
