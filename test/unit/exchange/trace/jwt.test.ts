/** What is read from a JSON Web Token, and what is not. */

import { tokenFacts, writtenFacts } from '../../../../src/exchange/trace/jwt.js';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims: unknown) => `${part({ alg: 'none' })}.${part(claims)}.c2ln`;

// RFC 7519 §3.1.
const OF_THE_RFC =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

test.each<[string, string, string[]]>([
  ['the example of RFC 7519', OF_THE_RFC, ['expires 2011-03-22T18:43:00Z']],
  [
    'all claims',
    token({ iat: 0, nbf: 1, exp: 1.5, aud: ['a', 'é', 7] }),
    [
      'issued 1970-01-01T00:00:00Z',
      'not before 1970-01-01T00:00:01Z',
      'expires 1970-01-01T00:00:01.500Z',
      'audience a, é',
    ],
  ],
  ['dates that are none', token({ iat: 'now', exp: 1e20, aud: 7 }), []],
  ['no claims', token([]), []],
  ['null', token(null), []],
  ['no JSON', 'a.bm90IGpzb24.c', []],
  ['another kind of token', 'ghp_0123456789', []],
  ['an encrypted token', 'a.b.c.d.e', []],
  ['a token that is too long', token({ exp: 1, text: 'x'.repeat(20_000) }), []],
])('%s', (_, text, expected) => {
  const facts = tokenFacts(text);
  expect(facts === undefined ? [] : writtenFacts(facts)).toEqual(expected);
});
