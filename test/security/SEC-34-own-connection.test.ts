/** SEC-34 A connection that was authenticated serves requests of one client with one credential, and nobody else gets at it. */

import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { explain, installAuth, staticCredential } from '../../src/index.js';
import { legs, legsJudge } from '../support/legs.js';
import { afterwards, alice, bare, failure, refused } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const bob = { username: 'bob', password: 'builder' };

function authenticating(instance: AxiosInstance, credential = alice): AxiosInstance {
  const handle = installAuth(instance, { schemes: [legs()], providers: [staticCredential(credential)] });
  afterwards(() => handle.eject());
  return instance;
}

describe('SEC-34 an authenticated connection is nobody else’s', () => {
  test('two users of one client, sixty requests interleaved: none is seen as the other', async () => {
    const judge = await legsJudge();
    const client = authenticating(bare(judge.url));
    const bobs = { challenge: { providers: [staticCredential(bob)] } };
    const seen = await Promise.all(
      Array.from({ length: 60 }, async (_, number) => {
        const isBob = number % 2 === 1;
        const { data } = await client.get(`/${isBob ? 'bob' : 'alice'}/${number}`, isBob ? bobs : {});
        return [isBob ? 'bob' : 'alice', data.user];
      }),
    );
    expect(seen.filter(([wanted, got]) => wanted !== got)).toEqual([]);
    const served = judge.requests.filter(({ user }) => user !== undefined);
    expect(served.filter(({ url, user }) => !url.startsWith(`/${user}/`))).toEqual([]);
  });

  test('strangers on the same agent, and on the global one, are never let in', async () => {
    const judge = await legsJudge();
    const httpAgent = new http.Agent({ keepAlive: true });
    afterwards(() => httpAgent.destroy());
    const client = authenticating(axios.create({ baseURL: judge.url, proxy: false, httpAgent }));
    const global = authenticating(axios.create({ baseURL: judge.url, proxy: false }));
    const strangers = [{ httpAgent }, {}].map((own) => axios.create({ baseURL: judge.url, proxy: false, ...own }));
    const stranger = authenticating(axios.create({ baseURL: judge.url, proxy: false, httpAgent }), {
      username: 'mallory',
      password: 'x',
    });
    for (let round = 0; round < 5; round += 1) {
      const statuses = await Promise.all([
        client.get('/in').then(({ status }) => status),
        global.get('/in').then(({ status }) => status),
        ...[...strangers, stranger].map(async (one) => (await refused(one.get('/out'))).status),
      ]);
      expect(statuses).toEqual([200, 200, 401, 401, 401]);
    }
    const strange = judge.requests.filter(({ url }) => url === '/out');
    expect(strange.filter(({ user, status }) => user !== undefined || status !== 401)).toEqual([]);
  });

  test('another client with the same credential shakes hands itself', async () => {
    const judge = await legsJudge();
    const [one, other] = [authenticating(bare(judge.url)), authenticating(bare(judge.url))];
    const sockets = [await one.get('/'), await other.get('/')].map(({ data }) => data.socket);
    expect(new Set(sockets).size).toBe(2);
  });

  test('what a request has in use is kept for nobody when the plugin is ejected meanwhile', async () => {
    let eject = () => {};
    const judge = await legsJudge({
      before: ({ leg }) => {
        if (leg === 'none') eject();
        return false;
      },
    });
    const client = bare(judge.url);
    eject = installAuth(client, { schemes: [legs()], providers: [staticCredential(alice)] }).eject;
    expect((await client.get('/')).data.user).toBe('alice');
    await sleep(50);
    expect(judge.authenticated()).toBe(0);
  });

  test.each<[string, object, object]>([
    ['TLS options', { httpsAgent: { rejectUnauthorized: false } }, { httpsAgent: { ca: selfSigned().cert } }],
    [
      'a lookup',
      {},
      { lookup: (_: string, __: object, done: (...found: unknown[]) => void) => done(null, '127.0.0.1', 4) },
    ],
  ])('requests with other %s get another connection', async (_, first, second) => {
    const judge = await legsJudge({ tls: selfSigned() });
    const client = authenticating(axios.create({ baseURL: judge.url, proxy: false }));
    const sockets: unknown[] = [];
    for (const { httpsAgent = { rejectUnauthorized: false }, ...own } of [first, second, first] as Array<{
      httpsAgent?: https.AgentOptions;
    }>) {
      const agent = new https.Agent({ keepAlive: true, ...httpsAgent });
      afterwards(() => agent.destroy());
      sockets.push((await client.get('/', { httpsAgent: agent, ...own })).data.socket);
    }
    expect(sockets[0]).toBe(sockets[2]);
    expect(sockets[1]).not.toBe(sockets[0]);
  });

  test('what the caller gets leads to no agent that holds it', async () => {
    const judge = await legsJudge();
    const httpAgent = new http.Agent({ keepAlive: true });
    afterwards(() => httpAgent.destroy());
    const client = authenticating(axios.create({ baseURL: judge.url, proxy: false, httpAgent }));
    await client.get('/');
    for (const own of [{}, { maxRedirects: 0 }, { responseType: 'stream' as const }]) {
      const response = await client.get('/again', own);
      for (const agent of agentsIn(response)) {
        const stranger = axios.create({ baseURL: judge.url, proxy: false, httpAgent: agent });
        expect((await refused(stranger.get('/out'))).status).toBe(401);
      }
      response.data.resume?.();
    }
    expect(judge.requests.filter(({ url, user }) => url === '/out' && user !== undefined)).toEqual([]);
    expect(judge.requests.filter(({ url }) => url === '/out').length).toBeGreaterThan(3);
  });

  test('a redirect to another server takes nothing along, and is not let in', async () => {
    const other = await legsJudge();
    const judge = await legsJudge({
      before: ({ request, response, leg }) => {
        if (request.url !== '/away' || leg === 'hello') return false;
        response.writeHead(302, { Location: `${other.url}/there` }).end();
        return true;
      },
    });
    const client = authenticating(bare(judge.url));
    await client.get('/');
    const error = await failure(client.get('/away'));
    expect(explain(error)).toMatch(/ERR_AUTH_ORIGIN/);
    expect(other.requests.map(({ authorization, user, status }) => [authorization, user, status])).toEqual([
      [undefined, undefined, 401],
    ]);
  });

  test('a redirect that follows the last message takes nothing along', async () => {
    const judge = await legsJudge({
      before: ({ request, response, leg }) => {
        if (request.url !== '/login' || leg !== 'proof') return false;
        response.writeHead(302, { Location: '/new' }).end();
        return true;
      },
    });
    const client = authenticating(bare(judge.url));
    expect((await client.get('/login')).data).toMatchObject({ user: 'alice', url: '/new' });
    const hop = judge.requests.find(({ url }) => url === '/new');
    expect(hop).toMatchObject({ authorization: undefined, status: 401 });
  });

  test('a redirect within the server is answered by a handshake for the place that it leads to', async () => {
    const judge = await legsJudge({
      before: ({ request, response, leg }) => {
        if (request.url !== '/old' || leg === 'hello') return false;
        response.writeHead(302, { Location: '/new' }).end();
        return true;
      },
    });
    const client = authenticating(bare(judge.url));
    await client.get('/');
    expect((await client.get('/old')).data).toMatchObject({ user: 'alice', url: '/new' });
    // The hop is on a connection that others use: a message there would authenticate it for them.
    const hop = judge.requests.find(({ url }) => url === '/new');
    expect(hop).toMatchObject({ authorization: undefined, status: 401 });
  });
});

/** Every agent that a walk over a response finds, its request and its config included. */
function agentsIn(response: AxiosResponse): http.Agent[] {
  const found = new Set<http.Agent>();
  const seen = new Set<unknown>();
  const walk = (value: unknown, depth: number) => {
    if (typeof value !== 'object' || value === null || seen.has(value) || depth > 6) return;
    seen.add(value);
    if (value instanceof http.Agent) found.add(value);
    for (const name of Reflect.ownKeys(value)) {
      const { value: held } = Object.getOwnPropertyDescriptor(value, name) ?? {};
      walk(held, depth + 1);
    }
  };
  walk(response, 0);
  return [...found];
}

test('SEC-34 what cannot have a connection to itself is told so, and the credential stays at home', async () => {
  const judge = await legsJudge();
  class OwnAgent extends http.Agent {}
  const rows: ReadonlyArray<[object, string]> = [
    [{ adapter: 'fetch' }, 'fetch does not say which connection it takes'],
    [
      { adapter: async (config: object) => axios.getAdapter('http')(config as never) },
      'an adapter of the caller sends the request',
    ],
    [{ transport: http, maxRedirects: 0 }, 'a transport of the caller sends the request'],
    [{ httpAgent: new OwnAgent() }, 'the agent of the caller is not one of Node itself'],
    [
      { httpAgent: Object.assign(new http.Agent(), { addRequest: http.Agent.prototype['addRequest' as never] }) },
      'the agent of the caller is not one of Node itself',
    ],
  ];
  for (const [own, reason] of rows) {
    const client = authenticating(axios.create({ baseURL: judge.url, proxy: false }));
    const error = await client.get('/', own).catch((reason: unknown) => reason);
    expect(explain(error as object)).toContain(`Legs needs a connection of its own, and ${reason}`);
  }
  expect(judge.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  // The same where the client knows the space, with a connection there, and without one.
  for (const isOpen of [true, false]) {
    for (const [own] of rows) {
      const client = authenticating(axios.create({ baseURL: judge.url, proxy: false }));
      await client.get('/');
      if (!isOpen) for (const socket of judge.openSockets) socket.destroy();
      await sleep(20);
      judge.requests.length = 0;
      await client.get('/', own).catch(() => {});
      expect(judge.requests.map(({ authorization, status }) => [authorization, status])).toEqual([[undefined, 401]]);
    }
  }
});
