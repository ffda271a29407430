/** The packed package is installed and used in projects of every kind, and in those that leave its optional parts out. */

import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm, project, runIn } from '../support/packed.js';
import { server } from '../support/stage.js';

const VISIT = `
const client = axios.create({ baseURL: process.argv[2] });
const providers = [staticCredential({ username: 'alice', password: 'wonderland' })];
installAuth(client, { providers, allowInsecure: false });
client.get('/report').then(({ data }) => console.log(data.user, parseChallenges('Basic realm=x').length, typeof challengeServer));
`;

const ESM = `
import axios from 'axios';
import { installAuth, staticCredential } from 'axios-challenge';
import { parseChallenges } from 'axios-challenge/protocol';
import { challengeServer } from 'axios-challenge/testing';
${VISIT}`;

const COMMONJS = `
const axios = require('axios');
const { installAuth, staticCredential } = require('axios-challenge');
const { parseChallenges } = require('axios-challenge/protocol');
const { challengeServer } = require('axios-challenge/testing');
${VISIT}`;

/** What every part of the chain has to say where there is nothing to find, and nobody to ask. */
const EXPLAIN = `
import axios from 'axios';
import { explain, installAuth, keychain, prompt } from 'axios-challenge';
const tty = (stream) => Object.assign(stream, { isTTY: true });
const client = axios.create({ baseURL: process.argv[2] });
const input = tty(new (await import('node:stream')).PassThrough());
const output = tty(new (await import('node:stream')).PassThrough());
installAuth(client, { providers: [keychain(), prompt({ input, output, environment: {} })] });
client.get('/report').catch((error) => console.log(explain(error)));
`;

async function visit(folder: string, file: string) {
  const { url } = await server();
  return runIn(folder, process.execPath, file, url);
}

test.each([
  ['an empty ESM project', { 'package.json': '{ "type": "module" }', 'main.js': ESM }],
  ['an empty CommonJS project', { 'package.json': '{}', 'main.js': COMMONJS }],
])('%s', async (_, files) => {
  const folder = await project(files);
  expect(await visit(folder, 'main.js')).toEqual({ status: 0, stdout: 'alice 1 function\n', stderr: '' });
});

test('ESM and CommonJS in one process: each knows the errors of its own, and the code of both', async () => {
  const main = `
import { createRequire } from 'node:module';
import * as esm from 'axios-challenge';
import * as protocol from 'axios-challenge/protocol';
const require = createRequire(import.meta.url);
const cjs = [require('axios-challenge'), require('axios-challenge/protocol')];
const thrown = (f) => { try { f('a:b', ''); } catch (error) { return error; } };
const [ours, theirs] = [protocol, cjs[1]].map(({ basicAuthorization }) => thrown(basicAuthorization));
console.log(ours instanceof esm.AuthError, theirs instanceof cjs[0].AuthError, ours.code === theirs.code);
`;
  const folder = await project({ 'package.json': '{ "type": "module" }', 'main.js': main });
  expect(await visit(folder, 'main.js')).toMatchObject({ status: 0, stdout: 'true true true\n' });
});

const ABSENT =
  /keychain +keytar is not installed \(npm install[^\n]*\n +prompt +inquirer is not installed \(npm install/;

test('without its optional parts (--omit=optional), which are named where they are missed', async () => {
  const folder = await project({ 'main.mjs': ESM, 'explain.mjs': EXPLAIN }, '--omit=optional');
  expect(modulesOf(folder)).not.toContain('keytar');
  expect(await visit(folder, 'main.mjs')).toMatchObject({ status: 0, stdout: 'alice 1 function\n' });
  expect((await visit(folder, 'explain.mjs')).stdout).toMatch(ABSENT);
});

test('from a lock file, without the optional parts and without scripts', async () => {
  const folder = await project({ 'main.mjs': ESM, 'main.cjs': COMMONJS, 'explain.mjs': EXPLAIN });
  await npm(folder, 'ci', '--omit=optional', '--ignore-scripts');
  expect(modulesOf(folder)).not.toContain('keytar');
  for (const file of ['main.mjs', 'main.cjs'])
    expect(await visit(folder, file)).toMatchObject({ status: 0, stdout: 'alice 1 function\n' });
  expect((await visit(folder, 'explain.mjs')).stdout).toMatch(ABSENT);
});

test('the native part of keytar loads where no script may run', async () => {
  const folder = await project({ 'explain.mjs': EXPLAIN }, '--ignore-scripts');
  expect(existsSync(join(folder, 'node_modules/keytar/build'))).toBe(false);
  const load = await runIn(folder, process.execPath, '-p', "typeof require('keytar').getPassword");
  expect(load).toMatchObject({ status: 0, stdout: 'function\n' });
  // The store itself may be absent here: what counts is that it is the store that speaks, or has nothing.
  expect((await visit(folder, 'explain.mjs')).stdout).toMatch(
    /keychain +(the store says|nothing|no entry|no password)/,
  );
});

test('installing runs no script of ours', async () => {
  const folder = await project({});
  const { scripts } = JSON.parse(await readFile(join(folder, 'node_modules/axios-challenge/package.json'), 'utf8'));
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^(pre|post)?prepare$/.test(name))).toEqual([]);
});

test('the program is on the path of npx', async () => {
  const folder = await project({});
  const { version } = JSON.parse(await readFile(join(folder, 'node_modules/axios-challenge/package.json'), 'utf8'));
  expect(await runIn(folder, 'npx', 'axios-challenge', '--version')).toMatchObject({ stdout: `${version}\n` });
});

function modulesOf(folder: string): string[] {
  return readdirSync(join(folder, 'node_modules'));
}
