/** A token that runs out, before the first send: another one, the same to its end, or none. */

import { refresh } from '../../../../src/exchange/answer/refresh.js';
import { isExpiring } from '../../../../src/exchange/memory/session.js';
import type { Provider, TokenCredential } from '../../../../src/model.js';
import { bearer } from '../../../../src/schemes/bearer.js';
import { type UnderWay, underWay } from '../stage.js';

const LONG_AGO = 1;
const FAR_AWAY = 8_640_000_000_000_000;

/** A token that was let in is to be replaced before it is sent again. */
function holding(expires: number, get: Provider['get']): UnderWay {
  const credential: TokenCredential = { token: 'old', expires };
  const challenge = { scheme: 'bearer', params: { realm: 'api' } };
  const started = underWay({ scheme: bearer(), challenge, credential, provider: { name: 'vault', get } });
  Object.assign(started.attempt.session, { admitted: true, goodUntil: LONG_AGO });
  return started;
}

test('another token of the provider takes the place of the old one', async () => {
  const { conversation, attempt } = holding(LONG_AGO, () => ({ token: 'new' }));
  const session = await refresh(conversation, attempt);
  expect(session?.credential).toMatchObject({ token: 'new' });
  expect(attempt.space.session).toBe(session);
});

test('where there is no other, a token that has yet to run out is used to its end', async () => {
  const { conversation, attempt } = holding(FAR_AWAY, () => undefined);
  expect(await refresh(conversation, attempt)).toBe(attempt.session);
  expect(attempt.session.goodUntil).toBe(FAR_AWAY);
});

test.each<[string, Provider['get']]>([
  ['there is no other', () => undefined],
  ['the provider repeats it', () => ({ token: 'old', expires: LONG_AGO })],
  ['the provider is broken', () => Promise.reject(new Error('sealed'))],
])('a token that has run out is sent no more where %s', async (_, get) => {
  const { conversation, attempt } = holding(LONG_AGO, get);
  expect(await refresh(conversation, attempt)).toBeUndefined();
  expect(attempt.space.session).toBeUndefined();
});

test('a token that another request has fetched meanwhile serves, and no provider is asked', async () => {
  let asked = 0;
  const { conversation, attempt } = holding(LONG_AGO, () => {
    asked += 1;
    return undefined;
  });
  const { space, session } = attempt;
  const credential = { token: 'fetched' };
  const answer = session.choice.offer.answer(credential);
  const fetched = space.open({ ...session, credential, given: credential, answer }, conversation.clock);
  expect(isExpiring(fetched, conversation.clock)).toBe(false);
  expect(await refresh(conversation, attempt)).toBe(fetched);
  expect(asked).toBe(0);
});
