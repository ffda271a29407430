/** What is read of a response. */

import { AxiosHeaders, type AxiosResponse } from 'axios';
import { bodyOf, fieldOf, linesOf } from '../../../../src/axios/response/headers.js';

const response = (headers: object, more: object = {}) => ({ status: 401, headers, ...more }) as AxiosResponse;
const raw = (...rawHeaders: string[]) => ({ request: { res: { rawHeaders } } });

test.each<[string, object, string | undefined]>([
  ['AxiosHeaders', AxiosHeaders.from({ 'Authentication-Info': 'nc=1' }), 'nc=1'],
  ['a plain object', { 'authentication-info': 'nc=1' }, 'nc=1'],
  ['several values', { 'Authentication-Info': ['nc=1', 5, 'qop=auth'] }, 'nc=1, qop=auth'],
  ['an inherited field (SEC-28)', Object.create({ 'authentication-info': 'nc=1' }), undefined],
  ['a number', { 'authentication-info': 5 }, undefined],
  ['none', {}, undefined],
])('a field from %s', (_, headers, expected) => {
  expect(fieldOf(response(headers), 'authentication-info')).toBe(expected);
});

test('several lines stay several: an open quote cannot swallow the next line', () => {
  const lines = ['Basic realm="a', 'Digest realm="b"'];
  const joined = response(
    { 'www-authenticate': lines.join(', ') },
    raw(...lines.flatMap((line) => ['WWW-Authenticate', line])),
  );
  expect(linesOf(joined, 'www-authenticate')).toEqual(lines);
});

test('a single line, or raw headers that are not text, are read from the fields', () => {
  const headers = { 'www-authenticate': 'Basic realm="a"' };
  expect(linesOf(response(headers, raw('WWW-Authenticate', 'Basic realm="b"')), 'www-authenticate')).toBe(
    'Basic realm="a"',
  );
  expect(linesOf(response(headers, { request: { res: { rawHeaders: [1, 2, 3, 4] } } }), 'www-authenticate')).toBe(
    'Basic realm="a"',
  );
});

test.each<[string, unknown, object, string | undefined]>([
  ['bytes', Buffer.from('abc'), {}, 'abc'],
  ['an ArrayBuffer', new TextEncoder().encode('abc').buffer, {}, 'abc'],
  ['text of the announced length', 'ä', { 'content-length': '2' }, 'ä'],
  ['text that was decoded with loss', 'ä', { 'content-length': '1' }, undefined],
  ['text of an unknown length', 'abc', {}, undefined],
  ['parsed JSON', { a: 1 }, { 'content-length': '7' }, undefined],
  ['encoded bytes', Buffer.from('abc'), { 'content-encoding': 'gzip' }, undefined],
])('the body on the wire: %s', (_, data, headers, expected) => {
  const bytes = bodyOf(response(headers, { data }));
  expect(bytes && Buffer.from(bytes).toString()).toBe(expected);
});

test('an encoding that axios has removed still counts', () => {
  expect(bodyOf(response({}, { data: Buffer.from('abc'), ...raw('Content-Encoding', 'gzip') }))).toBeUndefined();
  expect(bodyOf(response({}, { data: Buffer.from('abc'), ...raw('Content-Type', 'text/plain') }))).toBeDefined();
});
