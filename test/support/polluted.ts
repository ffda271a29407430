/** A program that goes through the same requests again and again, each time with other properties on Object.prototype. */

import http from 'node:http';
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from 'axios';
import {
  chain,
  env,
  explain,
  installAuth,
  type KeychainOptions,
  keychain,
  netrc,
  type Provider,
  prompt,
} from '../../src/index.js';

/** What is put on Object.prototype, and the `X-Pollution` of the requests that are made meanwhile. */
export interface Pollution {
  readonly name: string;
  readonly properties: readonly string[];
}

/** What it is told: where the server is, a netrc file with alice in it, and how Object.prototype changes. */
export interface Errand {
  readonly url: string;
  readonly netrc: string;
  readonly pollutions: readonly Pollution[];
}

/** What came of the requests: with the plugin, and without. */
export interface Findings {
  readonly name: string;
  readonly ours: readonly string[];
  readonly bare: readonly string[];
}

const httpAgent = new http.Agent({ keepAlive: true });
const errand: Errand = JSON.parse(process.argv[2] as string);
// Node opens it when it is first looked at, with options that it reads from Object.prototype, too.
void process.stdin;

/** Whether a function on Object.prototype was taken for one of ours. */
const overheard: string[] = [];

// What an attacker would choose; every other property becomes a string.
const EVIL: Readonly<Record<string, unknown>> = {
  providers: [{ name: 'evil', get: () => ({ username: 'mallory', password: 'x' }) }],
  auth: { username: 'mallory', password: 'x' },
  credential: { username: 'mallory', password: 'x' },
  challenge: false,
  allowInsecure: true,
  preemptive: false,
  maxCredentials: 1,
  mutual: 'off',
  interactive: true,
  store: true,
  cached: true,
  isTTY: true,
  schemes: [],
  onEvent: () => void overheard.push('overheard'),
  approve: () => void overheard.push('overheard'),
  reject: () => void overheard.push('overheard'),
  body: () => 'another body',
  trustOrigins: ['http://evil.example'],
};

// A descriptor that inherits nothing: what is on Object.prototype by then would be read as part of it.
const plain = Object.assign(Object.create(null), { configurable: true, writable: true, enumerable: true });

const broken: Provider = {
  name: 'broken',
  get: () => {
    throw new Error('sealed');
  },
};
const absent: Provider = { name: 'absent', get: () => undefined };
const saved: string[] = [];
const store: KeychainOptions['backend'] = {
  getPassword: async () => null,
  setPassword: async (service) => void saved.push(service),
  deletePassword: async () => false,
  findCredentials: async () => [],
};

for (const pollution of errand.pollutions) console.log(JSON.stringify(await during(pollution)));

async function during({ name, properties }: Pollution): Promise<Findings> {
  for (const property of properties) {
    const value = Object.hasOwn(EVIL, property) ? EVIL[property] : 'http://evil.example/polluted';
    Object.defineProperty(Object.prototype, property, Object.assign(Object.create(plain), { value }));
  }
  try {
    return {
      name,
      ours: [...(await ours(name)), ...overheard.splice(0), ...saved.splice(0)],
      bare: await visit(axios.create(base(name)), []),
    };
  } finally {
    for (const property of properties) Reflect.deleteProperty(Object.prototype, property);
  }
}

async function ours(name: string): Promise<string[]> {
  const told: string[] = [];
  const finder: Provider = netrc({ file: errand.netrc });
  const listener: Provider = {
    name: 'listener',
    get: (request) => finder.get(request),
    approve: () => void told.push('approve'),
    reject: () => void told.push('reject'),
  };
  const client = axios.create(base(name));
  installAuth(client, {
    providers: [chain(broken, env()), keychain({ backend: store, save: 'always' }), absent, listener],
  });
  const answered = await visit(client, told);
  const alone = axios.create(base(name));
  installAuth(alone, { providers: [env(), keychain({ backend: store, save: 'always' }), prompt()] });
  return [...answered, await outcomeOf(alone.get('/digest/a'))];
}

/** The ways of one client: a login with Digest, a warm POST, Basic, a 401 that is given back, one that is left alone. */
async function visit(client: AxiosInstance, told: string[]): Promise<string[]> {
  const outcomes = [
    await outcomeOf(client.get('/digest/a?b=c')),
    await outcomeOf(client.post('/digest/b', { a: 1 })),
    await outcomeOf(client.get('/basic/')),
    await outcomeOf(client.get('/other/')),
    await outcomeOf(client.get('/digest/d', { challenge: false })),
    await outcomeOf(client.get('/digest/e', { challenge: {} })),
    await outcomeOf(client.get('/digest/f', { auth: { username: 'bob', password: 'builder' } })),
    await outcomeOf(client.get('/digest/g', { adapter: 'fetch' })),
    // The account has answered Digest here, so that `/basic/` above is not answered (SEC-39), and this is.
    await outcomeOf(client.get('/basic/a', { challenge: { allowInsecure: [errand.url] } })),
  ];
  return [...outcomes, told.join()];
}

async function outcomeOf(request: Promise<AxiosResponse>): Promise<string> {
  const outcome = await request.catch((error: unknown) => error);
  const { status, data } = (
    isAxiosError(outcome) ? (outcome.response ?? { status: outcome.code, data: outcome.message }) : outcome
  ) as AxiosResponse;
  const story = explain(outcome)
    .replace(/ +\d+ ms/g, '')
    .replace(/:\d+\b/g, '');
  return `${status} ${JSON.stringify(data)} ${story}`;
}

function base(name: string) {
  return { baseURL: errand.url, headers: { 'X-Pollution': name }, proxy: false, httpAgent, maxRedirects: 2 } as const;
}
