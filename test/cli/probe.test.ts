/** `probe`, against servers that ask for all kinds of things. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Survey } from '../../src/cli/probe/probe.js';
import { fakeIssuer } from '../support/fake-issuer.js';
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

test('probe shows every challenge, and which challenge would be answered', async () => {
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

test('probe asks every provider, and no person', async () => {
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
  expect(providers[0]?.reason).toContain('AXIOS_CHALLENGE_USERNAME is not set');
  expect(answerable).toBe(true);
});

test.each<[string, () => Promise<string>, number, RegExp]>([
  ['a scheme of nobody', () => raw('Negotiate'), 3, /Negotiate +not answered: no scheme/],
  ['what get answers if it is told to', () => raw('Negotiate', 'NTLM'), 3, /without get --negotiate or get --ntlm, so/],
  ['an unknown algorithm', () => raw('Digest realm="x", nonce="n", algorithm=SHA-1'), 3, /not answered: the algorithm/],
  ['no challenge', () => raw(), 3, /no readable challenge/],
  ['a challenge of another origin', elsewhere, 3, /not answered: the challenge came from/],
  [
    'an open page',
    async () => (await server({ protect: { '/x': { scheme: 'basic' } } })).url,
    0,
    /does not ask for a credential/,
  ],
  ['a missing page', () => answering(404), 4, /404\n\nThe server did not ask/],
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
  expect(stopped).toMatchObject({ status: 3, stdout: expect.stringContaining('A proxy asks') });
});

test('no provider has a credential: exit status 3, and what to do', async () => {
  const { status, stdout } = await cli(['probe', (await server()).url]);
  expect({ status, stdout }).toMatchObject({
    status: 3,
    stdout: expect.stringContaining('No provider has a credential'),
  });
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

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A resource that names its issuer, and the issuer. */
async function resource() {
  const id = await fakeIssuer();
  const { url, requests } = await plainServer(({ url: path }, response) => {
    if (path === '/metadata')
      return response
        .writeHead(200, JSON_TYPE)
        .end(JSON.stringify({ resource: url, authorization_servers: [id.issuer] }));
    const challenge = `Bearer scope="files:read", resource_metadata="${url}/metadata"`;
    response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
  });
  return { url, id, paths: () => requests.map(({ url: path }) => path) };
}

test('a token challenge: what it is for, where it points and what would log in, with one request', async () => {
  const { url, id, paths } = await resource();
  const { status, stdout } = await cli(['probe', `${url}/it's?key=s3cr3t`]);
  expect(status).toBe(3);
  expect(stdout).toContain(`  asks for a token for files:read; metadata at ${url}/metadata\n`);
  expect(stdout).toContain(`  axios-challenge login --oauth --client-id ID '${url}/it'\\''s'\n`);
  expect(stdout).toContain('the commands above store one');
  expect(stdout).not.toContain('s3cr3t');
  expect(paths()).toEqual(["/it's?key=s3cr3t"]);
  expect(id.asked).toEqual([]);
});

test('--discover asks for the issuer, and how a person can log in there', async () => {
  const { url, id } = await resource();
  const { token } = await probed(url, {}, '--discover');
  expect(token).toEqual({
    issuer: id.issuer,
    resource: url,
    scope: 'files:read',
    flows: ['browser', 'device'],
    metadata: `${url}/metadata`,
    commands: [expect.stringContaining('login --oauth --client-id ID'), expect.stringContaining('--token-stdin')],
  });
  expect(id.asked.map(({ path }) => path)).toEqual(['/.well-known/oauth-authorization-server']);
  const { stdout } = await cli(['probe', '--discover', url]);
  expect(stdout).toContain(`; issuer ${id.issuer} (browser, device)\n`);
});

test('--discover says why there is no issuer', async () => {
  const { token } = await probed(await raw('Bearer'), {}, '--discover');
  expect(token).toMatchObject({ trouble: expect.stringMatching(/resource metadata/) });
  expect(token?.commands[0]).toContain('--issuer ISSUER');
});
