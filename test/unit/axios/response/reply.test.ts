/** A response of axios as the exchange sees it: real responses of axios's own adapters, and of an adapter function. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosReply, type RepliedSend } from '../../../../src/axios/response/reply.js';
import { Hops } from '../../../../src/axios/send/redirects.js';
import type { Sending, Target } from '../../../../src/exchange/port/transport.js';
import { configOf } from '../../../support/axios-config.js';
import { bare, plainServer } from '../../../support/stage.js';

const authorization = { value: 'Basic x' };
const toProxy = { value: 'Basic p' };

function targetOf(url: string): Target {
  return { origin: url, url: `${url}/a`, pathname: '/a', method: 'GET', uri: '/a' };
}

/** A response, as the reply to a send that was authorized to the origin and to the proxy. */
function replyOf(response: AxiosResponse, url: string, changes: Partial<RepliedSend> = {}) {
  const target = targetOf(url);
  const config: InternalAxiosRequestConfig = changes.config ?? configOf({ url: target.url });
  const authorizations = { origin: authorization, proxy: toProxy };
  const sending: Sending = { target, authorizations, authorizeHop: () => authorizations };
  const context = { config, place: () => ({ origin: url }), throughProxy: () => undefined, hasOwnHost: false };
  const hops = new Hops(context, sending);
  const once = { opened: undefined, visited: [], isOnce: false, lend: () => {}, proxy: () => undefined };
  const sent = { config, began: 0, target: () => target, hops, ...once, ...changes };
  return { reply: new AxiosReply({ ok: true, response }, response, sent), hops };
}

/** A response from the wire. */
async function answered(status: number, headers: Record<string, string | string[]> = {}, body = '') {
  const { url } = await plainServer((_, response) => response.writeHead(status, headers).end(body));
  return { url, response: await bare(url).get('/a', { validateStatus: null, responseType: 'arraybuffer' }) };
}

test('what a 401 says: each line of its challenges, who answered, and which authorization got it', async () => {
  const lines = ['Basic realm="a', 'Digest realm="b", nonce="n"'];
  const { url, response } = await answered(401, { 'WWW-Authenticate': lines });
  const { reply } = replyOf(response, url);
  expect([reply.status, reply.challenges, reply.authorization]).toEqual([401, lines, authorization]);
  expect(reply.target).toEqual(targetOf(url));
  expect([reply.isExposed, reply.visited, reply.isKept]).toEqual([false, [], false]);
});

test('what a success says: the proof, and the bytes that it covers', async () => {
  const { url, response } = await answered(200, { 'Authentication-Info': 'rspauth="r"' }, 'Grüße');
  const { reply } = replyOf(response, url);
  expect(reply.authenticationInfo).toBe('rspauth="r"');
  expect(Buffer.from(reply.body() ?? []).toString()).toBe('Grüße');
});

test('an authorization that a redirect led to another origin has not reached who answered, even back at the first', async () => {
  const { url, response } = await answered(200);
  const { reply, hops } = replyOf(response, url);
  hops.follow({ href: 'https://other.example/', headers: {} });
  hops.follow({ href: `${url}/a`, headers: {} });
  expect(reply.authorization).toBeUndefined();
});

test("the proxy's reply has its own fields, its own authorization, and the request as the proxy saw it", async () => {
  const { url, response } = await answered(407, {
    'Proxy-Authenticate': 'Basic realm="p"',
    'Proxy-Authentication-Info': 'nc=1',
  });
  const server = { origin: 'http://proxy.example:3128', credential: undefined };
  const { reply } = replyOf(response, url, { proxy: () => server });
  const { challenges, authenticationInfo, authorization: sent, target, status } = reply.proxy ?? reply;
  expect([status, challenges, authenticationInfo, sent]).toEqual([407, 'Basic realm="p"', 'nc=1', toProxy]);
  expect(target).toMatchObject({ origin: server.origin, method: 'GET', uri: `${url}/a` });
  expect(reply.challenges).toBeUndefined();
});

test('where no proxy is known, there is no reply of one', async () => {
  const { url, response } = await answered(407);
  expect(replyOf(response, url).reply.proxy).toBeUndefined();
});

test('a response that an adapter gives again is from a cache, and no server has seen the authorization', () => {
  const adapter = () => Promise.reject(new Error('not called'));
  const url = 'https://files.example';
  const config = configOf({ url: `${url}/a`, adapter });
  const response = { status: 200, headers: {}, data: '', config, request: { responseURL: `${url}/a` } } as never;
  const [first, second] = [replyOf(response, url, { config }), replyOf(response, url, { config })];
  expect([first.reply.isKept, first.reply.authorization]).toEqual([false, authorization]);
  expect([second.reply.isKept, second.reply.authorization]).toEqual([true, undefined]);
});

test('redirects that an adapter followed by itself may have led anywhere', () => {
  const url = 'https://files.example';
  const config = configOf({ url: `${url}/a`, adapter: () => Promise.reject() });
  const response = { status: 401, headers: {}, config, request: { responseURL: `${url}/b` } } as never;
  const { reply } = replyOf(response, url, { config, visited: ['https://before.example'] });
  expect(reply.visited).toEqual(['https://before.example', 'an unknown place']);
  expect(reply.authorization).toBeUndefined();
});

test('a streamed body is freed, and can still be read', async () => {
  const { url } = await plainServer((_, response) => response.writeHead(401).end('refused'));
  const response = await bare(url).get('/a', { validateStatus: null, responseType: 'stream' });
  const { reply } = replyOf(response, url, { began: performance.now() });
  const fromWire = response.data;
  await reply.free();
  expect(fromWire.readableEnded).toBe(true);
  expect(Buffer.concat(await response.data.toArray()).toString()).toBe('refused');
  await reply.discard();
});
