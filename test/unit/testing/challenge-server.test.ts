/** The server: what it asks for, of whom, where, and what it tells of it. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { challengeServer, type Protection } from '../../../src/testing/challenge-server.js';
import { program, ROOT } from '../../support/program.js';
import { by, latin1 } from './by-hand.js';
import { send, sendBy, server, start, startDigest, statuses } from './stage.js';

describe('a challenge', () => {
  test.each<[string, Protection, string | RegExp | (string | RegExp)[]]>([
    ['Basic', { scheme: 'basic', realm: 'a"b\\' }, 'Basic realm="a\\"b\\\\"'],
    ['Basic with charset', { scheme: 'basic', charset: true }, 'Basic realm="test", charset="UTF-8"'],
    ['Bearer', { scheme: 'bearer', scope: 'a b' }, 'Bearer realm="test", scope="a b"'],
    ['Digest', { scheme: 'digest' }, /^Digest realm="test", qop="auth", nonce="[\w-]{22,}"$/],
    ['Digest without qop', { scheme: 'digest', qop: null }, /^Digest realm="test", nonce="[\w-]{22,}"$/],
    [
      'Digest with everything',
      {
        scheme: 'digest',
        algorithm: 'SHA-512-256-sess',
        qop: 'auth-int',
        userhash: true,
        charset: true,
        opaque: 'o',
        domain: '/a /b',
      },
      /^Digest realm="test", domain="\/a \/b", qop="auth-int", algorithm=SHA-512-256-sess, nonce="[\w-]+", opaque="o", charset=UTF-8, userhash=true$/,
    ],
    ['raw', { raw: 'Foo bar' }, 'Foo bar'],
    ['raw lines', { raw: ['Foo, Bar a="b', '\xe9'] }, ['Foo, Bar a="b', '\xe9']],
    ['a realm in UTF-8', { scheme: 'basic', realm: 'Zürich €' }, `Basic realm="${latin1('Zürich €')}"`],
  ])('%s', async (_name, protect, expected) => {
    await start({ protect });
    const { challenges, status } = await send();
    const lines = [expected].flat();
    expect(status).toBe(401);
    expect(challenges).toHaveLength(lines.length);
    for (const [index, line] of lines.entries())
      expect(challenges[index]).toEqual(expect.stringMatching(exactly(line)));
  });

  const exactly = (line: string | RegExp) =>
    line instanceof RegExp ? line : new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

  test('that cannot be a field value is refused at the start', async () => {
    await start();
    await expect(challengeServer({ protect: { scheme: 'basic', realm: 'a\nb' } })).rejects.toMatchObject({
      code: 'ERR_INVALID_CHAR',
    });
    await expect(challengeServer({ protect: { raw: '€' } })).rejects.toMatchObject({ code: 'ERR_INVALID_CHAR' });
  });

  test('has a field line for each protection, and any of them may be answered', async () => {
    const protect: Protection[] = [
      { scheme: 'digest', algorithm: 'SHA-256' },
      { scheme: 'digest', algorithm: 'MD5' },
      { scheme: 'basic' },
      { raw: 'Negotiate' },
    ];
    await start({ protect });
    const { challenges } = await send();
    expect(challenges.map((line) => line.split(' ')[0])).toEqual(['Digest', 'Digest', 'Basic', 'Negotiate']);
    expect((await sendBy(challenges[0])).status).toBe(200);
    expect((await sendBy(challenges[1])).status).toBe(200);
    const authorization = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;
    expect((await send({ headers: { authorization } })).status).toBe(200);
    expect((await send({ headers: { authorization: 'Negotiate abc' } })).status).toBe(401);
  });

  test('of a proxy is 407 in the Proxy- fields', async () => {
    await start({ status: 407 });
    const { status, headers } = await send();
    expect(status).toBe(407);
    const [challenge] = headers['proxy-authenticate'] as unknown as string[] | [string];
    const field = typeof headers['proxy-authenticate'] === 'string' ? headers['proxy-authenticate'] : challenge;
    const authorization = by(field).authorization as string;
    expect((await send({ headers: { authorization } })).status).toBe(407);
    const reply = await send({ headers: { 'proxy-authorization': authorization } });
    expect(reply.status).toBe(200);
    expect(reply.headers['proxy-authentication-info']).toContain('rspauth=');
    expect(reply.headers).not.toHaveProperty('authentication-info');
  });
});

describe('bearer', () => {
  const protect: Protection = { scheme: 'bearer', error: true };

  test('knows its tokens', async () => {
    await start({ protect, tokens: ['t0k3n=='] });
    const right = await send({ headers: { authorization: 'bearer t0k3n==' } });
    expect(JSON.parse(right.text)).toMatchObject({ authenticated: true, scheme: 'bearer' });
    expect(JSON.parse(right.text)).not.toHaveProperty('user');
    const wrong = await send({ headers: { authorization: 'Bearer t0k3n=' } });
    expect(wrong.challenges).toEqual(['Bearer realm="test", error="invalid_token"']);
    expect((await send()).challenges).toEqual(['Bearer realm="test"']);
  });
});

describe('users', () => {
  const basic = (user: string, password: string) => ({
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
  });

  test('are own properties, in NFC', async () => {
    const users = { 'Jo\u0308rg': 'pa\u0308' };
    await start({ users, protect: { scheme: 'basic' } });
    expect((await send(basic('J\u00f6rg', 'p\u00e4'))).status).toBe(200);
    expect((await send(basic('Jo\u0308rg', 'p\u00e4'))).status).toBe(401);
    expect((await send(basic('constructor', ''))).status).toBe(401);
    expect((await send(basic('__proto__', ''))).status).toBe(401);
  });

  test('may have a colon in the password, or none at all', async () => {
    await start({ users: { a: 'b:c', d: '' }, protect: { scheme: 'basic' } });
    expect((await send(basic('a', 'b:c'))).status).toBe(200);
    expect((await send(basic('d', ''))).status).toBe(200);
    expect((await send(basic('d', 'x'))).status).toBe(401);
  });

  test('may begin with a byte order mark, which is part of the name', async () => {
    await start({ users: { '\ufeffa': 'b' }, protect: { scheme: 'basic' } });
    expect((await send(basic('\ufeffa', 'b'))).status).toBe(200);
    expect((await send(basic('a', 'b'))).status).toBe(401);
  });

  test('are noted in the request, accepted or not', async () => {
    await start({ protect: { scheme: 'basic' } });
    await send(basic('alice', 'x'));
    const authorization = basic('alice', 'x').headers.authorization;
    expect(server.requests[0]).toMatchObject({ authorization, user: 'alice', scheme: 'basic', status: 401 });
  });
});

describe('paths', () => {
  test.each([
    ['/docs', 'Docs'],
    ['/docs/', 'Docs'],
    ['/docs/a?b=/docs/deep', 'Docs'],
    ['/docs?x', 'Docs'],
    ['/docs/deep/er', 'Deep'],
    ['http://else.example/docs', 'Docs'],
    ['/docsets', 'open'],
    ['/', 'open'],
    ['/?/docs', 'open'],
    ['/slash', 'open'],
    ['/slash/x', 'Slash'],
  ])('%s is %s', async (target, realm) => {
    const basic = (name: string): Protection => ({ scheme: 'basic', realm: name });
    await start({ protect: { '/docs': basic('Docs'), '/docs/deep': [basic('Deep')], '/slash/': basic('Slash') } });
    const { challenges, text } = await send({ target });
    if (realm === 'open') expect(JSON.parse(text)).toMatchObject({ authenticated: false, url: target });
    else expect(challenges).toEqual([`Basic realm="${realm}"`]);
  });
});

describe('the server', () => {
  test('asks for Digest SHA-256 by default', async () => {
    await start();
    const { challenges } = await send();
    expect(challenges).toEqual([expect.stringMatching(/^Digest .*algorithm=SHA-256,/)]);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await sendBy(challenges[0])).status).toBe(200);
  });

  test('reports what it received', async () => {
    await start({ protect: [] });
    const body = 'Grüße';
    const report = JSON.parse((await send({ method: 'PUT', target: '/a?b', body })).text);
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(report).toEqual({ authenticated: false, method: 'PUT', url: '/a?b', bytes: 7, sha256 });
    expect(server.requests[0]).toMatchObject({ method: 'PUT', url: '/a?b', body: Buffer.from(body), status: 200 });
  });

  test('reads the body also when it refuses, and keeps the connection', async () => {
    await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const big = { method: 'POST', body: 'x'.repeat(1_000_000), agent };
    const [challenge] = (await send(big)).challenges;
    await send({ ...big, headers: by(challenge, { method: 'POST' }) });
    agent.destroy();
    const [one, two] = server.requests;
    expect(statuses()).toEqual([401, 200]);
    expect(one?.body.length).toBe(1_000_000);
    expect(one?.remotePort).toBe(two?.remotePort);
  });

  test('keeps the order of arrival', async () => {
    let answerSlow = () => {};
    const slow = new Promise<void>((resolve) => {
      answerSlow = resolve;
    });
    await start({ protect: [], onRequest: async ({ url }) => void (url === '/slow' && (await slow)) });
    const first = send({ target: '/slow' });
    while (server.requests.length === 0) await new Promise(setImmediate);
    await send({ target: '/quick' });
    expect(server.requests.map(({ url, status }) => [url, status])).toEqual([
      ['/slow', 0],
      ['/quick', 200],
    ]);
    answerSlow();
    await first;
    expect(statuses()).toEqual([200, 200]);
  });

  test('lets onRequest answer first, and continues if it does not answer', async () => {
    await start({
      onRequest: ({ url }, response, body) => {
        if (url !== '/redirect') return;
        response.writeHead(302, { location: `/${body}` }).end();
        return true;
      },
    });
    const reply = await send({ method: 'POST', target: '/redirect', body: 'there' });
    expect([reply.status, reply.headers.location]).toEqual([302, '/there']);
    expect((await send()).status).toBe(401);
    expect(statuses()).toEqual([302, 401]);
  });

  test('lets onAuthenticated answer an accepted request', async () => {
    const challenge = await startDigest(
      {},
      {
        onAuthenticated: ({ user }, response) => {
          response.statusCode = 201;
          response.end(`for ${user}`);
        },
      },
    );
    const reply = await sendBy(challenge);
    expect([reply.status, reply.text]).toEqual([201, 'for alice']);
    expect(statuses()).toEqual([401, 201]);
    expect(reply.headers['authentication-info']).toContain('rspauth=');
  });

  test.each([
    ['later', false],
    ['as soon as the head is out', true],
  ])('notes the status of an answer that comes %s', async (_name, early) => {
    let end: (() => unknown) | undefined;
    await start({
      protect: [],
      onAuthenticated: (_received, response) => {
        response.statusCode = 202;
        if (early) response.flushHeaders();
        end = () => response.end();
      },
    });
    const reply = send();
    while (!end) await new Promise(setImmediate);
    expect(statuses()).toEqual([early ? 202 : 0]);
    end();
    await reply;
    expect(statuses()).toEqual([202]);
  });

  test('answers 500 when a handler throws', async () => {
    await start({
      onRequest: () => {
        throw new Error('broken on purpose');
      },
    });
    const reply = await send();
    expect([reply.status, reply.text]).toEqual([500, 'broken on purpose\n']);
  });

  test('closes connections that are kept alive or wait for an answer, and closes twice', async () => {
    await start({ onRequest: () => new Promise(() => {}) });
    const agent = new Agent({ keepAlive: true });
    const waiting = new Promise((resolve) => get(server.url, { agent }).on('error', resolve));
    while (server.requests.length === 0) await new Promise(setImmediate);
    await server.close();
    expect(await waiting).toMatchObject({ code: 'ECONNRESET' });
    await server.close();
    await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('closes itself at the end of `await using`', async () => {
    let url = '';
    {
      await using own = await challengeServer();
      url = own.url;
      expect((await fetch(url)).status).toBe(401);
    }
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  test('with unref() keeps no process alive, neither by itself nor by a connection, and answers all the same', async () => {
    await start();
    const held = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const before = held();
    expect(server.unref()).toBe(server);
    expect(held()).toBe(before - 1);
    expect((await send()).status).toBe(401);
  });

  test('cuts off a response that began before a handler threw', async () => {
    await start({
      onRequest: (_request, response) => {
        response.write('half');
        throw new Error('no more');
      },
    });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(statuses()).toEqual([200]);
  });

  test('closes once more when it is disposed of', async () => {
    await start();
    await server[Symbol.asyncDispose]();
    await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('with unref() a program ends though the server listens', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-'));
    const file = join(folder, 'program.mts');
    const source = join(ROOT, 'src/testing/challenge-server.ts');
    await writeFile(
      file,
      `import { challengeServer } from ${JSON.stringify(source)};
      const { url } = (await challengeServer()).unref();
      console.log((await fetch(url)).status);`,
    );
    expect(await program(file)).toMatchObject({ status: 0, stdout: '401\n' });
    await rm(folder, { recursive: true });
  });

  test('shares no code with the client: it imports node modules and siblings only', async () => {
    await start();
    const folder = new URL('../../../src/testing/', import.meta.url);
    const seen = new Set(['./challenge-server.js']);
    for (const file of seen) {
      const source = readFileSync(new URL(file.replace('.js', '.ts'), folder), 'utf8');
      for (const [, from = ''] of source.matchAll(/ from '([^']+)'/g)) {
        expect(from).toMatch(/^(node:|\.\/[\w-]+\.js$)/);
        if (from.startsWith('.')) seen.add(from);
      }
    }
    expect(seen.size).toBeGreaterThan(10);
  });
});
