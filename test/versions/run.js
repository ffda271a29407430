/** Runs the tests with every axios, on this Node, and with every Node, on the usual axios; says what came of each. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { axioses, nodes, ROOT } from './matrix.js';

const JEST = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const CONFIG = ['--config', 'test/versions/jest.config.js', '--silent'];

/** What an axios can change, and what a Node can. */
const OF_AXIOS = ['test/integration'];
const OF_NODE = ['test/unit', 'test/contract', 'test/integration', 'test/interop/keychain', 'test/pty'];

let failures = 0;

// The tunnels of axios 1.16 do not take the `ca` of the caller's agent: there the whole process has to trust the tests.
const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-versions-'));
const NODE_EXTRA_CA_CERTS = join(folder, 'cert.pem');
const [certificate] = /-----BEGIN CERT[^`]*/.exec(readFileSync(join(ROOT, 'test/support/tls.ts'), 'utf8'));
writeFileSync(NODE_EXTRA_CA_CERTS, certificate);
process.on('exit', () => rmSync(folder, { recursive: true }));

function report(what, outcome, failure) {
  console.log(`${what}: ${outcome}`);
  if (failure === undefined) return;
  console.log(failure);
  failures += 1;
}

function jest(what, node, tests, variables) {
  const start = performance.now();
  const env = { ...process.env, ...variables };
  const options = { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(node, [...JEST, ...CONFIG, ...tests], options);
  const counted = /^\d+ passed, .*$/m.exec(stdout)?.[0] ?? 'no tests were run';
  // A terminal may be late on a busy machine: what failed is asked once more, alone. A fault fails again.
  const again = status === 0 ? undefined : spawnSync(node, [...JEST, ...CONFIG, '--onlyFailures', ...tests], options);
  const isMended = again?.status === 0 && /^\d+ passed, 0 failed/m.test(again.stdout);
  const seconds = Math.round((performance.now() - start) / 1000);
  const outcome = `${counted}${isMended ? ', none of these when asked alone' : ''} (${seconds} s)`;
  report(what, outcome, status === 0 || isMended ? undefined : stdout + stderr);
  return new Set(stderr.match(/^axios \S+ cannot .*$/gm));
}

for (const { alias, version } of axioses()) {
  // The usual one is that of `npm test`.
  if (alias === undefined) continue;
  const cannot = [
    ...jest(`axios ${version} on Node ${process.versions.node}`, process.execPath, OF_AXIOS, {
      AXIOS: alias,
      NODE_EXTRA_CA_CERTS,
    }),
  ];
  for (const line of cannot) console.log(`  left out, or seen to fail: ${line}`);
  // Every one of these lacks something, and its tests say so by the version that they have met.
  if (!cannot.some((line) => line.startsWith(`axios ${version} `)))
    report(`axios ${version}`, 'was not what was met', '');
}

for (const { spec, binary } of nodes()) {
  if (binary === undefined) {
    report(spec, 'not run: npm has it for Linux on x64 only', process.env.CI === 'true' ? '' : undefined);
    continue;
  }
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  // Whatever a test starts by the name `node` is this one, too.
  const PATH = [dirname(binary), process.env.PATH].join(delimiter);
  jest(`Node ${version} with the usual axios`, binary, OF_NODE, { PATH });
}

process.exitCode = failures === 0 ? 0 : 1;
