/** Servers on this machine that play resources and issuers of other networks, by the names that a resolver knows. */

import type { RequestListener, ServerResponse } from 'node:http';
import axios, { type AxiosInstance, type CreateAxiosDefaults } from 'axios';
import { type DiscoveryQuestion, discover } from '../../src/oauth/discovery/discover.js';
import { fetchJsonOf } from '../../src/oauth/discovery/fetch-json.js';
import type { Resolve } from '../../src/oauth/discovery/guard.js';
import { plainServer } from './stage.js';

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
}

/** A resource and its issuer in one server. `play` may answer first; it returns `false` to leave it. */
export async function resourceServer(play: (...of: Parameters<RequestListener>) => unknown = () => false) {
  const started = await plainServer((request, response) => {
    if (play(request, response) !== false) return;
    const origin = `http://${request.headers.host}`;
    const { pathname } = new URL(request.url as string, origin);
    const documents: Readonly<Record<string, unknown>> = {
      '/.well-known/oauth-protected-resource': { resource: origin, authorization_servers: [`${origin}/t`] },
      '/.well-known/openid-configuration/t': { issuer: `${origin}/t`, token_endpoint: `${origin}/token` },
    };
    if (documents[pathname]) json(response, documents[pathname]);
    else response.writeHead(404).end();
  });
  const { port } = new URL(started.url);
  return { ...started, port, paths: () => started.requests.map(({ url }) => url) };
}

/** The addresses of hosts, by name; the next one at each time. The last one stays. */
export function resolver(hosts: Readonly<Record<string, readonly string[]>>): Resolve {
  const times = new Map<string, number>();
  return async (hostname) => {
    const [time, addresses] = [times.get(hostname) ?? 0, hosts[hostname]];
    times.set(hostname, time + 1);
    if (!addresses) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
    const address = addresses[Math.min(time, addresses.length - 1)] as string;
    return [{ address, family: address.includes(':') ? 6 : 4 }];
  };
}

/** A client that uses no proxy unless told. */
export function plainClient(config: CreateAxiosDefaults = {}): AxiosInstance {
  return axios.create({ proxy: false, ...config });
}

/** Discovers over real sockets. */
export function discoverAt(
  question: Partial<DiscoveryQuestion> & Pick<DiscoveryQuestion, 'url'>,
  { http = plainClient(), signal, resolve }: { http?: AxiosInstance; signal?: AbortSignal; resolve?: Resolve } = {},
) {
  return discover({ challenge: undefined, issuer: undefined, ...question }, fetchJsonOf(http), signal, resolve);
}

/** The message of the discovery that failed. */
export async function failureOf(discovery: Promise<unknown>): Promise<string> {
  const error = await discovery.then(
    () => new Error('nothing failed'),
    (reason: Error) => reason,
  );
  expect(error).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_PROVIDER' });
  return error.message;
}
