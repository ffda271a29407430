/** Row 12: what a production install adds beside axios: unpacked bytes, packages. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installedWith, packagesIn } from '../installed.mjs';
import { line } from '../lines.mjs';

const HERE = fileURLToPath(new URL('../node_modules', import.meta.url));
const OURS = join(HERE, 'axios-challenge');

export async function run({ quick }) {
  const others = {};
  for (const name of ['@mhoc/axios-digest-auth', 'digest-fetch', 'urllib']) {
    others[name.split('/')[0]] = show(await installedWith(name, HERE));
  }
  const plain = await inTempFolder((folder) => installed(folder, '--omit=optional'));
  const full = quick ? undefined : await inTempFolder((folder) => installed(folder));
  const say = (label, ours, more) => line({ label, ours, how: 'counted', others: more });
  return [
    say('installed beside axios, without the optional packages', show(plain), others),
    say('installed beside axios, with inquirer and keytar', full ? show(full) : 'skipped by --quick', {}),
  ];
}

/** Packs what was staged, and installs it as a program would; axios is a peer, which is there already. */
async function installed(folder, ...flags) {
  const [{ filename }] = JSON.parse(await npm(folder, 'pack', OURS, '--ignore-scripts', '--json'));
  const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--prefer-offline'];
  await npm(folder, 'install', join(folder, filename), '--prefix', folder, ...quiet, ...flags);
  return packagesIn(join(folder, 'node_modules'));
}

async function npm(cwd, ...args) {
  const { stdout } = await promisify(execFile)('npm', args, { cwd, timeout: 60_000 });
  return stdout;
}

async function inTempFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function show({ bytes, packages }) {
  return `${Math.round(bytes / 1024)} KiB, ${packages} package${packages === 1 ? '' : 's'}`;
}
