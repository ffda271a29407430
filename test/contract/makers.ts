/** Every provider, in each of the states that the contract is about. */

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chain, command, env, git, keychain, netrc, type Provider, prompt, staticCredential } from '../../src/index.js';
import { FakeTerminal } from '../unit/providers/fake-terminal.js';
import { personAt } from './person.js';

export const SECRET = 's3cret-p4ssword';
export const HOME = 'https://files.example';

/** Makes a provider in each of the states that the contract is about; `undefined`: it has no such state. */
export interface Maker {
  /** Has alice's password for `origin`. */
  holding(origin: string): Provider | Promise<Provider>;
  /** Has nothing. */
  empty?(origin: string): Provider | Promise<Provider>;
  /** Its source is broken, and has the secret somewhere near. */
  broken?(origin: string): Provider | Promise<Provider>;
  /** Its source does not answer, and it has a short time limit. */
  hanging?(origin: string): Provider | Promise<Provider>;
}

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-'));
  folders.push(folder);
  await writeFile(join(folder, name), text, { mode });
  return join(folder, name);
}

function store(entries: Readonly<Record<string, string>>) {
  return {
    getPassword: async (service: string, account: string) => entries[`${service} ${account}`] ?? null,
    setPassword: async () => {},
    deletePassword: async () => true,
    findCredentials: async (service: string) =>
      Object.entries(entries)
        .filter(([key]) => key.startsWith(`${service} `))
        .map(([key, password]) => ({ account: key.slice(service.length + 1), password })),
  };
}

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
    holding: (origin) => keychain({ backend: store({ [`axios-challenge:${origin} alice`]: SECRET }) }),
    empty: () => keychain({ backend: store({}) }),
    broken: () => keychain({ backend: { ...store({}), getPassword: failing, findCredentials: failing } }),
    hanging: () => keychain({ backend: { ...store({}), findCredentials: () => forEver }, timeout: 20 }),
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
    empty: () => chain(env({ environment: {} }), keychain({ backend: store({}) })),
    hanging: () => chain({ name: 'own', timeout: 20, get: () => forEver }),
  },
  prompt: {
    holding: (origin) => prompt(personAt(new FakeTerminal(), { origin, username: 'alice', password: SECRET })),
    broken: () => prompt({ environment: { CI: 'true' } }),
  },
  'one of your own': {
    holding: (origin) => ({
      name: 'own',
      get: ({ origin: asking, scheme, username = 'alice' }) =>
        asking === origin && scheme !== 'bearer' && username === 'alice' ? { username, password: SECRET } : undefined,
    }),
    empty: () => ({ name: 'own', get: () => undefined }),
    hanging: () => ({ name: 'own', timeout: 20, get: () => forEver }),
  },
};

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
