/** All that is remembered of protection spaces: which one is meant, and what is forgotten first (SEC-35). */

import type { Space } from '../../../../src/exchange/memory/space.js';
import { Spaces } from '../../../../src/exchange/memory/spaces.js';
import { basic } from '../../../../src/schemes/basic.js';
import { choiceOf } from '../../../support/offer.js';

const ORIGIN = 'https://files.example';
const credential = { username: 'alice', password: 'wonderland' };
const provider = { name: 'book', get: () => credential };
const clock = { now: () => 0, date: () => 0 };
const challenge = (realm: string) => ({ scheme: 'basic', params: { realm } });

/** A space that was challenged at a path, and let the credential in. */
function open(spaces: Spaces, realm: string, pathname: string, origin = ORIGIN): Space {
  const choice = choiceOf(basic(), challenge(realm));
  const space = spaces.of(origin, challenge(realm));
  space.offered(choice, origin + pathname);
  spaces.challenged(space, pathname);
  const answer = choice.offer.answer(credential);
  space.open({ credential, given: credential, provider, choice, answer }, clock).admitted = true;
  return space;
}

test('a realm of an origin is one space, and without a realm there is one, too', () => {
  const spaces = new Spaces();
  const files = spaces.of(ORIGIN, challenge('files'));
  expect(spaces.of(ORIGIN, challenge('files'))).toBe(files);
  expect(spaces.of(ORIGIN, challenge('Files'))).not.toBe(files);
  expect(spaces.of('https://other.example', challenge('files'))).not.toBe(files);
  expect(spaces.of(ORIGIN, { scheme: 'bearer', params: {} }).realm).toBe('');
});

test.each([
  ['/docs/deep/x', 'deep'],
  ['/docs/x', 'docs'],
  ['/x', undefined],
])('of the spaces that cover %s, the one with the longest prefix is meant: %s', (pathname, realm) => {
  const spaces = new Spaces();
  open(spaces, 'deep', '/docs/deep/one');
  open(spaces, 'docs', '/docs/one');
  expect(spaces.covering(ORIGIN, pathname)?.realm).toBe(realm);
  expect(spaces.covering('https://other.example', pathname)).toBeUndefined();
});

test.each([
  ['/docs/x', true],
  ['/docs/deep/x', true],
  ['/docs2/x', false],
  ['/x', false],
])('a space that is the only one of its origin covers %s: %s', (pathname, expected) => {
  const spaces = new Spaces();
  const space = open(spaces, 'docs', '/docs/one');
  expect(spaces.covering(ORIGIN, pathname)).toBe(expected ? space : undefined);
});

test('of two spaces that cover a path alike, the one that challenged there last is meant', () => {
  const spaces = new Spaces();
  const [one] = [open(spaces, 'one', '/docs/a'), open(spaces, 'two', '/docs/a')];
  expect(spaces.covering(ORIGIN, '/docs/a')?.realm).toBe('two');
  spaces.challenged(one as Space, '/docs/a');
  expect(spaces.covering(ORIGIN, '/docs/a')?.realm).toBe('one');
});

test('a space whose credential was not let in, or that left the path to another, is not meant', () => {
  const spaces = new Spaces();
  const space = open(spaces, 'files', '/docs/a');
  space.ceded.add('/docs/a');
  expect(spaces.covering(ORIGIN, '/docs/a')).toBeUndefined();
  expect(spaces.covering(ORIGIN, '/docs/deep/b')).toBe(space);
  Object.assign(space.session ?? {}, { admitted: false });
  expect(spaces.covering(ORIGIN, '/docs/deep/b')).toBeUndefined();
});

test('a thousand origins are remembered, the newest used', () => {
  const spaces = new Spaces();
  for (let index = 0; index < 1000; index += 1) spaces.of(`https://${index}.example`, challenge('r'));
  spaces.of('https://0.example', challenge('r'));
  spaces.of('https://new.example', challenge('r'));
  expect(spaces.size).toBe(1000);
  expect(['0', '1', 'new'].map((name) => spaces.remembers(`https://${name}.example`))).toEqual([true, false, true]);
});

test('64 spaces of an origin are remembered, the newest used', () => {
  const spaces = new Spaces();
  const [first, second] = [spaces.of(ORIGIN, challenge('r0')), spaces.of(ORIGIN, challenge('r1'))];
  for (let index = 2; index < 64; index += 1) spaces.of(ORIGIN, challenge(`r${index}`));
  spaces.of(ORIGIN, challenge('r0'));
  spaces.of(ORIGIN, challenge('r64'));
  expect(spaces.of(ORIGIN, challenge('r0'))).toBe(first);
  expect(spaces.of(ORIGIN, challenge('r1'))).not.toBe(second);
});

test('an origin with very long realms keeps the newest', () => {
  const spaces = new Spaces();
  const long = (name: string) => challenge(name.repeat(100_000));
  const [a, b, c] = [spaces.of(ORIGIN, long('a')), spaces.of(ORIGIN, long('b')), spaces.of(ORIGIN, long('c'))];
  expect([spaces.of(ORIGIN, long('c')), spaces.of(ORIGIN, long('b'))]).toEqual([c, b]);
  expect(spaces.of(ORIGIN, long('a'))).not.toBe(a);
});

test('what is forgotten of an origin is gone, with the proofs that are due there; a release leaves those', () => {
  const spaces = new Spaces();
  const { due } = spaces.stores;
  for (const origin of [ORIGIN, 'https://other.example']) {
    open(spaces, 'files', '/docs/a', origin);
    due.note({ origin, pathname: '/docs/a' }, []);
  }
  spaces.forget(ORIGIN);
  expect([spaces.remembers(ORIGIN), due.has({ origin: ORIGIN, pathname: '/docs/a' })]).toEqual([false, false]);
  expect(spaces.remembers('https://other.example')).toBe(true);
  spaces.release();
  expect([spaces.size, due.has({ origin: 'https://other.example', pathname: '/docs/a' })]).toEqual([0, true]);
});
