/** A URL is one however often it is asked for. */

import { parseUrl } from '../../../src/syntax/url.js';

test.each([
  ['https://files.example/a b', undefined, 'https://files.example/a%20b'],
  ['/a', 'https://files.example/b', 'https://files.example/a'],
  ['/a', undefined, undefined],
  ['https://[', undefined, undefined],
  ['', undefined, undefined],
])('%p on %p', (text, base, href) => {
  expect(parseUrl(text, base)?.href).toBe(href);
});

test('a host that is not ASCII, after thousands of others', () => {
  const answers = Array.from({ length: 30_000 }, () => parseUrl('https://bücher.example')?.host);
  expect(new Set(answers)).toEqual(new Set(['xn--bcher-kva.example']));
});
