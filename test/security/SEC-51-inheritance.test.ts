/** SEC-51 What a helper inherits: no credential that is for this process, and no repository whose helper git would run. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkGit } from '../../src/cli/doctor/findings/git.js';
import { command, env, git } from '../../src/index.js';
import { keytarProcess } from '../../src/providers/keychain/keytar-process.js';
import { ask } from '../support/credential-request.js';
import { temporaryFolder } from '../support/files.js';
import { afterwards } from '../support/stage.js';

const P = 'AXIOS_CHALLENGE';
const SECRET = 's3cret-p4ssword';

const SECRETS: Readonly<Record<string, string>> = {
  [`${P}_PASSWORD`]: SECRET,
  [`${P}_TOKEN`]: SECRET,
  [`${P}_PASSWORD_FILE`]: SECRET,
  [`${P}_URL`]: `https://alice:${SECRET}@files.example`,
  [`${P}_FILES_EXAMPLE___8443_TOKEN`]: SECRET,
  [`${P}_files_example_PASSWORD`]: SECRET,
  [`${P}_A_PROGRAMMER_S_OWN`]: SECRET,
  ACME_PASSWORD: SECRET,
  ACME_TOKEN: SECRET,
  ACME_FILES_EXAMPLE_PASSWORD: SECRET,
  acme_files_example_TOKEN_FILE: SECRET,
};

/** Has been there all the time: of a tool with a prefix of its own. */
const acme = env({ prefix: 'ACME' });

/** Sets variables of this process for one test. */
function set(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    process.env[name] = value;
    afterwards(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

/** A configuration with a helper that writes down its environment, and the file it writes to. */
async function dumping(): Promise<{ config: string; dump: string }> {
  const folder = await temporaryFolder();
  const [config, dump] = [join(folder, 'config'), join(folder, 'dump')];
  const helper = `!f() { env > ${dump}; echo username=alice; echo password=x; }; f`;
  await writeFile(config, `[credential]\n  helper = ${JSON.stringify(helper)}\n`);
  return { config, dump };
}

const print = (dump: string) => ['sh', '-c', `env > ${dump}; echo '{"username":"alice","password":"x"}'`];

describe.each([
  ['the environment of this process', () => set(SECRETS), () => ({})],
  ['the option environment', () => {}, () => ({ environment: { ...process.env, ...SECRETS } })],
])('SEC-51 no credential of %s is inherited', (_, prepare, options) => {
  beforeEach(() => {
    expect(acme.name).toBe('env');
    prepare();
  });

  test('SEC-51 by the program of command()', async () => {
    const dump = join(await temporaryFolder(), 'dump');
    const found = await command(print(dump), options()).get(ask({ username: 'alice' }));
    expect(found).toMatchObject({ password: 'x' });
    const seen = await readFile(dump, 'utf8');
    expect(seen).not.toContain(SECRET);
    // What it is told of the request, and what it needs.
    expect(seen).toContain(`${P}_ORIGIN=https://files.example\n`);
    expect(seen).toContain(`${P}_USERNAME=alice\n`);
    expect(seen).toContain('PATH=');
  });

  test("SEC-51 by git's helpers", async () => {
    const { config, dump } = await dumping();
    set({ GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' });
    const provider = git(options());
    const credential = await provider.get(ask());
    expect(credential).toMatchObject({ password: 'x' });
    expect(await readFile(dump, 'utf8')).not.toContain(SECRET);
    await rm(dump);
    await provider.reject?.(ask(), credential as { username: string; password: string });
    expect(await readFile(dump, 'utf8')).not.toContain(SECRET);
  });
});

test("SEC-51 no credential is inherited by keytar's process", async () => {
  set(SECRETS);
  const path = join(await temporaryFolder(), 'keytar.js');
  await writeFile(path, 'exports.findPassword = async () => JSON.stringify(process.env)');
  const over = new AbortController();
  afterwards(() => over.abort());
  const seen = await keytarProcess(path, over.signal).findPassword('s');
  expect(seen).toContain('PATH');
  expect(seen).not.toContain(SECRET);
});

test('SEC-51 the other variables of a tool, and the switches of this package, are inherited', async () => {
  set({ ACME_HOME: '/opt/acme', ACMETOKEN: 'own', FILES_TOKEN: 'own', [`${P}_NO_PROMPT`]: '1' });
  const dump = join(await temporaryFolder(), 'dump');
  await command(print(dump)).get(ask());
  const seen = await readFile(dump, 'utf8');
  for (const line of ['ACME_HOME=/opt/acme', 'ACMETOKEN=own', 'FILES_TOKEN=own', `${P}_NO_PROMPT=1`]) {
    expect(seen).toContain(`${line}\n`);
  }
});

/** A repository whose own configuration names a helper, and the file that it touches. */
async function hostile(): Promise<{ repository: string; touched: string }> {
  const repository = await temporaryFolder();
  const touched = join(repository, 'touched');
  execFileSync('git', ['init', '-q', repository], { stdio: 'ignore' });
  const helper = `!f() { touch ${touched}; echo username=mallory; echo password=x; }; f`;
  execFileSync('git', ['-C', repository, 'config', 'credential.helper', helper]);
  return { repository, touched };
}

test.each<[string, (repository: string) => Record<string, string>]>([
  ['GIT_DIR', (folder) => ({ GIT_DIR: join(folder, '.git') })],
  ['GIT_DIR and GIT_WORK_TREE', (folder) => ({ GIT_DIR: join(folder, '.git'), GIT_WORK_TREE: folder })],
  ['GIT_COMMON_DIR', (folder) => ({ GIT_DIR: join(folder, '.git'), GIT_COMMON_DIR: join(folder, '.git') })],
  ['GIT_CONFIG', (folder) => ({ GIT_CONFIG: join(folder, '.git/config') })],
  ['GIT_CONFIG_PARAMETERS', (folder) => ({ GIT_CONFIG_PARAMETERS: `'include.path'='${join(folder, '.git/config')}'` })],
])('SEC-51 the helper of a repository that %s names is not run', async (_, variables) => {
  const { repository, touched } = await hostile();
  const home = await temporaryFolder();
  const quiet = { HOME: home, XDG_CONFIG_HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  set({ ...quiet, ...variables(repository) });
  expect(await git().get(ask())).toBeUndefined();
  expect(await git({ environment: { ...process.env } }).get(ask())).toBeUndefined();
  expect(await checkGit(new AbortController().signal)).toMatchObject({ state: 'off' });
  expect(existsSync(touched)).toBe(false);
});

test('SEC-51 the helper of the repository around the working directory is not run', async () => {
  const { repository, touched } = await hostile();
  const home = await temporaryFolder();
  set({ HOME: home, XDG_CONFIG_HOME: home, GIT_CONFIG_NOSYSTEM: '1' });
  const before = process.cwd();
  afterwards(() => process.chdir(before));
  process.chdir(repository);
  expect(await git().get(ask())).toBeUndefined();
  expect(existsSync(touched)).toBe(false);
});

test('SEC-51 a variable of git that turns on a log makes git log nothing', async () => {
  const { config } = await dumping();
  const log = join(await temporaryFolder(), 'log');
  const wanted = ['GIT_TRACE', 'GIT_TRACE2', 'GIT_TRACE_SETUP', 'GIT_TRACE2_EVENT', 'GIT_TRACE_CURL', 'GCM_TRACE'];
  set({ GIT_CONFIG_GLOBAL: config, ...Object.fromEntries(wanted.map((name) => [name, log])) });
  expect(await git().get(ask())).toMatchObject({ password: 'x' });
  expect(existsSync(log)).toBe(false);
});

test.each([
  ['GIT_CONFIG_COUNT', (config: string) => ({ ...counted('include.path', config) })],
  ['GIT_CONFIG_GLOBAL', (config: string) => ({ GIT_CONFIG_GLOBAL: config })],
  ['GIT_CONFIG_SYSTEM', (config: string) => ({ GIT_CONFIG_SYSTEM: config })],
])('SEC-51 configuration of the user with %s is used', async (_, variables) => {
  const { config } = await dumping();
  set(variables(config));
  expect(await git().get(ask())).toMatchObject({ username: 'alice' });
});

function counted(name: string, value: string): Record<string, string> {
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: name, GIT_CONFIG_VALUE_0: value };
}
