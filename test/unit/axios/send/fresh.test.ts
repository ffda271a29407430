/** A send on a new connection, in the time that is left; the judge is an agent of Node. */

import { once } from 'node:events';
import http from 'node:http';
import { currentRequest, freshen } from '../../../../src/axios/send/fresh.js';
import { configOf } from '../../../support/axios-config.js';
import { afterwards, plainServer, until } from '../../../support/stage.js';

test.each([
  ['what is left', 1000, 300.2, 700],
  ['a millisecond at least', 1000, 5000, 1],
  ['no limit, as before', 0, 5000, 0],
])('the timeout of the caller leaves %s', (_, timeout, spent, left) => {
  const copy = configOf({ timeout });
  freshen(copy, { request: undefined, spent });
  expect(copy.timeout).toBe(left);
});

const hop = { agent: new http.Agent() };

test.each([
  ['a request of Node', hop, hop],
  ['the last hop behind follow-redirects', { _currentRequest: hop }, hop],
  ['nothing', undefined, undefined],
  ['null', null, undefined],
])('the current request of %s', (_, request, current) => {
  expect(currentRequest(request)).toBe(current);
});

/** An agent that keeps connections, and a request to a server that has ended: its connection is idle. */
async function idle() {
  const agent = new http.Agent({ keepAlive: true });
  afterwards(() => agent.destroy());
  const { url, requests } = await plainServer((_, response) => response.end());
  const get = async (used: http.Agent | undefined, to = url) => {
    const request = http.get(to, { agent: used });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const { socket } = request;
    response.resume();
    await once(response, 'end');
    await until(() =>
      Object.values(agent.freeSockets)
        .flat()
        .includes(socket as never),
    );
    return { request, socket };
  };
  const connections = () => new Set(requests.map(({ socket }) => socket.remotePort)).size;
  return { agent, get, connections };
}

test('the idle connection to that place is closed, and a new one is used, of the same agent', async () => {
  const { agent, get, connections } = await idle();
  const first = await get(agent);
  const copy = configOf({ httpAgent: agent });
  freshen(copy, { request: first.request, spent: 0 });
  const { request } = await get(copy.httpAgent);
  expect(connections()).toBe(2);
  expect(first.socket?.destroyed).toBe(true);
  expect((request as { agent?: unknown }).agent).toBe(agent);
});

test('the idle connections to other places stay', async () => {
  const { agent, get } = await idle();
  const other = await plainServer((_, response) => response.end());
  const kept = await get(agent, other.url);
  const copy = configOf({ httpAgent: agent });
  freshen(copy, { request: (await get(agent)).request, spent: 0 });
  await get(copy.httpAgent);
  expect(kept.socket?.destroyed).toBe(false);
});

test('without an agent of the caller it is the one of Node; an agent of a tunnel is left alone', () => {
  const copy = configOf();
  freshen(copy, { request: { agent: http.globalAgent }, spent: 0 });
  expect(copy.httpAgent).toBeInstanceOf(http.Agent);
  const tunnelled = configOf({ httpsAgent: new http.Agent() });
  const { httpsAgent } = tunnelled;
  freshen(tunnelled, { request: { agent: new http.Agent() }, spent: 0 });
  expect([tunnelled.httpAgent, tunnelled.httpsAgent]).toEqual([undefined, httpsAgent]);
});
