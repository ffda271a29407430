/** The login that a challenge asks for (RFC 9470 §3), as parameters of an authorization request (§4). */

import { wantedLogin } from '../../../src/oauth/login.js';
import { ask } from '../../support/credential-request.js';

const login = { error: 'insufficient_user_authentication' };

test.each<[string, Record<string, string>, object]>([
  ['both', { ...login, acr_values: 'myACR gold', max_age: '5' }, { acr_values: 'myACR gold', max_age: '5' }],
  ['a class', { ...login, acr_values: 'urn:example:gold' }, { acr_values: 'urn:example:gold' }],
  ['an age', { ...login, max_age: '0' }, { max_age: '0' }],
  ['neither', login, {}],
  ['values that are malformed', { ...login, acr_values: 'a\u001b[2J', max_age: '-1' }, {}],
  ['an empty class, and an age in words', { ...login, acr_values: '', max_age: 'soon' }, {}],
  ['another error', { error: 'insufficient_scope', acr_values: 'gold' }, {}],
])('%s', (_, params, wanted) => {
  expect(wantedLogin(ask({ refusal: { scheme: 'bearer', params } }))).toEqual(wanted);
});

test('without a refusal nothing is asked for', () => {
  expect(wantedLogin(ask())).toEqual({});
});
