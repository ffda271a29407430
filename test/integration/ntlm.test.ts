/** NTLM against the strict server, which tells connections apart: who is let in, how often is sent, and what is said. */

import { Agent } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { AxiosInstance } from 'axios';
import { basic, digest, explain, type Scheme } from '../../src/index.js';
import { ntlm } from '../../src/ntlm.js';
import type { NtlmProtection, Protection } from '../../src/testing/challenge-server.js';
import { afterwards, alice, bare, client, plainServer, server, spy, statuses } from '../support/stage.js';
import { withoutTimes } from '../support/times.js';
import { av, BASE, serverMessage } from '../unit/schemes/ntlm/server.js';

const lenient = { validateStatus: null };
const NTLM_ALONE = { scheme: 'ntlm' } as const;
const schemesFor = (url: string): Scheme[] => [ntlm({ origins: [url] }), digest(), basic()];

async function guarded(protection: Partial<NtlmProtection> = {}, ...others: Protection[]) {
  return server({ protect: { '/in': [{ scheme: 'ntlm', ...protection }, ...others] } });
}

/** Which messages of NTLM came, in their order: 0 for a request without. */
function messages({ requests }: { requests: readonly { authorization?: string }[] }): number[] {
  return requests.map(({ authorization = '' }) => {
    const token = authorization.replace(/^NTLM /, '');
    return token === '' ? 0 : Buffer.from(token, 'base64').readUInt32LE(8);
  });
}

test('three sends for the first request, and one for each after it, without a header', async () => {
  const guard = await guarded();
  const instance = client(guard.url, { schemes: schemesFor(guard.url) });
  for (let i = 0; i < 3; i += 1) expect((await instance.get('/in/a')).data).toMatchObject({ user: 'alice' });
  expect(messages(guard)).toEqual([0, 1, 3, 0, 0]);
  expect(statuses(guard)).toEqual([401, 401, 200, 200, 200]);
  expect(new Set(guard.requests.slice(1).map(({ remotePort }) => remotePort)).size).toBe(1);
});

test('a body waits for the last message, and arrives once', async () => {
  const guard = await guarded();
  const instance = client(guard.url, { schemes: schemesFor(guard.url) });
  const body = Buffer.alloc(100_000, 'x');
  expect((await instance.post('/in/a', body)).data).toMatchObject({ bytes: 100_000, user: 'alice' });
  expect(guard.requests.map((one) => one.body.length)).toEqual([100_000, 0, 100_000]);
});

test('a wrong password is sent once, and not by the next request either', async () => {
  const guard = await guarded();
  const provider = spy({ ...alice, password: 'wrong' });
  const instance = client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] }, lenient);
  const response = await instance.get('/in/a');
  expect([response.status, messages(guard)]).toEqual([401, [0, 1, 3]]);
  expect(provider.told).toEqual([['reject', 'alice']]);
  expect(explain(response)).toContain(
    'check the user name, its domain (as in LAB\\alice) and the password that spy gave',
  );
  guard.requests.length = 0;
  for (let i = 0; i < 3; i += 1) expect((await instance.get('/in/a')).status).toBe(401);
  expect(messages(guard)).toEqual([0, 0, 0]);
});

test('twenty requests at once try the password once, and wait for its verdict', async () => {
  const guard = await guarded();
  const instance = client(
    guard.url,
    { schemes: schemesFor(guard.url), providers: [spy({ ...alice, password: 'no' })] },
    lenient,
  );
  const all = await Promise.all(Array.from({ length: 20 }, () => instance.get('/in/a')));
  expect(all.map(({ status }) => status)).toEqual(Array(20).fill(401));
  expect(messages(guard).filter((one) => one === 3)).toHaveLength(1);
});

test('a password that the next provider has is tried on a connection of its own', async () => {
  const guard = await guarded();
  const provider = spy({ ...alice, password: 'wrong' }, alice);
  const instance = client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] });
  expect((await instance.get('/in/a')).data).toMatchObject({ user: 'alice' });
  expect(provider.told).toEqual([
    ['reject', 'alice'],
    ['approve', 'alice'],
  ]);
});

describe('many at once', () => {
  test('a hundred cold and a hundred warm requests, over eight connections', async () => {
    const guard = await guarded();
    const instance = client(guard.url, { schemes: schemesFor(guard.url) });
    for (const expected of [200, 100]) {
      guard.requests.length = 0;
      const all = await Promise.all(Array.from({ length: 100 }, (_, i) => instance.get(`/in/${i}`)));
      expect(all.map(({ data }) => data.user)).toEqual(Array(100).fill('alice'));
      expect(guard.requests.length).toBeLessThanOrEqual(expected + 20);
      const authorized = guard.requests.filter(({ status }) => status === 200);
      expect(new Set(authorized.map(({ remotePort }) => remotePort)).size).toBeLessThanOrEqual(8);
    }
  });

  test('two users and a stranger on one agent: nobody is taken for another', async () => {
    const guard = await server({ users: { alice: 'wonderland', bob: 'builder' }, protect: NTLM_ALONE });
    const httpAgent = new Agent({ keepAlive: true });
    afterwards(() => httpAgent.destroy());
    const bob = { username: 'LAB\\bob', password: 'builder' };
    const people = [alice, bob].map((one) =>
      client(guard.url, { schemes: schemesFor(guard.url), providers: [spy(one)] }, { httpAgent }),
    );
    const stranger = bare(guard.url, { ...lenient, httpAgent });
    const asks = Array.from({ length: 60 }, async (_, i) => {
      const asking = [...people, stranger][i % 3] as AxiosInstance;
      const { status, data } = await asking.get('/');
      return [i % 3, status === 401 ? 'nobody' : data.user];
    });
    for (const [who, user] of await Promise.all(asks)) expect(user).toBe(['alice', 'bob', 'nobody'][who as number]);
    for (let i = 0; i < 20; i += 1) expect((await stranger.get('/')).status).toBe(401);
  });
});

describe('a server that plays tricks', () => {
  test('bare NTLM for ever: two sends a request, and the password is not called wrong', async () => {
    const guard = await guarded({ answers: 'never' });
    const provider = spy(alice);
    const instance = client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] }, lenient);
    const response = await instance.get('/in/a');
    expect([response.status, messages(guard)]).toEqual([401, [0, 1]]);
    expect(provider.told).toEqual([]);
    expect(explain(response)).toContain('the server does not go on with the handshake of NTLM (ERR_AUTH_CHALLENGE)');
    expect(explain(response)).toContain('what to do: have all requests of a connection reach one server');
  });

  test('a message to every message: the last one is the last', async () => {
    const guard = await guarded({ answers: 'always' });
    const response = await client(guard.url, { schemes: schemesFor(guard.url) }, lenient).get('/in/a');
    expect([response.status, messages(guard)]).toEqual([401, [0, 1, 3]]);
  });

  test.each<[string, Partial<NtlmProtection>]>([
    ['no extended session security', { extendedSecurity: false }],
    ['no target info', { targetInfo: false }],
  ])('%s: no proof of the password is sent, and Basic not instead', async (lack, protection) => {
    const guard = await guarded(protection, { scheme: 'basic' });
    const provider = spy(alice);
    const instance = client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] }, lenient);
    const response = await instance.get('/in/a');
    expect([response.status, messages(guard)]).toEqual([401, [0, 1]]);
    expect(provider.told).toEqual([]);
    expect(explain(response)).toContain(`NTLM goes no further with this server: it has ${lack}`);
  });

  test('an old server that offers nothing else: the advice is for its administrator', async () => {
    const guard = await guarded({ extendedSecurity: false });
    const response = await client(guard.url, { schemes: schemesFor(guard.url) }, lenient).get('/in/a');
    expect(explain(response)).toContain('(ERR_AUTH_CHALLENGE)');
    expect(explain(response)).toContain('what to do: the server is too old for NTLMv2');
  });

  test('another realm to each proof: a request has one proof all the same', async () => {
    const token = serverMessage().toString('base64');
    const fields = ['NTLM', `NTLM ${token}`, 'NTLM realm="r1"', 'NTLM realm="r2"'];
    const { url, requests } = await plainServer(({ headers: { authorization = '' } }, response) => {
      const message = authorization === '' ? 0 : Buffer.from(authorization.slice(5), 'base64').readUInt32LE(8);
      const field = message === 3 ? fields[2 + (requests.length % 2)] : fields[message];
      response.writeHead(401, { 'WWW-Authenticate': String(field) }).end();
    });
    const instance = client(url, { schemes: schemesFor(url), providers: [spy(alice)] }, lenient);
    const proofs = () => requests.filter(({ headers }) => (headers.authorization?.length ?? 0) > 100).length;
    for (let i = 0; i < 4; i += 1) expect((await instance.get('/in/a')).status).toBe(401);
    expect(proofs()).toBe(1);
  });

  const HOSTILE: ReadonlyArray<readonly [string, Buffer]> = [
    ['a message cut off', serverMessage().subarray(0, 60)],
    ['nothing but its name', Buffer.from('NTLMSSP\0')],
    ['an offset of 4 GiB', serverMessage({ offset: 0xffffffff })],
    ['a value of 64 KiB', serverMessage({ pairs: [Buffer.from('0200ffff', 'hex'), av(0)] })],
    ['our own first message', Buffer.from('4e544c4d5353500001000000058288a2'.padEnd(80, '0'), 'hex')],
    ['flags of NTLMv1 alone', serverMessage({ flags: BASE & ~0x880000 })],
  ];

  test.each(HOSTILE)('%s: two sends, the 401, and a reason', async (_, message) => {
    const field = `NTLM ${message.toString('base64')}`;
    const guard = await server({
      onRequest: ({ headers }, response) => {
        response.writeHead(401, { 'www-authenticate': headers.authorization ? field : 'NTLM' }).end();
        return true;
      },
    });
    const heads: Array<string | undefined> = guard.requests.map(({ headers }) => headers.authorization);
    const response = await client(guard.url, { schemes: schemesFor(guard.url) }, lenient).get('/in/a');
    heads.push(...guard.requests.map(({ headers }) => headers.authorization));
    expect([response.status, heads.length]).toEqual([401, 2]);
    expect(explain(response)).toMatch(/NTLM goes no further with this server: /);
  });

  test('it closes the connection between the messages: no message goes to another one', async () => {
    const sockets: Socket[] = [];
    const came: Array<readonly [socket: number, message: number | undefined]> = [];
    const field = `NTLM ${serverMessage().toString('base64')}`;
    const hear = (socket: Socket, data: Buffer) => {
      const [, token = ''] = /^authorization: NTLM (.*)$/im.exec(data.toString('latin1')) ?? [];
      came.push([sockets.indexOf(socket), Buffer.from(token, 'base64').at(8)]);
      const asks = token === '' ? 'NTLM' : field;
      socket.write(`HTTP/1.1 401 U\r\nWWW-Authenticate: ${asks}\r\nContent-Length: 0\r\n\r\n`);
      if (asks === field) socket.destroySoon();
    };
    const listening = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {}).on('data', (data) => hear(socket, data));
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    afterwards(() => {
      for (const socket of sockets) socket.destroy();
      listening.close();
    });
    const url = `http://127.0.0.1:${(listening.address() as { port: number }).port}`;
    for (let i = 0; i < 20; i += 1) {
      const response = await client(url, { schemes: schemesFor(url) }, lenient).get('/in/a');
      expect(response.status).toBe(401);
    }
    await wait(20);
    const socketsOf = (wanted: number) => came.filter(([, message]) => message === wanted).map(([socket]) => socket);
    expect(socketsOf(1)).toHaveLength(20);
    expect(socketsOf(3).filter((socket) => !socketsOf(1).includes(socket))).toEqual([]);
  });

  test('a server that wants a handshake for each request gets one for each, and no more', async () => {
    const guard = await server({
      protect: NTLM_ALONE,
      onAuthenticated: (_, response) => void response.end('in'),
      onRequest: (request, response) => {
        if (request.headers.authorization) return false;
        response.writeHead(401, { 'www-authenticate': 'NTLM' }).end();
        return true;
      },
    });
    const instance = client(guard.url, { schemes: schemesFor(guard.url) }, lenient);
    for (let i = 0; i < 4; i += 1) expect((await instance.get('/')).data).toBe('in');
    expect(messages(guard).filter((one) => one === 3)).toHaveLength(4);
    expect(guard.requests.length).toBeLessThanOrEqual(4 * 4);
  });

  test('a server that closes with its own message: the reason is said, and no proof is sent', async () => {
    const guard = await server({
      protect: NTLM_ALONE,
      onRequest: (_, response) => {
        response.setHeader('connection', 'close');
      },
    });
    const provider = spy(alice);
    const instance = client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] }, lenient);
    const response = await instance.get('/');
    expect([response.status, messages(guard), provider.told]).toEqual([401, [0, 1], []]);
    expect(explain(response)).toMatch(/sent as alice \(NTLM\) +was not sent\n/);
    expect(explain(response)).toMatch(/the connection was closed before the next message/);
  });
});

describe('redirects', () => {
  test('one that comes after the last message leads to the page, and the next request there is one send', async () => {
    const guard = await server({
      protect: { '/in': NTLM_ALONE },
      onAuthenticated: ({ url }, response) => {
        if (url === '/in/old') response.writeHead(302, { location: '/in/new' }).end();
        else response.end(`page ${url}`);
      },
    });
    const instance = client(guard.url, { schemes: schemesFor(guard.url) }, lenient);
    expect((await instance.get('/in/old')).data).toBe('page /in/new');
    const proofs = messages(guard).filter((one) => one === 3).length;
    guard.requests.length = 0;
    expect((await instance.get('/in/new')).data).toBe('page /in/new');
    expect([proofs <= 2, messages(guard)]).toEqual([true, [0]]);
  });

  test('one that comes to the first message leads nobody to a proof for another origin', async () => {
    const trap = await server({ protect: NTLM_ALONE });
    const lure = await server({
      protect: NTLM_ALONE,
      onRequest: ({ headers }, response) => {
        if (!headers.authorization) return false;
        response.writeHead(307, { location: trap.url }).end();
        return true;
      },
    });
    const provider = spy(alice);
    const schemes = [ntlm({ origins: [lure.url, trap.url] })];
    const options = { schemes, providers: [provider], trustOrigins: [trap.url] };
    await client(lure.url, options, lenient).get('/');
    expect(messages(lure).filter((one) => one === 3)).toEqual([]);
    expect(trap.requests.every(({ violation }) => violation === undefined)).toBe(true);
  });
});

describe('which challenge is answered', () => {
  test('an origin that is not named: Basic beside it, and NTLM is passed over with the reason', async () => {
    const guard = await guarded({}, { scheme: 'basic' });
    const schemes = [ntlm({ origins: ['https://intranet.example'] }), basic()];
    const response = await client(guard.url, { schemes }).get('/in/a');
    expect(guard.requests.at(-1)?.scheme).toBe('basic');
    expect(explain(response)).toContain(`NTLM, \`origins\` of the scheme does not name ${guard.url}`);
  });

  test('an origin that is not named, and nothing beside it: nobody is asked, and the advice names the option', async () => {
    const guard = await guarded();
    const provider = spy(alice);
    const schemes = [ntlm({ origins: ['https://intranet.example'] }), basic()];
    const response = await client(guard.url, { schemes, providers: [provider] }, lenient).get('/in/a');
    expect([response.status, messages(guard), provider.asked]).toEqual([401, [0], []]);
    expect(explain(response)).toContain(`name ${guard.url} in \`origins\` of the scheme`);
  });

  test.each<[string, Protection, string]>([
    ['Digest before NTLM', { scheme: 'digest', algorithm: 'MD5' }, 'digest'],
    ['NTLM before Basic', { scheme: 'basic' }, 'ntlm'],
  ])('%s', async (_, other, scheme) => {
    const guard = await guarded({}, other);
    await client(guard.url, { schemes: schemesFor(guard.url) }).get('/in/a');
    expect(guard.requests.at(-1)?.scheme).toBe(scheme);
  });

  test('the schemes of a client have it only if it is given', async () => {
    const guard = await guarded();
    const response = await client(guard.url, {}, lenient).get('/in/a');
    expect([response.status, messages(guard)]).toEqual([401, [0]]);
  });
});

test('what explain says of a request that was let in', async () => {
  const guard = await guarded();
  const response = await client(guard.url, { schemes: schemesFor(guard.url) }).get('/in/a');
  expect(
    withoutTimes(explain(response)).replaceAll(guard.url, 'http://files.example'),
  ).toBe(`GET http://files.example/in/a  ->  200
  1  sent without credentials                         401  NTLM
     static    alice
     chose NTLM
  2  sent as alice (NTLM, begins a handshake)         401  the handshake goes on  NTLM
     chose NTLM
  3  sent as alice (NTLM)                             200`);
});
