/** Header fields, header blocks and URLs without their secrets. */

import { concealed, concealedBlock, concealFields, concealUrl } from '../../../../src/axios/redact/headers.js';

test.each([
  ['Basic YWxpY2U6c2VjcmV0', 'Basic [hidden]'],
  ['Digest username="alice", response="s"', 'Digest [hidden]'],
  ['a-bare-token', '[hidden]'],
  [' leading', '[hidden]'],
  ['', '[hidden]'],
])('the auth-scheme of %j stays', (value, expected) => {
  expect(concealed(value)).toBe(expected);
});

test('a header block keeps everything except the credentials, however often they come', () => {
  const lines = ['GET / HTTP/1.1', 'Accept: */*', 'Authorization: Basic c2VjcmV0', 'X-Note: authorization: of Bob'];
  const more = ['proxy-authorization: Basic c2VjcmV0', 'Authorization: Basic c2VjcmV0', '', ''];
  const block = [...lines, ...more].join('\r\n');
  expect(concealedBlock(block)).toBe(
    block.replaceAll('c2VjcmV0', '[hidden]').replace('authorization: of Bob', 'authorization: of [hidden]'),
  );
  expect(concealedBlock('GET / HTTP/1.1\r\nAccept: */*\r\n\r\n')).toBe('GET / HTTP/1.1\r\nAccept: */*\r\n\r\n');
});

test.each([
  ['the usual spelling', { Authorization: 'Basic s' }, { Authorization: 'Basic [hidden]' }],
  ['lower case', { authorization: 'Basic s' }, { authorization: 'Basic [hidden]' }],
  ['several values', { authorization: ['Basic s', 't'] }, { authorization: ['Basic [hidden]', '[hidden]'] }],
  [
    'those for both, of origin and proxy',
    { Authorization: 'Basic s', 'Proxy-Authorization': 'Basic t' },
    { Authorization: 'Basic [hidden]', 'Proxy-Authorization': 'Basic [hidden]' },
  ],
  ['no credential', { Accept: 'text/plain' }, { Accept: 'text/plain' }],
])('the fields of a record: %s', (_, fields: object, expected) => {
  concealFields(fields);
  expect(fields).toEqual(expected);
});

test('the fields of fetch', () => {
  const headers = new Headers({ AUTHORIZATION: 'Basic s', 'Proxy-Authorization': 'Bearer t', Accept: '*/*' });
  concealFields(headers);
  expect(Object.fromEntries(headers)).toEqual({
    accept: '*/*',
    authorization: 'Basic [hidden]',
    'proxy-authorization': 'Bearer [hidden]',
  });
});

test.each([undefined, null, 'text'])('%p has no fields', (fields) => {
  expect(() => concealFields(fields)).not.toThrow();
});

test('a URL loses its userinfo, and a value that is not text stays', () => {
  const holder = { url: 'http://alice:secret@h/a@b' as unknown };
  concealUrl(holder, 'url');
  expect(holder.url).toBe('http://h/a@b');
  const other = { url: 5 as unknown };
  concealUrl(other, 'url');
  expect(other.url).toBe(5);
});
