/** SEC-44 A body is taken when the request is made, as axios takes it. */

import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { client, plainServer } from '../support/stage.js';

async function echo() {
  const bodies: string[] = [];
  const { url } = await plainServer(async (request, response) => {
    bodies.push(await text(request));
    response.end();
  });
  return { url, bodies };
}

// First, while nothing is loaded that answers challenges.
test('SEC-44 bytes that the caller overwrites after each call are sent as they were', async () => {
  const api = await echo();
  const http = client(api.url);
  const bytes = new Uint8Array(3);
  const sent = [...'abc'].map((letter) => http.post('/', bytes.fill(letter.charCodeAt(0))));
  await Promise.all(sent);
  expect(api.bodies.sort()).toEqual(['aaa', 'bbb', 'ccc']);
});

test('SEC-44 a form to which the caller adds after the call is sent without that', async () => {
  const api = await echo();
  const http = client(api.url);
  await sleep(500);
  const form = new FormData();
  form.append('a', '1');
  const sent = http.post('/', form);
  form.append('b', '2');
  await sent;
  expect(api.bodies[0]).toContain('name="a"');
  expect(api.bodies[0]).not.toContain('name="b"');
});
