import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netrc } from '../../../../src/providers/netrc/netrc.js';
import { ask, origin } from '../../../support/credential-request.js';

const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-netrc-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const path = join(folder, 'netrc');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const alice = { username: 'alice', password: 'secret' };
const bob = { username: 'bob', password: 'b' };
const line = 'machine files.example login alice password secret';
const proxy = { proxy: true, origin: 'https://proxy.example:3128' };
const proxyLogin = 'login alice password secret';

test.each([
  ['the login and the password of the host', line, {}, {}, alice],
  ['nothing to another host', line, {}, { origin: 'https://other.example' }, undefined],
  ['nothing to a host that begins with it', line, {}, { origin: `${origin}.evil.example` }, undefined],
  ['nothing to a host under it', line, {}, { origin: 'https://sub.files.example' }, undefined],
  ['nothing to the host above it', line, {}, { origin: 'https://example' }, undefined],
  ['what a host has to any port', line, {}, { origin: `${origin}:8443` }, alice],
  ['what a port has to that port', line.replace('example', 'example:8443'), {}, { origin: `${origin}:8443` }, alice],
  ['nothing of a port to another', line.replace('example', 'example:8443'), {}, {}, undefined],
  ['what port 443 has to https', line.replace('example', 'example:443'), {}, {}, alice],
  [
    'nothing of port 443 to another',
    line.replace('example', 'example:443'),
    {},
    { origin: `${origin}:8443` },
    undefined,
  ],
  ['nothing of port 80 to https', line.replace('example', 'example:80'), {}, {}, undefined],
  ['what a host in capitals has', line.replace('files.example', 'Files.EXAMPLE'), {}, {}, alice],
  ['what a host in quotes has', line.replace('files.example', '"files.example"'), {}, {}, alice],
  [
    'what an internationalised host has',
    line.replace('files.example', 'Bücher.example'),
    {},
    { origin: 'https://xn--bcher-kva.example' },
    alice,
  ],
  [
    'what an IPv6 address has',
    line.replace('files.example', '2001:DB8::1'),
    {},
    { origin: 'https://[2001:db8::1]' },
    alice,
  ],
  [
    'what an IPv6 address in brackets has',
    line.replace('files.example', '[2001:db8:0::1]'),
    {},
    { origin: 'https://[2001:db8::1]:8443' },
    alice,
  ],
  [
    'nothing of an IPv6 address and a port to another port',
    line.replace('files.example', '[2001:db8::1]:8443'),
    {},
    { origin: 'https://[2001:db8::1]' },
    undefined,
  ],
  ['nothing of a URL', line.replace('files.example', 'https://files.example'), {}, {}, undefined],
  ['nothing of a host and a path', line.replace('example', 'example/report'), {}, {}, undefined],
  ['nothing of a host behind userinfo', line.replace('files', 'alice@files'), {}, {}, undefined],
  ['nothing of a host with white space', line.replace('files.example', '"fi\\nles.example"'), {}, {}, undefined],
  ['nothing of no host', line.replace('files.example', '""'), {}, {}, undefined],
  ['the first entry of two', `${line}\nmachine files.example login bob password b`, {}, {}, alice],
  ['the first entry of a port and a host', `${line.replace('example', 'example:443')}\n${line}2`, {}, {}, alice],
  [
    'the entry of the user name asked for',
    `machine files.example login bob password b\n${line}`,
    {},
    { username: 'alice' },
    alice,
  ],
  ['nothing for another user name', line, {}, { username: 'bob' }, undefined],
  ['nothing for the user name in another case', line, {}, { username: 'Alice' }, undefined],
  [
    'a password alone to the user name asked for',
    'machine files.example password secret',
    {},
    { username: 'alice' },
    alice,
  ],
  [
    'the entry with the login before a password alone',
    `machine files.example password b\n${line}`,
    {},
    { username: 'alice' },
    alice,
  ],
  ['no password alone', 'machine files.example password secret', {}, {}, undefined],
  ['a login alone as a hint', 'machine files.example login alice', {}, {}, { username: 'alice' }],
  ['an empty password', 'machine files.example login alice password ""', {}, {}, { ...alice, password: '' }],
  ['nothing of an entry without both', `machine files.example\n${line}`, {}, {}, undefined],
  ['nothing to Bearer', line, {}, { scheme: 'bearer' }, undefined],
  ['what it has to Basic', line, {}, { scheme: 'basic' }, alice],
  ['nothing to a proxy on the host', line, {}, { proxy: true }, undefined],
  ['nothing to a proxy without its port', `machine proxy.example ${proxyLogin}`, {}, proxy, undefined],
  ['what a proxy with its port has', `machine proxy.example:3128 ${proxyLogin}`, {}, proxy, alice],
  ['nothing to http', line, {}, { origin: 'http://files.example' }, undefined],
  [
    'what this machine has over http',
    line.replace('files.example', 'localhost'),
    {},
    { origin: 'http://localhost:3000' },
    alice,
  ],
  ['nothing to a socket', line, {}, { origin: 'unix:/run/files.example' }, undefined],
  ['nothing of the default entry', 'default login alice password secret', {}, {}, undefined],
  ['the default entry where it is on', 'default login alice password secret', { default: true }, {}, alice],
  [
    'nothing of the default entry to http',
    'default login alice password secret',
    { default: true },
    { origin: 'http://files.example' },
    undefined,
  ],
  [
    'nothing of the default entry to a proxy',
    'default login alice password secret',
    { default: true },
    proxy,
    undefined,
  ],
  [
    'the entry of the host before the default entry',
    `default login bob password b\n${line}`,
    { default: true },
    {},
    alice,
  ],
  [
    'nothing of the default entry for a login that the host lacks',
    `${line}\ndefault login bob password b`,
    { default: true },
    { username: 'bob' },
    undefined,
  ],
  [
    'the default entry with the login asked for',
    'default login bob password b',
    { default: true },
    { username: 'bob' },
    bob,
  ],
])('netrc gives %s', async (_, text, options, request, expected) => {
  expect(await netrc({ file: write(text), ...options }).get(ask(request))).toStrictEqual(expected);
});

test.each([
  ['a token', line, {}, { scheme: 'bearer' }, 'has no tokens'],
  ['http', line, {}, { origin: 'http://files.example' }, 'is only for https, and for this machine'],
  ['another host', line, {}, { origin: 'https://other.example:1' }, 'no machine other.example:1 in FILE'],
  ['a proxy on the default port', line, {}, { proxy: true }, 'no machine files.example:443 in FILE'],
  [
    'a default entry that is off',
    'default login alice password secret',
    {},
    {},
    'no machine files.example in FILE (its default entry is off: netrc({ default: true }))',
  ],
  [
    'a proxy, which no default entry is for',
    'default login alice password secret',
    {},
    proxy,
    'no machine proxy.example:3128 in FILE',
  ],
  ['another user name', line, {}, { username: 'bob' }, 'another login for files.example in FILE'],
  ['a password alone', '\nmachine files.example password secret', {}, {}, 'no login in line 2 of FILE'],
  ['nothing amiss', line, {}, {}, undefined],
])('netrc says why it has no credential: %s', async (_, text, options, changes, expected) => {
  const file = write(text);
  const provider = netrc({ file, ...options });
  const request = ask(changes);
  await provider.get(request);
  expect(provider.absence?.(request)).toBe(expected?.replace('FILE', file));
});

test('netrc without a file has no credential and names the file', async () => {
  const provider = netrc({ file: join(folder, 'nowhere') });
  const request = ask();
  expect(await provider.get(request)).toBeUndefined();
  expect(provider.absence?.(request)).toBe(`no ${join(folder, 'nowhere')}`);
});

test('netrc reads the file when it is asked, not when it is created', async () => {
  const file = write('');
  const provider = netrc({ file });
  write(line);
  expect(await provider.get(ask())).toEqual(alice);
});

test.each([
  ['an empty path', { file: '' }, 'netrc: file is not a path'],
  ['a number as path', { file: 1 }, 'netrc: file is not a path'],
  ['a word for default', { default: 'no' }, 'netrc: default is not true or false'],
])('netrc throws on %s', (_, options, message) => {
  expect(() => netrc(options as object)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION', message }));
});

test('netrc takes no option from a prototype', async () => {
  const file = write('default login alice password secret');
  const options = Object.assign(Object.create({ default: true }), { file });
  expect(await netrc(options).get(ask())).toBeUndefined();
});
