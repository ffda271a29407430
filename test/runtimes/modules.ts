/** The package itself: both module systems, the environment, and what is loaded only when it is used. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import axios from 'axios';
import { AuthError, env, explain, installAuth, keychain } from 'axios-challenge';
import { parseChallenges } from 'axios-challenge/protocol';
import { story } from './play.js';
import { client, judge } from './stage.js';

const require = createRequire(import.meta.url);

/** What the doubles of inquirer and keytar write when they are loaded (place.js). */
const loaded = () => readFileSync(process.env.LOADED as string, 'utf8');

story('the CommonJS build answers, too', async () => {
  const common: typeof import('axios-challenge') = require('axios-challenge');
  const http: typeof axios = require('axios');
  assert.notEqual(common.AuthError, AuthError);
  const server = await judge();
  const instance = http.create({ baseURL: server.url, proxy: false });
  common.installAuth(instance, { providers: [common.staticCredential({ username: 'alice', password: 'wonderland' })] });
  assert.equal((await instance.get('/a')).data.user, 'alice');
});

story('the ES modules share one class of errors, and read challenges', async () => {
  assert.deepEqual({ ...parseChallenges('Digest realm="a", nonce="b"')[0]?.params }, { realm: 'a', nonce: 'b' });
  assert.throws(() => installAuth(axios.create(), { maxCredentials: -1 }), AuthError);
});

story('the environment gives a password', async () => {
  const server = await judge();
  const names = { URL: server.url, USERNAME: 'alice', PASSWORD: 'wonderland' };
  for (const [name, value] of Object.entries(names)) process.env[`RUNTIME_${name}`] = value;
  const { data } = await client(server.url, { providers: [env({ prefix: 'RUNTIME' })] }).get('/a');
  assert.equal(data.user, 'alice');
});

story('so far, neither inquirer nor keytar was loaded', async () => {
  assert.equal(loaded(), '');
});

story('keytar is loaded when the keychain is asked, and gives a password', async () => {
  const server = await judge();
  const response = await client(server.url, { providers: [keychain()] }).get('/a');
  assert.equal(response.data.user, 'alice', explain(response));
  assert.equal(loaded(), 'keytar\n');
});

story('by default, and without a terminal, a request ends with the 401', async () => {
  const server = await judge({ users: { alice: 'another' } });
  const http = axios.create({ baseURL: server.url, proxy: false, validateStatus: null });
  installAuth(http);
  const response = await http.get('/a');
  assert.equal(response.status, 401);
  assert.match(explain(response), /prompt +(not available|CI)/);
});
