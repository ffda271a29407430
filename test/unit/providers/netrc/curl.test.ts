/** curl reads the same files, and sends the same login and password. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { netrc } from '../../../../src/providers/netrc/netrc.js';
import { ask } from '../../../support/credential-request.js';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-curl-'));
const file = join(folder, 'netrc');

let server: Server;
let port: number;
beforeAll(async () => {
  // Answers with the Authorization it was sent.
  server = createServer(({ headers }, response) => response.end(headers.authorization ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function sentByCurl(userinfo: string): Promise<string | undefined> {
  const args = ['-q', '-sS', '--noproxy', '*', '--netrc-file', file, `http://${userinfo}127.0.0.1:${port}/`];
  const { stdout } = await run('curl', args, { env: { PATH: process.env.PATH } });
  return stdout === '' ? undefined : Buffer.from(stdout.replace(/^Basic /, ''), 'base64').toString();
}

async function given(username?: string): Promise<string | undefined> {
  const origin = `http://127.0.0.1:${port}`;
  const request = ask({ origin, url: origin, scheme: 'basic', ...(username === undefined ? {} : { username }) });
  const credential = await netrc({ file, default: true }).get(request);
  return credential && 'username' in credential ? `${credential.username}:${credential.password}` : undefined;
}

const host = 'machine 127.0.0.1';

test.each([
  ['nothing', ''],
  ['one line', `${host} login a password p`],
  ['many lines', `${host}\nlogin a\npassword p\n`],
  ['a line for each word', 'machine\n127.0.0.1\nlogin\na\npassword\np\n'],
  ['CRLF', `${host}\r\nlogin a\r\npassword p\r\n`],
  ['tabs', `\t${host}\tlogin\ta\tpassword\tp\n`],
  ['the password first', `${host} password p login a`],
  ['an account', `${host} account x login a password p`],
  ['keywords in capitals', 'MACHINE 127.0.0.1 LOGIN a Password p'],
  ['another machine', 'machine other.example login a password p'],
  ['another machine before', `machine other.example login x password y\n${host} login a password p`],
  ['another machine behind', `${host} login a password p\nmachine other.example login x password y`],
  ['one machine twice', `${host} login a password p\n${host} login b password q`],
  ['two machines in a line', `machine other.example login x password y ${host} login a password p`],
  ['the default entry', 'machine other.example login x password y\ndefault login a password p'],
  ['the default entry behind the machine', `${host} login a password p\ndefault login x password y`],
  ['a comment line', `# ${host} login x password y\n${host} login a password p`],
  ['a comment with a quote', `# isn"t\n${host} login a password p`],
  ['a comment at the end', `${host} login a password p # login x`],
  ['# inside a password', `${host} login a password p#q`],
  ['a keyword as password', `${host} login a password machine`],
  ['a backslash', `${host} login a password p\\q\\n`],
  ['a quote inside', `${host} login a password p"q"`],
  ['quotes', `${host} login "a b" password "p q"`],
  ['a quoted machine', 'machine "127.0.0.1" login a password p'],
  ['# in quotes', `${host} login a password "#p #q"`],
  ['an empty password', `${host} login a password ""`],
  ['escapes', `${host} login a password "\\"p\\\\q\\n\\r\\t\\x\\'"`],
  ['a macro', `macdef init\n${host} login x password y\n\n${host} login a password p`],
  ['a macro to the end', `macdef init\n${host} login x password y`],
  ['other letters', `${host} login Zoë password ключ`],
])('curl and netrc agree on %s', async (_, text) => {
  writeFileSync(file, text, { mode: 0o600 });
  expect(await given()).toBe(await sentByCurl(''));
});

test.each([
  ['the first of two logins', 'a', `${host} login a password p\n${host} login b password q`],
  ['the second of two logins', 'b', `${host} login a password p\n${host} login b password q`],
  ['a password alone', 'b', `${host} password p`],
])('curl and netrc agree on %s for a user name', async (_, username, text) => {
  writeFileSync(file, text, { mode: 0o600 });
  expect(await given(username)).toBe(await sentByCurl(`${username}@`));
});

test('curl, the judge, sends what the file says', async () => {
  writeFileSync(file, `${host} login a password p`, { mode: 0o600 });
  expect(await sentByCurl('')).toBe('a:p');
});

test.each([['a password that is not closed', `${host} login a password "p`]])(
  'curl and netrc both refuse %s',
  async (_, text) => {
    writeFileSync(file, text, { mode: 0o600 });
    await expect(sentByCurl('')).rejects.toThrow('.netrc parser error');
    await expect(given()).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
  },
);
