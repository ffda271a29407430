/** The copy of a config for where a redirect has led. */

import axios from 'axios';
import { siblingOf } from '../../../../src/axios/client/client.js';
import { redirect, withoutCredential } from '../../../../src/axios/send/redirected-config.js';
import { configOf } from '../../../support/axios-config.js';

const sibling = siblingOf(axios);
const origin = 'https://files.example';

const target = (url: string, method = 'POST') => {
  const { origin, pathname, search } = new URL(url);
  return { origin, url, pathname, method, uri: pathname + search };
};

const sent = () =>
  configOf({
    method: 'post',
    baseURL: origin,
    url: '/to',
    params: { a: 1 },
    data: 'text',
    auth: { username: 'alice', password: 'p' },
    headers: {
      'Content-Type': 'text/plain',
      'content-encoding': 'x',
      Cookie: 'c',
      Host: 'h',
      AUTHORIZATION: 'Basic x',
      'Proxy-Authorization': 'Basic y',
      'X-Api-Key': 'k',
      Accept: 'text/plain',
    },
  });

const names = ({ headers }: ReturnType<typeof sent>) => Object.keys(headers).map((name) => name.toLowerCase());

test('within the origin the method, the body and the fields stay', () => {
  const copy = sent();
  redirect(copy, target(`${origin}/in?b`), origin, sibling);
  expect(axios.getUri(copy)).toBe(`${origin}/in?b`);
  expect([copy.method, copy.data]).toEqual(['post', 'text']);
  expect(names(copy)).toEqual(names(sent()));
});

test('the credential was for the URL that the caller wrote', () => {
  const copy = sent();
  redirect(copy, target(`${origin}/in`), origin, sibling);
  expect(copy.auth).toBeUndefined();
});

test('a GET in place of a POST has neither a body nor its fields (RFC 9110 §15.4)', () => {
  const copy = sent();
  redirect(copy, target(`${origin}/in`, 'GET'), origin, sibling);
  expect([copy.method, copy.data]).toEqual(['get', undefined]);
  expect(names(copy).filter((name) => name.startsWith('content-'))).toEqual([]);
});

test('another origin gets no credential in any spelling, no cookie and no Host (SEC-05)', () => {
  const copy = sent();
  redirect(copy, target('https://other.example/in'), origin, sibling);
  expect(names(copy)).toEqual(['content-type', 'content-encoding', 'x-api-key', 'accept']);
});

test('another origin gets no header field that axios was told is sensitive, either', () => {
  const copy = Object.assign(sent(), { sensitiveHeaders: ['X-API-KEY'] });
  redirect(copy, target('https://other.example/in'), origin, sibling);
  expect(names(copy)).not.toContain('x-api-key');
});

test('a credential leaves a config, and its URLs, without changing where they lead', () => {
  const copy = configOf({ baseURL: 'http://a:p@h/api', url: '/x', auth: { username: 'a', password: 'p' } });
  withoutCredential(copy, sibling);
  expect([axios.getUri(copy), copy.auth]).toEqual(['http://h/api/x', undefined]);
});
