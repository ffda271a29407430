/** Paths by directory and by prefix (RFC 7617 §2.2, RFC 7616 §3.3), and how many of them are kept. */

import { covers, directoryOf, merge, Places } from '../../../../src/exchange/challenge/paths.js';

test.each([
  ['/docs', '/docs', true],
  ['/docs', '/docs/a', true],
  ['/docs/', '/docs/a', true],
  ['/', '/anything', true],
  ['/docs', '/docs2', false],
  ['/docs/', '/docs', false],
  ['/docs/a', '/docs', false],
  ['/Docs', '/docs', false],
])('whether %s covers %s: %s', (prefix, pathname, expected) => {
  expect(covers(prefix, pathname)).toBe(expected);
});

test.each([
  ['/docs/index.html', '/docs/'],
  ['/docs/', '/docs/'],
  ['/docs', '/'],
  ['/', '/'],
])('the directory of %s is %s', (pathname, directory) => {
  expect(directoryOf(pathname)).toBe(directory);
});

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['a new prefix is added', ['/a/'], ['/b/'], ['/a/', '/b/']],
  ['a known prefix stands once', ['/a/'], ['/a/'], ['/a/']],
  ['a wider prefix takes the place of a narrower', ['/a/b/'], ['/a/'], ['/a/']],
  ['a narrower prefix says nothing new', ['/a/'], ['/a/b/'], ['/a/']],
  ['a prefix covers at a segment border only', ['/a'], ['/ab'], ['/a', '/ab']],
])('%s', (_, known, told, all) => {
  expect(merge(known, told)).toEqual(all);
});

test('of very many prefixes, the newest 64 are kept', () => {
  const many = Array.from({ length: 70 }, (_, index) => `/p${index}/`);
  const kept = merge([], many);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([64, '/p6/', '/p69/']);
});

test('of very long prefixes, the newest are kept that have 16,384 characters together', () => {
  const long = (name: string) => `/${name.repeat(7998)}/`;
  expect(merge([long('a'), long('b')], [long('c')])).toEqual([long('b'), long('c')]);
});

test('a place is a path with its directory, until a challenge comes from there', () => {
  const places = new Places();
  places.add('/docs/one');
  const known = () => ['/docs/one', '/docs/two', '/docs/', '/docs/deep/', '/'].map((path) => places.has(path));
  expect(known()).toEqual([true, true, true, false, false]);
  places.delete('https://files.example/other/one?x=/docs/one');
  expect(known()).toEqual([true, true, true, false, false]);
  places.delete('https://files.example/docs/two?x=1');
  // The directory is no place any more, but the path that was named is.
  expect(known()).toEqual([true, false, false, false, false]);
});

test('the places of longest ago are forgotten first', () => {
  const places = new Places();
  for (let index = 0; index < 33; index += 1) places.add(`/d${index}/file`);
  expect([places.has('/d0/file'), places.has('/d1/file'), places.has('/d32/file')]).toEqual([false, true, true]);
});
