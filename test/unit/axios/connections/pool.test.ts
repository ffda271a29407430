/** The connections of one bond: a few at once, in order, and none of them kept without need. */

import http from 'node:http';
import https from 'node:https';
import { jest } from '@jest/globals';
import type { InternalAxiosRequestConfig } from 'axios';
import { bondName, wayName } from '../../../../src/axios/connections/names.js';
import { OwnConnection } from '../../../../src/axios/connections/own-connection.js';
import { Pool } from '../../../../src/axios/connections/pool.js';
import { Pools } from '../../../../src/axios/connections/pools.js';
import { Abandoned } from '../../../../src/base/abort.js';
import type { Bond } from '../../../../src/exchange/port/pinning.js';
import { basic } from '../../../../src/schemes/basic.js';

const source = new http.Agent();
const FOREVER = { timeout: 0, signal: undefined };

function pool(size: number) {
  const made: OwnConnection[] = [];
  const emptied = jest.fn();
  const make = () => {
    const connection = new OwnConnection(source, false);
    made.push(connection);
    return connection;
  };
  return { pool: new Pool(size, make, emptied), made, emptied };
}

/** Takes one, and has it authenticated. */
async function taken({ pool }: { readonly pool: Pool }): Promise<OwnConnection> {
  const connection = (await pool.take(false, FOREVER)) as OwnConnection;
  connection.letInBy.add('origin');
  return connection;
}

test('the connection used last is the next to be used', async () => {
  const it = pool(3);
  const [one, other] = [await taken(it), await taken(it)];
  it.pool.give(other, true);
  it.pool.give(one, true);
  expect(await taken(it)).toBe(one);
  expect(await taken(it)).toBe(other);
  expect(it.made).toHaveLength(2);
  it.pool.close();
});

test('no more than its size are open; those who wait are served in order', async () => {
  const it = pool(1);
  const first = await taken(it);
  const order: string[] = [];
  const waiting = ['a', 'b'].map(async (name) => {
    const connection = (await it.pool.take(false, FOREVER)) as OwnConnection;
    order.push(name);
    it.pool.give(connection, true);
    return connection;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([order, it.made.length]).toEqual([[], 1]);
  it.pool.give(first, true);
  expect(await Promise.all(waiting)).toEqual([first, first]);
  expect(order).toEqual(['a', 'b']);
  it.pool.close();
});

test('what is not kept makes place for a new one', async () => {
  const it = pool(1);
  const first = await taken(it);
  const waiting = it.pool.take(false, FOREVER);
  it.pool.give(first, false);
  const second = await waiting;
  expect(second).not.toBe(first);
  expect([first.isClosed, second?.isAuthenticated]).toEqual([true, false]);
  it.pool.close();
});

test('who wants a new one gets no other, even if all places are taken by idle ones', async () => {
  const it = pool(1);
  const first = await taken(it);
  it.pool.give(first, true);
  const second = (await it.pool.take(true, FOREVER)) as OwnConnection;
  expect([second.isAuthenticated, first.isClosed, it.made.length]).toEqual([false, true, 2]);
  const waiting = it.pool.take(true, FOREVER);
  second.letInBy.add('origin');
  it.pool.give(second, true);
  expect([(await waiting)?.isAuthenticated, second.isClosed, it.made.length]).toEqual([false, true, 3]);
  it.pool.close();
});

test('a wait ends with the time or with the caller, and leaves no place in the queue', async () => {
  const it = pool(1);
  const first = await taken(it);
  expect(await it.pool.take(false, { timeout: 5, signal: undefined })).toBeUndefined();
  const controller = new AbortController();
  const left = it.pool.take(false, { timeout: 0, signal: controller.signal });
  controller.abort();
  await expect(left).rejects.toThrow(Abandoned);
  it.pool.give(first, true);
  expect(await taken(it)).toBe(first);
  it.pool.close();
});

test('one that is handed over as its request leaves goes to the next', async () => {
  const it = pool(1);
  const first = await taken(it);
  const controller = new AbortController();
  const left = it.pool.take(false, { timeout: 0, signal: controller.signal });
  const next = it.pool.take(false, FOREVER);
  it.pool.give(first, true);
  controller.abort();
  await expect(left).rejects.toThrow(Abandoned);
  expect(await next).toBe(first);
  it.pool.close();
});

test('an idle connection is closed after four seconds', async () => {
  jest.useFakeTimers();
  const it = pool(1);
  const first = await taken(it);
  it.pool.give(first, true);
  jest.advanceTimersByTime(3999);
  expect(first.isClosed).toBe(false);
  jest.advanceTimersByTime(1);
  jest.useRealTimers();
  expect(first.isClosed).toBe(true);
  expect(it.emptied).toHaveBeenCalled();
});

test('a connection in use is not closed by the timer of its last rest', async () => {
  jest.useFakeTimers();
  const it = pool(1);
  it.pool.give(await taken(it), true);
  const again = await taken(it);
  jest.advanceTimersByTime(10_000);
  jest.useRealTimers();
  expect(again.isClosed).toBe(false);
  it.pool.close();
});

test('a pool that was closed keeps nothing, and gives nothing', async () => {
  const it = pool(2);
  const [busy, idle] = [await taken(it), await taken(it)];
  it.pool.give(idle, true);
  await taken(it);
  const waiting = it.pool.take(false, FOREVER);
  it.pool.close();
  expect(await waiting).toBeUndefined();
  expect(await it.pool.take(false, FOREVER)).toBeUndefined();
  it.pool.give(busy, true);
  expect(busy.isClosed).toBe(true);
});

describe('the pools of a client', () => {
  const scheme = basic();
  const alice = { username: 'alice', password: 'wonderland' };
  const bond: Bond = { origin: 'https://a.example', isProxy: false, realm: 'r', scheme, credential: alice };
  const way = { name: 'way', size: 2, isFirm: true, open: () => new OwnConnection(source, false) };

  test.each<[string, Partial<Bond>]>([
    ['origin', { origin: 'https://b.example' }],
    ['side', { isProxy: true }],
    ['realm', { realm: 's' }],
    ['scheme object', { scheme: basic() }],
    ['user', { credential: { ...alice, username: 'bob' } }],
    ['password', { credential: { ...alice, password: 'x' } }],
    ['kind of credential', { credential: { token: 'wonderland' } }],
  ])('another %s is another pool', (_, change) => {
    const pools = new Pools();
    expect(pools.of([{ ...bond, ...change }], way)).not.toBe(pools.of([bond], way));
    expect(pools.of([{ ...bond, credential: { ...alice } }], way)).toBe(pools.of([bond], way));
    expect(pools.of([bond], { ...way, name: 'another way' })).not.toBe(pools.of([bond], way));
  });

  test('no name shows what a person holds, or what an agent does', () => {
    const agent = new https.Agent({ passphrase: 'pa55phrase', pfx: Buffer.from('pa55phrase') });
    const config = { lookup: () => {} } as unknown as InternalAxiosRequestConfig;
    const names = [bondName(bond), wayName(agent, config, 'pa55phrase')].join();
    const secrets = ['wonderland', 'pa55phrase'].flatMap((text) => [text, Buffer.from(text).toString('base64')]);
    expect(secrets.filter((secret) => names.includes(secret))).toEqual([]);
  });

  test.each<[string, https.AgentOptions, https.AgentOptions, boolean]>([
    ['the same options', { ca: 'one', rejectUnauthorized: true }, { rejectUnauthorized: true, ca: 'one' }, true],
    ['other sizes', { maxSockets: 1, keepAlive: true }, { maxSockets: 2 }, true],
    ['another CA', { ca: 'one' }, { ca: 'other' }, false],
    ['the same CA in bytes', { ca: Buffer.from('one') }, { ca: Buffer.from('one') }, true],
    ['another CA in bytes', { ca: [Buffer.from('one')] }, { ca: [Buffer.from('other')] }, false],
    ['no check', { rejectUnauthorized: true }, { rejectUnauthorized: false }, false],
    [
      'another function that checks',
      { checkServerIdentity: () => undefined },
      { checkServerIdentity: () => undefined },
      false,
    ],
    ['a client certificate', {}, { cert: 'mine', key: 'mine' }, false],
    ['another address of this machine', {}, { localAddress: '127.0.0.2' } as https.AgentOptions, false],
  ])('agents with %s', (_, one, other, isSame) => {
    const config = {} as InternalAxiosRequestConfig;
    const [first, second] = [one, other].map((options) => wayName(new https.Agent(options), config, undefined));
    expect(first === second).toBe(isSame);
  });

  test('another Host, another lookup and another createConnection are other ways', () => {
    const [agent, config] = [new https.Agent(), {} as InternalAxiosRequestConfig];
    const own = Object.assign(new https.Agent(), { createConnection: () => undefined });
    const lookup = { lookup: () => {} } as unknown as InternalAxiosRequestConfig;
    const names = [
      wayName(agent, config, undefined),
      wayName(agent, config, 'other.example'),
      wayName(agent, lookup, undefined),
      wayName(own as unknown as https.Agent, config, undefined),
    ];
    expect(new Set(names).size).toBe(4);
  });

  test('an origin, or a bond, is closed, and the others are not', async () => {
    const pools = new Pools();
    const other = { ...bond, origin: 'https://b.example' };
    const bobs = { ...bond, credential: { ...alice, username: 'bob' } };
    const [mine, elsewhere, bob] = [bond, other, bobs].map((one) => pools.of([one], way)) as [Pool, Pool, Pool];
    pools.close(bobs);
    expect([mine, elsewhere, bob].map(({ isClosed }) => isClosed)).toEqual([false, false, true]);
    pools.forget('https://a.example');
    expect([mine, elsewhere].map(({ isClosed }) => isClosed)).toEqual([true, false]);
    pools.forget();
    expect(elsewhere.isClosed).toBe(true);
    expect(pools.of([bond], way)).not.toBe(mine);
  });

  test('a pool without connections is not remembered', async () => {
    const pools = new Pools();
    const pool = pools.of([bond], way);
    const connection = (await pool.take(false, FOREVER)) as OwnConnection;
    pool.give(connection, false);
    expect(pools.of([bond], way)).not.toBe(pool);
  });
});
