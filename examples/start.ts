/** `npm start`: the handshake, on a server of its own; `npm start -- URL`: the same for any server. */

import axios, { type AxiosInstance, isAxiosError } from 'axios';
import { explain, installAuth } from 'axios-challenge';
import { type ChallengeServer, challengeServer } from 'axios-challenge/testing';

const [url] = process.argv.slice(2);
if (url === undefined) await demonstrate();
else process.exitCode = await visit(url);

/** A program that knows nothing of authentication. */
async function program(client: AxiosInstance): Promise<void> {
  await show(client.get('/basic/report'));
  await show(client.get('/basic/summary'));
  await show(client.get('/digest/report'));
  await show(client.post('/digest/orders', { item: 'tea', cups: 2 }));
}

async function demonstrate(): Promise<void> {
  const server = await embeddedServer();
  // What a user would set in the shell; `env()` reads it when the server asks.
  Object.assign(process.env, {
    AXIOS_CHALLENGE_URL: server.url,
    AXIOS_CHALLENGE_USERNAME: 'alice',
    AXIOS_CHALLENGE_PASSWORD: 'wonderland',
  });
  console.log(`A server on ${server.url} asks for Basic under /basic, for Digest or Basic under /digest.`);
  console.log('The credential is in the environment: AXIOS_CHALLENGE_URL, _USERNAME and _PASSWORD.\n');

  const client = axios.create({ baseURL: server.url });
  installAuth(client);
  await program(client);

  console.log(`${server.requests.length} requests were sent for 4 calls: each realm was asked for once.`);
  await server.close();
}

function embeddedServer(): Promise<ChallengeServer> {
  return challengeServer({
    users: { alice: 'wonderland' },
    protect: {
      '/basic': { scheme: 'basic', realm: 'Reading room' },
      '/digest': [
        { scheme: 'basic', realm: 'Order desk' },
        { scheme: 'digest', realm: 'Order desk', algorithm: 'MD5' },
        { scheme: 'digest', realm: 'Order desk', algorithm: 'SHA-256' },
      ],
    },
  });
}

async function visit(address: string): Promise<number> {
  const client = axios.create();
  installAuth(client);
  try {
    await show(client.get(address, { responseType: 'text', transformResponse: [] }));
    return 0;
  } catch (error) {
    console.log(explain(error));
    console.error(isAxiosError(error) ? error.message : String(error));
    return 1;
  }
}

async function show(request: Promise<object>): Promise<void> {
  console.log(`${explain(await request)}\n`);
}
