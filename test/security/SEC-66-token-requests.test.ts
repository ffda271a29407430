/** SEC-66 Not to a nearer network: nor does a token request go there, after the metadata has come from elsewhere. */

import { Issuers } from '../../src/oauth/issuer-for.js';
import { oauthSettings } from '../../src/oauth/options.js';
import { ask } from '../support/credential-request.js';
import { plainServer } from '../support/stage.js';
import { failureOf, json, plainClient, resolver } from '../support/web.js';

const PUBLIC = '203.0.113.7';

test.each([
  ['when it is checked', [PUBLIC, '127.0.0.1'], 'is in a private network or on this machine'],
  ['when it is connected to', [PUBLIC, PUBLIC, '127.0.0.1'], 'failed at token request'],
])('SEC-66 an issuer whose name leads to this machine %s gets no token request', async (_, addresses, says) => {
  const inner = await plainServer((_request, response) => json(response, {}));
  const { port } = new URL(inner.url);
  const endpoint = `https://id.example:${port}/token`;
  const http = plainClient();
  // The internet is played by the client: only the token request is sent.
  const documents: Readonly<Record<string, object>> = {
    'https://api.example/.well-known/oauth-protected-resource/mcp': {
      resource: 'https://api.example/mcp',
      authorization_servers: [`https://id.example:${port}`],
    },
    [`https://id.example:${port}/.well-known/oauth-authorization-server`]: {
      issuer: `https://id.example:${port}`,
      token_endpoint: endpoint,
    },
  };
  http.interceptors.request.use((config) => {
    const document = documents[config.url as string];
    const data = Buffer.from(JSON.stringify(document ?? {}));
    const answer = { status: 200, statusText: 'OK', headers: { 'content-type': 'application/json' }, data, config };
    return document ? { ...config, adapter: async () => answer } : config;
  });
  const resolve = resolver({ 'api.example': [PUBLIC], 'id.example': addresses });
  const issuers = new Issuers(oauthSettings({ discover: true, clientId: 'cli' }), http, resolve);
  const source = await issuers.for(ask({ scheme: 'bearer', url: 'https://api.example/mcp' }));
  const body = new URLSearchParams({ refresh_token: 's3cret' });
  const message = await failureOf(source.fetch(endpoint, { method: 'POST', headers: {}, body }));
  expect(message).toContain(says);
  expect(message).not.toContain('s3cret');
  expect(inner.requests).toEqual([]);
});
