/** A request that waits for `100 Continue` before its body (RFC 9110 §10.1.1), sent by hand. */

import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ChallengeServerOptions } from '../../../src/testing/challenge-server.js';
import { by } from './by-hand.js';
import { send, server, start } from './stage.js';

interface Waited {
  readonly status: number | undefined;
  readonly isContinued: boolean;
  readonly text: string;
}

/** Sends the head, and the body only after a 100. */
function wait(headers: object, target = '/'): Promise<Waited> {
  return new Promise((resolve, reject) => {
    let isContinued = false;
    const sent: ClientRequest = request(`${server.url}${target}`, {
      method: 'PUT',
      headers: { expect: '100-continue', 'content-length': 4, ...headers },
    });
    sent.on('continue', () => {
      isContinued = true;
      sent.end('body');
    });
    sent.on('response', async (response: IncomingMessage) => {
      resolve({ status: response.statusCode, isContinued, text: await text(response) });
      sent.destroy();
    });
    sent.on('error', reject).flushHeaders();
  });
}

test('without an authorization it is challenged before its body is sent', async () => {
  await start();
  expect(await wait({})).toMatchObject({ status: 401, isContinued: false });
  expect(server.requests.map(({ status, body }) => [status, body.toString()])).toEqual([[401, '']]);
});

test('with an authorization it sends its body, and is judged with it', async () => {
  await start({ protect: { scheme: 'digest', algorithm: 'SHA-256', qop: 'auth-int' } });
  const [challenge] = (await send()).challenges;
  const headers = by(challenge, { method: 'PUT', body: 'body' });
  expect(await wait(headers)).toMatchObject({ status: 200, isContinued: true });
  expect(server.requests.at(-1)?.body.toString()).toBe('body');
});

test.each<[string, ChallengeServerOptions, number]>([
  ['to an open path', { protect: { '/private': { scheme: 'basic' } } }, 200],
  ['to a server whose onRequest may want the body', { onRequest: () => false }, 401],
])('%s it sends its body', async (_, options, status) => {
  await start(options);
  expect(await wait({})).toMatchObject({ status, isContinued: true });
  expect(server.requests[0]?.body.toString()).toBe('body');
});
