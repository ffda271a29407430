/** `Expect: 100-continue` (RFC 9110 §10.1.1): the server says from the head whether it wants the body, so that a stream is kept for the send that is let in. */

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import PackagedForm from 'form-data';
import { explain } from '../../src/index.js';
import { earlyServer } from '../support/early.js';
import { afterwards, client, failure, plainServer, server, statuses } from '../support/stage.js';

const bytes = Buffer.alloc(300_000, 'some bytes ');
const headers = { Expect: '100-continue', 'Content-Type': 'application/x-bytes' };

function form(): PackagedForm {
  const packed = new PackagedForm();
  packed.append('file', Readable.from([bytes]), { filename: 'f', knownLength: bytes.length });
  return packed;
}

const STREAMS: ReadonlyArray<readonly [string, () => unknown, object]> = [
  ['a stream', () => Readable.from([bytes]), {}],
  [
    'a stream and its length',
    () => Readable.from([bytes]),
    { headers: { ...headers, 'Content-Length': bytes.length } },
  ],
  ['a stream, without redirects', () => Readable.from([bytes]), { maxRedirects: 0 }],
  ['a stream, with a rate', () => Readable.from([bytes]), { maxRate: 10_000_000 }],
  ['a stream, with a limit', () => Readable.from([bytes]), { maxBodyLength: 1_000_000 }],
  ['a stream, with progress', () => Readable.from([bytes]), { onUploadProgress() {} }],
  ['a stream with all of them', () => Readable.from([bytes]), { maxRate: 10_000_000, maxBodyLength: 1_000_000 }],
  ['a form with a stream in it', form, { headers: { Expect: '100-continue' } }],
  ['a kept stream', () => Readable.from([bytes]), { challenge: { bufferBody: 1_000_000 } }],
  ['a file', () => createReadStream(fileURLToPath(import.meta.url)), {}],
  ['streams from a factory', () => undefined, { challenge: { body: () => Readable.from([bytes]) } }],
];

test.each(STREAMS)('%s is sent once, with the second send', async (_, body, config) => {
  const guarded = await server();
  const { data } = await client(guarded.url).put('/', body(), { headers, ...config });
  expect(statuses(guarded)).toEqual([401, 200]);
  expect(guarded.requests[0]?.body).toHaveLength(0);
  const expected = await buffer(contentOf(body()));
  if (!(body() instanceof PackagedForm)) expect(guarded.requests[1]?.body.equals(expected)).toBe(true);
  expect(data.bytes).toBeGreaterThan(expected.length - 1);
});

function contentOf(body: unknown): Readable {
  return body instanceof Readable ? body : Readable.from([bytes]);
}

test('the bytes and the framing are those that axios sends by itself', async () => {
  const early = await earlyServer();
  const config = { headers: { ...headers, Authorization: 'Basic eA==' } };
  await client(early.url).put('/', Readable.from([bytes]), { ...config, challenge: false });
  await client(early.url).put('/', Readable.from([bytes]), { headers });
  const [bare, refused, ours] = early.requests;
  expect([bare, refused, ours].map((request) => request?.status)).toEqual([200, 401, 200]);
  expect(ours?.body.equals(bare?.body ?? Buffer.of(1))).toBe(true);
  const { authorization: _, ...fields } = ours?.headers ?? {};
  expect(fields).toEqual({ ...refused?.headers });
});

test('the connection of the first send is given up', async () => {
  const early = await earlyServer();
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  afterwards(() => httpAgent.destroy());
  await client(early.url, {}, { httpAgent }).put('/', Readable.from([bytes]), { headers });
  await early.firstClosed;
  expect(early.requests[1]?.body.equals(bytes)).toBe(true);
});

test('a server that wants the body gets it at once', async () => {
  const guarded = await server();
  const instance = client(guarded.url);
  await instance.get('/');
  for (const maxRedirects of [0, 5]) {
    const start = performance.now();
    await instance.put('/', Readable.from([bytes]), { headers, maxRedirects });
    expect(performance.now() - start).toBeLessThan(900);
  }
  expect(statuses(guarded)).toEqual([401, 200, 200, 200]);
});

test('on a stream that was held twice is left no more than reading it leaves', async () => {
  const guarded = await server();
  const stream = new PassThrough().end('abc');
  await client(guarded.url).put('/', stream, { headers });
  const read = new PassThrough().end();
  for await (const _ of read);
  await turn();
  expect(stream.listenerCount('error')).toBe(read.listenerCount('error'));
});

test('a server that says nothing gets the body after a second', async () => {
  let wait = 0;
  const silent = http.createServer().on('checkContinue', (request, response) => {
    const start = performance.now();
    request.once('data', () => {
      wait = performance.now() - start;
    });
    buffer(request).then((body) => response.end(String(body.length)));
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  afterwards(() => silent.close());
  afterwards(() => silent.closeAllConnections());
  const { port } = silent.address() as { port: number };
  const { data } = await client(`http://127.0.0.1:${port}`).put('/', Readable.from([bytes]), { headers });
  expect(data).toBe(bytes.length);
  expect(wait).toBeGreaterThan(900);
});

test('what was let go cannot be sent again', async () => {
  const plain = await plainServer((request, response) => {
    request.on('end', () => response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end());
  });
  const error = await failure(client(plain.url).put('/', Readable.from([bytes]), { headers }));
  expect(explain(error)).toContain('ERR_AUTH_BODY');
  expect(plain.requests).toHaveLength(1);
});

test('a 401 that is not answered leaves the stream to axios, which sends it', async () => {
  const early = await earlyServer();
  const stream = Readable.from(['abc']);
  const request = failure(client(early.url, { schemes: [] }).put('/', stream, { headers }));
  await once(stream, 'end');
  expect(explain(await request)).toContain('ERR_AUTH_CHALLENGE');
});

test('a stream that nobody has a credential for is not sent to a server that refuses it', async () => {
  const early = await earlyServer();
  const stream = Readable.from([bytes]);
  await failure(client(early.url, { providers: [] }).put('/', stream, { headers }));
  await early.firstClosed;
  expect(stream.readableDidRead).toBe(false);
});

test('a stream that fails while it is held fails the request', async () => {
  const mute = http.createServer().on('checkContinue', () => {});
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  afterwards(() => mute.close());
  afterwards(() => mute.closeAllConnections());
  const { port } = mute.address() as { port: number };
  const stream = new PassThrough();
  const request = client(`http://127.0.0.1:${port}`).put('/', stream, { headers });
  setTimeout(() => stream.destroy(new Error('the disk is gone')), 20);
  await expect(request).rejects.toThrow('the disk is gone');
  expect(stream.listenerCount('error')).toBe(0);
});

describe('redirects', () => {
  const redirecting = (status: number, wants: (code: number) => boolean) => {
    const seen: Array<readonly [string, string, number, number]> = [];
    const listener: http.RequestListener = async (request, response) => {
      const { method = '', url = '', headers: fields } = request;
      if (url === '/to') return void response.writeHead(status, { Location: '/in' }).end();
      const code = fields.authorization ? 200 : 401;
      if (wants(code)) response.writeContinue();
      const body = wants(code) || !fields.expect ? await buffer(request) : Buffer.of();
      seen.push([method, url, code, body.length]);
      response.writeHead(code, code === 401 ? { 'WWW-Authenticate': 'Basic realm="x"' } : {}).end();
    };
    const redirector = http.createServer(listener).on('checkContinue', listener);
    afterwards(() => redirector.close());
    afterwards(() => redirector.closeAllConnections());
    return new Promise<{ url: string; seen: typeof seen }>((resolve) => {
      redirector.listen(0, '127.0.0.1', () => {
        resolve({ url: `http://127.0.0.1:${(redirector.address() as { port: number }).port}`, seen });
      });
    });
  };

  test.each([307, 308])('a %d keeps the stream for where it leads', async (status) => {
    const { url, seen } = await redirecting(status, (code) => code === 200);
    await client(url).post('/to', Readable.from([bytes]), { headers });
    expect(seen).toEqual([
      ['POST', '/in', 401, 0],
      ['POST', '/in', 200, bytes.length],
    ]);
  });

  test.each([301, 302, 303])('a %d takes the body away', async (status) => {
    const { url, seen } = await redirecting(status, () => true);
    const stream = Readable.from([bytes]);
    await client(url).post('/to', stream, { headers });
    expect(stream.readableDidRead).toBe(false);
    expect(seen).toEqual([
      ['GET', '/in', 401, 0],
      ['GET', '/in', 200, 0],
    ]);
  });
});

test('nothing is held where axios does not let it be seen: a function adapter, fetch', async () => {
  const guarded = await server();
  const instance = client(guarded.url);
  await instance.get('/');
  let given: unknown;
  const adapter = async (config: { data?: unknown }) => {
    given = config.data;
    return { status: 200, statusText: '', headers: {}, config, data: '' };
  };
  const stream = Readable.from([bytes]);
  await instance.put('/', stream, { headers, adapter: adapter as never });
  expect(given).toBe(stream);
});

test('a request that is given up while its stream is held sends none of it', async () => {
  let body: Buffer | undefined;
  const mute = http.createServer().on('checkContinue', (request) => {
    request.on('data', (chunk) => {
      body = chunk;
    });
    controller.abort();
  });
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  afterwards(() => mute.close());
  afterwards(() => mute.closeAllConnections());
  const { port } = mute.address() as { port: number };
  const controller = new AbortController();
  const stream = Readable.from([bytes]);
  const request = client(`http://127.0.0.1:${port}`).put('/', stream, { headers, signal: controller.signal });
  await expect(request).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  await turn();
  expect(body).toBeUndefined();
  expect(stream.readableDidRead).toBe(false);
});
