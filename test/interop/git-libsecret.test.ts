/** git with its libsecret helper, built from git's contrib folder, on a real Secret Service. */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, type PasswordCredential } from '../../src/index.js';
import { ask } from '../support/credential-request.js';
import { temporaryFolder } from '../support/files.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { needs } from '../support/servers/process.js';
import { alice } from '../support/stage.js';

const SOURCE = '/usr/share/doc/git/contrib/credential/libsecret';
const PARTS = [
  [`${SOURCE}/Makefile`, 'git'],
  ['gcc', 'gcc'],
  ['make', 'make'],
  ['pkg-config', 'pkg-config'],
  ['/usr/include/libsecret-1/libsecret/secret.h', 'libsecret-1-dev'],
] as const;

const needsAll = PARTS.map(([part, install]) => needs(part, install)).find((one) => one !== describe);

(needsAll ?? needsSecretService)('git with libsecret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-libsecret-'));
  const helper = join(folder, 'libsecret/git-credential-libsecret');

  beforeAll(() => {
    cpSync(SOURCE, join(folder, 'libsecret'), { recursive: true });
    execFileSync('make', ['-C', join(folder, 'libsecret')], { stdio: 'ignore' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('what was typed and accepted is kept, found by the next, and erased once it is refused', async () => {
    const { variables } = await secretService();
    const home = await temporaryFolder();
    await writeFile(join(home, '.gitconfig'), `[credential]\n\thelper = ${helper}\n`);
    const environment = { ...process.env, ...variables, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
    const make = () => git({ environment, save: true });

    expect(await make().get(ask())).toBeUndefined();
    await make().approve?.(ask({ interactiveSource: 'prompt' }), alice);
    const later = make();
    const given = await later.get(ask());
    expect(given).toEqual(alice);
    expect(await later.get(ask({ origin: 'https://files.example:8443' }))).toBeUndefined();
    await later.reject?.(ask(), given as PasswordCredential);
    expect(await make().get(ask())).toBeUndefined();
  });
});
