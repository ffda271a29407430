/** What `get` and `request` send, and where the body goes. */

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { plainServer, server } from '../support/stage.js';
import { ALICE, cli, folder, start } from './run.js';

test('every byte of a binary body comes through, after a challenge', async () => {
  const body = randomBytes(3_000_000);
  const { url } = await server({ onAuthenticated: (_, response) => void response.end(body) });
  const { status, bytes } = await cli(['get', url], ALICE);
  expect(status).toBe(0);
  expect(bytes.equals(body)).toBe(true);
});

test('a compressed body is decompressed', async () => {
  const { url } = await plainServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('the report'));
  });
  expect(await cli(['get', url])).toMatchObject({ status: 0, stdout: 'the report' });
});

const FORM = 'application/x-www-form-urlencoded';

test.each<{ what: string; args: string[]; method: string; body: string; type?: string; input?: string }>([
  { what: '-d makes it a POST', args: ['-d', 'cups=2'], method: 'POST', body: 'cups=2', type: FORM },
  { what: '-X and -d', args: ['-X', 'put', '-d', 'é'], method: 'PUT', body: 'é' },
  { what: '-d @-', args: ['-d', '@-'], method: 'POST', body: 'two\nlines\n', input: 'two\nlines\n' },
  { what: '-X alone', args: ['-X', 'DELETE'], method: 'DELETE', body: '' },
  { what: '-H', args: ['-d', '{}', '-H', 'content-type: text/x'], method: 'POST', body: '{}', type: 'text/x' },
])('request $what', async ({ args, method, body, type, input }) => {
  const guarded = await server();
  const { status, stderr } = await cli(['request', ...args, guarded.url], ALICE, input);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const sent = guarded.requests.at(-1);
  expect({ method: sent?.method, body: sent?.body.toString() }).toEqual({ method, body });
  if (type !== undefined) expect(sent?.headers['content-type']).toBe(type);
});

test('-d @FILE sends the bytes of the file, twice the same', async () => {
  const file = join(folder(), 'body');
  const body = randomBytes(100_000);
  writeFileSync(file, body);
  const guarded = await server();
  expect((await cli(['request', '-d', `@${file}`, guarded.url], ALICE)).status).toBe(0);
  expect(guarded.requests.map((request) => request.body.equals(body))).toEqual([true, true]);
});

test('-H may be given several times, and an Authorization of the user is left alone', async () => {
  const guarded = await server();
  const args = ['-H', 'X-One: 1', '-H', 'X-Two: a', '-H', 'x-two: b', '-H', 'Authorization: Basic eDp5'];
  expect((await cli(['get', ...args, guarded.url], ALICE)).status).toBe(3);
  expect(guarded.requests).toHaveLength(1);
  expect(guarded.requests[0]?.headers).toMatchObject({ 'x-one': '1', 'x-two': 'a, b', authorization: 'Basic eDp5' });
});

test('a password in the URL answers, and is not sent before the server asks', async () => {
  const guarded = await server();
  const { status } = await cli(['get', guarded.url.replace('//', '//alice:wonderland@')]);
  expect(status).toBe(0);
  expect(guarded.requests.map(({ headers }) => headers.authorization?.split(' ')[0])).toEqual([undefined, 'Digest']);
});

test.each([
  ['the URL', (url: string) => [url.replace('//', '//alice@')]],
  ['--user', (url: string) => ['--user', 'alice', url]],
])('%s names the account that netrc is asked for', async (_, args) => {
  const home = folder();
  writeFileSync(
    join(home, '.netrc'),
    'machine 127.0.0.1 login bob password builder\nmachine 127.0.0.1 login alice password wonderland\n',
    { mode: 0o600 },
  );
  const guarded = await server();
  const { status, stdout } = await cli(['get', '--netrc', ...args(guarded.url)], { HOME: home });
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('"user":"alice"') });
  expect(guarded.requests[0]?.headers.authorization).toBeUndefined();
});

test('--git asks the helpers of git', async () => {
  const home = folder();
  const { url } = await server();
  writeFileSync(join(home, '.git-credentials'), `${url.replace('//', '//alice:wonderland@')}\n`, { mode: 0o600 });
  writeFileSync(join(home, '.gitconfig'), '[credential]\n  helper = store\n');
  expect((await cli(['get', '--git', url], { HOME: home })).status).toBe(0);
  expect((await cli(['get', url], { HOME: home })).status).toBe(3);
});

test('without --allow-insecure a Basic password does not travel in the clear', async () => {
  // A proxy on this machine plays the host that is not.
  const proxy = await server({ protect: { scheme: 'basic' } });
  const variables = { ...ALICE, http_proxy: proxy.url, NO_PROXY: '', no_proxy: '' };
  const refused = await cli(['get', 'http://printer.example/'], variables);
  expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining('ERR_AUTH_INSECURE') });
  expect(proxy.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  expect((await cli(['get', '--allow-insecure', 'http://printer.example/'], variables)).status).toBe(0);
});

test('a proxy on the way is answered, and drawn', async () => {
  const home = folder();
  const proxy = await server({ status: 407 });
  const entry = `machine ${new URL(proxy.url).host} login alice password wonderland\n`;
  writeFileSync(join(home, '.netrc'), entry, { mode: 0o600 });
  const variables = { HOME: home, http_proxy: proxy.url, NO_PROXY: '', no_proxy: '' };
  const { status, stderr } = await cli(['get', '-v', '--netrc', 'http://files.example/'], variables);
  expect(status).toBe(0);
  const drawn = stderr.replace(/[│|]/g, '').replace(/\s+/g, ' ');
  expect(drawn).toContain('the proxy: Digest SHA-256, realm "test"');
  expect(drawn).toContain('without credentials, to the proxy as alice (Digest SHA-256, nc 1)');
  expect(await cli(['get', 'http://files.example/'], variables)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("proxy's own 407"),
  });
});

describe('-o FILE', () => {
  test('holds the body, with the mode that the file had', async () => {
    const file = join(folder(), 'report');
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    const { url } = await server();
    expect(await cli(['get', '-o', file, url], ALICE)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ user: 'alice' });
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  test('is written where a link leads', async () => {
    const place = folder();
    writeFileSync(join(place, 'real'), 'old');
    symlinkSync('real', join(place, 'link'));
    const { url } = await server();
    await cli(['get', '-o', join(place, 'link'), url], ALICE);
    expect(lstatSync(join(place, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(place, 'real'), 'utf8')).toContain('alice');
  });

  test('- is stdout', async () => {
    const { url } = await server();
    expect(await cli(['get', '-o', '-', url], ALICE)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('alice'),
    });
  });

  test.each([
    ['a body that breaks off', 5, (url: string) => url],
    ['a 401', 3, (url: string) => `${url}/guarded`],
    ['an error', 4, (url: string) => `${url}/missing`],
  ])('stays as it was after %s', async (_, expected, urlOf) => {
    const place = folder();
    const file = join(place, 'report');
    writeFileSync(file, 'old');
    const { url } = await plainServer(({ url: path }, response) => {
      if (path === '/guarded') response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('no');
      else if (path === '/missing') response.writeHead(404).end('no');
      else response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy());
    });
    expect((await cli(['get', '-o', file, urlOf(url)])).status).toBe(expected);
    expect(readdirSync(place)).toEqual(['report']);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  test('leaves no file behind when the program is interrupted', async () => {
    const place = folder();
    let begun = () => {};
    const sent = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { url } = await plainServer((_, response) => void response.write('half', () => begun()));
    const { child, ended } = start(['get', '-o', join(place, 'report'), url]);
    await sent;
    while (readdirSync(place).length === 0) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, stderr: '' });
    expect(existsSync(place) && readdirSync(place)).toEqual([]);
  });
});
