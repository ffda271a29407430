/** A strict server and an axios client for one story, both gone after the test. */

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import axios, {
  type AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type CreateAxiosDefaults,
  isAxiosError,
} from 'axios';
import { type AuthOptions, installAuth, type Provider, staticCredential } from '../../src/index.js';
import {
  type ChallengeServer,
  type ChallengeServerOptions,
  challengeServer,
} from '../../src/testing/challenge-server.js';
import './process-memory.js';

const endings: Array<() => unknown> = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Runs `end` when the test is over. */
export function afterwards(end: () => unknown): void {
  endings.push(end);
}

/** Waits for something that comes about by itself; Jest's own limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** The strict server. Its user is alice, with the password wonderland. */
export async function server(options: ChallengeServerOptions = {}): Promise<ChallengeServer> {
  const started = await challengeServer(options);
  afterwards(() => started.close());
  return started;
}

/** A plain http server, for what the strict one does not play. */
export async function plainServer(
  listener: http.RequestListener,
): Promise<{ url: string; requests: http.IncomingMessage[] }> {
  const requests: http.IncomingMessage[] = [];
  const started = http.createServer((request, response) => {
    requests.push(request);
    request.resume();
    listener(request, response);
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    started.closeAllConnections();
    started.close();
  });
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, requests };
}

/** The right credential of the strict server. */
export const alice = { username: 'alice', password: 'wonderland' };

/** A client without the plugin. */
export function bare(url: string, config: CreateAxiosDefaults = {}): AxiosInstance {
  const httpAgent = new http.Agent({ keepAlive: true });
  afterwards(() => httpAgent.destroy());
  return axios.create({ baseURL: url, proxy: false, httpAgent, ...config });
}

/** A client that holds alice's credential, unless told otherwise. */
export function client(url: string, options: AuthOptions = {}, config: CreateAxiosDefaults = {}): AxiosInstance {
  const instance = bare(url, config);
  installAuth(instance, { providers: [staticCredential(alice)], ...options });
  return instance;
}

/** A provider that counts what it is asked and told. */
export function spy(...credentials: ReadonlyArray<Awaited<ReturnType<Provider['get']>>>): Provider & {
  readonly asked: Array<Parameters<Provider['get']>[0]>;
  readonly told: Array<readonly ['approve' | 'reject', string]>;
} {
  const asked: Array<Parameters<Provider['get']>[0]> = [];
  const told: Array<readonly ['approve' | 'reject', string]> = [];
  const left = [...credentials];
  const name = (credential: object) =>
    'token' in credential ? String(credential.token) : String((credential as { username?: string }).username);
  return {
    name: 'spy',
    asked,
    told,
    get: (request) => {
      asked.push(request);
      return left.length > 1 ? left.shift() : left[0];
    },
    approve: (_request, credential) => void told.push(['approve', name(credential)]),
    reject: (_request, credential) => void told.push(['reject', name(credential)]),
  };
}

/** The response of a 401 that reached the caller, as axios's own error. */
export async function refused(request: Promise<unknown>): Promise<AxiosResponse> {
  return (await failure(request)).response as AxiosResponse;
}

/** The response that an error comes with. */
export function responseOf({ response, cause }: AxiosError): AxiosResponse | undefined {
  // The fetch adapter of axios 1.13.3 wraps its own error in another one, without the response.
  return response ?? (cause as AxiosError | undefined)?.response;
}

/** The error of a 401 that reached the caller. */
export async function failure(request: Promise<unknown>) {
  const error: unknown = await request.then(
    () => undefined,
    (reason) => reason,
  );
  if (!isAxiosError(error)) throw new Error(`expected an AxiosError, got ${String(error)}`);
  expect(responseOf(error)?.status).toBe(401);
  return error;
}

/** The statuses that the server gave, in order. */
export function statuses({ requests }: ChallengeServer): number[] {
  return requests.map(({ status }) => status);
}
