/** Challenges and their answers, with the sends counted. */

import assert from 'node:assert/strict';
import { explain, trace } from 'axios-challenge';
import { story } from './play.js';
import { alice, client, judge, refused, spy } from './stage.js';

story('Basic is answered, then sent at once', async () => {
  const server = await judge({ protect: { scheme: 'basic' } });
  const http = client(server.url);
  assert.equal((await http.get('/a')).data.user, 'alice');
  await http.get('/b');
  assert.deepEqual(await server.statuses(), [401, 200, 200]);
});

story('a token is sent to Bearer', async () => {
  const server = await judge({ protect: { scheme: 'bearer' }, tokens: ['t0k3n'] });
  const { heard, provider } = spy({ token: 't0k3n' });
  await client(server.url, { providers: [provider] }).get('/a');
  assert.deepEqual(
    [await server.statuses(), heard],
    [
      [401, 200],
      ['get', 'approve'],
    ],
  );
});

for (const algorithm of ['MD5', 'SHA-256', 'SHA-512-256'] as const) {
  story(`Digest ${algorithm} takes one handshake, then each request one send`, async () => {
    const server = await judge({ protect: { scheme: 'digest', algorithm } });
    const { heard, provider } = spy();
    const http = client(server.url, { providers: [provider] });
    for (const path of ['/a', '/b?c=d', '/e%20f']) await http.get(path);
    assert.deepEqual(await server.statuses(), [401, 200, 200, 200]);
    assert.deepEqual(
      (await server.requests()).map(({ nc }) => nc),
      [undefined, 1, 2, 3],
    );
    assert.deepEqual(heard, ['get', 'approve']);
  });
}

story('twenty cold requests ask for a credential once, and no nonce count occurs twice', async () => {
  const server = await judge({ protect: { scheme: 'digest', sharedNonce: true } });
  const { heard, provider } = spy();
  const http = client(server.url, { providers: [provider] });
  await Promise.all(Array.from({ length: 20 }, (_, number) => http.get(`/${number}`)));
  assert.deepEqual(heard, ['get', 'approve']);
  const counts = (await server.requests()).filter(({ status }) => status === 200).map(({ nc }) => nc);
  assert.deepEqual([counts.length, new Set(counts).size], [20, 20]);
});

story('a stale nonce is answered again without another credential', async () => {
  const server = await judge({ protect: { scheme: 'digest', nonceUses: 1 } });
  const { heard, provider } = spy();
  const http = client(server.url, { providers: [provider] });
  await http.get('/a');
  await http.get('/b');
  assert.deepEqual(await server.statuses(), [401, 200, 401, 200]);
  assert.equal((await server.requests())[2]?.stale, true);
  assert.deepEqual(heard, ['get', 'approve']);
});

story('the strongest challenge is answered', async () => {
  const server = await judge({
    protect: [{ scheme: 'basic' }, { scheme: 'digest', algorithm: 'MD5' }, { scheme: 'digest', algorithm: 'SHA-256' }],
  });
  const response = await client(server.url).get('/a');
  assert.match(explain(response), /chose Digest SHA-256 \(passed over: .*Basic, weaker/);
  assert.deepEqual(await server.statuses(), [401, 200]);
});

story("a wrong password: the provider is told, explain() says it, and the 401 is the server's own", async () => {
  const server = await judge({ users: { alice: 'another' } });
  const { heard, provider } = spy(alice);
  const error = await refused(client(server.url, { providers: [provider] }).get('/a'));
  assert.equal(error.response?.status, 401);
  assert.deepEqual(await server.statuses(), [401, 401]);
  assert.ok(heard.includes('reject'));
  assert.match(explain(error), /ERR_AUTH_REFUSED/);
  assert.doesNotMatch(explain(error) + JSON.stringify(trace(error)), /wonderland/);
});

story('no credential: nothing is sent again, and explain() says why', async () => {
  const server = await judge();
  const error = await refused(client(server.url, { providers: [] }).get('/a'));
  assert.deepEqual(await server.statuses(), [401]);
  assert.match(explain(error), /ERR_AUTH_NONE/);
});

story('preemptive: false waits for each challenge', async () => {
  const server = await judge({ protect: { scheme: 'basic' } });
  const http = client(server.url, { preemptive: false });
  for (const path of ['/a', '/b']) await http.get(path);
  assert.deepEqual(await server.statuses(), [401, 200, 401, 200]);
});

story('what is forgotten is asked for again', async () => {
  const server = await judge();
  const { heard, provider } = spy();
  const http = client(server.url, { providers: [provider] });
  await http.get('/a');
  http.handle.forget();
  await http.get('/b');
  assert.deepEqual(await server.statuses(), [401, 200, 401, 200]);
  assert.equal(heard.filter((verb) => verb === 'get').length, 2);
});
