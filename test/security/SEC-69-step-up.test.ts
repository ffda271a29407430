/** SEC-69: a server that always wants more is not followed without end, and no provider is asked that did not say it can. */

import type { Provider } from '../../src/index.js';
import { client, plainServer } from '../support/stage.js';

const quiet = { validateStatus: null };

/** A server that lets nobody do anything, and names a scope for it. */
function greedy(scope: (times: number) => string, status = 403) {
  let times = 0;
  return plainServer(({ headers }, response) => {
    const isFirst = headers.authorization === undefined;
    times += 1;
    const error = status === 403 ? 'insufficient_scope' : 'insufficient_user_authentication';
    const field = isFirst ? 'Bearer' : `Bearer error="${error}", scope="${scope(times)}"`;
    response.writeHead(isFirst ? 401 : status, { 'WWW-Authenticate': field }).end();
  });
}

/** Gives another token each time. */
function issuer(members: Partial<Provider> = {}): Provider & { readonly asked: unknown[]; readonly told: string[] } {
  const [asked, told]: [unknown[], string[]] = [[], []];
  const get = () => ({ token: `t${asked.push(0)}` });
  return { name: 'issuer', asked, told, get, reject: () => void told.push('reject'), ...members };
}

test.each([403, 401])('SEC-69 a set of scopes is asked for once in a request (%i)', async (status) => {
  const api = await greedy(() => 'a', status);
  const tokens = issuer({ stepUp: true, interactive: true });
  const response = await client(api.url, { providers: [tokens] }, quiet).get('/');
  expect(response.status).toBe(status);
  expect(tokens.asked).toHaveLength(2);
  expect(api.requests).toHaveLength(3);
});

test('SEC-69 a server that wants another scope each time is followed twice', async () => {
  const api = await greedy((times) => `s${times}`);
  const tokens = issuer({ stepUp: true });
  await client(api.url, { providers: [tokens] }, quiet).get('/');
  expect(tokens.asked).toHaveLength(3);
  expect(api.requests).toHaveLength(4);
});

test.each([undefined, false, 'yes'])('SEC-69 a provider whose `stepUp` is %p is not asked for more', async (stepUp) => {
  const api = await greedy(() => 'a');
  const silent = issuer({ stepUp: stepUp as never });
  const person = issuer({ stepUp: stepUp as never, name: 'person', interactive: true });
  const response = await client(api.url, { providers: [silent, person] }, quiet).get('/');
  expect(response.status).toBe(403);
  expect(silent.asked).toHaveLength(1);
  expect(person.asked).toHaveLength(0);
});

test('SEC-69 among others, the one that can is asked alone, and nobody hears of a refusal', async () => {
  const api = await greedy(() => 'a');
  const [other, able] = [issuer({ name: 'other' }), issuer({ name: 'able', stepUp: true })];
  await client(api.url, { providers: [other, able] }, quiet).get('/');
  expect(other.asked).toHaveLength(1);
  // Whatever it gives first may be what the other has given.
  expect(able.asked).toHaveLength(1);
  expect([...other.told, ...able.told]).toEqual([]);
});
