/** The Digest uri is the request-target that went on the wire, however axios came to it; judged by a server of its own. */

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxiosRequestConfig, CreateAxiosDefaults } from 'axios';
import { installAuth } from '../../src/index.js';
import { axiosCan } from '../support/capability.js';
import { afterwards, bare, client } from '../support/stage.js';

/** What came in: the request-target, and the uri of its Digest answer. */
interface Line {
  readonly target: string;
  readonly uri: string | undefined;
}

/** A server that lets in whoever brings a Digest answer, and says 401 to all others. */
interface Doorman {
  readonly url: string;
  readonly socketPath?: string;
  readonly lines: Line[];
}

const CHALLENGE = 'Digest realm="door", nonce="0123456789abcdef", qop="auth", algorithm=SHA-256';

function note(lines: Line[], target: string, authorization: string | undefined): 200 | 401 {
  const quoted = authorization && /[ ,]uri="((?:[^"\\]|\\.)*)"/.exec(authorization)?.[1];
  lines.push({ target, uri: quoted?.replace(/\\(.)/g, '$1') });
  return authorization?.startsWith('Digest ') ? 200 : 401;
}

async function overHttp(where: number | string = 0): Promise<Doorman> {
  const lines: Line[] = [];
  const door = http.createServer(({ url = '', headers }, response) => {
    response.writeHead(note(lines, url, headers.authorization), { 'WWW-Authenticate': CHALLENGE }).end();
  });
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') door.listen(where, resolve);
    else door.listen(where, '127.0.0.1', resolve);
  });
  afterwards(() => {
    door.closeAllConnections();
    door.close();
  });
  if (typeof where === 'string') return { url: 'http://localhost', socketPath: where, lines };
  return { url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, lines };
}

async function overHttp2(): Promise<Doorman> {
  const lines: Line[] = [];
  const door = http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  door.on('session', (session) => sessions.add(session));
  door.on('stream', (stream, headers) => {
    const status = note(lines, headers[':path'] ?? '', headers.authorization);
    stream.respond({ ':status': status, 'www-authenticate': CHALLENGE }, { endStream: true });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    for (const session of sessions) session.destroy();
    door.close();
  });
  return { url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, lines };
}

/** A way to the door. */
interface Way {
  readonly open: () => Promise<Doorman>;
  readonly config: (door: Doorman) => CreateAxiosDefaults;
}

const WAYS: Readonly<Record<string, Way>> = {
  http: { open: overHttp, config: () => ({}) },
  'http without redirects': { open: overHttp, config: () => ({ maxRedirects: 0 }) },
  fetch: { open: overHttp, config: () => ({ adapter: 'fetch' }) },
  'HTTP/2': { open: overHttp2, config: () => ({ httpVersion: 2, httpAgent: undefined }) as CreateAxiosDefaults },
  'an agent': { open: overHttp, config: () => ({ httpAgent: new http.Agent({ maxSockets: 1 }) }) },
  'a lookup': {
    open: overHttp,
    config: ({ url }) => ({
      baseURL: url.replace('127.0.0.1', 'door.example'),
      lookup: (_name: string, _options: object, done: (error: null, address: string, family: 4) => void) =>
        done(null, '127.0.0.1', 4),
    }),
  },
  'a base with a path': { open: overHttp, config: ({ url }) => ({ baseURL: `${url}/api/v1%20b` }) },
  'a socket path': {
    open: () => overHttp(join(tmpdir(), `door-${randomUUID()}.sock`)),
    config: ({ socketPath = '' }) => ({ socketPath }),
  },
};

const TARGETS: ReadonlyArray<readonly [name: string, path: string, config?: AxiosRequestConfig]> = [
  ['a path', '/p'],
  ['the root', '/'],
  ['a query', '/p?b=1&a=%20+%2B'],
  ['an empty query', '/p?'],
  ['params behind an empty query', '/p?', { params: { y: '2' } }],
  ['params', '/p', { params: { 'a[]': 'ä b', c: [1, 2], d: new Date(0), e: { f: "it's" } } }],
  ['params behind a query', '/p?x=1', { params: { y: '2' } }],
  ['params before a fragment', '/p?x#frag', { params: { y: '2' } }],
  ['params that are URLSearchParams', '/p', { params: new URLSearchParams('q=a+b&r=%26') }],
  ['indexes: null', '/p', { params: { a: [1, 2] }, paramsSerializer: { indexes: null } }],
  ['an encoder', '/p', { params: { a: 'b c' }, paramsSerializer: { encode: (text) => text.replace(' ', '%2520') } }],
  ['a serializer', '/p', { params: { raw: 1 }, paramsSerializer: { serialize: () => 'raw=%41|"\'' } }],
  ['unicode', '/grüße/☃?☃=ü'],
  ['percent-encoding', '/a%20b/%C3%A4%2F%2e%2E?%7e'],
  ['lower-case percent-encoding', '/%c3%a4'],
  ['dot segments', '/a/../b/./c'],
  ['double slashes', '/a//b//'],
  ['backslashes', '/a\\b'],
  ['a fragment', '/p?x#y'],
  ['quotes and brackets', '/"a"/[b]{c}|d^`?"[]{}|^`\''],
  ['spaces', '/a b?c d'],
  ['a semicolon and a comma', '/a;b,c?d;e,f'],
];

describe.each(Object.keys(WAYS))('over %s', (name) => {
  const { open, config } = WAYS[name] as Way;
  const can =
    name === 'fetch' ? axiosCan('tell who answered a fetch') : name === 'HTTP/2' ? axiosCan('speak HTTP/2') : test;

  can.each(TARGETS.map(([target, path, request = {}]) => ({ target, path, request })))(
    '$target',
    async ({ path, request }) => {
      const door = await open();
      const settings = config(door);
      const instance = client(door.url, {}, settings);
      await instance.get(path, request);
      await instance.get(path, request);
      await bare(door.url, settings).get(path, { ...request, validateStatus: null });
      const [cold, answered, ahead, without] = door.lines;
      // What axios sends by itself is what we send, and what we sign.
      expect([cold?.target, answered?.target, ahead?.target]).toEqual(Array(3).fill(without?.target));
      expect([cold?.uri, answered?.uri, ahead?.uri]).toEqual([undefined, without?.target, without?.target]);
      expect(door.lines).toHaveLength(4);
    },
  );
});

test('params that cannot be serialized are reported by axios, with a listener, too', async () => {
  const events: unknown[] = [];
  const instance = bare('http://127.0.0.1:1');
  installAuth(instance, { onEvent: (event) => events.push(event) });
  const serialize = () => {
    throw new Error('no such parameter');
  };
  const request = instance.get('/', { params: { a: 1 }, paramsSerializer: { serialize } });
  await expect(request).rejects.toThrow('no such parameter');
});
