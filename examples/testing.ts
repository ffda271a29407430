/** One idea more: the strict server in a test of your own. */

import assert from 'node:assert/strict';
import axios from 'axios';
import { installAuth, staticCredential } from 'axios-challenge';
import { challengeServer } from 'axios-challenge/testing';

const server = await challengeServer({ users: { alice: 'wonderland' }, protect: { scheme: 'digest', nonceUses: 2 } });

const client = axios.create({ baseURL: server.url });
installAuth(client, { providers: [staticCredential({ username: 'alice', password: 'wonderland' })] });
await client.get('/one');
await client.get('/two');
await client.get('/three');

assert.deepEqual(
  server.requests.map(({ url, status, stale = false }) => [url, status, stale]),
  [
    ['/one', 401, false],
    ['/one', 200, false],
    ['/two', 200, false],
    ['/three', 401, true],
    ['/three', 200, false],
  ],
);
console.log('the nonce ran out after two requests, and the third was answered again');
await server.close();
