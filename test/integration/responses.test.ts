/** The 401 in every condition: large, gzipped, broken, endless, too long; read by axios or left to the caller. */

import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type AxiosError, type AxiosRequestConfig, isAxiosError } from 'axios';
import { explain } from '../../src/index.js';
import { answering } from '../support/capability.js';
import { afterwards, alice, bare, client, plainServer, refused, spy } from '../support/stage.js';

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="x"' };
const TYPES = ['json', 'text', 'arraybuffer', 'stream', 'blob'] as const;

type Refuse = (response: http.ServerResponse) => void;

/** Answers with `refuse`, and lets in whoever has an Authorization. */
function refusing(refuse: Refuse) {
  return plainServer((request, response) => {
    if (request.headers.authorization) response.end('{"in":true}');
    else refuse(response);
  });
}

const broken = gzipSync(Buffer.alloc(100_000, 'sorry ')).fill(0, 40, 60);
const half = gzipSync(Buffer.alloc(100_000, 'sorry ')).subarray(0, 60);

const WHOLE: ReadonlyArray<readonly [string, Refuse]> = [
  ['empty', (response) => response.writeHead(401, CHALLENGE).end()],
  ['small', (response) => response.writeHead(401, CHALLENGE).end('no')],
  ['large', (response) => response.writeHead(401, CHALLENGE).end(Buffer.alloc(1_000_000, 'no'))],
  ['gzipped', (response) => response.writeHead(401, { ...CHALLENGE, 'Content-Encoding': 'gzip' }).end(gzipSync('no'))],
  ['of broken gzip', (response) => response.writeHead(401, { ...CHALLENGE, 'Content-Encoding': 'gzip' }).end(broken)],
  ['of half a gzip', (response) => response.writeHead(401, { ...CHALLENGE, 'Content-Encoding': 'gzip' }).end(half)],
  [
    'cut off by a reset',
    (response) => {
      response.writeHead(401, { ...CHALLENGE, 'Content-Length': 1000 });
      response.write('so', () => response.socket?.resetAndDestroy());
    },
  ],
  [
    'cut off by an end',
    (response) => {
      response.writeHead(401, { ...CHALLENGE, 'Content-Length': 1000 });
      response.write('so', () => response.socket?.end());
    },
  ],
];

describe.each(['http', 'fetch'])('%s', (adapter) => {
  describe.each(TYPES)('responseType %s', (responseType) => {
    answering(adapter).each(WHOLE)('a 401 that is %s is answered, on one socket', async (_, refuse) => {
      const { url, requests } = await refusing(refuse);
      const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      afterwards(() => httpAgent.destroy());
      const instance = client(url, {}, { adapter, httpAgent, timeout: 10_000 });
      const { data } = await instance.get('/', { responseType, maxRedirects: 5 });
      expect(await textOf(data)).toBe('{"in":true}');
      expect(requests).toHaveLength(2);
    });
  });

  answering(adapter).each(['json', 'stream'] as const)('with maxContentLength and %s', async (responseType) => {
    const { url, requests } = await refusing((response) => response.writeHead(401, CHALLENGE).end('x'.repeat(1000)));
    const { data } = await client(url, {}, { adapter }).get('/', { responseType, maxContentLength: 100 });
    expect(await textOf(data)).toBe('{"in":true}');
    expect(requests).toHaveLength(2);
  });

  answering(adapter)('without decompress', async () => {
    const [, [, refuse]] = WHOLE.filter(([name]) => name.includes('gzip')) as [unknown, (typeof WHOLE)[number]];
    const { url } = await refusing(refuse);
    expect((await client(url, {}, { adapter }).get('/', { decompress: false })).data).toEqual({ in: true });
  });
});

async function textOf(data: unknown): Promise<string> {
  if (data instanceof Readable) return String(await buffer(data));
  if (data instanceof ReadableStream || data instanceof Blob) return new Response(data as Blob).text();
  if (Buffer.isBuffer(data)) return String(data);
  if (data instanceof ArrayBuffer) return String(Buffer.from(data));
  return typeof data === 'string' ? data : JSON.stringify(data);
}

const FAILURES: ReadonlyArray<readonly [string, Refuse, AxiosRequestConfig]> = [
  ...WHOLE.slice(4).map(([name, refuse]) => [name, refuse, {}] as const),
  ['too long', (response) => response.writeHead(401, CHALLENGE).end('x'.repeat(99)), { maxContentLength: 9 }],
];

test.each(FAILURES)(
  'a 401 that is %s and not answered is the error that axios has made of it',
  async (_, refuse, config) => {
    const { url } = await refusing(refuse);
    const theirs = (await bare(url)
      .get('/', config)
      .catch((error) => error)) as AxiosError;
    const ours = (await client(url, { providers: [] })
      .get('/', config)
      .catch((error) => error)) as AxiosError;
    expect(isAxiosError(ours)).toBe(true);
    expect([ours.code, ours.message, ours.status]).toEqual([theirs.code, theirs.message, theirs.status]);
    expect(ours.response?.status).toBe(theirs.response?.status);
    expect(explain(ours)).toContain('ERR_AUTH_NONE');
  },
);

const endless: Refuse = (response) => {
  response.writeHead(401, CHALLENGE);
  const timer = setInterval(() => response.write(Buffer.alloc(16_384)), 1);
  response.on('close', () => clearInterval(timer));
};

describe.each(['http', 'fetch'])('%s', (adapter) => {
  answering(adapter)('an endless 401 is cut when it is a stream', () => isCut(adapter));
});

async function isCut(adapter: string): Promise<void> {
  const { url, requests } = await refusing(endless);
  const { data } = await client(url, {}, { adapter }).get('/', { responseType: 'stream' });
  expect(await textOf(data)).toBe('{"in":true}');
  expect(requests).toHaveLength(2);
}

test.each(['http', 'fetch'])('the timeout of the caller is not answered: %s', async (adapter) => {
  const { url, requests } = await refusing((response) => {
    response.writeHead(401, CHALLENGE).write('and so on ');
  });
  const config = { timeout: 100, maxRedirects: 0 };
  const theirs = await bare(url, { adapter })
    .get('/', config)
    .catch((error) => error);
  const ours = await client(url, {}, { adapter })
    .get('/', config)
    .catch((error) => error);
  expect(['ECONNABORTED', 'ETIMEDOUT']).toContain(theirs.code);
  expect([ours.code, ours.message]).toEqual([theirs.code, theirs.message]);
  expect(requests).toHaveLength(2);
});

test('an endless 401 that axios reads is answered when it is longer than maxContentLength', async () => {
  const { url, requests } = await refusing(endless);
  const { data } = await client(url).get('/', { maxContentLength: 50_000 });
  expect(data).toEqual({ in: true });
  expect(requests).toHaveLength(2);
});

test.each([403, 500])('a %d without its body is not a challenge', async (status) => {
  const { url, requests } = await refusing((response) => response.writeHead(status, CHALLENGE).end('x'.repeat(99)));
  await expect(client(url).get('/', { maxContentLength: 9 })).rejects.toMatchObject({ code: 'ERR_BAD_RESPONSE' });
  expect(requests).toHaveLength(1);
});

test('a second response that is too long is the error of axios, and gives no verdict', async () => {
  const { url, requests } = await plainServer((request, response) => {
    if (request.headers.authorization) response.end('x'.repeat(99));
    else response.writeHead(401, CHALLENGE).end();
  });
  const provider = spy(alice);
  const error = await client(url, { providers: [provider] })
    .get('/', { maxContentLength: 9 })
    .catch((reason) => reason);
  expect(error).toMatchObject({ code: 'ERR_BAD_RESPONSE' });
  expect(error.response).toBeUndefined();
  expect(requests).toHaveLength(2);
  expect(provider.told).toEqual([]);
});

test.each([65_536, 65_537, 70_000, 131_072])('a streamed 401 of %d bytes is given back whole', async (length) => {
  const { url } = await plainServer((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end(Buffer.alloc(length, 'x'));
  });
  const request = client(url, { providers: [] }).get('/', { responseType: 'stream' });
  const { data } = await refused(request);
  expect(await buffer(data)).toHaveLength(length);
});
