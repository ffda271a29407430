import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitOptions, git } from '../../../../src/providers/git/git.js';
import { ask, origin } from '../../../support/credential-request.js';

const alice = { username: 'alice', password: 'secret' };
const answered = 'protocol=https\nhost=files.example\nusername=alice\npassword=secret\n';

// Plays git: writes down what it is told, and answers with what the test put there.
const fake = `#!/bin/sh
for action; do :; done
printf '%s|' "$action" >> "$LOG"
/usr/bin/tr '\\n' '|' >> "$LOG"
printf '\\n' >> "$LOG"
echo "secret on stderr" >&2
[ "$action" = fill ] && printf %s "$ANSWER"
exit "$STATUS"
`;

const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-git-'));
const HANGING = join(folder, 'hanging');
const KILLED = join(folder, 'killed');

beforeAll(async () => {
  await writeFile(join(folder, 'git'), fake, { mode: 0o755 });
  await writeFile(HANGING, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  await writeFile(KILLED, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
});
beforeEach(() => writeFile(join(folder, 'log'), ''));
afterAll(() => rm(folder, { recursive: true, force: true }));

function provider(answer: string, options: GitOptions = {}, status = 0) {
  const environment = { LOG: join(folder, 'log'), ANSWER: answer, STATUS: String(status) };
  return git({ path: join(folder, 'git'), environment, ...options });
}

/** What git was told, a line for each time. */
const told = async () => (await readFile(join(folder, 'log'), 'utf8')).split('\n').slice(0, -1);

test.each([
  ['the origin', {}, {}, 'protocol=https|host=files.example||'],
  ['a port', {}, { origin: 'http://[::1]:8080' }, 'protocol=http|host=[::1]:8080||'],
  ['the account', {}, { username: 'al=ice ü' }, 'protocol=https|host=files.example|username=al=ice ü||'],
  ['the path', { useHttpPath: true }, { url: `${origin}/a%20b/c/` }, 'protocol=https|host=files.example|path=a b/c||'],
  [
    'a path that is not UTF-8',
    { useHttpPath: true },
    { url: `${origin}/%ff` },
    'protocol=https|host=files.example|path=%ff||',
  ],
])('git is told %s', async (_, options, request, expected) => {
  await provider(answered, options).get(ask(request));
  expect(await told()).toEqual([`fill|${expected}`]);
});

test.each([
  ['the only account', {}, answered, alice],
  ['the account asked for', { username: 'alice' }, answered, alice],
  ['what it may say besides', {}, `capability[]=authtype\n${answered}nonsense\n\n`, alice],
  ['a password with = in it', {}, answered.replace('secret', 'a=b='), { username: 'alice', password: 'a=b=' }],
  ['an account without a name', {}, answered.replace('alice', ''), { username: '', password: 'secret' }],
])('git gives %s', async (_, request, answer, expected) => {
  expect(await provider(answer).get(ask(request))).toEqual(expected);
});

test.each([
  ['another host', {}, answered.replace('files.example', 'evil.example'), 'answered for another host'],
  ['another port', {}, answered.replace('files.example', 'files.example:8443'), 'answered for another host'],
  ['another protocol', {}, answered.replace('https', 'http'), 'answered for another protocol'],
  ['another account', { username: 'bob' }, answered, 'answered for another username'],
  ['nobody', {}, 'username=alice\npassword=secret\n', 'answered for another protocol'],
  ['no account', {}, answered.replace('username=alice\n', ''), 'gave no password'],
  ['an empty password', {}, answered.replace('secret', ''), 'gave no password'],
  [
    'a ready-made Authorization',
    {},
    'capability[]=authtype\nprotocol=https\nhost=files.example\nauthtype=Bearer\ncredential=x\n',
    'gave no password',
  ],
  ['nothing', {}, '', 'answered for another protocol'],
])('an answer for %s is discarded, and git says why', async (_, changes, answer, expected) => {
  const [asked, from] = [ask(changes), provider(answer)];
  expect(await from.get(asked)).toBeUndefined();
  expect(from.absence?.(asked)).toBe(expected);
});

test.each([
  ['a token', { scheme: 'bearer' }, 'keeps no tokens'],
  ['the password of a proxy', { proxy: true }, 'cannot tell a proxy from a server'],
  ['the password of a socket', { origin: 'unix:/run/files.sock' }, 'does not support Unix sockets'],
])('git is not run for %s, and says why', async (_, changes, expected) => {
  const [asked, from] = [ask(changes), provider(answered)];
  expect(await from.get(asked)).toBeUndefined();
  expect(from.absence?.(asked)).toBe(expected);
  expect(await told()).toEqual([]);
});

test('a git that fails has no password, and its stderr is not shown', async () => {
  const [asked, from] = [ask(), provider('', {}, 128)];
  expect(await from.get(asked)).toBeUndefined();
  expect(from.absence?.(asked)).toBe('no helper has a password for https://files.example');
});

const breaks = ['\n', '\r', '\0', '%0a', '%0A', '%0d', '%00'];

describe.each(breaks)('with %j', (broken) => {
  const value = `a${broken}host=evil.example`;
  const refused = (key: string) => ({
    code: 'ERR_AUTH_CREDENTIAL',
    message: `git: a line break or NUL in the ${key}, raw or percent-encoded, so git is not run`,
  });

  test('in a user name, git is not run', async () => {
    await expect(provider(answered).get(ask({ username: value }))).rejects.toMatchObject(refused('username'));
    expect(await told()).toEqual([]);
  });

  test('in a path, git is not run', async () => {
    const url = `${origin}/${broken.includes('%') ? value : encodeURI(value)}`;
    await expect(provider(answered, { useHttpPath: true }).get(ask({ url }))).rejects.toMatchObject(refused('path'));
    expect(await told()).toEqual([]);
  });

  test('in a password, git is not run to keep it', async () => {
    const typed = { username: 'alice', password: value };
    const approving = provider('', { save: true }).approve?.(ask({ interactiveSource: 'prompt' }), typed);
    await expect(approving).rejects.toMatchObject(refused('password'));
    expect(await told()).toEqual([]);
  });
});

test.each(['approve', 'reject'] as const)('git gets with %s exactly what it gave', async (verdict) => {
  const from = provider(`${answered}password_expiry_utc=99999999999\n`);
  const credential = await from.get(ask());
  await from[verdict]?.(ask({ url: `${origin}/other` }), credential as typeof alice);
  const lines = 'protocol=https|host=files.example|username=alice|password=secret|password_expiry_utc=99999999999||';
  expect((await told()).slice(1)).toEqual([`${verdict}|${lines}`]);
});

test('git is told once that a password was accepted', async () => {
  const from = provider(answered);
  const credential = (await from.get(ask())) as typeof alice;
  await from.approve?.(ask(), credential);
  await from.approve?.(ask(), credential);
  expect((await told()).length).toBe(2);
});

const prompted = { interactiveSource: 'prompt' };

test.each([
  ['with save, what a person typed', true, prompted, alice, true],
  ['without save, nothing', false, prompted, alice, false],
  ['with save, nothing of another source', true, {}, alice, false],
  ['with save, nothing of a proxy', true, { ...prompted, proxy: true }, alice, false],
  ['with save, nothing of a socket', true, { ...prompted, origin: 'unix:/run/files.sock' }, alice, false],
  ['with save, no token', true, prompted, { token: 't' }, false],
  ['with save, no empty password', true, prompted, { username: 'alice', password: '' }, false],
])('git keeps %s', async (_, save, request, credential, kept) => {
  const from = provider('', { save });
  await from.approve?.(ask(request), credential);
  const lines = 'protocol=https|host=files.example|username=alice|password=secret||';
  expect(await told()).toEqual(kept ? [`approve|${lines}`] : []);
  expect(from.store).toBe(save);
});

test('git is not told that a password of another provider was refused', async () => {
  await provider(answered).reject?.(ask(), { ...alice });
  expect(await told()).toEqual([]);
});

test('a verdict that git cannot process is an error', async () => {
  const approving = provider('', { save: true }, 128).approve?.(ask({ interactiveSource: 'prompt' }), alice);
  await expect(approving).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'git: git credential approve failed',
  });
});

test.each([
  ['is missing', { path: '/nowhere/git' }, 'there is no program /nowhere/git (install git, or set the option path)'],
  ['is killed', { path: KILLED }, 'git credential fill was killed'],
  ['may not be executed', { path: '/dev/null' }, '/dev/null may not be executed'],
  ['hangs', { timeout: 1, path: HANGING }, 'no answer within 1 ms (is a credential helper waiting for a person?)'],
])('a git that %s is an error', async (_, options, message) => {
  await expect(provider(answered, options).get(ask())).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: `git: ${message}`,
  });
});

test('the wait for git ends when the caller leaves', async () => {
  const left = provider(answered).get(ask({ signal: AbortSignal.abort() }));
  await expect(left).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER', message: 'git: cancelled' });
});

test.each([
  ['an empty path', { path: '' }],
  ['a path with NUL', { path: 'git\0' }],
  ['a timeout of nothing', { timeout: 0 }],
  ['a timeout that is no number', { timeout: Number.NaN }],
])('git refuses %s', (_, options) => {
  expect(() => git(options)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION' }));
});

test('git reads no option from Object.prototype', async () => {
  const prototype = Object.prototype as Record<string, unknown>;
  prototype.save = true;
  try {
    expect(git().store).toBe(false);
  } finally {
    delete prototype.save;
  }
});
