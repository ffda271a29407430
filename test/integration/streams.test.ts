/** Streams: recorded, made anew by a factory, opened again by path; or sent once. */

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { appendFile, open, rm, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import PackagedForm from 'form-data';
import { type ChallengeOptions, explain } from '../../src/index.js';
import { answering } from '../support/capability.js';
import { earlyServer } from '../support/early.js';
import { temporaryFile } from '../support/files.js';
import { afterwards, alice, client, failure, server, spy, statuses } from '../support/stage.js';

const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => i % 251));
const part = (start: number, end?: number) => Uint8Array.prototype.slice.call(bytes, start, end);

function file(content: Uint8Array | string = bytes): Promise<string> {
  return temporaryFile('file', content);
}

function chunks(): Readable {
  return Readable.from([part(0, 10), part(10, 70_000), part(70_000)]);
}

function formOf(content: Readable): PackagedForm {
  const form = new PackagedForm();
  form.append('text', 'Grüße');
  form.append('file', content, { filename: 'file.bin', knownLength: bytes.length });
  return form;
}

const FRAMING = ['content-length', 'content-type', 'transfer-encoding'];

type Sent = readonly [name: string, body: () => Promise<unknown>, challenge: () => Promise<ChallengeOptions>];

const none = async () => ({});
const kept = async () => ({ bufferBody: 400_000 });
const REPLAYED: readonly Sent[] = [
  ['a stream that is kept', async () => chunks(), kept],
  ['a stream of strings that is kept', async () => Readable.from(['a', 'ä', '☃']), kept],
  ['a form with a stream in it that is kept', async () => formOf(chunks()), kept],
  ['a file', async () => createReadStream(await file()), none],
  ['a part of a file', async () => createReadStream(await file(), { start: 100, end: 200_000 }), none],
  ['a file in an encoding', async () => createReadStream(await file(), { encoding: 'base64' }), none],
  ['a file that is open already', async () => opened(await file()), none],
  ['an empty file', async () => createReadStream(await file('')), none],
  ['a stream, then one from a factory', async () => chunks(), async () => ({ body: chunks })],
  ['a stream, then a promise of one', async () => chunks(), async () => ({ body: async () => chunks() })],
  ['nothing, and streams from a factory', nothing, async () => ({ body: chunks })],
  ['nothing, and web streams from a factory', nothing, async () => ({ body: () => Readable.toWeb(chunks()) as never })],
  ['nothing, and bytes from a factory', nothing, async () => ({ body: () => bytes.subarray(7, 900) })],
  ['nothing, and text from a factory', nothing, async () => ({ body: () => 'Grüße' })],
  ['nothing, and a Blob from a factory', nothing, async () => ({ body: () => new Blob([bytes]) })],
];

async function nothing(): Promise<undefined> {}

async function opened(path: string): Promise<Readable> {
  const stream = createReadStream(path);
  await once(stream, 'open');
  return stream;
}

describe.each(['auth', 'auth-int'])('qop=%s', (qop) => {
  describe.each(['http', 'fetch'])('%s', (adapter) => {
    answering(adapter).each(REPLAYED)('%s is sent again byte for byte', async (_, body, challenge) => {
      const guarded = await server({ protect: { scheme: 'digest', qop } });
      const config = { adapter, challenge: await challenge(), headers: { 'Content-Type': 'application/x-bytes' } };
      await client(guarded.url).put('/', await body(), config);
      const [first, second] = guarded.requests;
      expect(statuses(guarded)).toEqual([401, 200]);
      expect(guarded.requests.map(({ violation }) => violation)).toEqual([undefined, undefined]);
      expect(second?.body.equals(first?.body ?? Buffer.of(1))).toBe(true);
      for (const field of FRAMING) expect([field, second?.headers[field]]).toEqual([field, first?.headers[field]]);
    });
  });

  test.each(REPLAYED)('%s is accepted at its first send when the space is known', async (_, body, challenge) => {
    const guarded = await server({ protect: { scheme: 'digest', qop } });
    const instance = client(guarded.url);
    await instance.get('/');
    await instance.put('/', await body(), { challenge: await challenge() });
    expect(statuses(guarded)).toEqual([401, 200, 200]);
  });
});

test('the bytes of the stream are the bytes that are sent', async () => {
  const guarded = await server();
  await client(guarded.url).put('/', chunks(), { challenge: { bufferBody: 400_000 } });
  await client(guarded.url).put('/', createReadStream(await file(), { start: 5, end: 9 }));
  const [recorded, again, part1, part2] = guarded.requests.map(({ body }) => body);
  for (const body of [recorded, again]) expect(body?.equals(bytes)).toBe(true);
  for (const body of [part1, part2]) expect(body?.equals(part(5, 10))).toBe(true);
});

test("the Content-Type of a factory's form names the boundary of that form", async () => {
  const guarded = await server();
  await client(guarded.url).put('/', undefined, { challenge: { body: () => formOf(chunks()) as never } });
  for (const { headers, body } of guarded.requests) {
    const boundary = /boundary=(.*)$/.exec(headers['content-type'] ?? '')?.[1] as string;
    expect(body.toString('latin1').startsWith(`--${boundary}\r\n`)).toBe(true);
    expect(body.toString('latin1').endsWith(`--${boundary}--\r\n`)).toBe(true);
  }
  expect(statuses(guarded)).toEqual([401, 200]);
});

test.each([
  [1024 * 1024, 'is sent again', [401, 200]],
  [1024 * 1024 + 1, 'is sent once', [401]],
])('a stream of %i bytes %s, with no option', async (size, _, expected) => {
  const guarded = await server();
  const body = Readable.from([Buffer.alloc(size - 1), Buffer.from('x')]);
  await client(guarded.url).put('/', body, { validateStatus: null, maxRedirects: 0 });
  expect(statuses(guarded)).toEqual(expected);
  expect(guarded.requests.at(-1)?.body).toHaveLength(size);
});

const LOST: ReadonlyArray<readonly [string, () => Promise<unknown>, ChallengeOptions, string]> = [
  ['a stream', async () => chunks(), { bufferBody: 0 }, 'the body is a stream, which can be read once'],
  ['a form with a stream in it', async () => formOf(chunks()), { bufferBody: 0 }, 'a part of the form is a stream'],
  ['a stream longer than what is kept', async () => chunks(), { bufferBody: 9 }, 'longer than the 9 bytes'],
  ['a file with a descriptor of the caller', async () => ownDescriptor(), { bufferBody: 0 }, 'the body is a stream'],
  ['a file that was read from', async () => halfRead(), { bufferBody: 0 }, 'the body is a stream'],
  ['a pipe', async () => createReadStream('/dev/null'), {}, '/dev/null is not a regular file'],
  ['a factory that fails', async () => chunks(), { body: () => fail('pa55word') }, 'the body factory failed'],
  ['a factory that gives nothing', async () => chunks(), { body: () => undefined as never }, 'gave no body'],
  [
    'a factory that gives one stream twice',
    nothing,
    { bufferBody: 0, body: always(chunks()) },
    'gave a stream that was read before',
  ],
];

function fail(message: string): never {
  throw new Error(message);
}

function always<T>(value: T): () => T {
  return () => value;
}

async function ownDescriptor(): Promise<Readable> {
  const handle = await open(await file());
  return handle.createReadStream();
}

async function halfRead(): Promise<Readable> {
  const stream = await opened(await file());
  stream.read(1);
  await once(stream, 'readable');
  stream.read(1);
  return stream;
}

test.each(LOST)('%s is not sent again: the 401 comes back with the reason', async (_, body, challenge, reason) => {
  const guarded = await server();
  const error = await failure(client(guarded.url).put('/', await body(), { challenge }));
  expect(statuses(guarded)).toEqual([401]);
  expect(explain(error)).toContain('ERR_AUTH_BODY');
  expect(explain(error)).toContain(reason);
  expect(explain(error)).not.toContain('pa55word');
  expect(error.response?.data).toContain('\n');
});

describe.each(['before the 401', 'while a provider is asked'])('a file that has changed %s', (when) => {
  test.each([
    ['grown', (path: string) => appendFile(path, 'more')],
    ['written anew', (path: string) => utimes(path, 1, 1)],
    ['replaced', async (path: string) => rm(path).then(() => writeFile(path, bytes))],
    ['gone', (path: string) => rm(path)],
  ])('is not sent: %s', async (_, change) => {
    const path = await file();
    const isBefore = when === 'before the 401';
    const guarded = await server({ onRequest: () => (isBefore ? change(path) : undefined) });
    const asked: string[] = [];
    const get = async () => {
      asked.push(when);
      await change(path);
      return alice;
    };
    const instance = client(guarded.url, { providers: [{ name: 'busy', get }] });
    const error = await failure(instance.put('/', createReadStream(path)));
    expect(statuses(guarded)).toEqual([401]);
    expect(explain(error)).toMatch(/(has changed since it was sent|cannot be opened again) \(ERR_AUTH_BODY\)/);
    expect(asked).toHaveLength(isBefore ? 0 : 1);
  });
});

test('no provider is asked for a credential when the body cannot be sent again', async () => {
  const guarded = await server();
  const provider = spy(alice);
  await failure(client(guarded.url, { providers: [provider] }).put('/', chunks(), { challenge: { bufferBody: 0 } }));
  expect(provider.asked).toEqual([]);
});

test('a factory is asked only when data itself cannot be sent', async () => {
  const guarded = await server();
  let asked = 0;
  const body = () => {
    asked += 1;
    return chunks();
  };
  await client(guarded.url).put('/', 'text', { challenge: { body } });
  expect(asked).toBe(0);
  await client(guarded.url).put('/', chunks(), { challenge: { body } });
  expect(asked).toBe(1);
});

test('a factory that fails at the first send fails the request', async () => {
  const guarded = await server();
  const request = client(guarded.url).put('/', undefined, { challenge: { body: () => fail('no file') } });
  await expect(request).rejects.toMatchObject({ code: 'ERR_AUTH_BODY', cause: { message: 'no file' } });
  expect(guarded.requests).toEqual([]);
});

test.each([
  ['body', { body: 'text' as never }],
  ['bufferBody', { bufferBody: -1 }],
  ['bufferBody', { bufferBody: '1mb' as never }],
])('an unusable option is refused: %s', async (name, challenge) => {
  const guarded = await server();
  const request = client(guarded.url).put('/', 'x', { challenge });
  await expect(request).rejects.toMatchObject({ code: 'ERR_AUTH_OPTION', message: expect.stringContaining(name) });
});

describe('under auth-int', () => {
  const protect = { scheme: 'digest', qop: 'auth-int' } as const;

  test.each([
    ['a stream', () => chunks(), { bufferBody: 0 }],
    ['a stream longer than what is kept', () => chunks(), { bufferBody: 9 }],
  ])('%s is not hashed as an empty body: the request is sent without an authorization', async (_, body, challenge) => {
    const guarded = await server({ protect });
    const instance = client(guarded.url);
    await instance.get('/');
    const error = await failure(instance.put('/', body(), { challenge }));
    expect(statuses(guarded)).toEqual([401, 200, 401]);
    expect(guarded.requests[2]?.authorization).toBeUndefined();
    expect(guarded.requests[2]?.body.equals(bytes)).toBe(true);
    expect(explain(error)).toContain('ERR_AUTH_BODY');
  });

  test('a body that only the adapter knows how to write is not hashed', async () => {
    const guarded = await server({ protect });
    let sends = 0;
    const adapter = async (config: object) => {
      sends += 1;
      const { url, status, headers } = await fetch(`${guarded.url}/`, { method: 'POST', body: 'own' });
      const request = { responseURL: url };
      return { status, headers: Object.fromEntries(headers), config, data: '', statusText: '', request };
    };
    const config = { adapter: adapter as never, transformRequest: [(data: unknown) => data] };
    const response = await client(guarded.url).post('/', { any: 'thing' }, config);
    expect(response.status).toBe(401);
    expect(explain(response)).toContain('ERR_AUTH_BODY');
    expect(sends).toBe(1);
  });

  test('a file that changes after it was hashed is sent as it was hashed', async () => {
    const guarded = await server({ protect });
    const path = await file('before');
    const instance = client(guarded.url);
    await instance.get('/');
    const config = { beforeRedirect() {}, onUploadProgress() {} };
    const stream = createReadStream(path);
    const request = instance.put('/', stream, config);
    await once(stream, 'end');
    await appendFile(path, ' and after');
    await request;
    expect(guarded.requests.at(-1)?.body.toString()).toBe('before');
  });
});

describe('a 401 before the body was sent', () => {
  const agent = () => {
    const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    afterwards(() => httpAgent.destroy());
    return httpAgent;
  };

  /** More than any socket takes without somebody reading at its other end. */
  const large = Buffer.alloc(32 * 1024 * 1024, 'x');

  test.each([
    ['bytes', () => large, {}],
    ['a kept stream', () => Readable.from([large.subarray(0, 1), large.subarray(1)]), { bufferBody: large.length }],
    ['a file', async () => createReadStream(await file(large)), {}],
    ['streams from a factory', () => undefined, { body: () => Readable.from([large]) }],
    ['a Blob', () => new Blob([large]), {}],
  ])('stops the upload: %s', async (_, body, challenge) => {
    const early = await earlyServer();
    for (const maxRedirects of [0, 5]) {
      const instance = client(early.url, {}, { httpAgent: agent(), maxRedirects });
      const { status } = await instance.put('/', await body(), { challenge });
      expect(status).toBe(200);
      expect(early.requests.at(-1)?.body.equals(large)).toBe(true);
    }
    await early.firstClosed;
  });

  test('the rest of a kept stream is read for the second send', async () => {
    const early = await earlyServer();
    const source = new PassThrough();
    source.write('before, ');
    let asked = false;
    const get = async () => {
      asked = true;
      return turn(alice);
    };
    const request = client(early.url, { providers: [{ name: 'slow', get }], bufferBody: 100 }).put('/', source);
    while (!asked) await turn();
    source.write('between, ');
    while (early.requests.length < 2) await turn();
    source.end('after');
    await request;
    expect(early.requests[1]?.body.toString()).toBe('before, between, after');
  });

  test('Expect: 100-continue is sent as the caller set it, both times, and holds nothing back', async () => {
    const early = await earlyServer();
    const config = { headers: { Expect: '100-continue' }, challenge: { bufferBody: bytes.length } };
    await client(early.url).put('/', chunks(), config);
    expect(early.requests.map(({ status, headers }) => [status, headers.expect])).toEqual([
      [401, '100-continue'],
      [200, '100-continue'],
    ]);
    expect(early.requests[1]?.body.equals(bytes)).toBe(true);
    const once = await failure(client(early.url).put('/', chunks(), { ...config, challenge: { bufferBody: 0 } }));
    expect(explain(once)).toContain('ERR_AUTH_BODY');
  });

  test('a stream that fails fails the send it is in', async () => {
    const early = await earlyServer();
    const source = new PassThrough();
    source.write('before');
    const request = client(early.url, { bufferBody: 100 }).put('/', source);
    while (early.requests.length < 2) await turn();
    source.destroy(new Error('the disk is gone'));
    await expect(request).rejects.toThrow('the disk is gone');
  });

  test('a send leaves no more listeners on a stream than reading it does', async () => {
    const early = await earlyServer();
    const source = new PassThrough();
    source.write('before');
    const request = client(early.url, { bufferBody: 100 }).put('/', source);
    while (early.requests.length < 2) await turn();
    source.end();
    await request;
    const read = new PassThrough();
    read.write('before');
    setImmediate(() => read.end());
    for await (const _ of read);
    for (const event of ['error', 'data', 'readable', 'end', 'close']) {
      expect([event, source.listenerCount(event)]).toEqual([event, read.listenerCount(event)]);
    }
  });

  test('a streamed 401 of an unfinished upload is not waited for', async () => {
    const early = await earlyServer((response) => void response.write('it never ends'));
    const instance = client(early.url, {}, { httpAgent: agent() });
    const { status, data } = await instance.put<Readable>('/', large, { responseType: 'stream' });
    data.resume();
    expect(status).toBe(200);
    expect(early.requests).toHaveLength(2);
  });
});

test('after a redirect that turns a POST with a stream into a GET, no body is sent again', async () => {
  const guarded = await server({
    onRequest: ({ url }, response) => {
      if (url !== '/to') return false;
      response.writeHead(303, { Location: '/in' }).end();
      return true;
    },
  });
  await client(guarded.url).post('/to', chunks());
  expect(guarded.requests.map(({ method, status }) => [method, status])).toEqual([
    ['POST', 303],
    ['GET', 401],
    ['GET', 200],
  ]);
});
