/** The scope that is asked for when a server asks for more. */

import type { Challenge } from '../../../src/model.js';
import { asksForMore, coversScope, wantedScope } from '../../../src/oauth/scope.js';
import { ask } from '../../support/credential-request.js';

const bearer = (params: Record<string, string>): Challenge => ({ scheme: 'bearer', params });
const more = bearer({ error: 'insufficient_scope', scope: 'b c' });

test.each([
  ['no refusal', {}, 'a', 'a'],
  ['no refusal, and a scope in the challenge', { challenge: bearer({ scope: 'b' }) }, 'a', 'a'],
  ['a token that is invalid', { refusal: bearer({ error: 'invalid_token', scope: 'b' }) }, 'a', 'a'],
  ['a token that allows too little', { refusal: more }, 'a', 'a b c'],
  [
    'the same, with the union in the challenge',
    { refusal: more, challenge: bearer({ scope: 'b d' }) },
    undefined,
    'b d c',
  ],
  ['a scope that is none', { refusal: bearer({ error: 'insufficient_scope', scope: 'x" y\u001b' }) }, 'a', 'a'],
  ['nothing at all', { refusal: bearer({ error: 'insufficient_scope' }) }, undefined, undefined],
])('%s', (_, request, own, wanted) => {
  expect(wantedScope(ask(request), own)).toBe(wanted);
});

test.each([
  ['a b', 'b', true],
  ['a b', 'b a', true],
  ['a', 'a b', false],
  [undefined, 'a', false],
  [undefined, undefined, true],
])('a token for %s allows %s: %s', (held, wanted, expected) => {
  expect(coversScope(held, wanted)).toBe(expected);
});

test('only a token that allows too little, or is of too poor a login, asks for more', () => {
  const login = bearer({ error: 'insufficient_user_authentication' });
  const requests = [ask({ refusal: more }), ask({ refusal: login }), ask({ refusal: bearer({}) }), ask()];
  expect(requests.map(asksForMore)).toEqual([true, true, false, false]);
});
