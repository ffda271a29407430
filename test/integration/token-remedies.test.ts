/** What explain() advises about a token that was refused. */

import { explain } from '../../src/index.js';
import { client, plainServer, spy } from '../support/stage.js';

const now = Math.floor(Date.now() / 1000);

/** A JSON Web Token, whose signature nobody checks. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.c2ln`;
}

async function adviceOn(token: string, field: string, status = 401) {
  const api = await plainServer(({ headers }, response) => {
    const isFirst = headers.authorization === undefined;
    response
      .writeHead(isFirst ? 401 : status, { 'WWW-Authenticate': isFirst ? 'Bearer, Basic realm="a"' : field })
      .end();
  });
  const provider = spy({ token });
  const response = await client(api.url, { providers: [provider] }, { validateStatus: null }).get('/');
  const text = explain(response);
  expect(text).not.toContain(token);
  expect(text).not.toMatch(/user name and the password/);
  return /what to do: (.*)/.exec(text)?.[1];
}

const refused = 'Bearer error="invalid_token", Basic realm="a"';

test.each([
  ['has run out', jwt({ exp: 1_300_819_380 }), refused, /^get a new token: this one ran out at 2011-03-22T18:43:00Z$/],
  [
    'is not valid yet',
    jwt({ nbf: now + 7200 }),
    refused,
    /^check the clock of this machine, or wait: the token is not/,
  ],
  [
    'is meant for others',
    jwt({ aud: ['https://other.example/api'], exp: now + 60 }),
    refused,
    /^get a token for http:\/\/127\.0\.0\.1:\d+: this one is meant for https:\/\/other\.example\/api$/,
  ],
  ['is meant for a name that is no URL', jwt({ aud: 'files' }), refused, /^get a new token: it may have expired/],
  ['says nothing of itself', 'opaque', refused, /^get a new token: it may have expired/],
])('for a token that %s', async (_, token, field, said) => {
  expect(await adviceOn(token, field)).toMatch(said);
});

test.each([
  [403, 'Bearer error="insufficient_scope", scope="files:write"', /^get a token with that scope/],
  [401, 'Bearer error="insufficient_user_authentication", max_age="5"', /^log in again, as the server wants it/],
])('for a %i with %s', async (status, field, said) => {
  expect(await adviceOn(jwt({ exp: now + 60 }), field, status)).toMatch(said);
});
