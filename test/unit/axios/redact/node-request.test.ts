/** What Node and follow-redirects keep of a request, without its authorization: real requests, before and after. */

import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import {
  concealHop,
  concealNodeRequest,
  sentNoAuthorization,
  veilTunnel,
} from '../../../../src/axios/redact/node-request.js';
import { search } from '../../../support/reach.js';
import { afterwards, plainServer } from '../../../support/stage.js';

interface Redirectable extends http.ClientRequest {
  readonly _currentRequest: http.ClientRequest;
  readonly _options: object;
}

interface Redirecting {
  request(options: object): Redirectable;
}

const { http: redirecting } = createRequire(import.meta.url)('follow-redirects') as { http: Redirecting };

const SECRET = 'czNjcmV0';
const AUTHORIZATION = { Authorization: `Basic ${SECRET}` };

/** A server that redirects /from, and the authorizations that came to it. */
async function listening() {
  const came: Array<string | undefined> = [];
  const { url } = await plainServer((request, response) => {
    came.push(request.headers.authorization);
    if (request.url === '/from') response.writeHead(302, { Location: '/to' });
    response.end();
  });
  return { url, came };
}

async function answered(request: http.ClientRequest): Promise<http.ClientRequest> {
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  await once(response, 'end');
  return request;
}

test.each<[string, Record<string, string>, boolean]>([
  ['no authorization', {}, true],
  ['an authorization', AUTHORIZATION, false],
  ['one for a proxy', { 'Proxy-Authorization': 'Basic x' }, false],
])('whether a request is known to have sent none: %s', async (_, headers, expected) => {
  const { url } = await listening();
  const request = http.request(url, { headers, agent: false });
  expect(sentNoAuthorization(request)).toBe(false);
  expect(sentNoAuthorization(await answered(request))).toBe(expected);
});

test('of a request that was answered, the auth-scheme is left', async () => {
  const { url } = await listening();
  const request = await answered(http.request(url, { headers: AUTHORIZATION, agent: false }));
  expect(search({ request }, [SECRET]).found).not.toEqual([]);
  concealNodeRequest(request);
  expect(search({ request }, [SECRET]).found).toEqual([]);
  expect(request.getHeader('authorization')).toBe('Basic [hidden]');
});

test('a request that is yet to be sent is sent as it is', async () => {
  const { url, came } = await listening();
  const request = http.request(url, { headers: AUTHORIZATION, agent: false });
  concealNodeRequest(request);
  await answered(request);
  expect(came).toEqual([AUTHORIZATION.Authorization]);
});

test('of a request that was given up before it was sent, nothing is left that waits for a socket', async () => {
  const request = http.request('http://127.0.0.1:9/', { headers: AUTHORIZATION, agent: false });
  const closed = new Promise((resolve) => request.once('close', resolve));
  request.on('error', () => {}).end('the body');
  request.destroy();
  await closed;
  concealNodeRequest(request);
  expect(search({ request }, [SECRET]).found).toEqual([]);
});

/** A request through follow-redirects. */
async function followed(given: object, beforeRedirect: (options: object, request: Redirectable) => void = () => {}) {
  const { url, came } = await listening();
  const { hostname, port } = new URL(url);
  const agent = new http.Agent({ keepAlive: true });
  afterwards(() => agent.destroy());
  const request: Redirectable = redirecting.request({
    ...{ hostname, port, agent, ...given },
    beforeRedirect: (options: object) => beforeRedirect(options, request),
  });
  await answered(request);
  return { request, came };
}

test('of what follow-redirects keeps of a request, its options too, the password is gone', async () => {
  const { request, came } = await followed({ path: '/to', auth: 'alice:s3cret' });
  concealNodeRequest(request);
  const secrets = ['s3cret', Buffer.from('alice:s3cret').toString('base64')];
  expect(came).toEqual([`Basic ${secrets[1]}`]);
  expect(search({ options: request._options }, secrets).found).toEqual([]);
  expect(search({ last: request._currentRequest.getHeaders() }, secrets).found).toEqual([]);
});

test('the request that a redirect has ended is concealed, and the next hop has its authorization', async () => {
  const ended: http.ClientRequest[] = [];
  const { came } = await followed({ path: '/from', headers: AUTHORIZATION }, (options, request) => {
    ended.push(request._currentRequest);
    concealHop(options);
  });
  expect(ended.map((request) => request.getHeader('authorization'))).toEqual(['Basic [hidden]']);
  expect(came).toEqual([AUTHORIZATION.Authorization, AUTHORIZATION.Authorization]);
});

test('an agent that opens tunnels reads its authorization by name, and no log shows it', () => {
  const proxy = { host: 'proxy.example', auth: 'bob:s3cret', headers: { 'Proxy-Authorization': `Basic ${SECRET}` } };
  const request = { agent: { proxy } };
  veilTunnel(request);
  veilTunnel(request);
  const { host, auth, headers } = request.agent.proxy;
  expect({ host, auth, headers }).toEqual(proxy);
  expect(inspect(request, { depth: 9, showHidden: true }) + JSON.stringify(request)).not.toMatch(/s3cret|czNjcmV0/);
});
