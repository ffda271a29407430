/** A real MCP server, of the MCP SDK, which asks for a Bearer token of an issuer (MCP specification, "Authorization"). */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { type McpIssuer, pathOf } from './mcp-issuer.js';
import { plainServer } from './stage.js';

/** The first message of a client, as the body of a POST. */
export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a test', version: '1' } },
} as const;

/** What a client of the streamable HTTP transport accepts. */
export const MCP_ACCEPT = { Accept: 'application/json, text/event-stream' } as const;

/** An MCP server, and what it was asked. */
export interface McpUnderTest {
  /** Where messages are posted to; also the resource that tokens are for. */
  readonly url: string;
  /** The paths that were asked, in order. */
  paths(): readonly string[];
}

/** Starts a server at `path` that is gone after the test. It wants a token of `from` with all these scopes. */
export async function mcpServer(
  from: McpIssuer,
  { path = '/mcp', scopes = ['files:read'] }: { readonly path?: string; readonly scopes?: string[] } = {},
): Promise<McpUnderTest> {
  let listener: RequestListener = () => {};
  const { url: origin, requests } = await plainServer((request, response) => listener(request, response));
  const resource = new URL(path, origin);
  const app = createMcpExpressApp();
  app.use(mcpAuthMetadataRouter(await metadataOf(from, resource, scopes)));
  const guard = requireBearerAuth({
    verifier: { verifyAccessToken: (token) => authInfo(from, token, resource) },
    requiredScopes: scopes,
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
  });
  app.post(path, guard, serve);
  listener = app;
  return { url: resource.href, paths: () => requests.map(pathOf) };
}

type MetadataOptions = Parameters<typeof mcpAuthMetadataRouter>[0];

async function metadataOf(
  { issuer }: McpIssuer,
  resourceServerUrl: URL,
  scopesSupported: string[],
): Promise<MetadataOptions> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  const oauthMetadata = (await response.json()) as MetadataOptions['oauthMetadata'];
  return { oauthMetadata, resourceServerUrl, scopesSupported };
}

async function authInfo(from: McpIssuer, token: string, resource: URL) {
  const { client_id, scope, exp } = await from.verify(token, resource.href).catch(() => {
    throw new InvalidTokenError('it is none of ours');
  });
  return { token, clientId: String(client_id), scopes: String(scope).split(' '), expiresAt: exp as number, resource };
}

/** Each message has a server of its own, without a session. */
async function serve(request: IncomingMessage & { readonly body?: unknown }, response: ServerResponse) {
  const server = new McpServer({ name: 'files', version: '1' });
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on('close', () => void server.close());
  // Its types are not made for exactOptionalPropertyTypes.
  await server.connect(transport as never);
  await transport.handleRequest(request, response, request.body);
}
