/** A request is read once, as it came in. */

import axios from 'axios';
import { cutUserinfo, ownCopy, readOnce } from '../../../../src/axios/address/entry.js';
import { withoutUserinfo } from '../../../../src/axios/address/explicit-auth.js';
import { siblingOf } from '../../../../src/axios/client/client.js';
import { configOf } from '../../../support/axios-config.js';

const sibling = siblingOf(axios);

test('readOnce asks an object for its text a single time', () => {
  let asked = 0;
  const url = { toString: () => `http://h/${++asked}` };
  const config = configOf({ url: url as never, baseURL: new URL('http://base') as never });
  readOnce(config);
  expect([config.url, config.baseURL, asked]).toEqual(['http://h/1', 'http://base/', 1]);
});

test('a copy is not changed by what the caller changes later', () => {
  const params = new URLSearchParams({ a: '1' });
  const config = configOf({ url: 'http://h/', params, headers: { 'X-Mine': '1' } });
  const copy = ownCopy(config, undefined, sibling);
  config.headers.set('X-Mine', '2');
  params.set('a', '2');
  expect(copy.headers.get('X-Mine')).toBe('1');
  expect(axios.getUri(copy)).toBe('http://h/?a=1');
  expect(String(copy.params)).toBe('a=1');
});

test('the serializer of the params is asked once for all sends', () => {
  let asked = 0;
  const paramsSerializer = { serialize: () => `n=${++asked}` };
  const copy = ownCopy(configOf({ url: 'http://h/', params: { a: 1 }, paramsSerializer }), undefined, sibling);
  expect([axios.getUri(copy), axios.getUri(copy), asked]).toEqual(['http://h/?n=1', 'http://h/?n=1', 1]);
});

describe('the credential of the caller', () => {
  const explicit = { username: 'alice', password: 'p' };

  test('moves from the URL to auth', () => {
    const copy = ownCopy(configOf({ url: 'http://alice:p@h/a' }), explicit, sibling);
    expect([copy.url, copy.auth]).toEqual(['http://h/a', explicit]);
  });

  test('a user name alone does not become auth: axios would send it with an empty password', () => {
    const copy = ownCopy(configOf({ url: 'http://alice@h/a' }), { username: 'alice' }, sibling);
    expect([copy.url, copy.auth]).toEqual(['http://h/a', undefined]);
  });

  test('stays in the URL for an adapter function, which may send the request elsewhere (SEC-45)', () => {
    const config = configOf({ url: 'http://alice:p@h/a', adapter: async () => ({}) as never });
    expect(ownCopy(config, explicit, sibling).url).toBe('http://alice:p@h/a');
  });
});

describe('cutUserinfo', () => {
  test.each([
    ['in the URL', { url: 'http://a:p@h/x' }, 'http://h/x'],
    ['in the base', { baseURL: 'http://a:p@h/api', url: '/x' }, 'http://h/api/x'],
    [
      'that is a path after joining',
      { baseURL: 'http://h', url: '//a@b/x', allowAbsoluteUrls: false },
      'http://h/a@b/x',
    ],
  ])('%s', (_, address, expected) => {
    const config = configOf(address as object);
    cutUserinfo(config, sibling, withoutUserinfo);
    expect(axios.getUri(config)).toBe(expected);
  });
});
