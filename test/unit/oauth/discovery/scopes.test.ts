import { scopeOf, scopeOfList, unionOf } from '../../../../src/oauth/discovery/scopes.js';
import { parseChallenges } from '../../../../src/protocol.js';

test.each([
  ['Bearer scope="files:read"', 'files:read'],
  ['Bearer scope="a b c"', 'a b c'],
  ['Bearer SCOPE="a"', 'a'],
  ['Bearer scope="https://x.example/y!#[]~"', 'https://x.example/y!#[]~'],
  ['Bearer realm="x"', undefined],
  ['Bearer error_scope="decoy"', undefined],
  ['Bearer scope=""', undefined],
  ['Bearer scope="a  b"', undefined],
  ['Bearer scope=" a"', undefined],
  ['Bearer scope="a "', undefined],
  ['Bearer scope="a\tb"', undefined],
  ['Bearer scope="a\\"b"', undefined],
  ['Bearer scope="a\\\\b"', undefined],
  ['Bearer scope="b\u00fccher"', undefined],
])('%s asks for %s', (field, scope) => {
  expect(scopeOf(parseChallenges(field)[0])).toBe(scope);
});

test('no challenge asks for nothing', () => {
  expect(scopeOf(undefined)).toBeUndefined();
});

test.each([
  ['a b', 'b c', 'a b c'],
  ['a', undefined, 'a'],
  [undefined, 'a', 'a'],
  [undefined, undefined, undefined],
  ['', '', undefined],
  ['a a', 'a', 'a'],
  ['b a', 'c', 'b a c'],
])('the union of %s and %s is %s', (one, other, both) => {
  expect(unionOf(one, other)).toBe(both);
});

test.each([
  [['a', 'b', 'a'], 'a b'],
  [['a b', '', 7, null, 'c"', 'd'], 'd'],
  [[], undefined],
  ['a', undefined],
  [undefined, undefined],
])('the list %j is the scope %s', (list, scope) => {
  expect(scopeOfList(list)).toBe(scope);
});
