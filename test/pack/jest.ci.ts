/** A CommonJS project whose tests run in Jest as it is: no ES modules, and no flag of Node. */

import { join } from 'node:path';
import { project, runIn } from '../support/packed.js';
import { ROOT } from '../support/program.js';

const TESTS = `
const { PassThrough } = require('node:stream');
const axios = require('axios');
const { AuthError, explain, installAuth, keychain, prompt, staticCredential } = require('axios-challenge');
const { basicAuthorization } = require('axios-challenge/protocol');
const { challengeServer } = require('axios-challenge/testing');

let server;
beforeEach(async () => { server = await challengeServer(); });
afterEach(() => server.close());

function client(...providers) {
  const instance = axios.create({ baseURL: server.url });
  installAuth(instance, { providers });
  return instance;
}

test('a 401 is answered', async () => {
  const { data } = await client(staticCredential({ username: 'alice', password: 'wonderland' })).get('/report');
  expect(data.user).toBe('alice');
  expect(server.requests.map(({ status }) => status)).toEqual([401, 200]);
});

test('the errors of one door are those of the other', () => {
  expect(() => basicAuthorization('a:b', '')).toThrow(AuthError);
});

test('a prompt', async () => {
  const [input, output] = [0, 1].map(() => Object.assign(new PassThrough(), { isTTY: true, columns: 100, setRawMode() {} }));
  const answers = [['User name:', 'alice\\r'], ['Password:', 'wonderland\\r']];
  let shown = '';
  output.on('data', (chunk) => {
    shown += chunk;
    if (!shown.includes(answers[0]?.[0])) return;
    setImmediate((keys) => input.write(keys), answers.shift()[1]);
  });
  const outcome = await client(prompt({ input, output, environment: {} })).get('/').catch((error) => error);
  if (outcome.status !== 200) throw new Error(explain(outcome));
});

test('a keychain', async () => {
  const backend = { getPassword: async () => 'wonderland', setPassword: async () => {}, deletePassword: async () => true,
    findCredentials: async () => [{ account: 'alice', password: 'wonderland' }] };
  expect((await client(keychain({ backend })).get('/')).data.user).toBe('alice');
});

test('the keychain of the system', async () => {
  const error = await client(keychain()).get('/').catch((error) => error);
  throw new Error(explain(error));
});
`;

/** The title of each test in Jest's report, with what it has thrown. */
async function runJest(...flags: readonly string[]): Promise<Record<string, string>> {
  const folder = await project({ 'package.json': '{ "private": true }', 'visit.test.js': TESTS });
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const { stdout } = await runIn(folder, process.execPath, ...flags, jest, '--rootDir', folder, '--json');
  const [{ assertionResults }] = JSON.parse(stdout).testResults;
  return Object.fromEntries(
    assertionResults.map(({ title, failureMessages }: { title: string; failureMessages: string[] }) => [
      title,
      failureMessages.join('\n'),
    ]),
  );
}

const FLAG = '--experimental-vm-modules';

test('as it is, require works, and the prompt says what inquirer takes', async () => {
  const results = await runJest();
  expect(results['a 401 is answered']).toBe('');
  expect(results['the errors of one door are those of the other']).toBe('');
  expect(results['a keychain']).toBe('');
  expect(results['a prompt']).toContain(`inquirer is an ES module`);
  expect(results['a prompt']).toContain(`NODE_OPTIONS=${FLAG}`);
  expect(results['the keychain of the system']).toMatch(/keychain +(the store says|nothing|no entry|no password)/);
});

test('with the flag, the prompt asks', async () => {
  const results = await runJest(FLAG);
  expect(results['a prompt']).toBe('');
});
