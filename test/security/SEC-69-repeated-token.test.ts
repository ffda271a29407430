/** SEC-69: a server that repeats the token where it says what the token lacks puts it into no event and no explanation. */

import { bearer, explain, installAuth, staticCredential } from '../../src/index.js';
import { bare, plainServer } from '../support/stage.js';

const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

test.each([
  [403, 'insufficient_scope', 'scope'],
  [403, 'insufficient_scope', 'error_uri'],
  [401, 'insufficient_user_authentication', 'acr_values'],
  [401, 'insufficient_user_authentication', 'max_age'],
])('SEC-69 a token that a %d %s repeats in %s is not shown', async (status, error, parameter) => {
  const { url } = await plainServer(({ headers: { authorization } }, response) => {
    const said = authorization ? ` error="${error}", ${parameter}="${authorization.slice(7)}"` : '';
    response.writeHead(authorization ? status : 401, { 'WWW-Authenticate': `Bearer${said}` }).end();
  });
  const events: unknown[] = [];
  const client = bare(url);
  const providers = [staticCredential({ token: TOKEN })];
  installAuth(client, { providers, schemes: [bearer()], onEvent: (event) => events.push(event) });
  const words = explain(await client.get('/').catch((thrown) => thrown));
  expect(words).toContain(String(status));
  expect(words).not.toContain(TOKEN);
  expect(JSON.stringify(events)).not.toContain(TOKEN);
});
