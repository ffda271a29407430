/** A real issuer for an MCP server, `oidc-provider`, on loopback: it gives tokens for whatever resource is asked for. */

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { afterwards } from './stage.js';

/** The scopes that the issuer knows. */
export const MCP_SCOPES = ['files:read', 'files:write'] as const;

/** The client that needs no person, at the issuer of an MCP server. */
export const MCP_JOB = { clientId: 'job', clientSecret: 'the-secret-of-the-job' } as const;

/** An issuer, and what a resource server knows of its tokens. */
export interface McpIssuer {
  readonly issuer: string;
  /** The paths that were asked, in order. */
  paths(): readonly string[];
  /** The claims of a token for this resource; throws for any other token. */
  verify(token: string, resource: string): Promise<JWTPayload>;
}

/** The path that was asked, before a router cut it. */
export function pathOf(request: object): string {
  const { originalUrl, url }: { readonly originalUrl?: string; readonly url?: string } = request;
  return String(originalUrl ?? url);
}

/** What an issuer of a test is like. */
export interface McpIssuerOptions {
  /** The path of its identifier: `/tenant`. */
  readonly path?: string;
  /** Whether it reads Client ID Metadata Documents. */
  readonly readsDocuments?: boolean;
}

/** Starts an issuer that is gone after the test. */
export async function mcpIssuer({ path = '', readsDocuments = false }: McpIssuerOptions = {}): Promise<McpIssuer> {
  let listener: (request: unknown, response: unknown) => void = () => {};
  const requests: object[] = [];
  const { url } = await listening((request, response) => {
    requests.push(request);
    // oidc-provider is mounted under the path, and has its metadata there (OpenID Connect Discovery 1.0 §4).
    if (!request.url?.startsWith(`${path}/`)) return response.writeHead(404).end();
    const rest = request.url.slice(path.length);
    // As a router does that has mounted it: its own addresses begin with what was cut off.
    return listener(Object.assign(request, { originalUrl: request.url, url: rest }), response);
  });
  const issuer = `${url}${path}`;
  listener = await listenerOf(issuer, readsDocuments);
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return {
    issuer,
    paths: () => requests.map(pathOf),
    verify: async (token, resource) => (await jwtVerify(token, keys, { issuer, audience: resource })).payload,
  };
}

/** The issuer reads each body itself, after it has looked for the session. */
async function listening(listener: http.RequestListener): Promise<{ readonly url: string }> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function listenerOf(
  issuer: string,
  readsDocuments: boolean,
): Promise<(request: unknown, response: unknown) => void> {
  // oidc-provider warns of what a test is happy with.
  for (const name of ['info', 'warn'] as const) {
    const quiet = jest.spyOn(console, name).mockImplementation(() => {});
    afterwards(() => quiet.mockRestore());
  }
  // It has no types.
  const { default: Provider } = await import('oidc-provider' as string);
  const clientIdMetadataDocument = readsDocuments ? { enabled: true, ack: 'draft-02' } : { enabled: false };
  const features = { ...CONFIGURATION.features, clientIdMetadataDocument };
  return new Provider(issuer, { ...CONFIGURATION, features }).callback();
}

const LIVES = [
  'AuthorizationCode',
  'ClientCredentials',
  'DeviceCode',
  'Grant',
  'Interaction',
  'RefreshToken',
  'Session',
];

const CONFIGURATION = {
  clients: [
    {
      client_id: MCP_JOB.clientId,
      client_secret: MCP_JOB.clientSecret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    {
      client_id: 'cli',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/back'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
    },
  ],
  issueRefreshToken: () => true,
  pkce: { required: () => true },
  cookies: { keys: ['a test'] },
  ttl: Object.fromEntries(LIVES.map((name) => [name, 3600])),
  findAccount: (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => false,
      getResourceServerInfo: (_: unknown, audience: string) => ({
        audience,
        scope: MCP_SCOPES.join(' '),
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
};
