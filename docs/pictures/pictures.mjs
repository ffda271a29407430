/** `npm run pictures`: what the program shows, against the strict server, and the house, as the pictures of the pages. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { challengeServer } from 'axios-challenge/testing';
import { coloured } from './explained.mjs';
import { house } from './house.mjs';
import { svg } from './svg.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DRIVER = join(ROOT, 'test/support/pty-driver.py');
const FILES = 'https://files.example';

/** A phone shows so many columns without scrolling; `explain()` breaks its lines at the words. */
const NARROW = 60;

/** Its clock stands still: how long a provider took would be in the picture, and would break lines elsewhere. */
const PROGRAM = `
performance.now = () => 0;
import axios from 'axios';
import { env, explain, installAuth, netrc } from 'axios-challenge';
const client = axios.create({ baseURL: process.argv[2] });
installAuth(client, { providers: [env(), netrc()] });
await client.get('/report').catch((error) => console.error(explain(error)));
`;

const folder = process.argv[2] ?? fileURLToPath(new URL('.', import.meta.url));
await draw('get', 'The handshake, as get -v draws it', handshake);
await draw('explain', 'A request that was refused, explained', refusal, coloured);
await writeFile(join(folder, 'house.svg'), house());

async function draw(name, title, show, paint = (screen) => screen) {
  const realm = 'Files';
  const server = await challengeServer({
    protect: [
      { scheme: 'basic', realm },
      { scheme: 'digest', realm, algorithm: 'SHA-256' },
    ],
    onAuthenticated: (_, response) => response.end('cups of tea: 2\n'),
  });
  const home = await mkdtemp(join(ROOT, '.docs-'));
  try {
    const screen = (await show(server.url, home)).replaceAll(server.url, FILES).replace(/ +\d+ ms$/gm, '');
    await writeFile(join(folder, `${name}.svg`), svg(title, paint(screen)));
  } finally {
    await rm(home, { recursive: true });
    await server.close();
  }
}

async function handshake(url, home) {
  const command = [join(ROOT, 'dist/esm/cli/main.js'), 'get', '-v', `${url}/report`];
  const screen = await atTerminal(command, 80, { HOME: home, AXIOS_CHALLENGE_PASSWORD: 'wonderland' });
  return `$ axios-challenge get -v ${FILES}/report\n${screen}`;
}

async function refusal(url, home) {
  const program = join(home, 'program.js');
  await writeFile(program, PROGRAM);
  const screen = await atTerminal([program, url], NARROW, { HOME: home, AXIOS_CHALLENGE_PASSWORD: 'outdated' });
  return `$ node program.js\n${screen}`;
}

/** What is on the screen at the end, of a terminal with colours. */
function atTerminal(args, columns, variables) {
  const env = {
    PATH: process.env.PATH,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    AXIOS_CHALLENGE_USERNAME: 'alice',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    ...variables,
  };
  const command = ['sh', '-c', `stty cols ${columns} && exec "$@"`, 'sh', process.execPath, ...args];
  const child = spawn('/usr/bin/python3', [DRIVER, '', ...command], { env, stdio: Array(7).fill('pipe') });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    screen += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => resolve(screen.replaceAll('\r', '')));
  });
}
