/** A program is bundled with the package in it, whether or not its optional parts are there, and runs. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { project, runIn } from '../support/packed.js';
import { ROOT } from '../support/program.js';
import { server } from '../support/stage.js';

const APP = `
import axios from 'axios';
import { explain, installAuth, env, keychain } from 'axios-challenge';
const own = (url) => ({ providers: [keychain(), env({ environment: { AXIOS_CHALLENGE_URL: url, AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' } })] });
const client = axios.create();
installAuth(client, own(process.argv[2]));
client.get(process.argv[2]).then((response) => console.log(response.data.user + '\\n' + explain(response)));
`;

const WEBPACK = `
const webpack = require('webpack');
const output = { path: __dirname, filename: 'out.cjs' };
webpack({ mode: process.argv[2], target: 'node', entry: './app.mjs', output }, (error, stats) => {
  console.log(error ?? stats.toString({ all: false, errors: true }));
  process.exitCode = error || stats.hasErrors() ? 1 : 0;
});
`;

const ROLLUP = `
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
const plugins = [nodeResolve({ exportConditions: ['node'] }), commonjs(), json()];
const bundle = await rollup({ input: 'app.mjs', plugins, onwarn: () => {} });
await bundle.write({ dir: '.', format: 'cjs', entryFileNames: 'out.cjs', chunkFileNames: '[name].cjs' });
`;

const TOOLS = {
  webpack: '5.112.2',
  rollup: '4.53.3',
  '@rollup/plugin-commonjs': '29.0.0',
  '@rollup/plugin-json': '6.1.0',
  '@rollup/plugin-node-resolve': '16.0.3',
};

const ESBUILD = [
  join(ROOT, 'node_modules/.bin/esbuild'),
  'app.mjs',
  '--bundle',
  '--platform=node',
  '--outfile=out.cjs',
];
const BUNDLERS: ReadonlyArray<readonly [name: string, command: readonly string[]]> = [
  ['esbuild', ESBUILD],
  ['webpack for production', ['node', 'webpack.cjs', 'production']],
  ['webpack for development', ['node', 'webpack.cjs', 'development']],
  ['rollup', ['node', 'rollup.mjs']],
];

async function bundleAndRun(folder: string, [program, ...args]: readonly string[]) {
  const built = await runIn(folder, program as string, ...args);
  expect({ ...built, stdout: built.status === 0 ? '' : built.stdout }).toMatchObject({ status: 0, stdout: '' });
  const { url } = await server();
  return runIn(folder, process.execPath, 'out.cjs', url);
}

test('esbuild, webpack and rollup', async () => {
  const files = { 'app.mjs': APP, 'webpack.cjs': WEBPACK, 'rollup.mjs': ROLLUP };
  const folder = await project({ ...files, 'package.json': JSON.stringify({ devDependencies: TOOLS }) });
  for (const [name, command] of BUNDLERS) {
    const { stdout, stderr } = await bundleAndRun(folder, command);
    expect([name, stderr, stdout.split('\n')[0]]).toEqual([name, '', 'alice']);
    // What keytar says of itself, or of the store: no trouble of ours with what the bundler has made of it.
    expect(stdout).toMatch(/keychain +(keytar does not load: Failed to load keytar native addon|the store says|none)/);
  }
  for (const absent of ['keytar', 'inquirer']) await rm(join(folder, 'node_modules', absent), { recursive: true });
  for (const [name, command] of BUNDLERS) {
    const { stdout, stderr } = await bundleAndRun(folder, command);
    expect([name, stderr, stdout.split('\n')[0]]).toEqual([name, '', 'alice']);
    expect(stdout).toMatch(/keychain +keytar is not installed \(npm install/);
  }
});
