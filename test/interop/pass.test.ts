/** The command provider with pass, the standard unix password manager, and a store of its own. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../src/providers/command/command.js';
import { ask } from '../support/credential-request.js';
import { needs } from '../support/servers/process.js';

const entry = 's3cret=\nlogin: alice\nurl: https://files.example\n';

needs('pass', 'pass')('command with pass', () => {
  let environment: Record<string, string | undefined> = {};
  const call = (program: string, args: readonly string[], input = '') =>
    execFileSync(program, args, { env: environment, input, stdio: ['pipe', 'ignore', 'ignore'] });

  beforeAll(() => {
    // A short path: that of the socket of gpg-agent in it may have 107 bytes.
    const home = mkdtempSync(join(tmpdir(), 'pass-'));
    environment = { PATH: process.env.PATH, HOME: home, GNUPGHOME: home, PASSWORD_STORE_DIR: join(home, 'store') };
    const key = ['--quick-generate-key', 'alice@files.example', 'default', 'default', 'never'];
    call('gpg', ['--batch', '--passphrase', '', '--pinentry-mode', 'loopback', ...key]);
    call('pass', ['init', 'alice@files.example']);
    call('pass', ['insert', '--multiline', 'web/files.example'], entry);
  });

  afterAll(() => {
    call('gpgconf', ['--kill', 'gpg-agent']);
    rmSync(environment.HOME as string, { recursive: true, force: true });
  });

  test('the first line of an entry is the password', async () => {
    const provider = command(['pass', 'show', 'web/{host}'], { username: 'alice', environment });
    expect(await provider.get(ask())).toEqual({ username: 'alice', password: 's3cret=' });
  });

  test('an entry that is not there is trouble, and its name is not shown', async () => {
    const provider = command(['pass', 'show', 'web/{host}'], { username: 'alice', environment });
    await expect(provider.get(ask({ origin: 'https://other.example' }))).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER',
      message: 'command: pass ended with status 1 (run it by hand to see what it says)',
    });
  });
});
