/** `doctor`, on machines that lack something. */

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compiled } from '../support/compiled.js';
import { ALICE, CLI, cli, environment, folder } from './run.js';

test('nothing works: exit status 1, and what to do about each', async () => {
  const { status, stdout, stderr } = await cli(['doctor']);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/ok {2}Node +\d+\.\d+\.\d+\n {2}ok {2}axios +1\.\d+/);
  expect(stdout).toMatch(/-- {2}environment .*no credential\n.*set AXIOS_CHALLENGE_URL/);
  expect(stdout).toMatch(/-- {2}keychain /);
  expect(stdout).toMatch(/-- {2}prompt +(CI|AXIOS_CHALLENGE_NO_PROMPT) is set/);
  expect(stdout).toMatch(/-- {2}netrc +no ~\/\.netrc/);
  expect(stdout).toContain('The default chain cannot work');
});

/** A `klist` in place of the machine's, and a package kerberos where the command is started, or none. */
async function withKerberos(status: number | undefined, isInstalled: boolean) {
  const home = folder();
  if (isInstalled) {
    mkdirSync(join(home, 'node_modules/kerberos'), { recursive: true });
    writeFileSync(join(home, 'node_modules/kerberos/index.js'), 'throw new Error("it is not to be loaded");');
  }
  mkdirSync(join(home, 'bin'));
  if (status !== undefined) writeFileSync(join(home, 'bin/klist'), `#!/bin/sh\nexit ${status}\n`, { mode: 0o755 });
  const env = environment({ ...ALICE, PATH: join(home, 'bin') });
  const { stdout } = await promisify(execFile)(process.execPath, [compiled(CLI), 'doctor'], { cwd: home, env });
  return /^.* negotiate .*(?:\n {19}.*)*/m.exec(stdout)?.[0];
}

test.each<[string, number | undefined, boolean, RegExp]>([
  ['a ticket and the package', 0, true, /ok {2}negotiate +a Kerberos ticket/],
  ['no ticket', 1, true, /-- {2}negotiate +no Kerberos ticket\n +\(kinit\)/],
  ['no package', 0, false, /-- {2}negotiate +a Kerberos ticket, and no package kerberos\n +\(npm install kerberos\)/],
  ['no klist', undefined, true, /-- {2}negotiate +no klist/],
  ['neither', undefined, false, /-- {2}negotiate +neither Kerberos nor the package kerberos/],
])('%s', async (_, status, isInstalled, expected) => {
  expect(await withKerberos(status, isInstalled)).toMatch(expected);
});

test('the environment is enough', async () => {
  const { status, stdout } = await cli(['doctor'], ALICE);
  expect(status).toBe(0);
  expect(stdout).toMatch(/ok {2}environment +.*AXIOS_CHALLENGE_PASSWORD.*AXIOS_CHALLENGE_USERNAME/);
  expect(stdout).toContain('The default chain works: environment.');
  expect(stdout).not.toMatch(/wonderland|alice/);
});

test.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ['a name alone', { AXIOS_CHALLENGE_USERNAME: 'alice' }, /-- {2}environment .*no password/],
  [
    'a password alone',
    { AXIOS_CHALLENGE_PASSWORD: 'wonderland' },
    /!! {2}environment .*no user name\n +\(set AXIOS_CHALLENGE_USERNAME\)/,
  ],
  [
    'a misspelt name',
    { AXIOS_CHALLENGE_USER: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' },
    /!! {2}environment [\s\S]*AXIOS_CHALLENGE_USER is not read: did you mean\s+AXIOS_CHALLENGE_USERNAME\?/,
  ],
  [
    'a misspelt name for a host',
    { AXIOS_CHALLENGE_FILES_EXAMPLE_USER: 'alice' },
    /!! {2}environment [\s\S]*did you mean\s+AXIOS_CHALLENGE_FILES_EXAMPLE_USERNAME\?/,
  ],
  [
    'a password twice',
    { ...ALICE, AXIOS_CHALLENGE_PASSWORD_FILE: '/run/pw' },
    /!! {2}environment [\s\S]*AXIOS_CHALLENGE_PASSWORD_FILE\s+are\s+both\s+set/,
  ],
  [
    'a file that is not there',
    { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD_FILE: '/nonexistent' },
    /!! {2}environment [\s\S]*cannot\s+be\s+read\s+\(ENOENT\)/,
  ],
  [
    'a URL that is not valid',
    { ...ALICE, AXIOS_CHALLENGE_URL: 'files' },
    /!! {2}environment [\s\S]*AXIOS_CHALLENGE_URL\s+is\s+not/,
  ],
])('the environment has %s', async (_, variables, expected) => {
  expect(await cli(['doctor'], variables)).toMatchObject({ status: 1, stdout: expect.stringMatching(expected) });
});

test.each<[string, string, number, RegExp]>([
  [
    'that is right',
    'machine a login b password c\nmachine d login e password f\n',
    0o600,
    /ok {2}netrc +~\/\.netrc, 2 entries/,
  ],
  ['that others can read', 'machine a login b password c\n', 0o644, /!! {2}netrc .*chmod 600/],
  ['that is malformed', 'password before machine\n', 0o600, /!! {2}netrc +line 1/],
])('a netrc %s', async (_, text, mode, expected) => {
  const home = folder();
  writeFileSync(join(home, '.netrc'), text, { mode });
  expect((await cli(['doctor'], { HOME: home })).stdout).toMatch(expected);
});

test('the helpers of git by name, without their arguments', async () => {
  const home = folder();
  const config = '[credential]\n helper = store --file s3cret\n helper = "!echo password=s3cret"\n';
  writeFileSync(join(home, '.gitconfig'), config);
  const { stdout } = await cli(['doctor'], { HOME: home });
  expect(stdout).toMatch(/ok {2}git +\d.*, store, a shell command/);
  expect(stdout).not.toContain('s3cret');
});

test('git is not installed', async () => {
  expect((await cli(['doctor'], { PATH: folder() })).stdout).toMatch(/-- {2}git +not installed/);
});

test('an unknown name beside a whole credential is reported, and is not an error', async () => {
  const { status, stdout } = await cli(['doctor'], { ...ALICE, AXIOS_CHALLENGE_REALM: 'Files' });
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringMatching(/ok {2}environment [\s\S]*\(AXIOS_CHALLENGE_REALM is not read\)/),
  });
});
