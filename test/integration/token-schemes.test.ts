/** Tokens under other auth-schemes than Bearer, from the challenge to the refusal. */

import { basic, bearer, env, explain, staticCredential } from '../../src/index.js';
import { client, plainServer, refused, spy } from '../support/stage.js';

const schemes = [bearer(), bearer({ scheme: 'Token' }), basic()];

/** A server that wants a token under an auth-scheme of its own at each path: `/Token`. */
function service(realm = 'api') {
  return plainServer(({ url, headers }, response) => {
    const scheme = url?.slice(1);
    if (headers.authorization === `${scheme} k3y`) return response.end('"let in"');
    return response.writeHead(401, { 'WWW-Authenticate': `${scheme} realm="${realm} ${scheme}"` }).end();
  });
}

test('several auth-schemes are answered, each under its own name, and then at once', async () => {
  const api = await service();
  const http = client(api.url, { schemes, providers: [staticCredential({ token: 'k3y' })] });
  for (const path of ['/Bearer', '/Token']) expect((await http.get(path)).data).toBe('let in');
  const response = await http.get('/Token');
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([
    undefined,
    'Bearer k3y',
    // One origin is one space of either: the newest challenge of a directory is meant.
    'Bearer k3y',
    'Token k3y',
    'Token k3y',
  ]);
  expect(explain(response)).toContain('with a token (Token, at once)');
});

test('the environment has a token for each of them', async () => {
  const api = await service();
  const environment = { AXIOS_CHALLENGE_TOKEN: 'k3y', AXIOS_CHALLENGE_URL: api.url };
  const http = client(api.url, { schemes, providers: [env({ environment })] });
  expect((await http.get('/Token')).data).toBe('let in');
});

test('a provider is told the name and the kind, and hears a refusal', async () => {
  const api = await service();
  const provider = spy({ token: 'wr0ng' });
  const response = await refused(client(api.url, { schemes, providers: [provider] }).get('/Token'));
  expect(provider.asked[0]).toMatchObject({ scheme: 'token', kind: 'token', realm: 'api Token' });
  expect(provider.told).toEqual([['reject', 'wr0ng']]);
  expect(explain(response)).toContain('chose Token');
  expect(explain(response)).toContain('get a new token');
});

test('beyond this machine, none of them is sent in the clear', async () => {
  const provider = spy({ token: 'k3y' });
  const http = client(
    'http://api.example',
    { schemes, providers: [provider] },
    {
      adapter: async (config) => {
        const headers = { 'www-authenticate': 'Token realm="api"' };
        const request = { responseURL: 'http://api.example/' };
        return { status: 401, statusText: '', headers, config, request, data: '' };
      },
      validateStatus: null,
    },
  );
  expect(explain(await http.get('/'))).toContain('Token would send the token in the clear');
  expect(provider.asked).toEqual([]);
});
