/** How often an issuer is asked while the person is typing (RFC 8628 §3.5). The time is a list of waits. */

import axios from 'axios';
import { grantOnDevice } from '../../../../src/oauth/flow/device.js';
import type { FlowTime } from '../../../../src/oauth/flow/time.js';
import { issuerFetch } from '../../../../src/oauth/protocol/http.js';
import { MetadataReader } from '../../../../src/oauth/protocol/metadata.js';
import { partyOf } from '../../../../src/oauth/protocol/party.js';
import { fakeIssuer, json, type Page, tokens } from '../../../support/fake-issuer.js';

/** A clock that stands still but for the waits. */
function clock(): FlowTime & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = 1_000_000;
  return {
    waits,
    now: () => now,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

const pending = json({ error: 'authorization_pending' }, 400);
const slower = json({ error: 'slow_down' }, 400);
const lost: Page = (_, response) => response.destroy();

const CODE = {
  device_code: 'd',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://id.example/device',
  expires_in: 1800,
};

async function run(device: object, ...answers: readonly Page[]) {
  const left = [...answers];
  const id = await fakeIssuer({
    '/device': json({ ...CODE, ...device }),
    '/token': (...sent) => (left.length > 1 ? (left.shift() as Page) : (left[0] as Page))(...sent),
  });
  const fetch = issuerFetch(axios.create());
  const metadata = await new MetadataReader(fetch).read(id.issuer);
  const application = { metadata, clientId: 'cli', clientSecret: undefined, scope: 'files:read', resource: undefined };
  const [time, shown] = [clock(), [] as string[]];
  const party = await partyOf({ ...application, login: {}, fetch });
  const granted = await grantOnDevice(party, (text) => shown.push(text), undefined, time).catch(
    (error: Error) => error,
  );
  return { granted, shown, waits: time.waits, id };
}

test('an issuer whose code never expires is not asked for more than an hour', async () => {
  const { granted, waits } = await run({ expires_in: 1e15, interval: 1e15 }, pending);
  expect(String(granted)).toMatch(/has expired/);
  expect(waits).toEqual([3_600_000]);
});

test('the person is shown where to go and what to enter', async () => {
  const { shown, granted, id } = await run({}, tokens('t', { scope: 'files:read', refresh_token: 'r' }));
  expect(shown).toEqual([
    'Open https://id.example/device and enter WDJB-MJHT\n',
    'Waiting for the login; the code is valid for 30 minutes.\n',
  ]);
  expect(granted).toEqual({ access: 't', refresh: 'r', scope: 'files:read', expires: expect.any(Number) });
  expect(Object.fromEntries(id.asked.find(({ path }) => path === '/device')?.body ?? [])).toEqual({
    client_id: 'cli',
    scope: 'files:read',
  });
});

const PACES: Readonly<Record<string, readonly [device: object, answers: Page[], waits: number[]]>> = {
  'every five seconds': [{}, [pending, pending, tokens('t')], [5000, 5000, 5000]],
  'as often as the issuer says': [{ interval: 2 }, [pending, tokens('t')], [2000, 2000]],
  'not more often than every second': [{ interval: 0.01 }, [pending, tokens('t')], [1000, 1000]],
  'five seconds later after each slow_down': [
    {},
    [slower, slower, pending, tokens('t')],
    [5000, 10_000, 15_000, 15_000],
  ],
  'half as often after a lost connection': [{}, [lost, pending, tokens('t')], [5000, 10_000, 10_000]],
  'half as often after a 500': [{}, [json({}, 503), tokens('t')], [5000, 10_000]],
};

test.each(Object.entries(PACES))('the issuer is asked %s', async (_, [device, answers, waits]) => {
  const outcome = await run(device, ...answers);
  expect(outcome.granted).toMatchObject({ access: 't' });
  expect(outcome.waits).toEqual(waits);
});

test.each([
  ['the code has expired', pending, 'has expired'],
  ['the connection stays lost', lost, 'has expired'],
  ['the issuer says that it has expired', json({ error: 'expired_token' }, 400), 'expired_token'],
  ['the person says no', json({ error: 'access_denied' }, 400), 'access_denied (the person said no)'],
  ['the answer is a token of another type', tokens('t', { token_type: 'mac' }), 'another type than Bearer'],
  ['the answer is nonsense', json({}, 400), 'answers 400'],
])('it ends when %s', async (_, answer, says) => {
  const { granted, waits } = await run({ expires_in: 12 }, answer);
  expect((granted as Error).message).toContain(says);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(12_000);
});
