/** Runs the tests with every axios, on this Node, and with every Node, on the usual axios; says what came of each. */

import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { axioses, nodes, ROOT } from './matrix.js';

const JEST = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const CONFIG = ['--config', 'test/versions/jest.config.js', '--silent'];

/** What an axios can change, and what a Node can. */
const OF_AXIOS = ['test/integration'];
const OF_NODE = ['test/unit', 'test/contract', 'test/integration', 'test/interop/keychain', 'test/pty'];

let failures = 0;

function report(what, outcome, output) {
  console.log(`${what}: ${outcome}`);
  if (output !== undefined) process.stdout.write(output);
  if (output !== undefined) failures += 1;
}

function jest(what, node, tests, variables) {
  const start = performance.now();
  const env = { ...process.env, ...variables };
  const { status, stdout, stderr } = spawnSync(node, [...JEST, ...CONFIG, ...tests], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
  const counted = /^\d+ passed, .*$/m.exec(stdout)?.[0] ?? 'no tests were run';
  const cannot = new Set(stderr.match(/^axios \S+ cannot .*$/gm));
  const seconds = Math.round((performance.now() - start) / 1000);
  report(what, `${counted} (${seconds} s)`, status === 0 ? undefined : stdout + stderr);
  for (const line of cannot) console.log(`  expected to fail: ${line}`);
}

for (const { alias, version } of axioses()) {
  if (alias) jest(`axios ${version} on Node ${process.versions.node}`, process.execPath, OF_AXIOS, { AXIOS: alias });
}
for (const { version, binary } of nodes()) {
  const what = `Node ${version} with the usual axios`;
  // Whatever a test starts by the name `node` is this one, too.
  const PATH = [dirname(binary ?? ''), process.env.PATH].join(delimiter);
  if (binary) jest(what, binary, OF_NODE, { PATH });
  else report(what, 'not run: npm has this binary for Linux on x64 only', process.env.CI === 'true' ? '\n' : undefined);
}
process.exitCode = failures === 0 ? 0 : 1;
