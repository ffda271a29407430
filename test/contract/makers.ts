/** Every provider, in each of the states that the contract is about. */

import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import {
  type CredentialKind,
  chain,
  command,
  env,
  git,
  keychain,
  netrc,
  type Provider,
  prompt,
  staticCredential,
} from '../../src/index.js';
import { oauth } from '../../src/oauth/oauth.js';
import { fakeIssuer, json, type Page, tokens } from '../support/fake-issuer.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { temporaryFile as file } from '../support/files.js';
import { memoryKeychain } from '../support/keychain.js';
import { personAt } from './person.js';

export const SECRET = 's3cret-p4ssword';
export const HOME = 'https://files.example';

/** Makes a provider in each of the states that the contract is about; `undefined`: it has no such state. */
export interface Maker {
  /** What it gives; absent: passwords. */
  readonly kind?: Exclude<CredentialKind, 'ambient'>;
  /** Has alice's password, or the token, for `origin`. */
  holding(origin: string): Provider | Promise<Provider>;
  /** Has nothing. */
  empty?(origin: string): Provider | Promise<Provider>;
  /** Its source is broken, and has the secret somewhere near. */
  broken?(origin: string): Provider | Promise<Provider>;
  /** Its source does not answer, and it has a short time limit. */
  hanging?(origin: string): Provider | Promise<Provider>;
}

/** A backend with alice's password for an origin. */
function store(origin: string) {
  return memoryKeychain({ [`axios-challenge:${origin}`]: { alice: SECRET } }).backend;
}

const noStore = () => memoryKeychain().backend;

const failing = async (): Promise<never> => {
  throw new Error('the store is locked');
};

const forEver = new Promise<never>(() => {});

const hasGit = spawnSync('git', ['--version']).status === 0;
if (!hasGit) console.warn('skipped: the contract of git needs git (apt-get install git)');

const gitMaker: Maker = {
  holding: async (origin) => gitWith(`echo username=alice; echo password=${SECRET}`, origin),
  empty: () => gitWith('exit 0', HOME),
  broken: () => git({ path: '/nonexistent/git' }),
  hanging: async () => git({ path: await file('git', `#!/bin/sh\nsleep 60 # ${SECRET}\n`, 0o700), timeout: 20 }),
};

export const MAKERS: Readonly<Record<string, Maker>> = {
  static: {
    holding: (origin) => staticCredential({ username: 'alice', password: SECRET }, { origin }),
  },
  env: {
    holding: (origin) =>
      env({
        environment: {
          AXIOS_CHALLENGE_URL: origin,
          AXIOS_CHALLENGE_USERNAME: 'alice',
          AXIOS_CHALLENGE_PASSWORD: SECRET,
        },
      }),
    empty: () => env({ environment: {} }),
    broken: () =>
      env({
        environment: {
          AXIOS_CHALLENGE_USERNAME: 'alice',
          AXIOS_CHALLENGE_PASSWORD: SECRET,
          AXIOS_CHALLENGE_PASSWORD_FILE: SECRET,
        },
      }),
  },
  'env, a file': {
    holding: async (origin) =>
      env({
        environment: {
          AXIOS_CHALLENGE_URL: origin,
          AXIOS_CHALLENGE_USERNAME: 'alice',
          AXIOS_CHALLENGE_PASSWORD_FILE: await file('password', `${SECRET}\n`),
        },
      }),
    broken: async () =>
      env({
        environment: {
          AXIOS_CHALLENGE_USERNAME: 'alice',
          AXIOS_CHALLENGE_PASSWORD_FILE: await file('password', SECRET, 0o644),
        },
      }),
  },
  keychain: {
    holding: (origin) => keychain({ backend: store(origin) }),
    empty: () => keychain({ backend: noStore() }),
    broken: () => keychain({ backend: { ...noStore(), getPassword: failing, findCredentials: failing } }),
    hanging: () => keychain({ backend: { ...noStore(), findCredentials: () => forEver }, timeout: 20 }),
  },
  netrc: {
    holding: async (origin) =>
      netrc({ file: await file('netrc', `machine ${machineOf(origin)} login alice password ${SECRET}`) }),
    empty: async () => netrc({ file: await file('netrc', `machine elsewhere.example login alice password ${SECRET}`) }),
    broken: async () => netrc({ file: await file('netrc', `machine a.example login alice password ${SECRET}`, 0o644) }),
  },
  command: {
    holding: (origin) => command(printing(JSON.stringify({ username: 'alice', password: SECRET })), { origin }),
    empty: () => command(printing('')),
    broken: () => command(['sh', '-c', `echo ${SECRET}; echo ${SECRET} >&2; exit 3`]),
    hanging: () => command(['sh', '-c', `echo ${SECRET}; sleep 60`], { timeout: 20 }),
  },
  ...(hasGit ? { git: gitMaker } : {}),
  chain: {
    holding: (origin) =>
      chain(env({ environment: {} }), staticCredential({ username: 'alice', password: SECRET }, { origin })),
    empty: () => chain(env({ environment: {} }), keychain({ backend: noStore() })),
    hanging: () => chain({ name: 'own', timeout: 20, get: () => forEver }),
  },
  prompt: {
    holding: (origin) => prompt(personAt(new FakeTerminal(), { origin, username: 'alice', password: SECRET })),
    broken: () => prompt({ environment: { CI: 'true' } }),
  },
  oauth: {
    kind: 'token',
    holding: async (origin) => oauth({ ...(await job(tokens(SECRET))), origin }),
    empty: (origin) => oauth({ issuer: 'https://id.example', clientId: 'cli', origin, store: false, prompt: false }),
    broken: async (origin) =>
      oauth({ ...(await job(json({ error: 'invalid_client', error_description: SECRET }, 401))), origin }),
    hanging: async (origin) => ({ ...oauth({ ...(await job(() => forEver)), origin }), timeout: 20 }),
  },
  'one of your own': {
    holding: (origin) => ({
      name: 'own',
      get: ({ origin: asking, kind, username = 'alice' }) =>
        asking === origin && kind !== 'token' && username === 'alice' ? { username, password: SECRET } : undefined,
    }),
    empty: () => ({ name: 'own', get: () => undefined }),
    hanging: () => ({ name: 'own', timeout: 20, get: () => forEver }),
  },
};

/** What a program says of itself to an issuer that answers token requests in this way. */
async function job(page: Page) {
  const { issuer } = await fakeIssuer({ '/token': page });
  return { issuer, clientId: 'job', clientSecret: SECRET };
}

/** netrc knows hosts, and ports beside the default. */
function machineOf(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

function printing(text: string): string[] {
  return ['printf', '%s', text];
}

/** git with one helper, which answers for one origin alone. */
async function gitWith(answer: string, origin: string): Promise<Provider> {
  const { protocol, host } = new URL(origin);
  const home = dirname(await file('.gitconfig', ''));
  const key = `credential.${protocol}//${host}.helper`;
  const helper = `!f() { test "$1" = get && { ${answer}; }; }; f`;
  const entry = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: key, GIT_CONFIG_VALUE_0: helper };
  return git({ environment: { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1', ...entry } });
}
