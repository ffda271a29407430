/** docs/errors.md has a heading for each code, and each code is reached. */

import { Readable } from 'node:stream';
import axios from 'axios';
import {
  AuthError,
  type AuthErrorCode,
  type AuthOptions,
  installAuth,
  type Provider,
  staticCredential,
  trace,
} from '../../src/index.js';
import { basicAuthorization } from '../../src/protocol.js';
import type { ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { codeOf, textOf } from '../support/docs.js';
import { ALICE, runProgram } from '../support/docs-run.js';
import { alice, bare, server } from '../support/stage.js';

const text = textOf('docs/errors.md');
const headings = [...text.matchAll(/^## (\w+)$/gm)].map(([, code]) => code);

/** The union of the source, which is gone when it runs. */
const union = [...textOf('src/errors.ts').matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code);

test('the headings are the codes', () => {
  expect(union.length).toBeGreaterThan(10);
  expect([...headings].sort()).toEqual([...union].sort());
});

const basic = { scheme: 'basic' } as const;
const digest = { scheme: 'digest' } as const;
const broken: Provider = {
  name: 'vault',
  get: () => {
    throw new AuthError('ERR_AUTH_PROVIDER', 'vault: it is sealed');
  },
};

const leaving: Provider = {
  name: 'person',
  interactive: true,
  get: () => {
    throw new AuthError('ERR_AUTH_CANCELLED', 'person: cancelled');
  },
};

/** The codes in what a request leaves behind. */
async function codes(
  guard: ChallengeServerOptions,
  options: AuthOptions = {},
  paths: readonly string[] = ['/'],
  data?: object,
): Promise<unknown[]> {
  const guarded = await server(guard);
  const client = bare(guarded.url, { lookup: async () => ['127.0.0.1', 4] });
  installAuth(client, { providers: [staticCredential(alice)], ...options });
  let outcome: unknown;
  for (const path of paths) {
    const url = path.replace('PORT', new URL(guarded.url).port);
    outcome = await client
      .request({ url, method: data ? 'post' : 'get', data, maxRedirects: data ? 0 : 5 })
      .catch((error: unknown) => error);
  }
  return trace(outcome)?.events.map((event) => ('code' in event ? event.code : undefined)) ?? [];
}

const thrown = (act: () => unknown): unknown[] => {
  try {
    act();
    return [];
  } catch (error) {
    return [error instanceof AuthError && error.code];
  }
};

const elsewhere: ChallengeServerOptions['onRequest'] = ({ url, headers }, response) => {
  if (url !== '/away') return false;
  const port = String(headers.host).split(':')[1];
  return Boolean(response.writeHead(302, { Location: `http://localhost:${port}/` }).end());
};

const REACHED: Readonly<Record<AuthErrorCode, () => unknown[] | Promise<unknown[]>>> = {
  ERR_AUTH_INSTALLED: () => {
    const client = axios.create();
    installAuth(client);
    return thrown(() => installAuth(client));
  },
  ERR_AUTH_OPTION: () => thrown(() => installAuth(axios.create(), { maxCredentials: 0 })),
  ERR_AUTH_CHALLENGE: () => codes({ protect: { raw: 'Negotiate' } }),
  ERR_AUTH_CREDENTIAL: async () => [
    ...thrown(() => basicAuthorization('a:b', 'x')),
    ...(await codes({ protect: basic }, { providers: [staticCredential({ username: 'a:b', password: 'x' })] })),
  ],
  ERR_AUTH_NONE: () => codes({}, { providers: [] }),
  ERR_AUTH_CANCELLED: async () => [(await codes({}, { providers: [leaving] })).at(-1)],
  ERR_AUTH_REFUSED: () => codes({ users: {} }),
  ERR_AUTH_INSECURE: () => codes({ protect: basic }, {}, ['http://files.test:PORT/']),
  ERR_AUTH_ORIGIN: () => codes({ protect: basic, onRequest: elsewhere }, {}, ['/away']),
  ERR_AUTH_BODY: () => codes({}, { bufferBody: 0 }, ['/'], Readable.from(['once'])),
  ERR_AUTH_DOWNGRADE: () => codes({ protect: { '/': basic, '/strong': digest } }, {}, ['/strong', '/']),
  ERR_AUTH_MUTUAL: () => codes({ protect: { ...digest, rspauth: 'wrong' } }),
  ERR_AUTH_PROVIDER: () => codes({}, { providers: [broken] }),
  ERR_AUTH_STALE: () => codes({ protect: { ...digest, alwaysStale: true } }),
};

test.each(Object.entries(REACHED))('%s is reached', async (code, reach) => {
  expect(await reach()).toContain(code);
});

test('the program of the page runs, and with nobody to log in says so', async () => {
  const guarded = await server();
  const [program = ''] = codeOf('docs/errors.md', 'ts');
  const hosts = { files: guarded.url };
  expect((await runProgram(program, hosts, ALICE)).stdout).toContain('authenticated: true');
  const { stderr } = await runProgram(program, hosts, {});
  expect(stderr).toContain('log in first');
});
