/** A password that may be wrong is not sent next to itself, nor again and again without an answer (SEC-37). */

import { createHash, createHmac } from 'node:crypto';
import type http from 'node:http';
import { fingerprint } from '../../src/axios/parties/fingerprint.js';
import { Refusals } from '../../src/exchange/memory/refusals.js';
import { explain, staticCredential } from '../../src/index.js';
import { afterwards, alice, client, failure, plainServer, spy, until } from '../support/stage.js';

const times = (count: number) => Array.from({ length: count }, (_, i) => i);
const quiet = { validateStatus: null };
const FEW = 3;

const sent = (requests: readonly http.IncomingMessage[]) =>
  requests.filter(({ headers }) => headers.authorization).length;

/** Keeps every authorized request waiting until `answer` is called, and asks the others for a password. */
async function slow(challenge: () => string = () => 'Basic realm="files"') {
  const held: http.ServerResponse[] = [];
  const { url, requests } = await plainServer((request, response) => {
    if (request.headers.authorization) held.push(response);
    else response.writeHead(401, { 'WWW-Authenticate': challenge() }).end();
  });
  afterwards(() => held.map((response) => response.destroy()));
  const answer = (status: number) => {
    for (const response of held.splice(0))
      response.writeHead(status, status === 401 ? { 'WWW-Authenticate': challenge() } : {}).end();
  };
  return { url, requests, held, answer };
}

const settled = (requests: ReadonlyArray<Promise<unknown>>) => Promise.allSettled(requests);

test.each(['one after another', 'at once'])('SEC-37 a timeout before each refusal, %s: a few sends', async (how) => {
  const { url, requests } = await slow();
  const provider = spy(alice);
  const instance = client(url, { providers: [provider] }, { timeout: 100 });
  if (how === 'at once') await settled(times(20).map((i) => instance.get(`/${i}`)));
  else for (const i of times(20)) await instance.get(`/${i}`).catch(() => {});
  expect(sent(requests)).toBeLessThanOrEqual(FEW);
  // On a busy machine some ran out of time before they were asked for a password.
  while (sent(requests) < FEW) await instance.get('/more').catch(() => {});
  const error = await failure(instance.get('/', { timeout: 0 }));
  expect(explain(error)).toContain('gave what was sent 3 times and never answered: it waits for a while');
  expect(provider.told).toEqual([]);
});

test('SEC-37 a new realm each time allows no more sends', async () => {
  let count = 0;
  const { url, requests } = await slow(() => `Basic realm="${++count}"`);
  const instance = client(url, {}, { timeout: 100 });
  for (const i of times(20)) await instance.get(`/${i}`).catch(() => {});
  await settled(times(20).map((i) => instance.get(`/${i}`)));
  expect(sent(requests)).toBeLessThanOrEqual(FEW);
});

test('SEC-37 own providers of each request allow no more sends', async () => {
  const { url, requests } = await slow();
  const instance = client(url, { providers: [] }, { timeout: 100 });
  const visit = () => instance.get('/', { challenge: { providers: [staticCredential(alice)] } }).catch(() => {});
  for (const _ of times(10)) await visit();
  await Promise.all(times(10).map(visit));
  expect(sent(requests)).toBeLessThanOrEqual(FEW);
});

test.each([
  ['callers who leave', (response: http.ServerResponse, leave: () => void) => [leave(), response]],
  ['connections that break', (response: http.ServerResponse) => response.destroy()],
  ['a gateway that waits no longer', (response: http.ServerResponse) => response.writeHead(504).end()],
])('SEC-37 %s do not count as an answer', async (_, end) => {
  let leave = () => {};
  const { url, requests } = await plainServer((request, response) => {
    if (request.headers.authorization) end(response, leave);
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="files"' }).end();
  });
  const instance = client(url, {}, quiet);
  for (const i of times(20)) {
    const controller = new AbortController();
    leave = () => controller.abort();
    await instance.get(`/${i}`, { signal: controller.signal }).catch(() => {});
  }
  expect(sent(requests)).toBe(FEW);
});

test.each([500, 503, 429])('SEC-37 a %i counts as an answer', async (status) => {
  const statuses = times(8).map(() => status);
  const { url } = await plainServer((request, response) => {
    if (request.headers.authorization) response.writeHead(statuses.shift() ?? 200).end();
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="files"' }).end();
  });
  const instance = client(url, {}, quiet);
  for (const _ of times(8)) expect((await instance.get('/')).status).toBe(status);
  expect((await instance.get('/')).status).toBe(200);
});

test('SEC-37 without a timeout the other requests wait for the answer, and use the accepted password', async () => {
  const { url, requests, held, answer } = await slow();
  const instance = client(url);
  const all = times(15).map((i) => instance.get(`/${i}`));
  await until(() => requests.length === 16);
  expect(held).toHaveLength(1);
  const answering = setInterval(() => answer(200), 5);
  afterwards(() => clearInterval(answering));
  expect((await Promise.all(all)).map(({ status }) => status)).toEqual(times(15).map(() => 200));
});

test('SEC-37 without a timeout a wrong password is sent a few times, however long the refusal takes', async () => {
  const { url, requests, held, answer } = await slow();
  const instance = client(url, {}, quiet);
  const all = times(15).map((i) => instance.get(`/${i}`));
  await until(() => held.length === FEW);
  // Longer than anybody waits before trying next to it.
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect(sent(requests)).toBe(FEW);
  answer(401);
  expect((await Promise.all(all)).map(({ status }) => status)).toEqual(times(15).map(() => 401));
  expect(sent(requests)).toBe(FEW);
});

test('SEC-37 a request with a timeout gets the 401, and the reason, if too many sends are under way', async () => {
  const { url, requests, held, answer } = await slow();
  const instance = client(url);
  const first = instance.get('/');
  await until(() => held.length === 1);
  const others = [instance.get('/1', { timeout: 5000 })];
  // Heard also where the test fails before it waits for them.
  for (const one of [first, ...others]) one.catch(() => {});
  await instance.get('/2', { timeout: 100 }).catch(() => {});
  await instance.get('/3', { timeout: 100 }).catch(() => {});
  const error = await failure(instance.get('/4', { timeout: 100 }));
  expect(sent(requests)).toBeLessThanOrEqual(FEW);
  expect(explain(error)).toMatch(/the server has not yet said whether it is right|it waits for a while/);
  answer(200);
  expect((await first).status).toBe(200);
  const answering = setInterval(() => answer(200), 5);
  afterwards(() => clearInterval(answering));
  for (const { status } of await Promise.all(others)) expect(status).toBe(200);
  expect((await instance.get('/5', { timeout: 2000 })).status).toBe(200);
});

describe('SEC-37 what is remembered', () => {
  const MINUTE = 60_000;
  const place = { origin: 'https://files.example', realm: 'r' };
  const miss = (refusals: Refusals, now: number) => {
    const reputation = refusals.of(place, alice, now);
    const trial = reputation.begin();
    trial.isOut = true;
    reputation.end(trial, now);
  };

  test('SEC-37 a password without an answer waits longer each time, and an acceptance ends the wait', () => {
    const refusals = new Refusals(String);
    const isHeld = (now: number) => refusals.of(place, alice, now).objection(now) !== undefined;
    for (const _ of times(FEW)) miss(refusals, 0);
    expect([isHeld(0), isHeld(MINUTE - 1), isHeld(MINUTE)]).toEqual([true, true, false]);
    miss(refusals, MINUTE);
    expect([isHeld(4 * MINUTE), isHeld(5 * MINUTE)]).toEqual([true, false]);
    miss(refusals, 5 * MINUTE);
    expect([isHeld(19 * MINUTE), isHeld(20 * MINUTE)]).toEqual([true, false]);
    refusals.of(place, alice, 19 * MINUTE).accept();
    expect(isHeld(19 * MINUTE)).toBe(false);
  });

  test('SEC-37 refusals are bounded in number, and no origin displaces refusals of another origin', () => {
    const refusals = new Refusals(String);
    const refuse = (origin: string, username: string) =>
      refusals.of({ origin, realm: 'r' }, { username, password: 'p' }, 0).refuse(0, false);
    refuse('https://first.example', 'alice');
    for (const i of times(10_000)) refuse('https://many.example', `user${i}`);
    const objection = (origin: string, username: string) =>
      refusals.of({ origin, realm: 'r' }, { username, password: 'p' }, 1).objection(1);
    expect(objection('https://first.example', 'alice')).toBeDefined();
    expect(objection('https://many.example', 'user9999')).toBeDefined();
    expect(objection('https://many.example', 'user0')).toBeUndefined();
  });

  test('SEC-37 a refusal is remembered by a name that gives no password away', () => {
    const name = fingerprint(JSON.stringify(['alice', 'wonderland']));
    expect(name).toMatch(/^[\w+/]{43}=$/);
    expect(fingerprint(JSON.stringify(['alice', 'wonderland']))).toBe(name);
    expect(fingerprint(JSON.stringify(['alice', 'Wonderland']))).not.toBe(name);
    // Without the key of the process it cannot be looked up in a table.
    const text = JSON.stringify(['alice', 'wonderland']);
    const known = [createHash('sha256'), createHmac('sha256', ''), createHmac('sha256', text)];
    expect(known.map((hash) => hash.update(text).digest('base64'))).not.toContain(name);
  });
});
