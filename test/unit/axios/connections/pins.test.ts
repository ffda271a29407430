/** The connection of one request: which sends take it, and what becomes of it. */

import http from 'node:http';
import type { InternalAxiosRequestConfig } from 'axios';
import type { Front } from '../../../../src/axios/connections/front.js';
import { Pins } from '../../../../src/axios/connections/pins.js';
import { Pools } from '../../../../src/axios/connections/pools.js';
import { CutOff } from '../../../../src/exchange/port/cut-off.js';
import type { Sending, Target } from '../../../../src/exchange/port/transport.js';
import { basic } from '../../../../src/schemes/basic.js';
import { afterwards, plainServer, until } from '../../../support/stage.js';

const origin = 'http://a.example';
const target: Target = { origin, url: `${origin}/`, pathname: '/', method: 'GET', uri: '/' };
const bond = {
  origin,
  isProxy: false,
  realm: '',
  scheme: basic(),
  credential: { username: 'alice', password: 'wonderland' },
};

const NO_PROXY = { proxyFor: () => undefined, opensTunnels: () => false, hasAuthorizedTunnel: () => false };

function pins(config: Partial<InternalAxiosRequestConfig> = {}): Pins {
  const pools = new Pools();
  afterwards(() => pools.forget());
  const given = { headers: {}, ...config } as InternalAxiosRequestConfig;
  const address = () => new URL(target.url);
  return new Pins({ config: given, pools, address, ...NO_PROXY, timeout: 0, signal: () => undefined });
}

const sendingTo = (to: Target, value?: string): Sending => ({
  target: to,
  authorizations: { origin: value === undefined ? undefined : { value }, proxy: undefined },
  authorizeHop: () => ({ origin: undefined, proxy: undefined }),
});

test('a send takes the connection after pin(), and until unpin()', async () => {
  const own = pins();
  expect(own.frontFor(sendingTo(target))).toBeUndefined();
  expect(await own.pin(bond, target, false)).toBe('open');
  expect(own.frontFor(sendingTo(target, 'Legs x'))).toMatchObject({ isTunnel: false, isForOrigin: true });
  own.unpin();
  expect(own.frontFor(sendingTo(target, 'Legs x'))).toBeUndefined();
});

test.each([
  ['the origin', false],
  ['the proxy', true],
])('a message for %s whose connection was given back goes nowhere else', async (_, isProxy) => {
  const own = pins();
  await own.pin({ ...bond, isProxy }, target, false);
  own.unpin(!isProxy);
  const authorization = { value: 'Legs x' };
  const sending = {
    ...sendingTo(target),
    authorizations: { origin: isProxy ? undefined : authorization, proxy: isProxy ? authorization : undefined },
  };
  expect(() => own.frontFor(sending)).toThrow(CutOff);
});

test('a send to another origin does not take it, whatever it carries', async () => {
  const own = pins();
  await own.pin(bond, target, false);
  const other = { ...target, origin: 'http://b.example', url: 'http://b.example/' };
  expect(own.frontFor(sendingTo(other, 'Basic x'))).toBeUndefined();
  expect(own.frontFor(sendingTo(other))).toBeUndefined();
});

test('a connection whose send ended without a response is closed, whatever the server has sent of it', async () => {
  const { url, requests } = await plainServer((_, response) => void response.writeHead(200).write('part'));
  const own = pins();
  await own.pin(bond, target, false);
  const { agent } = own.frontFor(sendingTo(target, 'Legs x')) as Front;
  const request = http.get(url, { agent });
  request.on('error', () => {});
  const response = await new Promise<http.IncomingMessage>((resolve) => request.on('response', resolve));
  response.on('error', () => {});
  own.end({ ok: false, error: new Error('the adapter gave up') });
  await until(() => requests[0]?.socket.destroyed === true);
});

test('as many connections as the agent of the caller may have, or eight', async () => {
  for (const [httpAgent, size] of [
    [new http.Agent({ maxSockets: 2 }), 2],
    [new http.Agent(), 8],
  ] as const) {
    const pools = new Pools();
    afterwards(() => pools.forget());
    const config = { headers: {}, httpAgent } as unknown as InternalAxiosRequestConfig;
    const address = () => new URL(target.url);
    const input = { config, pools, address, ...NO_PROXY, timeout: 5, signal: () => undefined };
    const pinned = await Promise.all(Array.from({ length: size + 1 }, () => new Pins(input).pin(bond, target, false)));
    expect(pinned).toEqual([...Array(size).fill('open'), 'absent']);
  }
});

test('an agent with another limit has connections of its own, as many as it says', async () => {
  const pools = new Pools();
  afterwards(() => pools.forget());
  const address = () => new URL(target.url);
  const pinned = (maxSockets: number) => {
    const config = { headers: {}, httpAgent: new http.Agent({ maxSockets }) } as unknown as InternalAxiosRequestConfig;
    return new Pins({ config, pools, address, ...NO_PROXY, timeout: 5, signal: () => undefined }).pin(
      bond,
      target,
      false,
    );
  };
  expect([await pinned(1), await pinned(1), await pinned(2)]).toEqual(['open', 'absent', 'open']);
});
