import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { explain, git, type Provider } from '../../src/index.js';
import type { CredentialRequest, PasswordCredential } from '../../src/model.js';
import { temporaryFolder } from '../support/files.js';
import { needs } from '../support/servers/process.js';
import { afterwards, alice, client, failure, server, statuses } from '../support/stage.js';

const origin = 'https://files.example';
const ask = (changes: Partial<CredentialRequest> = {}): CredentialRequest => {
  return { origin, realm: 'Files', scheme: 'digest', proxy: false, url: `${origin}/a/b`, refused: 0, ...changes };
};

/** A home with nothing in it but git's configuration, and the git that lives there. */
async function home(configuration: (folder: string) => string) {
  const folder = await temporaryFolder();
  const file = (name: string) => join(folder, name);
  await writeFile(file('.gitconfig'), configuration(folder));
  const environment = { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: file('xdg'), GIT_CONFIG_NOSYSTEM: '1' };
  const asGit = (args: readonly string[], input = '') =>
    execFileSync('git', args, { env: environment, input, stdio: ['pipe', 'pipe', 'ignore'], encoding: 'utf8' });
  return { file, environment, asGit };
}

/** A home whose only helper is git's own store, with these lines in it. */
async function homeWithStore(...lines: readonly string[]) {
  const place = await home((folder) => `[credential]\n\thelper = store --file=${folder}/store\n`);
  const stored = async () => (await readFile(place.file('store'), 'utf8')).split('\n').slice(0, -1);
  await writeFile(place.file('store'), lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  return { ...place, stored };
}

/** A home whose only helper is this script of the shell. */
async function homeWithHelper(script: string) {
  const place = await home((folder) => `[credential]\n\thelper = ${folder}/helper\n`);
  await writeFile(place.file('helper'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return place;
}

/** Plays a person who types this. */
const person = (credential: PasswordCredential): Provider => ({
  name: 'person',
  interactive: true,
  get: () => credential,
});

/** An address as the store writes it. */
const line = (url: string, { username, password }: PasswordCredential) =>
  `http://${username}:${password}@${new URL(url).host.replace(':', '%3a')}`;

needs('git', 'git')('git', () => {
  describe('with its store', () => {
    test('a challenge is answered with what is stored', async () => {
      const strict = await server();
      const { environment, stored } = await homeWithStore(line(strict.url, alice));

      await client(strict.url, { providers: [git({ environment })] }).get('/report');

      expect(statuses(strict)).toEqual([401, 200]);
      expect(await stored()).toEqual([line(strict.url, alice)]);
    });

    test('a password that the server refuses is erased, and no other', async () => {
      const strict = await server();
      const wrong = line(strict.url, { ...alice, password: 'looking-glass' });
      const { environment, stored } = await homeWithStore(wrong, 'https://alice:other@files.example');

      const error = await failure(client(strict.url, { providers: [git({ environment })] }).get('/report'));

      expect(explain(error)).not.toContain('looking-glass');
      expect(await stored()).toEqual(['https://alice:other@files.example']);
    });

    test.each([true, false])('what a person typed is stored with save: %p as it says', async (save) => {
      const strict = await server();
      const { environment, stored } = await homeWithStore();

      await client(strict.url, { providers: [git({ environment, save }), person(alice)] }).get('/report');

      expect(await stored()).toEqual(save ? [line(strict.url, alice)] : []);
    });

    test('a password that was typed wrong is not stored', async () => {
      const strict = await server();
      const { environment, stored } = await homeWithStore();
      const providers = [git({ environment, save: true }), person({ ...alice, password: 'looking-glass' })];

      await failure(client(strict.url, { providers }).get('/report'));

      expect(await stored()).toEqual([]);
    });

    test.each([
      ['the account asked for', { username: 'bob' }, { username: 'bob', password: 'b%ob' }],
      ['a port of its own', { origin: `${origin}:8443` }, { username: 'carol', password: 'c:a=rol' }],
      ['nothing for http', { origin: 'http://files.example' }, undefined],
      ['nothing for a host below', { origin: 'https://a.files.example' }, undefined],
      ['nothing for another account', { username: 'dave' }, undefined],
    ])('it gives %s', async (_, changes, expected) => {
      const { environment } = await homeWithStore(
        'https://alice:a@files.example',
        'https://bob:b%25ob@files.example',
        'https://carol:c%3aa%3drol@files.example%3a8443',
      );
      expect(await git({ environment }).get(ask(changes))).toEqual(expected);
    });

    test('the path chooses among accounts with useHttpPath', async () => {
      const { environment } = await homeWithStore('https://x:x@files.example/other', 'https://y:y@files.example/a/b');
      expect(await git({ environment }).get(ask())).toEqual({ username: 'x', password: 'x' });
      expect(await git({ environment, useHttpPath: true }).get(ask())).toEqual({ username: 'y', password: 'y' });
    });

    test('several accounts are told apart by the name in the URL', async () => {
      const strict = await server({ users: { alice: 'wonderland', bob: 'builder' } });
      const bob = { username: 'bob', password: 'builder' };
      const { environment } = await homeWithStore(line(strict.url, alice), line(strict.url, bob));

      await client(strict.url, { providers: [git({ environment })] }).get(strict.url.replace('//', '//bob@'));

      expect(strict.requests.at(-1)?.headers.authorization).toContain('username="bob"');
    });
  });

  test('its cache keeps what was accepted and drops what was refused', async () => {
    const cache = (folder: string) => `cache --socket ${folder}/cache/socket`;
    const { environment, file, asGit } = await home((folder) => `[credential]\n\thelper = ${cache(folder)}\n`);
    afterwards(() => asGit(['credential-cache', '--socket', file('cache/socket'), 'exit']));
    const provider = git({ environment, save: true });

    await provider.approve?.(ask({ interactiveSource: 'prompt' }), alice);
    const question = ['credential-cache', '--socket', file('cache/socket'), 'get'];
    const cached = () => asGit(question, 'protocol=https\nhost=files.example\n\n');
    expect(cached()).toBe('username=alice\npassword=wonderland\n');
    const given = await provider.get(ask());
    expect(given).toEqual(alice);
    await provider.reject?.(ask(), given as PasswordCredential);
    expect(cached()).toBe('');
  });

  test.each([
    ['answers for another host', 'echo host=evil.example; echo username=alice; echo password=p', 'another host'],
    ['answers for http', 'echo protocol=http; echo username=alice; echo password=p', 'another protocol'],
    ['knows a name and no password', 'echo username=alice', 'no helper has a password for https://files.example'],
    ['knows an empty password', 'echo username=alice; echo password=', 'gave no password'],
    ['tells git to quit', 'echo quit=1', 'no helper has a password for https://files.example'],
    ['fails', 'echo secret >&2; exit 3', 'no helper has a password for https://files.example'],
  ])('a helper that %s gives nothing', async (_, script, reason) => {
    const { environment } = await homeWithHelper(script);
    const [provider, asked] = [git({ environment }), ask()];
    expect(await provider.get(asked)).toBeUndefined();
    expect(provider.absence?.(asked)).toContain(reason);
  });

  test('a helper that prints 1 MiB is passed over', async () => {
    const { environment } = await homeWithHelper(
      `echo username=alice; printf password=; head -c 1048576 /dev/zero | tr '\\0' x; echo`,
    );
    await expect(async () => git({ environment }).get(ask())).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER',
      message: 'git: the answer of a credential helper is too long',
    });
  });

  test('a helper that hangs is left after the timeout', async () => {
    const { environment } = await homeWithHelper('exec sleep 60');
    await expect(async () => git({ environment, timeout: 50 }).get(ask())).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER',
      message: 'git: no answer within 50 ms (is a credential helper waiting for a person?)',
    });
  });

  test('a helper that hangs ends when the caller leaves', async () => {
    const { environment, file } = await homeWithHelper('exec 3>"$HOME/fifo"; sleep 60');
    await promisify(execFile)('mkfifo', [file('fifo')]);
    const leaving = new AbortController();
    const asking = git({ environment }).get(ask({ signal: leaving.signal })) as Promise<unknown>;
    const held = await open(file('fifo'), 'r'); // When the helper has opened it too.
    leaving.abort();
    await expect(asking).rejects.toMatchObject({ message: 'git: cancelled' });
    expect(await held.readFile('utf8')).toBe(''); // Ends when nobody holds the other end any more.
    await held.close();
  });

  test('nobody is asked, whatever program git is told to ask with', async () => {
    const { environment, file } = await home((folder) => `[core]\n\taskPass = ${folder}/ask\n`);
    await writeFile(file('ask'), '#!/bin/sh\ntouch "$HOME/asked"; echo alice\n', { mode: 0o755 });
    const asking = { GIT_ASKPASS: file('ask'), SSH_ASKPASS: file('ask'), GIT_TERMINAL_PROMPT: '1' };
    expect(await git({ environment: { ...environment, ...asking } }).get(ask())).toBeUndefined();
    expect(existsSync(file('asked'))).toBe(false);
  });

  test('the repository in the working directory has no say', async () => {
    const { environment, file, asGit } = await home(() => '');
    await mkdir(file('repository'));
    asGit(['init', file('repository')]);
    asGit(['-C', file('repository'), 'config', 'credential.helper', '!echo username=mallory; echo password=m; :']);
    const before = process.cwd();
    afterwards(() => process.chdir(before));
    process.chdir(file('repository'));
    expect(asGit(['credential', 'fill'], 'protocol=https\nhost=files.example\n\n')).toContain('mallory');
    expect(await git({ environment }).get(ask())).toBeUndefined();
  });
});
