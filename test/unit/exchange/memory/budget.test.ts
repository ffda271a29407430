/** How much text of servers is kept: 8 Mi characters, and what asked longest ago goes first (SEC-42). */

import { Budget, textLength } from '../../../../src/exchange/memory/budget.js';

const MEBI = 1024 * 1024;

/** Four shelves, and the names of those that were forgotten, in order. */
function shelves() {
  const forgotten: string[] = [];
  const shelf = (name: string) => ({ forget: () => void forgotten.push(name) });
  return { budget: new Budget(), forgotten, a: shelf('a'), b: shelf('b'), c: shelf('c'), d: shelf('d') };
}

test('what fits is kept', () => {
  const { budget, forgotten, a, b } = shelves();
  budget.weigh(a, 4 * MEBI);
  budget.weigh(b, 4 * MEBI);
  expect(forgotten).toEqual([]);
});

test('the oldest are forgotten until the rest fits', () => {
  const { budget, forgotten, a, b, c, d } = shelves();
  for (const one of [a, b, c]) budget.weigh(one, 2 * MEBI);
  budget.weigh(d, 5 * MEBI);
  expect(forgotten).toEqual(['a', 'b']);
});

test('a shelf that asks again is the newest, and counts once', () => {
  const { budget, forgotten, a, b, c } = shelves();
  for (const one of [a, b, a, a]) budget.weigh(one, 3 * MEBI);
  expect(forgotten).toEqual([]);
  budget.weigh(c, 3 * MEBI);
  expect(forgotten).toEqual(['b']);
});

test('what is dropped has room again for others, and is not forgotten twice', () => {
  const { budget, forgotten, a, b, c } = shelves();
  budget.weigh(a, 5 * MEBI);
  budget.drop(a);
  budget.drop(a);
  budget.weigh(b, 4 * MEBI);
  budget.weigh(c, 4 * MEBI);
  expect(forgotten).toEqual([]);
});

test('a shelf that alone is too much stays, by itself', () => {
  const { budget, forgotten, a, b } = shelves();
  budget.weigh(a, 1);
  budget.weigh(b, 9 * MEBI);
  expect(forgotten).toEqual(['a']);
});

test.each([
  [{}, 0],
  [{ realm: 'files' }, 10],
  [{ realm: '', nonce: 'n1' }, 12],
])('the text of %j has %i characters', (params, length) => {
  expect(textLength(params)).toBe(length);
});
