/** What every provider promises. */

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import {
  AuthError,
  type CredentialRequest,
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
import { client, refused, server } from '../support/stage.js';

const SECRET = 's3cret-p4ssword';
const HOME = 'https://files.example';

/** Makes a provider in each of the states that the contract is about; `undefined`: it has no such state. */
interface Maker {
  /** Has alice's password for `origin`. */
  holding(origin: string): Provider | Promise<Provider>;
  /** Has nothing. */
  empty?(): Provider | Promise<Provider>;
  /** Its source is broken, and has the secret somewhere near. */
  broken?(): Provider | Promise<Provider>;
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

const hasGit = spawnSync('git', ['--version']).status === 0;
if (!hasGit) console.warn('skipped: the contract of git needs git (apt-get install git)');

const gitMaker: Maker = {
  holding: async (origin) => gitWith(`echo username=alice; echo password=${SECRET}`, origin),
  empty: () => gitWith('exit 0', HOME),
  broken: () => git({ path: '/nonexistent/git' }),
};

const MAKERS: Readonly<Record<string, Maker>> = {
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
  },
  ...(hasGit ? { git: gitMaker } : {}),
  chain: {
    holding: (origin) =>
      chain(env({ environment: {} }), staticCredential({ username: 'alice', password: SECRET }, { origin })),
    empty: () => chain(env({ environment: {} }), keychain({ backend: store({}) })),
  },
  prompt: {
    holding: (origin) => staticCredential({ username: 'alice', password: SECRET }, { origin }),
    broken: () => prompt({ environment: { CI: 'true' } }),
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

function asking(change: Partial<CredentialRequest> = {}): CredentialRequest {
  return { origin: HOME, realm: 'r', scheme: 'digest', proxy: false, url: `${HOME}/`, refused: 0, ...change };
}

describe.each(Object.entries(MAKERS))('%s', (_, maker) => {
  test('has a name', async () => {
    expect((await maker.holding(HOME)).name).toMatch(/^\w+$/);
  });

  test('gives what it holds, to the origin it is for', async () => {
    expect(await (await maker.holding(HOME)).get(asking())).toMatchObject({ username: 'alice', password: SECRET });
  });

  test.each([
    ['another host', { origin: 'https://other.example' }],
    ['a host that begins alike', { origin: 'https://files.example.evil' }],
    ['a subdomain', { origin: 'https://www.files.example' }],
    ['another port', { origin: 'https://files.example:8443' }],
    ['another scheme', { origin: 'http://files.example' }],
    ['another account', { username: 'bob' }],
    ['a token', { scheme: 'bearer' }],
  ] as const)('has nothing for %s, and says why in one line without the secret', async (_what, change) => {
    const provider = await maker.holding(HOME);
    const request = asking(change);
    expect(await provider.get(request)).toBeUndefined();
    const reason = provider.absence?.(request) ?? '';
    expect(reason).not.toMatch(/\n/);
    expect(reason).not.toContain(SECRET);
  });

  test('shows no secret when it is inspected', async () => {
    const provider = await maker.holding(HOME);
    await provider.get(asking());
    expect(inspect(provider, { depth: 10, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(provider)).not.toContain(SECRET);
  });

  test('is asked after a 401, and for the origin that was addressed', async () => {
    const guarded = await server({ users: { alice: SECRET } });
    const provider = await maker.holding(guarded.url);
    expect((await client(guarded.url, { providers: [provider] }).get('/')).status).toBe(200);
  });
});

const EMPTY = Object.entries(MAKERS).flatMap(([name, { empty }]) => (empty ? [[name, empty] as const] : []));

test.each(EMPTY)('%s: absence is undefined', async (_, empty) => {
  expect(await (await empty()).get(asking())).toBeUndefined();
});

const BROKEN = Object.entries(MAKERS).flatMap(([name, { broken }]) => (broken ? [[name, broken] as const] : []));

test.each(BROKEN)('%s: trouble is an AuthError without the secret, and the chain goes on', async (_, broken) => {
  const provider = await broken();
  const error: unknown = await Promise.resolve()
    .then(() => provider.get(asking()))
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AuthError);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
  const guarded = await server({ users: { alice: SECRET } });
  const providers = [provider, staticCredential({ username: 'alice', password: SECRET })];
  expect((await client(guarded.url, { providers }).get('/')).status).toBe(200);
  expect((await refused(client(guarded.url, { providers: [await broken()] }).get('/'))).status).toBe(401);
});
