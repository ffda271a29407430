/** A proxy that lets connections in: plain requests, tunnels, and an origin's own handshake within one. */

import type http from 'node:http';
import { Agent } from 'node:https';
import axios from 'axios';
import { type AuthOptions, basic, explain, installAuth, staticCredential } from '../../../src/index.js';
import { axiosCan } from '../../support/capability.js';
import { legs, legsJudge } from '../../support/legs.js';
import { legsProxy } from '../../support/legs-proxy.js';
import { afterwards, alice, plainServer, until } from '../../support/stage.js';
import { selfSigned } from '../../support/tls.js';

const bob = { username: 'bob', password: 'builder' };
const tunnelling = axiosCan('open a tunnel');

type Proxy = Awaited<ReturnType<typeof legsProxy>>;

function clientOf(proxy: Proxy, baseURL: string, options: AuthOptions = {}, config = {}) {
  const httpsAgent = new Agent({ ca: selfSigned().cert });
  const client = axios.create({ baseURL, proxy: proxy.proxy, httpsAgent, ...config });
  const providers = [staticCredential(bob, { origin: proxy.url }), staticCredential(alice, { origin: baseURL })];
  const handle = installAuth(client, { schemes: [legs()], providers, ...options });
  afterwards(() => {
    handle.eject();
    httpsAgent.destroy();
  });
  return client;
}

const echo = () =>
  plainServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(JSON.stringify({ body: Buffer.concat(chunks).toString() })));
  });

describe('a plain request', () => {
  test('three sends for the first, and one for each after it, without a header', async () => {
    const [proxy, origin] = [await legsProxy(), await echo()];
    const client = clientOf(proxy, origin.url);
    for (let i = 0; i < 3; i += 1) expect((await client.post('/in', 'body')).data).toEqual({ body: 'body' });
    expect(proxy.seen()).toEqual([
      [407, undefined],
      [407, 'hello'],
      [200, 'bob'],
      [200, undefined],
      [200, undefined],
    ]);
    expect(proxy.requests.map(({ body }) => body)).toEqual(['body', '', 'body', 'body', 'body']);
    expect(new Set(proxy.requests.slice(1).map(({ socket }) => socket)).size).toBe(1);
  });
});

describe('a tunnel', () => {
  tunnelling(
    'three CONNECTs for the first request, on one connection from the handshake on, and none after it',
    async () => {
      const [proxy, origin] = [await legsProxy(), await legsJudge({ tls: selfSigned(), before: open })];
      const client = clientOf(proxy, origin.url);
      for (let i = 0; i < 3; i += 1) {
        const response = await client.post('/in', 'body');
        expect([response.status, response.data]).toEqual([200, 'open']);
      }
      expect(proxy.seen()).toEqual([
        [407, undefined],
        [407, 'hello'],
        [200, 'bob'],
      ]);
      expect(new Set(proxy.requests.slice(1).map(({ socket }) => socket)).size).toBe(1);
    },
  );

  tunnelling('the origin shakes hands within it: each gets its own, and later requests carry nothing', async () => {
    const [proxy, origin] = [await legsProxy(), await legsJudge({ tls: selfSigned() })];
    const client = clientOf(proxy, origin.url);
    for (let i = 0; i < 3; i += 1)
      expect((await client.post('/in', 'body')).data).toMatchObject({ user: 'alice', body: 'body' });
    expect(origin.requests.map(({ user, status }) => [user, status])).toEqual([
      [undefined, 401],
      [undefined, 401],
      ['alice', 200],
      ['alice', 200],
      ['alice', 200],
    ]);
    expect(proxy.requests.filter(({ status }) => status === 200).map(({ user }) => user)).toEqual(['bob', 'bob']);
    expect(origin.requests.every(({ authorization }) => !authorization?.includes('bob'))).toBe(true);
  });
});

describe('an origin that asks for Basic in a tunnel', () => {
  const asksForBasic = (closes: (request: http.IncomingMessage) => boolean) =>
    legsJudge({
      tls: selfSigned(),
      before: ({ request, response }) => {
        const isIn = request.headers.authorization?.startsWith('Basic ') === true;
        if (isIn && closes(request)) request.socket.destroy();
        else if (isIn) response.end('in');
        else response.writeHead(401, { 'WWW-Authenticate': 'Basic', Connection: 'close' }).end();
        return true;
      },
    });

  tunnelling('and closes it with its 401: the answer goes through another one', async () => {
    const [proxy, origin] = [await legsProxy(), await asksForBasic(() => false)];
    const client = clientOf(proxy, origin.url, { schemes: [legs(), basic()] });
    expect((await client.get('/')).data).toBe('in');
    expect(new Set(proxy.requests.filter(({ status }) => status === 200).map(({ user }) => user))).toEqual(
      new Set(['bob']),
    );
  });

  tunnelling('and the tunnel serves others while somebody is asked', async () => {
    const proxy = await legsProxy();
    const origin = await legsJudge({
      tls: selfSigned(),
      before: ({ request, response }) => {
        const isIn = request.url === '/open' || request.headers.authorization?.startsWith('Basic ');
        response.writeHead(isIn ? 200 : 401, { 'WWW-Authenticate': 'Basic' }).end('in');
        return true;
      },
    });
    let answer = (_: typeof alice) => {};
    const person = { name: 'person', get: () => new Promise<typeof alice>((resolve) => (answer = resolve)) };
    const providers = [staticCredential(bob, { origin: proxy.url }), person];
    const httpsAgent = new Agent({ ca: selfSigned().cert, maxSockets: 1 });
    const client = clientOf(proxy, origin.url, { schemes: [legs(), basic()], providers }, { httpsAgent });
    await client.get('/open');
    const waiting = client.get('/');
    await until(() => origin.requests.some(({ url }) => url === '/'));
    expect((await client.get('/open')).data).toBe('in');
    answer(alice);
    expect((await waiting).data).toBe('in');
  });

  tunnelling('and closes it before the next request: that one goes once more', async () => {
    const proxy = await legsProxy();
    let isClosing = false;
    const closed = () => {
      isClosing = false;
      return true;
    };
    const origin = await asksForBasic(() => isClosing && closed());
    const client = clientOf(proxy, origin.url, { schemes: [legs(), basic()] });
    await client.get('/');
    isClosing = true;
    expect((await client.get('/')).data).toBe('in');
  });
});

function open({ response }: { response: http.ServerResponse }): boolean {
  response.end('open');
  return true;
}

export { explain };
