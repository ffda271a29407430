/** The small pieces of text of the command line. */

import { addressOf } from '../../../../src/cli/input/address.js';
import { headersOf } from '../../../../src/cli/input/headers.js';
import { progressLine } from '../../../../src/cli/io/progress.js';
import { isAtLeast } from '../../../../src/cli/io/version.js';
import { indexFile } from '../../../../src/cli/keychain/known-origins.js';

test.each<[number, number | undefined, number, string]>([
  [500_000, 1_000_000, 1000, '500.0 kB of 1.0 MB  50%  500.0 kB/s  1 s left'],
  [0, 1000, 1000, '0 B of 1.0 kB  0%  0 B/s'],
  [1000, 1000, 2000, '1.0 kB of 1.0 kB  100%  500 B/s  0 s left'],
  [2_500_000_000, undefined, 1000, '2.5 GB  2.5 GB/s'],
  [2000, 1000, 1000, '2.0 kB  2.0 kB/s'],
  [0, 0, 1000, '0 B of 0 B  0%  0 B/s'],
])('%i of %s bytes after %i ms', (bytes, total, milliseconds, expected) => {
  expect(progressLine(bytes, total, milliseconds)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['20.19.0', '20.19.0', true],
  ['20.9.0', '20.19.0', false],
  ['22.1.0', '20.19.0', true],
  ['1.13.3', '1.7.0', true],
  ['1.6.9', '1.7.0', false],
])('%s is at least %s: %s', (version, wanted, expected) => {
  expect(isAtLeast(version, wanted)).toBe(expected);
});

test.each<[string, object]>([
  [
    'https://a:b%40c@files.example:8443/x?y#z',
    { url: 'https://files.example:8443/x?y', username: 'a', password: 'b@c' },
  ],
  ['https://a@files.example', { url: 'https://files.example/', username: 'a', password: undefined }],
  ['https://a:%zz@files.example', { password: '%zz' }],
  ['http://h/#@evil/', { origin: 'http://h', username: undefined }],
  ['https://victim:x@attacker/', { origin: 'https://attacker', shown: 'https://attacker/' }],
])('the URL %s', (text, expected) => {
  expect(addressOf(text)).toMatchObject(expected);
});

test.each<[string[], object]>([
  [['A: b'], { A: 'b' }],
  [['A:b', 'a: c '], { A: ['b', 'c'] }],
  [['A:'], { A: '' }],
])('the headers %j', (lines, expected) => {
  expect(headersOf(lines)).toEqual(expected);
});

test.each(['A', ': b', 'A b: c', 'A: b\r\nC: d', 'A: \u0000', 'A: €'])('%j is not a header', (line) => {
  expect(() => headersOf([line])).toThrow("header 1 is not of the form 'Name: value'");
});

test('XDG_STATE_HOME is used if it is absolute', () => {
  expect(indexFile({ XDG_STATE_HOME: '/state' })).toBe('/state/axios-challenge/origins');
  expect(indexFile({ XDG_STATE_HOME: 'state' })).toMatch(/\.local\/state\/axios-challenge\/origins$/);
});
