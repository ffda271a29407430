/** A client that knows nothing of an MCP server but its address: from the 401 to the answer, with a real issuer. */

import type { AxiosInstance } from 'axios';
import { explain } from '../../src/index.js';
import type { OAuthOptions } from '../../src/oauth/oauth.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { INITIALIZE, MCP_ACCEPT, mcpServer } from '../support/mcp.js';
import { MCP_JOB, type McpIssuer, mcpIssuer } from '../support/mcp-issuer.js';
import { impatient, oauthClient } from '../support/oauth-stage.js';
import { visit } from '../support/web-person.js';

const ANSWER = { result: { serverInfo: { name: 'files' } } };
const RESOURCE_METADATA = '/.well-known/oauth-protected-resource/mcp';

/** What the issuer was asked, without its own keys. */
const asked = ({ paths }: McpIssuer) => paths().filter((path) => path !== '/jwks' && !path.startsWith('/device?'));
const tokenRequests = (issuer: McpIssuer) => asked(issuer).filter((path) => path === '/token').length;

/** An issuer whose tokens can be broken: the server does not take them any more. */
async function stage(scopes?: string[]) {
  const broken = new Set<string>();
  const known = new Set<string>();
  const issuer = await mcpIssuer();
  const server = await mcpServer(
    {
      ...issuer,
      verify: async (token, resource) => {
        known.add(token);
        if (broken.has(token)) throw new Error('it was ended');
        return issuer.verify(token, resource);
      },
    },
    scopes && { scopes },
  );
  const breakAll = () => known.forEach((token) => void broken.add(token));
  return { issuer, server, breakAll, lastToken: () => [...known].at(-1) as string };
}

const job: OAuthOptions = { ...MCP_JOB, discover: true };

function cli({ input, output, environment }: FakeTerminal): OAuthOptions {
  return { clientId: 'cli', discover: true, http: impatient(), input, output, environment };
}

function initialize(client: AxiosInstance, path = '/mcp') {
  return client.post(path, INITIALIZE, { headers: MCP_ACCEPT });
}

/** The person enters the code that is shown, at the address that is shown. */
async function enterCode(terminal: FakeTerminal): Promise<void> {
  await terminal.until(' and enter ');
  const [, address = '', code = ''] = /Open (\S+) and enter (\S+)/.exec(terminal.shown) ?? [];
  await visit(address, { types: { user_code: code, login: 'alice' } });
}

test('a program finds the issuer by the 401, gets a token, and is let in; the next message asks nobody', async () => {
  const { issuer, server } = await stage();
  const client = oauthClient(new URL(server.url).origin, job);
  const response = await initialize(client);
  expect(response).toMatchObject({ status: 200, data: ANSWER });
  expect(explain(response)).toContain('oauth');
  expect(server.paths()).toEqual(['/mcp', RESOURCE_METADATA, '/mcp']);
  const before = asked(issuer).length;
  expect(asked(issuer).at(-1)).toBe('/token');
  expect((await initialize(client)).data).toMatchObject(ANSWER);
  expect(server.paths()).toHaveLength(4);
  expect(asked(issuer)).toHaveLength(before);
});

test('fifty cold messages discover once and ask for one token', async () => {
  const { issuer, server } = await stage();
  const client = oauthClient(new URL(server.url).origin, job);
  const responses = await Promise.all(Array.from({ length: 50 }, () => initialize(client)));
  expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(200));
  expect(server.paths().filter((path) => path === RESOURCE_METADATA)).toHaveLength(1);
  expect(tokenRequests(issuer)).toBe(1);
});

test('a person logs in on another device, at the issuer that the server names', async () => {
  const { issuer, server } = await stage();
  const terminal = new FakeTerminal();
  const { origin } = new URL(server.url);
  const message = initialize(oauthClient(origin, cli(terminal)));
  await enterCode(terminal);
  expect(await message).toMatchObject({ status: 200, data: ANSWER });
  expect(terminal.shown).toContain(`${origin} asks for a token of ${issuer.issuer}`);
});

test('a token without a scope that the server wants is followed by one with both', async () => {
  const { issuer, server, lastToken } = await stage(['files:read', 'files:write']);
  const client = oauthClient(new URL(server.url).origin, { ...job, scope: 'files:read' });
  const response = await initialize(client);
  expect(response).toMatchObject({ status: 200, data: ANSWER });
  expect(explain(response)).toContain('the token lacks the scope');
  expect(tokenRequests(issuer)).toBe(2);
  expect(await issuer.verify(lastToken(), server.url)).toMatchObject({ scope: 'files:read files:write' });
  expect((await initialize(client)).status).toBe(200);
  expect(tokenRequests(issuer)).toBe(2);
});

test('a token that the server does not take any more is replaced once, for all who wait', async () => {
  const { issuer, server, breakAll } = await stage();
  const client = oauthClient(new URL(server.url).origin, job);
  await initialize(client);
  breakAll();
  const responses = await Promise.all([initialize(client), initialize(client), initialize(client)]);
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(tokenRequests(issuer)).toBe(2);
});

test('the login of a person is renewed without the person', async () => {
  const { issuer, server, breakAll } = await stage();
  const terminal = new FakeTerminal();
  const client = oauthClient(new URL(server.url).origin, cli(terminal));
  const message = initialize(client);
  await enterCode(terminal);
  await message;
  breakAll();
  terminal.forget();
  const before = tokenRequests(issuer);
  expect(await initialize(client)).toMatchObject({ status: 200, data: ANSWER });
  expect(tokenRequests(issuer)).toBe(before + 1);
  expect(terminal.shown).toBe('');
});
