import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from '../../../../src/providers/env/env.js';
import { hostSpellings } from '../../../../src/providers/env/host-variable.js';
import { ask, origin } from '../../../support/credential-request.js';

const P = 'AXIOS_CHALLENGE';
const pair = { [`${P}_USERNAME`]: 'alice', [`${P}_PASSWORD`]: 'secret' };
const alice = { username: 'alice', password: 'secret' };

const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function pipe(name: string): string {
  execFileSync('mkfifo', ['-m', '600', join(folder, name)]);
  return join(folder, name);
}

test.each([
  ['a pair without a URL', pair, {}, {}, alice],
  ['a pair to the origin of its URL', { ...pair, [`${P}_URL`]: `${origin}:443/a?b#c` }, {}, {}, alice],
  ['no pair to another host than its URL', { ...pair, [`${P}_URL`]: 'https://other.example' }, {}, {}, undefined],
  ['no pair to another protocol than its URL', { ...pair, [`${P}_URL`]: 'http://files.example' }, {}, {}, undefined],
  [
    'no pair to a host that its URL begins with',
    { ...pair, [`${P}_URL`]: `${origin}.evil.example` },
    {},
    {},
    undefined,
  ],
  [
    'a pair to an internationalised host',
    { ...pair, [`${P}_URL`]: 'https://Bücher.example' },
    {},
    { origin: 'https://xn--bcher-kva.example' },
    alice,
  ],
  ['a pair to the origin of the option', pair, { origin }, {}, alice],
  ['no pair to another origin than the option', pair, { origin: 'https://other.example' }, {}, undefined],
  ['no pair without a URL to a proxy', pair, {}, { proxy: true }, undefined],
  ['a pair to the proxy of its URL', { ...pair, [`${P}_URL`]: origin }, {}, { proxy: true }, alice],
  ['a pair for the user name asked for', pair, {}, { username: 'alice' }, alice],
  ['no pair for another user name', pair, {}, { username: 'bob' }, undefined],
  ['a user name alone as a hint', { [`${P}_USERNAME`]: 'alice' }, {}, {}, { username: 'alice' }],
  ['a password alone to the user name asked for', { [`${P}_PASSWORD`]: 'secret' }, {}, { username: 'alice' }, alice],
  ['no password alone', { [`${P}_PASSWORD`]: 'secret' }, {}, {}, undefined],
  ['an empty password', { ...pair, [`${P}_PASSWORD`]: '' }, {}, {}, { username: 'alice', password: '' }],
  ['no pair to Bearer', pair, {}, { scheme: 'bearer' }, undefined],
  ['a token to Bearer', { [`${P}_TOKEN`]: 't' }, {}, { scheme: 'bearer' }, { token: 't' }],
  ['no token to Digest', { [`${P}_TOKEN`]: 't' }, {}, {}, undefined],
  ['no empty token', { [`${P}_TOKEN`]: '' }, {}, { scheme: 'bearer' }, undefined],
  ['nothing from an empty environment', {}, {}, {}, undefined],
  ['what another prefix says', { X_USERNAME: 'alice', X_PASSWORD: 'secret' }, { prefix: 'X' }, {}, alice],
  ['nothing inherited', Object.create(pair), {}, {}, undefined],
  [
    'the names of a host before the plain ones',
    { ...pair, [`${P}_FILES_EXAMPLE_USERNAME`]: 'bob', [`${P}_FILES_EXAMPLE_PASSWORD`]: 'b' },
    {},
    {},
    { username: 'bob', password: 'b' },
  ],
  [
    'the names of a host in lower case',
    { [`${P}_files_example_USERNAME`]: 'bob', [`${P}_files_example_PASSWORD`]: 'b' },
    {},
    {},
    { username: 'bob', password: 'b' },
  ],
  [
    'the names of a host whatever the URL says',
    { [`${P}_URL`]: 'https://other.example', [`${P}_FILES_EXAMPLE_TOKEN`]: 'b' },
    {},
    { scheme: 'bearer' },
    { token: 'b' },
  ],
  [
    'a user name of a host without the plain password',
    { ...pair, [`${P}_FILES_EXAMPLE_USERNAME`]: 'bob' },
    {},
    {},
    { username: 'bob' },
  ],
  [
    'no names of a host for another user name',
    { [`${P}_FILES_EXAMPLE_USERNAME`]: 'bob', [`${P}_FILES_EXAMPLE_PASSWORD`]: 'b' },
    {},
    { username: 'alice' },
    undefined,
  ],
  [
    'the plain token where the host has only a password',
    { [`${P}_FILES_EXAMPLE_PASSWORD`]: 'b', [`${P}_TOKEN`]: 't' },
    {},
    { scheme: 'bearer' },
    { token: 't' },
  ],
  [
    'the names of an internationalised host in punycode',
    { [`${P}_XN____BCHER__KVA_EXAMPLE_TOKEN`]: 'b' },
    {},
    { scheme: 'bearer', origin: 'https://xn--bcher-kva.example' },
    { token: 'b' },
  ],
  [
    'the names of an IPv6 address with a port',
    { [`${P}_2001_DB8__1___8443_TOKEN`]: 'b' },
    {},
    { scheme: 'bearer', origin: 'https://[2001:db8::1]:8443' },
    { token: 'b' },
  ],
  [
    'the names of a host with the prefix of the program',
    { FILES_FILES_EXAMPLE_TOKEN: 'b', [`${P}_FILES_EXAMPLE_TOKEN`]: 'c' },
    { prefix: 'FILES' },
    { scheme: 'bearer' },
    { token: 'b' },
  ],
  [
    'no names of the default port to another port',
    { [`${P}_FILES_EXAMPLE_TOKEN`]: 'b' },
    {},
    { scheme: 'bearer', origin: `${origin}:8443` },
    undefined,
  ],
])('env gives %s', async (_, environment, options, request, expected) => {
  expect(await env({ environment, ...options }).get(ask(request))).toStrictEqual(expected);
});

test.each([
  ['https://files.example', ['files_example', 'FILES_EXAMPLE']],
  ['https://my-files.example', ['my__files_example', 'MY__FILES_EXAMPLE']],
  ['https://files.example:8443', ['files_example___8443', 'FILES_EXAMPLE___8443']],
  ['http://localhost:3000', ['localhost___3000', 'LOCALHOST___3000']],
  ['http://127.0.0.1', ['127_0_0_1', '127_0_0_1']],
  ['https://[2001:db8::1]:8443', ['2001_db8__1___8443', '2001_DB8__1___8443']],
  ['https://files_example.example', []],
  ['https://b\u00fccher.example', ['xn____bcher__kva_example', 'XN____BCHER__KVA_EXAMPLE']],
  ['http://[::1]:8080', ['__1___8080', '__1___8080']],
])('the host of %s is spelled %j', (from, spellings) => {
  expect(hostSpellings(from)).toEqual(spellings);
});

test.each([
  ['no newline', 'secret', 'secret'],
  ['one newline', 'secret\n', 'secret'],
  ['one CRLF', 'secret\r\n', 'secret'],
  ['two newlines', 'secret\n\n', 'secret\n'],
  ['spaces', ' se cret \n', ' se cret '],
  ['nothing', '', ''],
])('env reads a password file with %s', async (name, text, password) => {
  const environment = { [`${P}_USERNAME`]: 'alice', [`${P}_PASSWORD_FILE`]: file(name, text) };
  expect(await env({ environment }).get(ask())).toEqual({ username: 'alice', password });
});

test('env reads the token file of a host', async () => {
  const environment = { [`${P}_FILES_EXAMPLE_TOKEN_FILE`]: file('token', 't0ken\n') };
  expect(await env({ environment }).get(ask({ scheme: 'bearer' }))).toEqual({ token: 't0ken' });
});

test.each([
  ['a URL without a protocol', { ...pair, [`${P}_URL`]: 'secret.example' }, `${P}_URL is not an http or https URL`],
  ['a URL that is a host and a port', { ...pair, [`${P}_URL`]: 'secret:80' }, `${P}_URL is not an http or https URL`],
  ['an empty URL', { ...pair, [`${P}_URL`]: '' }, `${P}_URL is not an http or https URL`],
  [
    'a value and a file',
    { ...pair, [`${P}_PASSWORD_FILE`]: '/secret' },
    `${P}_PASSWORD and ${P}_PASSWORD_FILE are both set`,
  ],
  [
    'an empty value and a file',
    { ...pair, [`${P}_PASSWORD`]: '', [`${P}_PASSWORD_FILE`]: '/secret' },
    `${P}_PASSWORD and ${P}_PASSWORD_FILE are both set`,
  ],
  [
    'a file that is not there',
    { [`${P}_USERNAME`]: 'alice', [`${P}_PASSWORD_FILE`]: '/nowhere/secret' },
    `${P}_PASSWORD_FILE names a file that cannot be read (ENOENT)`,
  ],
  [
    'a file that is a folder',
    { [`${P}_USERNAME`]: 'alice', [`${P}_PASSWORD_FILE`]: folder },
    `${P}_PASSWORD_FILE names a folder, a pipe or a device instead of a file`,
  ],
  [
    'a pipe without a writer',
    { [`${P}_USERNAME`]: 'alice', [`${P}_PASSWORD_FILE`]: pipe('pipe') },
    `${P}_PASSWORD_FILE names a folder, a pipe or a device instead of a file`,
  ],
  [
    'a file that is too long',
    { [`${P}_USERNAME`]: 'alice', [`${P}_PASSWORD_FILE`]: file('long', 'secret'.repeat(11_000)) },
    `${P}_PASSWORD_FILE names a file of more than 64 KiB`,
  ],
  [
    'a file that every user can read',
    { [`${P}_USERNAME`]: 'alice', [`${P}_PASSWORD_FILE`]: file('open', 'secret', 0o604) },
    `${P}_PASSWORD_FILE names a file that every user can read (chmod 600 it)`,
  ],
])('env throws on %s, and repeats no value', async (_, environment, message) => {
  const error = await Promise.resolve(env({ environment }).get(ask())).catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_OPTION' });
  expect(error.message).toContain(message);
  expect(error.cause).toBeUndefined();
  expect(error.message).not.toMatch(/secret|nowhere/);
});

test('env throws on an empty token file', async () => {
  const environment = { [`${P}_TOKEN_FILE`]: file('empty', '\n') };
  await expect(env({ environment }).get(ask({ scheme: 'bearer' }))).rejects.toThrow(
    `${P}_TOKEN_FILE names an empty file`,
  );
});

test('env reads the environment when it is asked, not when it is created', async () => {
  const environment: Record<string, string> = {};
  const provider = env({ environment });
  Object.assign(environment, pair);
  expect(await provider.get(ask())).toEqual(alice);
});

test('env does not read the file of a credential that is for another origin', async () => {
  const environment = { [`${P}_URL`]: 'https://other.example', [`${P}_TOKEN_FILE`]: '/nowhere' };
  expect(await env({ environment }).get(ask({ scheme: 'bearer' }))).toBeUndefined();
});

test.each([
  [
    'a URL of another origin',
    { ...pair, [`${P}_URL`]: 'https://u:p@other.example/x' },
    {},
    {},
    `${P}_URL is https://other.example, not this origin`,
  ],
  [
    'an option of another origin',
    pair,
    { origin: 'https://other.example' },
    {},
    'is for https://other.example, not this origin',
  ],
  ['no user name', {}, {}, {}, `${P}_USERNAME is not set, nor ${P}_FILES_EXAMPLE_USERNAME`],
  ['a password alone', { [`${P}_PASSWORD`]: 'secret' }, {}, {}, `${P}_USERNAME is not set`],
  ['no token', pair, {}, { scheme: 'bearer' }, `${P}_TOKEN is not set, nor ${P}_FILES_EXAMPLE_TOKEN`],
  ['another user name', pair, {}, { username: 'bob' }, `${P}_USERNAME is another user name`],
  [
    'another origin than the client is for',
    pair,
    {},
    { baseOrigin: 'https://home.example' },
    `${P}_URL is not set, and ${P}_USERNAME names no origin, so it is for the baseURL, https://home.example`,
  ],
  [
    'a proxy',
    pair,
    {},
    { proxy: true },
    `${P}_URL is not set, and ${P}_USERNAME names no origin, so it is not for a proxy`,
  ],
  [
    'a misspelt name',
    { [`${P}_USER`]: 'alice', [`${P}_PASSWORD_FILE`]: '/run/pw' },
    {},
    { scheme: 'bearer' },
    `${P}_TOKEN is not set, nor ${P}_FILES_EXAMPLE_TOKEN; ${P}_USER is not read (did you mean ${P}_USERNAME?)`,
  ],
  [
    'a misspelt prefix',
    { AXIOS_CHALENGE_TOKEN: 's3cret' },
    {},
    {},
    `${P}_USERNAME is not set, nor ${P}_FILES_EXAMPLE_USERNAME; AXIOS_CHALENGE_TOKEN is not read (did you mean ${P}_TOKEN?)`,
  ],
  ['nothing amiss', pair, {}, {}, undefined],
])('env says why it has no credential: %s', (_, environment, options, request, expected) => {
  expect(env({ environment, ...options }).absence?.(ask(request))).toBe(expected);
});
