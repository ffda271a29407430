/** The next hop of a redirected fetch (Fetch §4.4); the judge is Node's own fetch, which follows the same redirect. */

import type http from 'node:http';
import { text } from 'node:stream/consumers';
import { nextHop, SpareBody } from '../../../../src/axios/send/fetch-hop.js';
import { Hops } from '../../../../src/axios/send/redirects.js';
import type { Sending } from '../../../../src/exchange/port/transport.js';
import { configOf } from '../../../support/axios-config.js';
import { plainServer } from '../../../support/stage.js';

const FIELDS = {
  Authorization: 'Basic x',
  Cookie: 'c=1',
  'Content-Type': 'text/plain',
  'Content-Language': 'en',
  'X-Own': 'yes',
};

const hopsFrom = (url: string, sending?: Sending) =>
  new Hops(
    {
      config: configOf(),
      place: () => ({ origin: new URL(url).origin }),
      throughProxy: () => undefined,
      hasOwnHost: false,
    },
    sending,
  );

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: string;
  readonly fields: readonly string[];
}

/** A server that redirects all but what is at /to, and what came there. */
async function redirecting(status: number, location?: string) {
  const arrived: Seen[] = [];
  const { url } = await plainServer(async (request, response) => {
    const { method, url: path, headers } = request;
    if (!path?.startsWith('/to')) return response.writeHead(status, { Location: location ?? '/to?q' }).end();
    const fields = Object.keys(FIELDS).filter((name) => name.toLowerCase() in headers);
    arrived.push({ method, path, fields, body: await bodyOf(request) });
    return response.end();
  });
  return { url, arrived };
}

/** plainServer has let it flow, and nothing has come yet. */
const bodyOf = (request: http.IncomingMessage) => text(request.pause());

const requestTo = (url: string, method: string) =>
  new Request(`${url}/from`, { method, headers: FIELDS, ...(/GET|HEAD/.test(method) ? {} : { body: 'the body' }) });

async function followed(url: string, method: string, status: number, location = '/to?q') {
  const request = requestTo(url, method);
  return nextHop(request, { status, location }, hopsFrom(url), new SpareBody(request, true));
}

test.each(
  [301, 302, 303, 307, 308].flatMap((status) =>
    ['GET', 'HEAD', 'POST', 'PUT'].map((method) => [status, method] as const),
  ),
)('%i after %s: what is sent is what fetch sends', async (status, method) => {
  const { url, arrived } = await redirecting(status);
  await fetch(requestTo(url, method));
  await fetch(await followed(url, method, status));
  expect(arrived).toHaveLength(2);
  expect(arrived[1]).toEqual(arrived[0]);
});

test('another origin gets neither a credential nor a cookie, as from fetch', async () => {
  const other = await redirecting(307);
  const { url } = await redirecting(307, `${other.url}/to`);
  await fetch(requestTo(url, 'POST'));
  await fetch(await followed(url, 'POST', 307, `${other.url}/to`));
  const [judge, ours] = other.arrived;
  expect(ours).toEqual(judge);
  expect(ours?.fields).toEqual(['Content-Type', 'Content-Language', 'X-Own']);
});

test.each(['ftp://files.example/', 'data:text/plain,x'])('a redirect to %s fails as fetch does', async (location) => {
  const { url } = await redirecting(302, location);
  const judge = await fetch(requestTo(url, 'GET')).catch((error: unknown) => error);
  const ours = await followed(url, 'GET', 302, location).catch((error: unknown) => error);
  expect(ours).toBeInstanceOf(TypeError);
  expect(String(ours)).toBe(String(judge));
});

test('a body that is a stream cannot follow, unless the redirect makes a GET of it', async () => {
  const request = new Request('http://h/from', {
    method: 'POST',
    body: new Blob(['x']).stream(),
    duplex: 'half',
  } as RequestInit);
  const hop = (status: number) =>
    nextHop(request, { status, location: '/to' }, hopsFrom('http://h'), new SpareBody(request, false));
  await expect(hop(307)).rejects.toMatchObject({
    message: 'fetch failed',
    cause: { message: expect.stringContaining('stream') },
  });
  expect((await hop(303)).method).toBe('GET');
});

test('a spare body has the same bytes at each hop, and a request without a body has none', async () => {
  const request = requestTo('http://h', 'PUT');
  const spare = new SpareBody(request, true);
  await request.text();
  const [first, second] = [await spare.bytes(request), await spare.bytes(request)];
  expect([first, second].map((bytes) => Buffer.from(bytes as ArrayBuffer).toString())).toEqual([
    'the body',
    'the body',
  ]);
  const bare = requestTo('http://h', 'GET');
  expect(await new SpareBody(bare, true).bytes(bare)).toBeUndefined();
});

test('the hop has an authorization of its own', async () => {
  const place = { origin: 'http://h', url: 'http://h/from', pathname: '/from', method: 'GET', uri: '/from' };
  const asked: unknown[] = [];
  const sending: Sending = {
    target: place,
    authorizations: { origin: { value: 'first' }, proxy: undefined },
    authorizeHop: ({ target }) => {
      asked.push(target);
      return { origin: { value: 'second' }, proxy: undefined };
    },
  };
  const request = requestTo('http://h', 'GET');
  const spare = new SpareBody(request, true);
  const hop = await nextHop(request, { status: 302, location: '/to?q' }, hopsFrom('http://h', sending), spare);
  expect(hop.headers.get('authorization')).toBe('second');
  expect(asked).toMatchObject([{ url: 'http://h/to?q', method: 'GET', uri: '/to?q' }]);
});
