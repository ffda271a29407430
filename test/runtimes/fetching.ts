/** The fetch adapter: the runtime's own fetch below axios. */

import assert from 'node:assert/strict';
import { story } from './play.js';
import { client, judge } from './stage.js';

const fetching = { adapter: 'fetch' };

for (const scheme of ['basic', 'digest'] as const) {
  story(`with the fetch adapter, ${scheme} is answered, then sent at once`, async () => {
    const server = await judge({ protect: { scheme } });
    const http = client(server.url, {}, fetching);
    await http.get('/a', { params: { q: "it's", x: 'ä b' } });
    await http.post('/b', { tea: 2 });
    assert.deepEqual(await server.statuses(), [401, 200, 200]);
  });
}

story('with the fetch adapter, a body is sent again', async () => {
  const server = await judge();
  await client(server.url, {}, fetching).post('/in', 'two cups');
  const bodies = (await server.requests()).map(({ body }) => Buffer.from(body, 'base64').toString());
  assert.deepEqual(bodies, ['two cups', 'two cups']);
});

story('with the fetch adapter, every hop of a redirect has its own header', async () => {
  const server = await judge({ protect: { scheme: 'digest' }, redirects: { '/from': '/to' } });
  await client(server.url, {}, fetching).get('/from');
  assert.deepEqual(await server.statuses(), [401, 302, 200]);
});
