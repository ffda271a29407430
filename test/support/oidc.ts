/** A real issuer, `oidc-provider`, on loopback: device flow, PKCE, resource indicators, rotation, `iss`. */

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterwards } from './stage.js';

/** The resource of every token, unless a test says otherwise. */
export const RESOURCE = 'https://files.example/';

/** The secret of the client `job`. */
export const JOB_SECRET = 'the-secret-of-the-job+/%';

/** One request that the issuer got. */
export interface IssuerHit {
  readonly path: string;
  /** The parameters of the body, or of the address. */
  readonly parameters: URLSearchParams;
}

/** The issuer, and what it was asked. */
export interface Oidc {
  readonly issuer: string;
  readonly hits: readonly IssuerHit[];
  /** The token requests, by grant type. */
  grants(): string[];
  /** What a resource server says of a token: its claims, or a throw. */
  verify(token: string): Promise<Record<string, unknown>>;
  /** From now on nobody answers. */
  stop(): void;
}

export interface OidcOptions {
  /** How long an access token lives, in seconds. */
  readonly accessTokenTtl?: number;
}

/** Starts an issuer that is gone after the test. */
export async function oidc({ accessTokenTtl = 3600 }: OidcOptions = {}): Promise<Oidc> {
  const hits: IssuerHit[] = [];
  let handle: http.RequestListener = () => {};
  const server = http.createServer((request, response) => {
    note(request, hits);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  afterwards(stop);
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  handle = await listenerOf(issuer, accessTokenTtl);
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return {
    issuer,
    hits,
    stop,
    grants: () =>
      hits.filter(({ path }) => path === '/token').map(({ parameters }) => String(parameters.get('grant_type'))),
    verify: async (token) => (await jwtVerify(token, keys, { issuer, audience: RESOURCE })).payload,
  };
}

/** oidc-provider warns of what a test is happy with. */
async function listenerOf(issuer: string, accessTokenTTL: number): Promise<http.RequestListener> {
  for (const name of ['info', 'warn'] as const) {
    const quiet = jest.spyOn(console, name).mockImplementation(() => {});
    afterwards(() => quiet.mockRestore());
  }
  // It has no types.
  const { default: Provider } = await import('oidc-provider' as string);
  const provider = new Provider(issuer, configuration(accessTokenTTL));
  return provider.callback();
}

const LIVES = ['AuthorizationCode', 'DeviceCode', 'Grant', 'Interaction', 'RefreshToken', 'Session'];

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

function configuration(accessTokenTTL: number) {
  const person = { token_endpoint_auth_method: 'none', application_type: 'native', response_types: ['code'] };
  return {
    clients: [
      {
        ...person,
        client_id: 'cli',
        redirect_uris: ['http://127.0.0.1/back'],
        grant_types: ['authorization_code', 'refresh_token', DEVICE],
      },
      {
        client_id: 'job',
        client_secret: JOB_SECRET,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    cookies: { keys: ['a test'] },
    // A default time limit has a warning.
    ttl: { ...Object.fromEntries(LIVES.map((name) => [name, 3600])), ClientCredentials: accessTokenTTL },
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => false,
        getResourceServerInfo: (_: unknown, audience: string) => ({
          ...{ audience, accessTokenTTL, accessTokenFormat: 'jwt', scope: 'files:read files:write' },
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

/** Reads a body beside the issuer, which reads it as well. */
function note(request: http.IncomingMessage, hits: IssuerHit[]): void {
  const url = new URL(request.url ?? '/', 'http://issuer.example');
  if (request.method !== 'POST') {
    hits.push({ path: url.pathname, parameters: url.searchParams });
    return;
  }
  const chunks: Buffer[] = [];
  const push = request.push.bind(request);
  request.push = (chunk: Buffer | null, ...rest) => {
    if (chunk === null)
      hits.push({ path: url.pathname, parameters: new URLSearchParams(String(Buffer.concat(chunks))) });
    else chunks.push(Buffer.from(chunk));
    return push(chunk, ...rest);
  };
}
