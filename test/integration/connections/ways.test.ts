/** Connections to themselves on all ways that a request takes: TLS, sockets, streams, redirects, proxies. */

import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import axios, { type CreateAxiosDefaults } from 'axios';
import { type AuthorizedRequest, basic, explain, installAuth, staticCredential, trace } from '../../../src/index.js';
import { answering, axiosCan } from '../../support/capability.js';
import { withoutProxyVariables } from '../../support/environment.js';
import { http2Front } from '../../support/http2.js';
import { legs, legsJudge } from '../../support/legs.js';
import { through } from '../../support/proxy.js';
import { afterwards, alice, client, failure, plainServer, server, spy } from '../../support/stage.js';
import { selfSigned } from '../../support/tls.js';

withoutProxyVariables();

const schemes = () => [legs()];

const shown = ({ requests }: Awaited<ReturnType<typeof legsJudge>>) =>
  requests.map(({ socket, status, authorization }) => [socket, authorization === undefined ? 'bare' : 'ours', status]);

function trusting(): CreateAxiosDefaults {
  const httpsAgent = new https.Agent({ ca: selfSigned().cert });
  afterwards(() => httpsAgent.destroy());
  return { httpsAgent };
}

test('over TLS, every message but the first knows the certificate of its connection', async () => {
  const judge = await legsJudge({ tls: selfSigned() });
  const seen: AuthorizedRequest[] = [];
  const http = client(judge.url, { schemes: [legs(seen)] }, trusting());
  await http.get('/one');
  expect((await http.get('/two')).data).toMatchObject({ user: 'alice', socket: 2 });
  const der = new X509Certificate(selfSigned().cert).raw;
  const binding = `tls-server-end-point:${createHash('sha256').update(der).digest().toString('latin1')}`;
  expect(seen.map((request) => request.binding && Buffer.from(request.binding).toString('latin1'))).toEqual([
    undefined,
    binding,
  ]);
});

test('in clear text there is no binding', async () => {
  const judge = await legsJudge();
  const seen: AuthorizedRequest[] = [];
  await client(judge.url, { schemes: [legs(seen)] }).get('/');
  expect(seen.map(({ binding }) => binding)).toEqual([undefined, undefined]);
});

test('a socket path is a way like any other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'legs-'));
  afterwards(() => rm(folder, { recursive: true }));
  const path = join(folder, 's');
  const judge = await legsJudge({ path });
  const http = client('http://localhost', { schemes: schemes() }, { socketPath: path, httpAgent: undefined });
  for (const url of ['/one', '/two']) expect((await http.get(url)).data.user).toBe('alice');
  expect(shown(judge)).toEqual([
    [1, 'bare', 401],
    [2, 'ours', 401],
    [2, 'ours', 200],
    [2, 'bare', 200],
  ]);
});

test('without redirects, Node’s own transport takes the connection as well', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() }, { maxRedirects: 0 });
  for (const url of ['/one', '/two']) await http.get(url);
  expect(new Set(judge.requests.slice(1).map(({ socket }) => socket)).size).toBe(1);
});

test('a stream that can be sent once goes with the last message of a handshake', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes(), bufferBody: 0 });
  await http.get('/');
  expect((await http.put('/up', Readable.from(['one', 'two']))).data).toMatchObject({ user: 'alice', body: 'onetwo' });
});

test('a stream that is kept goes whole, and once, after a handshake', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  const headers = { 'Content-Length': '6', 'Content-Type': 'text/plain' };
  expect((await http.put('/up', Readable.from(['one', 'two']), { headers })).data.body).toBe('onetwo');
  expect(judge.requests.map(({ body }) => body)).toEqual(['onetwo', '', 'onetwo']);
});

test('a response that is a stream holds its connection until it has been read', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  const { data } = await http.get('/one', { responseType: 'stream' });
  expect((await http.get('/two')).data.socket).toBe(3);
  expect(JSON.parse(await text(data))).toMatchObject({ user: 'alice', socket: 2 });
  await new Promise((resolve) => setImmediate(resolve));
  const sockets = await Promise.all(['/three', '/four'].map(async (url) => (await http.get(url)).data.socket));
  expect(sockets.sort()).toEqual([2, 3]);
});

test('the credential of config.auth shakes hands, and is not sent with Basic on a connection that is authenticated', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes(), providers: [] }, { auth: alice });
  for (const url of ['/one', '/two']) expect((await http.get(url)).data.user).toBe('alice');
  expect(judge.requests.at(-1)).toMatchObject({ url: '/two', authorization: undefined, socket: 2 });
});

test('a server that says Persistent-Auth: false gets messages with each request, on the same connection', async () => {
  const judge = await legsJudge({
    before: ({ response }) => {
      response.setHeader('Persistent-Auth', 'false');
      return false;
    },
  });
  const http = client(judge.url, { schemes: schemes() });
  for (const url of ['/one', '/two']) await http.get(url);
  expect(shown(judge)).toEqual([
    [1, 'bare', 401],
    [2, 'ours', 401],
    [2, 'ours', 200],
    [2, 'ours', 401],
    [2, 'ours', 200],
  ]);
});

test("mutual: 'require' takes no connection whose proof another request has seen", async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  await http.get('/one');
  const error = await http.get('/two', { challenge: { mutual: 'require' } }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  expect(judge.requests.at(-1)).toMatchObject({ url: '/two', socket: 3 });
});

test('preemptive: false waits for each challenge', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes(), preemptive: false });
  for (const url of ['/one', '/two']) await http.get(url);
  expect(shown(judge).slice(3)).toEqual([
    [1, 'bare', 401],
    [2, 'bare', 200],
  ]);
});

test('the record says that the connection authorizes the request', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  await http.get('/one');
  const response = await http.get('/two');
  expect(explain(response)).toMatch(/sent as alice \(Legs, by its connection, at once\) +200/);
  expect(trace(response)?.events[0]).toMatchObject({ scheme: 'Legs', username: 'alice', byConnection: true });
});

test('what is sent alone after another status than 401 is kept, and what is sent again is not', async () => {
  const statuses: Record<string, number> = { '/forbidden': 403, '/gone': 410, '/broken': 500, '/busy': 429 };
  const judge = await legsJudge({
    before: ({ request, response, leg }) => {
      const status = statuses[request.url ?? ''];
      if (status === undefined || leg !== 'none') return false;
      response.writeHead(status).end();
      return true;
    },
  });
  const http = client(judge.url, { schemes: schemes() }, { validateStatus: () => true });
  await http.get('/first');
  for (const url of ['/forbidden', '/gone']) await http.get(url);
  expect((await http.get('/in')).data.socket).toBe(2);
  await http.get('/broken');
  expect((await http.get('/in')).data.socket).not.toBe(2);
});

/** A proxy that lets everybody through. */
async function forwarding(listener: http.RequestListener): Promise<{ readonly url: string }> {
  const proxy = http.createServer(listener);
  const sockets = new Set<net.Socket>();
  proxy.on('connect', (request, socket) => {
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = net.connect({ host: hostname, port: Number(port) });
    for (const one of [socket as net.Socket, onward]) sockets.add(one.on('error', () => {}));
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as net.AddressInfo).port}` };
}

describe('a challenge that needs a connection is passed over', () => {
  async function reasonFor(url: string, own: CreateAxiosDefaults): Promise<string> {
    const http = client(url, { schemes: schemes() }, own);
    return explain(await failure(http.get('/')));
  }

  axiosCan('speak HTTP/2')('over HTTP/2', async () => {
    const judge = await legsJudge();
    const front = await http2Front(judge.url);
    afterwards(() => front.close());
    const own = { httpVersion: 2, httpAgent: undefined } as CreateAxiosDefaults;
    expect(await reasonFor(front.url, own)).toContain('HTTP/2 shares one among all requests');
  });

  test.each(['config.proxy', 'the environment'])('through a proxy of %s', async (source) => {
    const judge = await legsJudge();
    const forward = await forwarding((request, response) => {
      const onward = http.request(String(request.url), { headers: request.headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.end();
    });
    if (source === 'the environment') process.env.http_proxy = forward.url;
    const own = source === 'the environment' ? { proxy: undefined } : { proxy: through(forward) };
    expect(await reasonFor(judge.url, own as CreateAxiosDefaults)).toContain(
      'a proxy on the way shares its connections',
    );
    expect(judge.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  test('with an agent that takes the proxy of the environment itself', async () => {
    const judge = await legsJudge();
    const httpAgent = new http.Agent();
    Object.assign((httpAgent as unknown as { options: object }).options, { proxyEnv: { NO_PROXY: '*' } });
    expect(await reasonFor(judge.url, { httpAgent })).toContain('Node takes the proxy of the environment itself');
  });

  answering('fetch')('and a weaker one that needs none is answered', async () => {
    const judge = await plainServer(({ headers }, response) => {
      if (headers.authorization?.startsWith('Basic ')) response.end('"in"');
      else
        response
          .writeHead(
            401,
            [
              ['WWW-Authenticate', 'Legs'],
              ['WWW-Authenticate', 'Basic realm="r"'],
            ].flat(),
          )
          .end();
    });
    const http = client(judge.url, { schemes: [legs(), basic()] }, { adapter: 'fetch' });
    expect((await http.get('/')).data).toBe('in');
  });
});

axiosCan('open a tunnel').each(['config.proxy', 'the environment'])(
  'through a proxy of %s that asks for nothing, a tunnel is kept for the origin',
  async (source) => {
    const forward = await forwarding((_, response) => void response.writeHead(502).end());
    if (source === 'the environment') process.env.https_proxy = forward.url;
    const own = source === 'the environment' ? { proxy: undefined } : { proxy: through(forward) };
    const judge = await legsJudge({ tls: selfSigned() });
    const tunnelled = client(judge.url, { schemes: schemes() }, { ...own, ...trusting() } as CreateAxiosDefaults);
    for (const path of ['/one', '/two']) expect((await tunnelled.get(path)).data).toMatchObject({ user: 'alice' });
    expect(shown(judge)).toEqual([
      [1, 'bare', 401],
      [2, 'ours', 401],
      [2, 'ours', 200],
      [2, 'bare', 200],
    ]);
  },
);

test('a redirect to a trusted server that asks for another scheme is answered there, without the connection', async () => {
  const other = await server({ protect: { scheme: 'basic' } });
  const judge = await legsJudge({
    before: ({ request, response }) => {
      if (request.url === '/away') response.writeHead(302, { Location: `${other.url}/there` }).end();
      return request.url === '/away';
    },
  });
  const options = { schemes: [legs(), basic()], providers: [spy(alice)], trustOrigins: [other.url] };
  const http = client(judge.url, options);
  await http.get('/');
  expect((await http.get('/away')).data.user).toBe('alice');
  expect(other.requests.map(({ status }) => status)).toEqual([401, 200]);
});

test('a request whose provider is asked anew after forget() shakes hands anew', async () => {
  const judge = await legsJudge();
  const instance = axios.create({ baseURL: judge.url, proxy: false });
  const handle = installAuth(instance, { schemes: schemes(), providers: [staticCredential(alice)] });
  await instance.get('/one');
  handle.forget();
  expect((await instance.get('/two')).data.socket).not.toBe(2);
});
