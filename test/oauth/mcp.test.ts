/** A real MCP server, and a real issuer: what the 401 of the first leads to. */

import { checkClient } from '../../src/oauth/discovery/client.js';
import { parseChallenges } from '../../src/protocol.js';
import { INITIALIZE, MCP_ACCEPT, type McpUnderTest, mcpServer } from '../support/mcp.js';
import { MCP_JOB, mcpIssuer } from '../support/mcp-issuer.js';
import { discoverAt, plainClient } from '../support/web.js';

const http = plainClient({ validateStatus: () => true });

/** Sends the first message, and gives the status and the challenge of the answer. */
async function initialize({ url }: McpUnderTest, headers: Record<string, string> = {}) {
  const { status, headers: got, data } = await http.post(url, INITIALIZE, { headers: { ...MCP_ACCEPT, ...headers } });
  return { status, data, challenge: parseChallenges(String(got['www-authenticate'] ?? ''))[0] };
}

/** A token by the token endpoint that was discovered, for the resource and the scope that were. */
async function tokenFor({ metadata, resource, scope }: Awaited<ReturnType<typeof discoverAt>>): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', resource, scope: scope ?? '' });
  const auth = { username: MCP_JOB.clientId, password: MCP_JOB.clientSecret };
  const { data } = await http.post(String(metadata.token_endpoint), form, { auth });
  return data.access_token;
}

test.each(['', '/tenant'])('its 401 leads to the issuer, the resource and the scope (issuer path %j)', async (path) => {
  const issuer = await mcpIssuer({ path });
  const server = await mcpServer(issuer);
  const { status, challenge } = await initialize(server);
  expect(status).toBe(401);
  const found = await discoverAt({ url: server.url, challenge });
  expect(found).toMatchObject({ issuer: issuer.issuer, resource: server.url, scope: 'files:read' });
  expect(server.paths().slice(1)).toEqual(['/.well-known/oauth-protected-resource/mcp']);
  // The judge: a token for what was found is what the server wants.
  const token = await tokenFor(found);
  const answer = await initialize(server, { Authorization: `Bearer ${token}` });
  expect(answer).toMatchObject({ status: 200, data: { result: { serverInfo: { name: 'files' } } } });
});

test('without a challenge the same is found at the well-known place', async () => {
  const issuer = await mcpIssuer();
  const server = await mcpServer(issuer, { scopes: ['files:read', 'files:write'] });
  expect(await discoverAt({ url: server.url })).toMatchObject({
    issuer: issuer.issuer,
    resource: server.url,
    scope: 'files:read files:write',
  });
});

test('a server at the root names its root', async () => {
  const issuer = await mcpIssuer();
  const server = await mcpServer(issuer, { path: '/' });
  const { challenge } = await initialize(server);
  expect(await discoverAt({ url: server.url, challenge })).toMatchObject({ resource: server.url });
});

test('a scope that a token lacks is asked for in a challenge', async () => {
  const issuer = await mcpIssuer();
  const server = await mcpServer(issuer, { scopes: ['files:read', 'files:write'] });
  const { challenge } = await initialize(server);
  const token = await tokenFor({ ...(await discoverAt({ url: server.url, challenge })), scope: 'files:read' });
  const lacking = await initialize(server, { Authorization: `Bearer ${token}` });
  expect(lacking).toMatchObject({
    status: 403,
    challenge: { params: { error: 'insufficient_scope', scope: 'files:read files:write' } },
  });
});

test.each([true, false])(
  'a client metadata document is a client there only if the issuer reads it: %s',
  async (reads) => {
    const server = await mcpServer(await mcpIssuer({ readsDocuments: reads }));
    const { metadata } = await discoverAt({ url: server.url });
    const check = () => checkClient('https://app.example/client.json', metadata);
    if (reads) expect(check).not.toThrow();
    else expect(check).toThrow('the issuer reads no client metadata document');
  },
);
