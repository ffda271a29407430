import { Lru } from '../../../src/base/lru.js';

const held = (lru: Lru<string, number>) => [...'abcd'].filter((key) => lru.get(key) !== undefined).join('');

test('the entry that was used longest ago makes room for a new entry', () => {
  const lru = new Lru<string, number>(3).set('a', 1).set('b', 2).set('c', 3);
  expect(lru.get('a')).toBe(1);
  lru.set('d', 4);
  expect(lru.size).toBe(3);
  expect(held(lru)).toBe('acd');
});

test('an entry that is set again counts as used, and takes no more room', () => {
  const lru = new Lru<string, number>(2).set('a', 1).set('b', 2).set('a', 3).set('c', 4);
  expect(lru.get('a')).toBe(3);
  expect(held(lru)).toBe('ac');
});

test('a look-up of an absent key displaces nothing', () => {
  const lru = new Lru<string, number>(1).set('a', 1);
  expect(lru.get('b')).toBeUndefined();
  expect(held(lru)).toBe('a');
});

test('an entry can be deleted, and so can all of them', () => {
  const lru = new Lru<string, number>(2).set('a', 1).set('b', 2);
  expect([lru.delete('a'), lru.delete('a')]).toEqual([true, false]);
  expect(held(lru)).toBe('b');
  lru.clear();
  expect(lru.size).toBe(0);
});
