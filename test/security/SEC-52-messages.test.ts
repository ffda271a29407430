/** SEC-52 Whose message is shown: an AuthError's, and of any other error the name and the code. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { inspect, promisify } from 'node:util';
import {
  AuthError,
  type AuthEvent,
  chain,
  explain,
  installAuth,
  keychain,
  type Provider,
  trace,
} from '../../src/index.js';
import { wordsOf } from '../../src/syntax/said.js';
import { search } from '../support/reach.js';
import { afterwards, alice, bare, server } from '../support/stage.js';

const SECRET = 's3cret-m4ster';
const failing = (thrown: unknown) => (): never => {
  throw thrown;
};
const nothing = () => undefined;

/** What a program fails with, when it is called with a password of its own. */
const programs = async () => {
  await promisify(execFile)('false', [`--password=${SECRET}`]);
  return undefined;
};
const loud = new Error(`Command failed: vault --password=${SECRET}`);

const PROVIDERS: Readonly<Record<string, Provider>> = {
  'a program that failed': { name: 'own', get: programs },
  'a promise': { name: 'own', get: () => Promise.reject(loud) },
  'a throw': { name: 'own', get: failing(loud) },
  absence: { name: 'own', get: nothing, absence: failing(loud) },
  'absence as a promise': { name: 'own', get: nothing, absence: (() => Promise.reject(loud)) as never },
  'a cause': { name: 'own', get: failing(new Error('no', { cause: loud })) },
  'several errors': { name: 'own', get: failing(new AggregateError([loud], SECRET)) },
  'an error that calls itself ours': {
    name: 'own',
    get: failing(Object.assign(new Error(SECRET), { name: 'AuthError', code: 'ERR_AUTH_PROVIDER' })),
  },
  'an error whose name and code are sentences': {
    name: 'own',
    get: failing(Object.assign(new Error('x'), { name: `no ${SECRET}`, code: `no ${SECRET}` })),
  },
  text: { name: 'own', get: failing(SECRET) },
  'an object': { name: 'own', get: failing({ name: 'x', message: SECRET, password: SECRET }) },
  'a getter': { name: 'own', get: failing(Object.defineProperty(new Error('x'), 'name', { get: failing(loud) })) },
  'a chain': chain({ name: 'own', get: failing(loud) }, { name: 'two', get: nothing, absence: failing(loud) }),
  'the backend of a keychain': keychain({ backend: { ...backend(), findCredentials: programs as never } }),
};

function backend() {
  const none = async () => null;
  return {
    getPassword: none,
    setPassword: none as never,
    deletePassword: none as never,
    findCredentials: none as never,
  };
}

/** Writes what AXIOS_CHALLENGE_DEBUG says into a list. */
function debugging(): string[] {
  const written: string[] = [];
  const { write } = process.stderr;
  process.env.AXIOS_CHALLENGE_DEBUG = '1';
  process.stderr.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  afterwards(() => {
    process.stderr.write = write;
    delete process.env.AXIOS_CHALLENGE_DEBUG;
  });
  return written;
}

test.each(Object.entries(PROVIDERS))('SEC-52 what is thrown by %s is not quoted', async (_, provider) => {
  const guarded = await server();
  const events: AuthEvent[] = [];
  const written = debugging();
  const client = bare(guarded.url);
  installAuth(client, { providers: [provider], onEvent: (event) => void events.push(event) });
  const error = await client.get('/').catch((reason: unknown) => reason);
  const shown = [explain(error), JSON.stringify(trace(error)), JSON.stringify(events), ...written];
  expect(shown.join()).toContain('401');
  expect(written).toHaveLength(1);
  expect(shown.filter((text) => text.includes(SECRET))).toEqual([]);
  expect(inspect(error, { depth: 10, getters: true })).not.toContain(SECRET);
  expect(search({ error, events }, [SECRET]).found).toEqual([]);
});

test.each(['approve', 'reject'] as const)('SEC-52 what is thrown by %s is not quoted', async (verdict) => {
  const guarded = await server();
  const given = verdict === 'approve' ? alice : { ...alice, password: 'wrong' };
  const client = bare(guarded.url);
  installAuth(client, { providers: [{ name: 'own', get: () => given, [verdict]: failing(loud) }], maxCredentials: 1 });
  const outcome = await client.get('/').catch((reason: unknown) => reason);
  const told = trace(outcome)?.events.find(({ type }) => type === 'told');
  expect(told).toMatchObject({ verdict, failure: expect.stringContaining('Error') });
  expect(explain(outcome) + JSON.stringify(told)).not.toContain(SECRET);
});

test('SEC-52 the kind of an error is shown, and the message of an AuthError', async () => {
  const guarded = await server();
  const client = bare(guarded.url);
  const missing = () => readFile('/nonexistent/secret');
  const providers: Provider[] = [
    { name: 'files', get: missing as never },
    { name: 'vault', get: failing(new AuthError('ERR_AUTH_PROVIDER', 'vault: it is sealed')) },
    { name: 'own', get: failing(new RangeError(SECRET)) },
  ];
  installAuth(client, { providers });
  const told = explain(await client.get('/').catch((reason: unknown) => reason));
  expect(told).toContain('files     it failed: Error, ENOENT (');
  expect(told).toContain('vault     it is sealed');
  expect(told).toContain('own       it failed: RangeError (');
});

test('SEC-52 errors of other realms and of the platform are shown by name', async () => {
  expect(wordsOf(new DOMException(SECRET, 'AbortError'))).toMatch(/^it failed: AbortError, 20 \(/);
  expect(wordsOf(undefined)).toBe('it threw a value that is not an error');
  const own = Object.defineProperty(new AuthError('ERR_AUTH_NONE', 'x'), 'message', { get: failing(loud) });
  expect(wordsOf(own)).not.toContain(SECRET);
});

test('SEC-27 an AuthError whose message holds the credential is not quoted', async () => {
  const guarded = await server();
  const careless: Provider = {
    name: 'careless',
    get: () => alice,
    approve: (_, { password }: never) => failing(new AuthError('ERR_AUTH_PROVIDER', `cannot keep ${password}`))(),
  };
  const client = bare(guarded.url);
  installAuth(client, { providers: [careless] });
  const response = await client.get('/');
  expect(explain(response)).toContain('failed: it failed, in words that hold the secret');
  expect(explain(response)).not.toContain(alice.password);
});
