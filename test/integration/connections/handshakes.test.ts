/** A scheme that authorizes connections, from the challenge to the answer: the judge ties authentication to the socket. */

import { installAuth, staticCredential } from '../../../src/index.js';
import { legs, legsJudge } from '../../support/legs.js';
import { alice, bare, client } from '../../support/stage.js';

const schemes = () => [legs()];

test('all messages of a handshake go out on one connection, and the next request carries nothing', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  expect((await http.get('/one')).data.user).toBe('alice');
  expect((await http.get('/two')).data.user).toBe('alice');
  expect(judge.requests.map(({ socket, url, status }) => [socket, url, status])).toEqual([
    [1, '/one', 401],
    [2, '/one', 401],
    [2, '/one', 200],
    [2, '/two', 200],
  ]);
  expect(judge.requests.at(-1)?.authorization).toBeUndefined();
});

test('the body goes out once and whole, with the last message, and not with the first', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  const body = 'x'.repeat(100_000);
  await http.post('/up', body);
  expect(judge.requests.map(({ status, body }) => [status, body.length])).toEqual([
    [401, 100_000],
    [401, 0],
    [200, 100_000],
  ]);
});

test('twenty requests with a body at once: each is let in once, and whole', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  const bodies = Array.from({ length: 20 }, (_, number) => `body ${number}`);
  await Promise.all(bodies.map((body) => http.post('/up', body)));
  const letIn = judge.requests.filter(({ status }) => status === 200).map(({ body }) => body);
  expect(letIn.sort()).toEqual(bodies.sort());
});

test.each([20, 100])(
  '%i requests at once: each connection of the pool shakes hands once, cold, and never again, warm',
  async (count) => {
    const judge = await legsJudge();
    const http = client(judge.url, { schemes: schemes() });
    const all = () => Promise.all(Array.from({ length: count }, (_, number) => http.get(`/${number}`)));
    expect((await all()).map(({ data }) => data.user)).toEqual(Array(count).fill('alice'));
    // The first round is not known to need anything; what follows on the pool is counted apart.
    const bareSends = judge.requests.filter(
      ({ status, authorization }) => status === 401 && authorization === undefined,
    );
    expect([bareSends.length, judge.requests.length - bareSends.length]).toEqual([count, count + 8]);
    judge.requests.length = 0;
    await all();
    expect(judge.statuses()).toEqual(Array(count).fill(200));
  },
);

test('two users of one client are never taken for each other', async () => {
  const judge = await legsJudge();
  const http = bare(judge.url);
  installAuth(http, { schemes: schemes(), providers: [staticCredential(alice)] });
  const bob = [staticCredential({ username: 'bob', password: 'builder' })];
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, number) => {
      const own = number % 2 === 0 ? {} : { challenge: { providers: bob } };
      const { data } = await http.get(`/${number}`, own);
      return [number % 2 === 0 ? 'alice' : 'bob', data.user];
    }),
  );
  expect(answers.filter(([wanted, got]) => wanted !== got)).toEqual([]);
});
