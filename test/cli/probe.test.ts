/** `probe`, against servers that ask for all kinds of things. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Survey } from '../../src/cli/survey.js';
import { plainServer, server } from '../support/stage.js';
import { ALICE, cli, folder } from './run.js';

async function probed(url: string, variables = {}, ...options: string[]): Promise<Survey & { exit: number | null }> {
  const { status, stdout, stderr } = await cli(['probe', '--json', ...options, url], variables);
  expect(stderr).toBe('');
  return { ...JSON.parse(stdout), exit: status };
}

const OFFERS = [
  { scheme: 'basic', realm: 'Desk' },
  { scheme: 'digest', realm: 'Desk', algorithm: 'MD5' },
  { scheme: 'digest', realm: 'Desk', algorithm: 'SHA-256' },
] as const;

test('tells every challenge, and which one would be answered', async () => {
  const guarded = await server({ protect: OFFERS });
  const { challenges, exit } = await probed(guarded.url, ALICE);
  expect(challenges.map(({ label, wouldAnswer, reason }) => [label, wouldAnswer, reason])).toEqual([
    ['Basic', false, 'weaker'],
    ['Digest MD5', false, 'weaker'],
    ['Digest SHA-256', true, undefined],
  ]);
  expect(challenges[2]?.params).toMatchObject({ realm: 'Desk', algorithm: 'SHA-256', qop: 'auth' });
  expect(exit).toBe(0);
  expect(guarded.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test('asks every provider, and no person', async () => {
  const home = folder();
  writeFileSync(join(home, '.netrc'), 'machine 127.0.0.1 login alice password wonderland\n', { mode: 0o600 });
  const { url } = await server();
  const { providers, answerable } = await probed(url, { HOME: home }, '--netrc');
  expect(providers.map(({ provider, outcome, username }) => [provider, outcome, username])).toEqual([
    ['env', 'absent', undefined],
    ['netrc', 'found', 'alice'],
    ['keychain', 'failed', undefined],
    ['prompt', 'failed', undefined],
  ]);
  expect(providers[0]?.reason).toBe('AXIOS_CHALLENGE_USERNAME is not set');
  expect(answerable).toBe(true);
});

test.each<[string, () => Promise<string>, number, RegExp]>([
  ['a scheme of nobody', () => raw('Negotiate'), 3, /Negotiate +not answered: no scheme/],
  ['an unknown algorithm', () => raw('Digest realm="x", nonce="n", algorithm=SHA-1'), 3, /not answered: the algorithm/],
  ['no challenge', () => raw(), 3, /no challenge that can be read/],
  ['a challenge of another origin', elsewhere, 3, /not answered: the challenge came from/],
  [
    'an open page',
    async () => (await server({ protect: { '/x': { scheme: 'basic' } } })).url,
    0,
    /asks for no credential/,
  ],
  ['a missing page', () => answering(404), 4, /404\n\nThe server has not asked/],
])('%s', async (_, urlOf, exit, expected) => {
  const { status, stdout } = await cli(['probe', await urlOf()], ALICE);
  expect({ status, stdout }).toEqual({ status: exit, stdout: expect.stringMatching(expected) });
});

test('Basic over http to another machine is not answered, unless that is allowed', async () => {
  const proxy = await server({ protect: { scheme: 'basic' } });
  const variables = { ...ALICE, http_proxy: proxy.url, NO_PROXY: '', no_proxy: '' };
  const { challenges, exit } = await probed('http://printer.example/', variables);
  expect(challenges[0]).toMatchObject({ wouldAnswer: false, reason: expect.stringContaining('in the clear') });
  expect(exit).toBe(3);
  expect(await probed('http://printer.example/', variables, '--allow-insecure')).toMatchObject({ exit: 0 });
});

test('a proxy on the way is answered, the server behind it is not', async () => {
  const home = folder();
  const proxy = await server({
    status: 407,
    onAuthenticated: (_, response) =>
      void response.writeHead(401, { 'www-authenticate': 'Basic realm="behind"' }).end(),
  });
  const { host } = new URL(proxy.url);
  writeFileSync(join(home, '.netrc'), `machine ${host} login alice password wonderland\n`, { mode: 0o600 });
  const variables = { HOME: home, http_proxy: proxy.url, NO_PROXY: '', no_proxy: '' };
  const passed = await probed('http://127.0.0.2/', variables, '--netrc');
  expect(passed).toMatchObject({ status: 401, challenges: [{ label: 'Basic', wouldAnswer: true }] });
  expect(proxy.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  const stopped = await cli(['probe', 'http://127.0.0.2/'], variables);
  expect(stopped).toMatchObject({ status: 3, stdout: expect.stringContaining('A proxy on the way asks') });
});

test('nobody has a credential: exit status 3, and what to do', async () => {
  const { status, stdout } = await cli(['probe', (await server()).url]);
  expect({ status, stdout }).toMatchObject({ status: 3, stdout: expect.stringContaining('Nobody has a credential') });
});

test('a realm cannot write on the terminal', async () => {
  const { stdout } = await cli(['probe', await raw('Basic realm="\u00e2\u0080\u00ae\u00c2\u009b31m"')]);
  expect(stdout).toContain('realm');
  expect(stdout).not.toMatch(/[\u202e\u009b\u001b]/);
});

async function raw(...lines: string[]): Promise<string> {
  if (lines.length === 0) return answering(401);
  return (await server({ protect: { raw: lines } })).url;
}

async function answering(status: number): Promise<string> {
  return (await plainServer((_, response) => void response.writeHead(status).end())).url;
}

async function elsewhere(): Promise<string> {
  const other = await server();
  const { url } = await plainServer((_, response) => void response.writeHead(302, { location: other.url }).end());
  return url;
}
