import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netrc } from '../../../../src/providers/netrc/netrc.js';
import { readNetrc } from '../../../../src/providers/netrc/source.js';
import { ask } from '../../../support/credential-request.js';

const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-netrc-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string | Uint8Array, { name = 'netrc', mode = 0o600 } = {}): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const alice = { username: 'alice', password: 'secret' };
const line = 'machine files.example login alice password secret';

test.each([
  ['a file that the group can read', 'open', line, 0o640, 'FILE can be read by others (chmod 600 FILE)'],
  ['a file that everybody can read', 'open', line, 0o604, 'FILE can be read by others (chmod 600 FILE)'],
  ['a file that others can write', 'open', line, 0o602, 'FILE can be read by others (chmod 600 FILE)'],
  ['a file over 1 MiB', 'large', `${line}\n#${' '.repeat(1024 * 1024)}`, 0o600, 'FILE is larger than 1 MiB'],
  ['a file in Latin-1', 'latin', Buffer.from(`${line}\xe9`, 'latin1'), 0o600, 'FILE is not UTF-8'],
  ['a malformed file', 'bad', `${line}\nsecret`, 0o600, 'line 2: a word that is not a keyword'],
])('netrc throws on %s, and repeats no text of it', async (_, name, text, mode, message) => {
  const file = write(text, { name, mode });
  const error = await Promise.resolve(netrc({ file }).get(ask())).catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_PROVIDER' });
  expect(error.message).toContain(`netrc: ${message.replaceAll('FILE', file)}`);
  expect(`${error.stack}${error.cause}`).not.toContain('secret');
});

test.each([
  ['a folder', folder, `${folder} is not a file`],
  ['a device', '/dev/null', '/dev/null is not a file'],
  ['a path through a file', join(write(''), 'x'), `${join(folder, 'netrc', 'x')} cannot be read (ENOTDIR)`],
])('netrc throws on %s', async (_, file, message) => {
  await expect(netrc({ file }).get(ask())).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: `netrc: ${message}`,
  });
});

test('netrc does not wait for a pipe without a writer', async () => {
  const file = join(folder, 'pipe');
  execFileSync('mkfifo', ['-m', '600', file]);
  await expect(netrc({ file }).get(ask())).rejects.toThrow(`netrc: ${file} is not a file`);
});

test('the mode says nothing on Windows', async () => {
  const place = { environment: {}, home: folder, windows: true };
  const file = write(line, { name: 'windows', mode: 0o666 });
  expect(await readNetrc(file, place)).toEqual({ text: line, file: '~/windows' });
});

describe('where the file is', () => {
  const home = join(folder, 'home');
  const none = { environment: {}, home: join(folder, 'nobody'), windows: false };
  mkdirSync(home);
  for (const name of ['.netrc', '_netrc', 'other']) write(name, { name: join('home', name) });
  mkdirSync(join(folder, 'dos'));
  write('_netrc', { name: join('dos', '_netrc') });
  const NETRC = join(home, 'other');

  test.each([
    ['$NETRC before the home', undefined, { environment: { NETRC }, home }, { text: 'other', file: '~/other' }],
    [
      'the option before $NETRC',
      join(home, '_netrc'),
      { environment: { NETRC } },
      { text: '_netrc', file: join(home, '_netrc') },
    ],
    ['an empty $NETRC as none', undefined, { environment: { NETRC: '' }, home }, { text: '.netrc', file: '~/.netrc' }],
    [
      'an inherited $NETRC is not read',
      undefined,
      { environment: Object.create({ NETRC }), home },
      { text: '.netrc', file: '~/.netrc' },
    ],
    ['no other file when $NETRC is missing', undefined, { environment: { NETRC: '/nowhere' }, home }, 'no /nowhere'],
    ['a missing $NETRC made visible', undefined, { environment: { NETRC: '/no\u001b' } }, 'no /no\\x1b'],
    ['~/.netrc', undefined, { home }, { text: '.netrc', file: '~/.netrc' }],
    ['no ~/_netrc', undefined, { home: join(folder, 'dos') }, 'no ~/.netrc'],
    ['~/.netrc first on Windows', undefined, { home, windows: true }, { text: '.netrc', file: '~/.netrc' }],
    [
      '~/_netrc on Windows',
      undefined,
      { home: join(folder, 'dos'), windows: true },
      { text: '_netrc', file: '~/_netrc' },
    ],
    ['no file of the working directory', undefined, { home: '' }, 'no home directory, and NETRC is not set'],
    ['a path as it is without a home', '/nowhere', { home: '' }, 'no /nowhere'],
    ['nothing on Windows', undefined, { windows: true }, 'no ~/.netrc, no ~/_netrc'],
  ])('%s', async (_, path, place, expected) => {
    expect(await readNetrc(path, { ...none, ...place })).toEqual(expected);
  });

  test('without a byte order mark', async () => {
    const file = write(`\ufeff${line}`, { name: 'bom' });
    expect(await netrc({ file }).get(ask())).toEqual(alice);
  });
});
