/** Checks git and its credential helpers. */

import { parse } from 'node:path';
import { gitEnvironment } from '../../../providers/git/call.js';
import { run } from '../../../providers/run.js';
import { visible } from '../../../syntax/visible.js';
import { type Finding, finding } from './finding.js';

const NAME = 'git';
const TIMEOUT = 3000;

export async function checkGit(signal: AbortSignal): Promise<Finding> {
  const version = await git(['--version'], signal);
  if (version === undefined) return finding(NAME, 'off', 'not installed');
  const helpers = helpersOf((await git(['config', '--get-regexp', '^credential\\.(.*\\.)?helper$'], signal)) ?? '');
  const name = visible(version.trim().replace(/^git version /, ''));
  if (helpers.length > 0) return finding(NAME, 'ok', `${name}, ${helpers.join(', ')} (with --git)`);
  return finding(NAME, 'off', `${name}, without a credential helper`, 'git config --global credential.helper cache');
}

/** The names of the helpers only: their arguments may contain a secret, and a shell command often does. */
function helpersOf(lines: string): string[] {
  const values = lines.split('\n').map((line) => line.replace(/^\S+ ?/, '').trim());
  const names = values
    .filter((value) => value !== '')
    .map((value) => (value.startsWith('!') ? 'a shell command' : (value.split(/\s/)[0] ?? '')));
  return [...new Set(names.map(visible))];
}

/** Runs git as the provider `git()` does: outside the repository that contains the working directory. */
async function git(args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const argv = ['git', '-C', parse(process.cwd()).root, ...args];
  return run(argv, { timeout: TIMEOUT, signal, environment: gitEnvironment(process.env) }).then(
    ({ status, stdout }) => (status === 0 ? stdout : undefined),
    () => undefined,
  );
}
