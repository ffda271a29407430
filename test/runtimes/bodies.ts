/** What is sent again, byte for byte, and where a redirect leads. */

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { explain } from 'axios-challenge';
import { story } from './play.js';
import { client, judge, refused } from './stage.js';

const BYTES = Uint8Array.from({ length: 70_000 }, (_, at) => at % 251);
const TEXT = 'tea \u{1f375}, ä';

/** A stream of more than one piece, as a file has them. */
const stream = () => Readable.from([BYTES.slice(0, 30_000), BYTES.slice(30_000)].map((part) => Buffer.from(part)));

const BODIES: ReadonlyArray<readonly [name: string, body: () => unknown, bytes: Uint8Array]> = [
  ['a string', () => TEXT, Buffer.from(TEXT)],
  ['an object', () => ({ tea: 2 }), Buffer.from('{"tea":2}')],
  ['bytes', () => Buffer.from(BYTES), BYTES],
  ['URLSearchParams', () => new URLSearchParams({ tea: '2 cups' }), Buffer.from('tea=2+cups')],
  ['a stream', stream, BYTES],
];

for (const [name, body, bytes] of BODIES) {
  story(`${name} is sent again, byte for byte`, async () => {
    const server = await judge();
    await client(server.url).post('/in', body());
    assert.deepEqual(await server.statuses(), [401, 200]);
    const last = (await server.requests()).at(-1);
    assert.deepEqual(Buffer.from(last?.body ?? '', 'base64'), Buffer.from(bytes));
  });
}

story('a stream beyond bufferBody is not sent again: the caller has the 401, and the reason', async () => {
  const server = await judge();
  const error = await refused(client(server.url, { bufferBody: 1000 }).post('/in', stream()));
  assert.deepEqual(await server.statuses(), [401]);
  assert.match(explain(error), /ERR_AUTH_BODY/);
});

story('a redirect within the origin: every hop has its own header', async () => {
  const server = await judge({ protect: { scheme: 'digest' }, redirects: { '/from': '/to' } });
  const response = await client(server.url).get('/from');
  assert.equal(response.data.user, 'alice');
  assert.deepEqual(await server.statuses(), [401, 302, 200]);
  assert.deepEqual(
    (await server.requests()).map(({ violation }) => violation),
    [undefined, undefined, undefined],
  );
});

story('a redirect to another origin: its challenge is not answered', async () => {
  const other = await judge({ protect: { scheme: 'basic' } });
  const server = await judge({ protect: { scheme: 'basic' }, redirects: { '/from': `${other.url}/to` } });
  const error = await refused(client(server.url).get('/from'));
  assert.match(explain(error), /ERR_AUTH_ORIGIN/);
  assert.deepEqual(
    (await other.requests()).map(({ authorization }) => authorization),
    [undefined],
  );
});
