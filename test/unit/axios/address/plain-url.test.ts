/** URLs that are read without a parser; the judge is the URL parser of the platform, and axios's own `getUri`. */

import axios, { type InternalAxiosRequestConfig } from 'axios';
import fc from 'fast-check';
import { PlainUrls } from '../../../../src/axios/address/plain-url.js';
import { configOf } from '../../../support/axios-config.js';

type Config = Pick<InternalAxiosRequestConfig, 'url' | 'baseURL' | 'allowAbsoluteUrls' | 'socketPath'>;

const PARTS = ['origin', 'protocol', 'host', 'pathname', 'search'] as const;

/** What the parser reads; `undefined` if it refuses the URL. */
function judged(config: Config): Record<string, string> | undefined {
  try {
    const url = new URL(axios.create().getUri(config));
    return Object.fromEntries(PARTS.map((part) => [part, url[part]]));
  } catch {
    return undefined;
  }
}

const origin = 'https://files.example';

test.each<[string, Config]>([
  ['a path', { baseURL: origin, url: '/a' }],
  ['a path with a query', { baseURL: origin, url: "/a/b-c_d~e.f(g)'*+;=:@%20?h=i/j.k&l=%zz" }],
  ['a path under a path', { baseURL: `${origin}/api/v1`, url: '/a' }],
  ['a base with a slash at its end', { baseURL: `${origin}/api/`, url: '/a' }],
  ['a root with a slash at its end', { baseURL: `${origin}/`, url: '/a' }],
  ['a path without a slash', { baseURL: `${origin}/api`, url: 'a/b' }],
  ['a root', { baseURL: origin, url: '/' }],
  ['empty segments', { baseURL: origin, url: '/a//b/' }],
  ['an absolute URL', { url: `${origin}/a?b` }],
  ['an absolute URL beside a base', { baseURL: origin, url: 'http://other.example:8080/a' }],
  ['a default port', { url: 'https://files.example:443/a' }],
  ['capitals', { url: 'HTTPS://Files.EXAMPLE/A' }],
  ['an IPv6 address', { url: 'http://[::1]:80/a' }],
  ['a number for a host', { url: 'http://2130706433/a' }],
  ['a host that is not ASCII', { url: 'https://bücher.example/a' }],
])('%s is read as the parser reads it', (_, config) => {
  const urls = new PlainUrls();
  const expected = judged(config);
  expect(expected).toBeDefined();
  // Once to read what it begins with, once to know it.
  for (let i = 0; i < 2; i += 1) {
    expect(urls.read(configOf(config))).toEqual(expected);
    expect(urls.originOf(configOf(config))).toBe(expected?.origin);
  }
});

test.each<[string, Config]>([
  ['a dot segment', { baseURL: origin, url: '/a/../b' }],
  ['an encoded dot segment', { baseURL: origin, url: '/a/%2E%2e/b' }],
  ['a dot segment at the beginning', { baseURL: origin, url: '/./b' }],
  ['a space', { baseURL: origin, url: '/a b' }],
  ['a character that is not ASCII', { baseURL: origin, url: '/é' }],
  ['a quote in a query', { baseURL: origin, url: "/a?b='c'" }],
  ['an empty query', { baseURL: origin, url: '/a?' }],
  ['a fragment', { baseURL: origin, url: '/a#b' }],
  ['a backslash', { baseURL: origin, url: '/a\\b' }],
  ['a line break', { baseURL: origin, url: '/a\n' }],
  ['another server', { baseURL: origin, url: '//other.example/a' }],
  ['two slashes at the end of a base', { baseURL: `${origin}/api//`, url: '/a' }],
  ['a dot segment in a base', { baseURL: `${origin}/../api`, url: '/a' }],
  ['a query in a base', { baseURL: `${origin}?a`, url: '/b' }],
  ['userinfo', { url: 'https://alice:secret@files.example/a' }],
  ['a host that is none', { url: 'http://a:port/b' }],
  ['another scheme', { url: 'ftp://files.example/a' }],
  ['a query without a path', { url: `${origin}?a` }],
  ['an absolute URL that is to be joined', { baseURL: origin, url: 'http://a/b', allowAbsoluteUrls: false }],
  [
    'an absolute URL that some versions of axios join',
    { baseURL: origin, url: 'http://a/b', allowAbsoluteUrls: 0 as never },
  ],
  ['a Unix socket', { baseURL: origin, url: '/a', socketPath: '/run/x' }],
  ['no URL', { baseURL: origin }],
  ['a path alone', { url: '/a' }],
])('%s is left to the parser', (_, config) => {
  expect(new PlainUrls().read(configOf(config))).toBeUndefined();
});

test('a URL that begins otherwise is not taken for one of the same server', () => {
  const urls = new PlainUrls();
  const one = { baseURL: origin, url: '/a' };
  const other = { baseURL: 'https://other.example', url: '/a' };
  for (const config of [one, other, one, { url: 'http://third.example/a' }, other])
    expect(urls.read(configOf(config))).toEqual(judged(config));
});

// What is left as it is, and what is not.
const PLAIN = '/ / a B ? & = %2F ~ ! -'.split(' ');
const OTHER = `// . .. %2e %2E. # : @ \\ ' " é | { ^ % http:// https:// HTTP: h.example 127.1 [::1] :443 :80`.split(
  ' ',
);
const BLANK = [' ', '\t', '\n', '\0', '\u00a0', '\u3000', '\ufeff'];

test('whatever is read is what the parser reads', () => {
  const piece = fc.oneof(
    { arbitrary: fc.constantFrom(...PLAIN), weight: 6 },
    { arbitrary: fc.constantFrom(...OTHER), weight: 3 },
    { arbitrary: fc.constantFrom(...BLANK), weight: 1 },
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const base = fc.oneof(
    text,
    text.map((rest) => `http://h.example${rest}`),
    fc.constant('https://h.example/api'),
  );
  const urls = new PlainUrls();
  let read = 0;
  fc.assert(
    fc.property(base, text, fc.constantFrom(true, false), (baseURL, url, allowAbsoluteUrls) => {
      const config = { baseURL, url, allowAbsoluteUrls };
      const [address, found] = [urls.read(configOf(config)), urls.originOf(configOf(config))];
      const expected = judged(config);
      if (address) expect(address).toEqual(expected);
      // A URL that the parser refuses leads nowhere.
      if (found !== undefined && expected) expect(found).toBe(expected.origin);
      read += address ? 1 : 0;
    }),
    { numRuns: 20_000 },
  );
  expect(read).toBeGreaterThan(500);
});
