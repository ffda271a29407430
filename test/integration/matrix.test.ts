/** Body x response type x redirect x adapter: the server gets the same bytes twice, or the caller gets the 401. */

import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import axios, { type AxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { explain, installAuth, staticCredential } from '../../src/index.js';
import { type ChallengeServer, challengeServer, type ReceivedRequest } from '../../src/testing/challenge-server.js';
import { type BodyCase, STREAMS, VALUES } from '../support/bodies.js';
import { type Capability, ifAxiosCan } from '../support/capability.js';
import { http2Front } from '../support/http2.js';
import { alice, responseOf } from '../support/stage.js';

const BODIES = [...VALUES, ...STREAMS];
const TYPES = ['json', 'text', 'arraybuffer', 'stream', 'blob'] as const;
const REDIRECTS = [undefined, 307, 308, 303, 302, 301] as const;

type Redirect = (typeof REDIRECTS)[number];

/** How requests are sent. */
interface Adapter {
  readonly name: string;
  readonly config: AxiosRequestConfig;
  readonly follows: boolean;
  readonly isFetch?: boolean;
  readonly needs?: Capability;
}

const own = (config: Parameters<ReturnType<typeof axios.getAdapter>>[0]) => axios.getAdapter('http')(config);

const ADAPTERS: readonly Adapter[] = [
  { name: 'http', config: { adapter: 'http' }, follows: true },
  { name: 'http without redirects', config: { adapter: 'http', maxRedirects: 0 }, follows: false },
  {
    name: 'http2',
    config: { adapter: 'http', httpVersion: 2 } as AxiosRequestConfig,
    follows: false,
    needs: 'speak HTTP/2',
  },
  { name: 'fetch', config: { adapter: 'fetch' }, follows: true, isFetch: true, needs: 'tell who answered a fetch' },
  { name: 'an adapter function', config: { adapter: own }, follows: true },
];

/** What is to happen. */
type Expected = 'answered' | 'answered as GET' | 'redirected' | 'ERR_AUTH_BODY' | 'ERR_AUTH_ORIGIN or ERR_NETWORK';

function expected({ follows, isFetch }: Adapter, redirect: Redirect, { once }: BodyCase): Expected {
  if (redirect === undefined) return once ? 'ERR_AUTH_BODY' : 'answered';
  if (!follows) return 'redirected';
  const isKept = redirect === 307 || redirect === 308;
  // fetch follows redirects of a POST by itself, and does not say where they led.
  if (isFetch) return 'ERR_AUTH_ORIGIN or ERR_NETWORK';
  if (!isKept) return 'answered as GET';
  return once ? 'ERR_AUTH_BODY' : 'answered';
}

let guarded: ChallengeServer;
let front: Awaited<ReturnType<typeof http2Front>>;
const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 2 });

beforeAll(async () => {
  guarded = await challengeServer({
    onRequest: ({ url = '' }, response) => {
      if (!url.startsWith('/to/')) return false;
      response.writeHead(Number(url.slice(4)), { Location: '/in' }).end();
      return true;
    },
  });
  front = await http2Front(guarded.url);
});

afterAll(async () => {
  httpAgent.destroy();
  await front.close();
  await guarded.close();
});

const FRAMING = ['content-length', 'content-type', 'transfer-encoding', 'content-encoding'];

describe.each(ADAPTERS)('$name', (adapter) => {
  const can = adapter.needs ? ifAxiosCan(adapter.needs) : test;

  describe.each(REDIRECTS)('redirect %s', (redirect) => {
    const types = redirect === undefined ? TYPES : TYPES.filter((type) => type === 'json' || type === 'stream');
    const cases = BODIES.flatMap((body) => types.map((responseType) => ({ ...body, responseType })));

    const isNew = ({ name }: BodyCase) => adapter.isFetch === true && redirect === undefined && name === 'FormData';
    const forms = ifAxiosCan('keep the boundary of a form that it fetches');

    can.each(cases.filter((one) => !isNew(one)))('$name, $responseType', arrives);
    if (cases.some(isNew)) forms.each(cases.filter(isNew))('$name, $responseType', arrives);

    async function arrives({ responseType, ...body }: (typeof cases)[number]): Promise<void> {
      guarded.requests.length = 0;
      const outcome = await send(adapter, redirect, body, responseType);
      const data = 'response' in outcome ? outcome.response?.data : undefined;
      if (data instanceof Readable) data.resume();
      const last = guarded.requests.filter(({ url }) => url === '/in');
      await verify(expected(adapter, redirect, body), outcome, last, body);
      for (const { violation } of last) expect(violation).toBeUndefined();
    }
  });
});

async function send(
  { name, config }: Adapter,
  redirect: Redirect,
  { body, config: own = {} }: BodyCase,
  responseType: (typeof TYPES)[number],
): Promise<AxiosResponse | AxiosError> {
  const client = axios.create({ baseURL: name === 'http2' ? front.url : guarded.url, proxy: false, httpAgent });
  installAuth(client, { providers: [staticCredential(alice)] });
  const given = frozen({ ...config, ...own, responseType });
  const path = redirect === undefined ? '/in' : `/to/${redirect}`;
  return client.post(path, await body(), given).catch((error: AxiosError) => error);
}

/** Neither axios nor we write on what the caller has given. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object') frozen(part);
  return Object.freeze(value);
}

async function verify(
  what: Expected,
  outcome: AxiosResponse | AxiosError,
  requests: readonly ReceivedRequest[],
  body: BodyCase,
): Promise<void> {
  const { status } = ('cause' in outcome || 'response' in outcome ? responseOf(outcome) : undefined) ?? outcome;
  if (what === 'answered' || what === 'answered as GET') {
    const { data } = outcome as AxiosResponse;
    expect([status, ...requests.map((request) => request.status)]).toEqual([200, 401, 200]);
    const report = JSON.parse(await textOf(data));
    expect(report).toMatchObject({ authenticated: true, bytes: requests[0]?.body.length });
    expectSame(requests, what === 'answered' && isFull(body) ? 'some' : 'none');
  } else if (what === 'redirected') {
    expect(status).toBeGreaterThan(300);
    expect(requests).toEqual([]);
  } else if ((outcome as AxiosError).code === 'ERR_NETWORK') {
    // fetch itself cannot send a stream again to where a redirect leads (Fetch §4.4), nor bytes in some versions of Node.
    expect(what).toContain('ERR_NETWORK');
    expect(requests).toEqual([]);
  } else {
    expect([status, requests.length]).toEqual([401, 1]);
    expect(explain(outcome)).toContain(what.split(' ')[0]);
  }
  for (const request of requests.slice(0, 1)) expect(request.authorization).toBeUndefined();
}

function isFull({ name }: BodyCase): boolean {
  return name !== 'nothing' && name !== 'an empty string';
}

function expectSame([first, second]: readonly ReceivedRequest[], content: 'some' | 'none'): void {
  expect(second?.method).toBe(first?.method);
  expect(second?.body.equals(first?.body ?? Buffer.of(1))).toBe(true);
  for (const field of FRAMING) expect([field, second?.headers[field]]).toEqual([field, first?.headers[field]]);
  expect(first?.body.length === 0).toBe(content === 'none');
}

async function textOf(data: unknown): Promise<string> {
  if (data instanceof Readable) return String(await buffer(data));
  if (data instanceof ReadableStream || data instanceof Blob) return new Response(data as Blob).text();
  if (Buffer.isBuffer(data)) return String(data);
  if (data instanceof ArrayBuffer) return String(Buffer.from(data));
  return typeof data === 'string' ? data : JSON.stringify(data);
}
