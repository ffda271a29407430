/** squid asks for NTLM as an origin does, and Samba judges what it gets. */

import { ntlm } from '../../src/ntlm.js';
import { type ChallengeServer, challengeServer } from '../../src/testing/challenge-server.js';
import { hand, Line } from '../support/ntlm-hand.js';
import { clientFor } from '../support/servers/client.js';
import { needs, type RunningServer } from '../support/servers/process.js';
import { squidNtlm } from '../support/servers/squid-ntlm.js';

const account = { domain: 'LAB', username: 'alice', password: 'wonderland' };
const alice = { username: 'LAB\\alice', password: account.password };

const both = (name: string, body: () => void) =>
  needs('squid', 'squid')(name, () => needs('ntlm_auth', 'winbind')('with the helper of Samba', body));

both('squid', () => {
  let behind: ChallengeServer;
  let front: RunningServer;

  beforeAll(async () => {
    behind = await challengeServer({ protect: [] });
    front = await squidNtlm(account, behind.url);
  }, 30_000);

  afterEach(() => {
    behind.requests.length = 0;
  });

  afterAll(async () => {
    await front.close();
    await behind.close();
  });

  async function knock(credential: { username: string; password: string }) {
    const line = new Line(`${front.url}/report`);
    const { first, last } = hand(line.url, credential);
    const asked = await line.say(await first());
    const { status } = await line.say(await last(asked.challenge));
    const after = await line.say();
    line.close();
    return [asked.status, status, after.status];
  }

  const as = (credential: { username: string; password: string }) =>
    clientFor(front.url, credential, { schemes: [ntlm({ origins: [front.url] })] });

  test('a client gets through, and at once from then on', async () => {
    const client = as(alice);
    for (const path of ['/a', '/b?c=d', '/e']) expect((await client.post(front.url + path, 'body')).status).toBe(200);
    expect(behind.requests.map(({ url, body }) => [url, body.toString()])).toEqual([
      ['/a', 'body'],
      ['/b?c=d', 'body'],
      ['/e', 'body'],
    ]);
  });

  test('a client with a wrong password does not', async () => {
    const client = as({ ...alice, password: 'Wonderland' });
    await expect(client.get(`${front.url}/a`)).rejects.toMatchObject({ response: { status: 401 } });
    expect(behind.requests).toEqual([]);
  });

  test('our messages are let through, and the connection after them', async () => {
    expect(await knock(alice)).toEqual([401, 200, 200]);
  });

  test('those of a wrong password are not', async () => {
    expect(await knock({ ...alice, password: 'Wonderland' })).toEqual([401, 401, 401]);
  });
});
