/** SEC-42: what is remembered of servers is bounded in bytes, not only in number. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Spaces } from '../../src/exchange/memory/spaces.js';
import { digest } from '../../src/schemes/digest/digest.js';
import { parseChallenges } from '../../src/syntax/challenge.js';
import { choiceOf } from '../support/offer.js';
import { alice, client, plainServer, spy } from '../support/stage.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MIB = 1024 * 1024;
const pad = (i: number, length = 14_000) => `${i}-`.padEnd(length, `x${i}y`);

async function growth(work: () => Promise<unknown> | unknown): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  await work();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  return (process.memoryUsage().heapUsed - before) / MIB;
}

const scheme = digest();
const clock = { now: () => 0, date: () => 0 };

/** One challenge, as an exchange takes it in, and its answer. */
function challenge(spaces: Spaces, origin: string, field: string, path = '/'): void {
  const [found] = parseChallenges(field);
  if (!found) throw new Error('no challenge');
  const choice = choiceOf(scheme, found);
  const space = spaces.of(origin, found);
  space.offered(choice, `${origin}${path}`);
  spaces.challenged(space, path);
  spaces.stores.offers.offered({ origin, realm: space.realm, pathname: path }, choice);
  const credential = alice;
  if (space.session) space.laneOf(choice, space.session);
  else
    space
      .open({ credential, given: credential, provider: spy(alice), choice, answer: choice.offer.answer(alice) }, clock)
      .lane.answer.authorize({ method: 'GET', uri: path });
}

// A huge nonce, realm, opaque or domain, or a short nonce in a huge field.
const FIELDS: ReadonlyArray<readonly [string, (i: number) => string]> = [
  ['nonces', (i) => `Digest realm="r", qop="auth", nonce="${pad(i)}"`],
  ['realms', (i) => `Digest realm="${pad(i)}", qop="auth", nonce="n${i}"`],
  ['realms and nonces', (i) => `Digest realm="${i % 60}", qop="auth", nonce="${pad(i, 4000)}"`],
  ['opaques', (i) => `Digest realm="r", qop="auth", nonce="n${i}", opaque="${pad(i)}"`],
  ['domains', (i) => `Digest realm="r", qop="auth", nonce="n${i}", domain="/${pad(i)}"`],
  ['unknown params', (i) => `Digest realm="r", qop="auth", nonce="a-nonce-of-usual-length-${i}", x="${pad(i)}"`],
  [
    'challenges beside it',
    (i) => `Digest realm="r", qop="auth", nonce="a-nonce-of-usual-length-${i}", Other x="${pad(i)}"`,
  ],
];

test.each(FIELDS)('SEC-42 long %s of one origin', async (_, field) => {
  const spaces = new Spaces();
  const grown = await growth(() => {
    for (let i = 0; i < 2000; i += 1) challenge(spaces, 'http://a.example', field(i), `/${i}`);
  });
  expect(spaces.size).toBe(1);
  expect(grown).toBeLessThan(1.8);
});

test.each(FIELDS)('SEC-42 long %s of many origins', async (_, field) => {
  const spaces = new Spaces();
  const grown = await growth(() => {
    for (let i = 0; i < 3000; i += 1) challenge(spaces, `http://${i % 1000}.example`, field(i));
  });
  expect(spaces.size).toBeGreaterThan(50);
  expect(grown).toBeLessThan(20);
});

test('SEC-42 the nonces that a space keeps have 128 Ki characters at most', () => {
  const spaces = new Spaces();
  const origin = 'http://a.example';
  for (let i = 0; i < 100; i += 1) challenge(spaces, origin, `Digest realm="r", qop="auth", nonce="${pad(i)}"`);
  const { session } = spaces.of(origin, { scheme: 'digest', params: { realm: 'r' } });
  const kept = [...(session?.byNonce.keys() ?? [])];
  expect(kept.at(-1)).toBe(pad(99));
  expect(kept.join('').length).toBeLessThanOrEqual(128 * 1024);
});

test('SEC-42 long paths that a redirect leads to', async () => {
  const spaces = new Spaces();
  const grown = await growth(() => {
    for (let i = 0; i < 1000; i += 1)
      challenge(spaces, `http://${i % 10}.example`, `Digest realm="r", qop="auth", nonce="n${i}"`, `/${pad(i)}/${i}`);
  });
  expect(grown).toBeLessThan(4);
});

test('SEC-42 all usual servers are remembered', () => {
  const spaces = new Spaces();
  for (let i = 0; i < 5000; i += 1)
    challenge(
      spaces,
      `http://${i % 1000}.example`,
      `Digest realm="files", qop="auth", nonce="${pad(i, 60)}", opaque="o"`,
    );
  expect(spaces.size).toBe(1000);
});

test('SEC-42 a server with a new long nonce for each request, and a memory for each', async () => {
  let count = 0;
  const { url } = await plainServer(({ headers }, response) => {
    count += 1;
    const [nonce, more] = count % 2 === 0 ? [pad(count, 12_000), ''] : [pad(count, 40), `, x="${pad(count, 12_000)}"`];
    if (headers.authorization) response.setHeader('Authentication-Info', `nextnonce="${nonce}"${more}`);
    else
      response.writeHead(401, {
        'WWW-Authenticate': `Digest realm="${count % 7}", qop="auth", nonce="${pad(count, 12_000)}"`,
      });
    response.end();
  });
  const instance = client(url, { maxCredentials: 1 }, { validateStatus: null });
  const send = async (i: number) => {
    const challenge = i % 5 === 0 ? { challenge: { providers: [spy(alice)] } } : {};
    await instance.get(`/${i}`, challenge);
  };
  for (let i = 0; i < 50; i += 1) await send(i);
  const grown = await growth(async () => {
    for (let i = 0; i < 600; i += 1) await send(i);
  });
  expect(grown).toBeLessThan(16);
});
