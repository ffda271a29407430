/** Random stories that once broke a law, played again as they were. */

import type { DigestProtection } from '../../src/testing/challenge-server.js';
import { breaches, outsiders } from './model/laws.js';
import { play } from './model/play.js';
import type { Call, Mishap, Story } from './model/story.js';

const pauses = (...delays: ReadonlyArray<readonly [number, number]>): Mishap[] =>
  delays.map((pair) => ({ kind: 'none', status: 200, location: 'here', delays: pair }));

const call = (start: number, changes: Partial<Call> = {}): Call => ({
  start,
  place: 'a',
  path: '/here/x',
  method: 'GET',
  body: 'none',
  abort: undefined,
  timeout: 0,
  ...changes,
});

function told(protection: Partial<DigestProtection>, changes: Partial<Story>): Story {
  return {
    servers: { a: [{ scheme: 'digest', ...protection }], b: [{ scheme: 'basic' }] },
    proxy: undefined,
    proxyKnown: false,
    mishaps: pauses([0, 0]),
    providers: [{ gives: 'right', interactive: false, delay: 1, hears: 'well' }],
    calls: [call(0)],
    maxCredentials: 2,
    preemptive: true,
    mutual: 'verify',
    trusting: false,
    change: undefined,
    ...changes,
  };
}

const strict: Partial<DigestProtection> = { ncOrder: 'strict', staleOnBadNc: true, sharedNonce: true };

const FOUND: ReadonlyArray<readonly [string, Story]> = [
  [
    'one gives up between the choice of a nonce and its send, and the others go on',
    told(strict, {
      change: 5,
      mishaps: pauses(
        [0, 2],
        [0, 5],
        [2, 0],
        [0, 5],
        [0, 2],
        [0, 0],
        [1, 0],
        [5, 20],
        [0, 0],
        [2, 20],
        [0, 0],
        [0, 20],
      ),
      calls: [
        call(0, { abort: 0 }),
        call(1, { path: '/' }),
        call(7),
        call(0),
        call(1),
        call(0),
        call(0, { path: '/there/z', body: 'slow' }),
        call(0, { path: '/there/z' }),
        call(400),
        call(400, { body: 'bytes' }),
        call(900, { path: '/here/y', body: 'slow' }),
        call(0, { body: 'stream', abort: 10 }),
        call(400, { body: 'broken' }),
        call(0, { path: '/', method: 'POST', body: 'bytes', abort: 50 }),
      ],
    }),
  ],
  [
    'a 407 of the origin itself gives its nonce back',
    told(
      { nonceUses: 1, ncOrder: 'strict' },
      {
        maxCredentials: 1,
        mishaps: [...pauses([0, 5]), { kind: 'behind', status: 407, location: 'here', delays: [0, 20] }],
        calls: [0, 7, 7, 900, 0, 7, 7, 900].map((start) => call(start)).concat(call(400, { body: 'stream' })),
      },
    ),
  ],
  [
    'a wrong rspauth ends a session, and the next one counts on with the nonce that all have',
    told({ sharedNonce: true, rspauth: 'wrong' }, { maxCredentials: 1, calls: [call(0), call(0)] }),
  ],
  [
    'a redirect leads back to itself, and the proxy stops the hop',
    told(
      {},
      {
        proxy: [{ scheme: 'digest', nonceUses: 1 }],
        mishaps: [{ kind: 'sent', status: 200, location: 'here', delays: [0, 0] }],
      },
    ),
  ],
  [
    'of two algorithms the one that was answered is stale',
    told(
      {},
      {
        proxy: [
          { scheme: 'digest', qop: 'auth' },
          { scheme: 'digest', algorithm: 'SHA-256', alwaysStale: true },
        ],
      },
    ),
  ],
  [
    'the nonce in a late response is not answered with the credential that has left the space',
    told(
      { sharedNonce: true, nextnonce: 'always', ncOrder: 'strict', staleOnBadNc: false, staleFlag: false },
      {
        mishaps: pauses([8000, 0], [0, 0]),
        providers: [
          { gives: 'right', interactive: false, delay: 0, hears: 'well' },
          { gives: 'wrong, then right', interactive: false, delay: 300, hears: 'well' },
        ],
        calls: [call(1), call(7), call(0), call(1), call(0, { timeout: 4000 })],
      },
    ),
  ],
  [
    'of two challenges that differ only in qop, the one that was answered is stale',
    told(
      {},
      {
        servers: {
          a: [
            { scheme: 'digest', qop: null },
            { scheme: 'digest', qop: 'auth', alwaysStale: true },
          ],
          b: [{ scheme: 'basic' }],
        },
      },
    ),
  ],
];

test.each(FOUND)('%s', async (_, story) => {
  expect(breaches(await play(story))).toEqual([]);
});

const inOrder: Partial<DigestProtection> = { ncOrder: 'strict', staleOnBadNc: false, staleFlag: false };

const FAIR: ReadonlyArray<readonly [string, Story]> = [
  [
    'a proxy and an origin that both want nc in order ask by turns',
    told(inOrder, {
      servers: { a: [{ scheme: 'digest', ...inOrder }], b: [{ scheme: 'digest', ...inOrder, ncOrder: 'any' }] },
      proxy: [{ scheme: 'digest', ...inOrder, ncOrder: 'any', staleFlag: true, domain: '/here /there' }],
      mishaps: pauses([0, 2], [0, 0], [0, 0], [0, 5]),
      providers: [
        { gives: 'wrong', interactive: false, delay: 300, hears: 'well' },
        { gives: 'right', interactive: false, delay: 1, hears: 'well' },
      ],
      calls: [
        call(60),
        call(400, { body: 'slow' }),
        call(900),
        call(400),
        call(900),
        call(0, { place: 'b' }),
        call(0, { path: '/' }),
      ],
      maxCredentials: 4,
    }),
  ],
];

test.each(FAIR)('%s, and whoever has the right credential is let in', async (_, story) => {
  expect(outsiders(await play(story))).toEqual([]);
});
