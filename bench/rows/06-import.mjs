/** Row 6: what the import costs beyond axios, and that it loads neither inquirer nor keytar. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { line } from '../lines.mjs';
import { shown, summary } from '../measure.mjs';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const LOADED = fileURLToPath(new URL('../loaded.mjs', import.meta.url));
const IDLE = /[/\\](inquirer|@inquirer|keytar)[/\\]/;

export async function run({ quick }) {
  const runs = quick ? 6 : 40;
  const samples = { alone: [], both: [], second: [], share: [] };
  for (let i = 0; i < runs; i += 1) {
    for (const kind of i % 2 === 0 ? ['alone', 'both'] : ['both', 'alone']) {
      const { first, second } = await importTimes(kind === 'both');
      samples[kind].push(first + second);
      if (kind === 'alone') continue;
      samples.second.push(second);
      samples.share.push(second / first);
    }
  }
  const beyond = summary(samples.second);
  const share = summary(samples.share);
  const [alone, both] = [summary(samples.alone), summary(samples.both)];
  return [
    line({
      label: "import 'axios-challenge' after axios",
      ours: `${shown(share)} of axios's own (${shown(beyond, ' ms')})`,
      how: `wall time, median of ${runs} processes`,
      value: share.median,
      limit: 0.1,
      target: "<= 0.10 of axios's own",
      others: { axios: shown(alone, ' ms'), 'both - axios': `${(both.median - alone.median).toFixed(1)} ms` },
    }),
    await idleLine(),
  ];
}

async function importTimes(withOurs) {
  const code = `
    const start = performance.now();
    await import('axios');
    const between = performance.now();
    ${withOurs ? "await import('axios-challenge');" : ''}
    console.log(JSON.stringify({ first: between - start, second: performance.now() - between }));`;
  return JSON.parse(await node('--input-type=module', '--eval', code));
}

/** The detector is shown something to find first: otherwise an empty list would prove nothing. */
async function idleLine() {
  const [loaded, control] = [await filesOf('axios-challenge'), await filesOf('inquirer').catch(() => [])];
  const found = loaded.filter((file) => IDLE.test(file));
  const seen = control.some((file) => IDLE.test(file));
  return line({
    label: 'files of inquirer and keytar loaded by the import',
    ours: `${found.length} of ${loaded.length}`,
    how: 'counted',
    value: found.length,
    limit: 0,
    target: '0',
    others: {
      "import 'inquirer'": seen ? `${control.filter((file) => IDLE.test(file)).length} seen` : 'not installed',
    },
  });
}

async function filesOf(name) {
  return JSON.parse(await node(LOADED, name));
}

async function node(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: HERE });
  return stdout;
}
