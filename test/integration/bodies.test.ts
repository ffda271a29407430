/** The second send is the first, byte for byte; what cannot be sent again is not. */

import http from 'node:http';
import { Readable } from 'node:stream';
import PackagedForm from 'form-data';
import { explain } from '../../src/index.js';
import { BYTES, packagedForm, specForm, VALUES } from '../support/bodies.js';
import { afterwards, bare, client, failure, plainServer, server, statuses } from '../support/stage.js';

const FRAMING = ['content-length', 'content-type', 'transfer-encoding', 'content-encoding'];

describe.each(['auth', 'auth-int'])('qop=%s', (qop) => {
  test.each(VALUES)('$name is sent again as it was', async ({ name, body, config = {} }) => {
    const guarded = await server({ protect: { scheme: 'digest', qop } });
    await client(guarded.url).post('/', await body(), config);
    const [first, second] = guarded.requests;
    expect(statuses(guarded)).toEqual([401, 200]);
    // A FormData is written out anew for its hash: what was hashed is what was sent, which the server has checked.
    if (qop === 'auth-int' && name === 'FormData') return;
    expect(second?.body.equals(first?.body ?? Buffer.of(1))).toBe(true);
    for (const field of FRAMING) expect(second?.headers[field]).toBe(first?.headers[field]);
    if (body()) expect(first?.body.length).toBeGreaterThan(0);
  });
});

test('the bytes are those that axios sends without the plugin', async () => {
  const open = await server({ protect: {} });
  for (const body of [packagedForm(), specForm(), { a: 1 }, Buffer.from('x')]) {
    await client(open.url).post('/', body);
    await bare(open.url).post('/', body instanceof PackagedForm ? packagedForm() : body);
    const [ours, theirs] = open.requests.splice(0);
    expect(ours?.body.length).toBeGreaterThan(0);
    if (body instanceof FormData || body instanceof PackagedForm) continue;
    expect(ours?.body.equals(theirs?.body ?? Buffer.of())).toBe(true);
    expect(ours?.headers).toEqual({ ...theirs?.headers });
  }
});

test('a response names the config of the caller, whatever config was sent in its place', async () => {
  const guarded = await server();
  const form = packagedForm();
  const { config } = await client(guarded.url).post('/', form);
  expect(config.data).toBe(form);
  expect(Object.keys(config.headers).map((name) => name.toLowerCase())).not.toContain('authorization');
});

test.each([
  ['a stream', () => Readable.from(['abc'])],
  ['a form with a stream in it', () => packagedForm(Readable.from([BYTES]))],
])('%s is not sent again: the 401 comes back with the reason', async (_, body) => {
  const guarded = await server();
  const error = await failure(client(guarded.url).post('/', body(), { maxRedirects: 0, challenge: { bufferBody: 0 } }));
  expect(statuses(guarded)).toEqual([401]);
  expect(guarded.requests[0]?.body.length).toBeGreaterThan(0);
  expect(explain(error)).toContain('ERR_AUTH_BODY');
});

test('a stream is accepted at its first send when the space is known', async () => {
  const guarded = await server();
  const instance = client(guarded.url);
  await instance.get('/');
  const { data } = await instance.post('/', Readable.from(['abc']));
  expect(data.bytes).toBe(3);
  expect(statuses(guarded)).toEqual([401, 200, 200]);
});

test('a streamed 401 is drained, so that its connection serves the second send', async () => {
  const guarded = await server();
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  afterwards(() => httpAgent.destroy());
  const { data } = await client(guarded.url, {}, { httpAgent }).get<Readable>('/', { responseType: 'stream' });
  data.resume();
  expect(statuses(guarded)).toEqual([401, 200]);
  expect(new Set(guarded.requests.map(({ remotePort }) => remotePort)).size).toBe(1);
});

test('an endless 401 is cut off', async () => {
  const plain = await plainServer((request, response) => {
    if (request.headers.authorization) return void response.end('in');
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' });
    const timer = setInterval(() => response.write(Buffer.alloc(16_384)), 1);
    response.on('close', () => clearInterval(timer));
  });
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  afterwards(() => httpAgent.destroy());
  const { data } = await client(plain.url, {}, { httpAgent }).get<Readable>('/', { responseType: 'stream' });
  data.resume();
  expect(plain.requests).toHaveLength(2);
});

test('a streamed 401 that is not answered reaches the caller unread', async () => {
  const plain = await plainServer((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Negotiate' }).end('sorry');
  });
  const { response } = await failure(client(plain.url).get('/', { responseType: 'stream' }));
  expect(await new Response(Readable.toWeb(response?.data) as ReadableStream).text()).toBe('sorry');
});

test.each(['json', 'text', 'arraybuffer', 'stream', 'blob'] as const)('responseType %s', async (responseType) => {
  const guarded = await server();
  const { data } = await client(guarded.url).get('/', { responseType });
  if (responseType === 'stream') data.resume();
  expect(statuses(guarded)).toEqual([401, 200]);
});

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'PROPFIND'])(
  'a %s is answered with its own method',
  async (method) => {
    const guarded = await server();
    await client(guarded.url).request({ method, url: '/x?y' });
    expect(guarded.requests.map((request) => `${request.method} ${request.url}`)).toEqual([
      `${method} /x?y`,
      `${method} /x?y`,
    ]);
  },
);
