/** Which kept token is given, and what a verdict on it changes. */

import { jest } from '@jest/globals';
import { Keeper } from '../../../src/oauth/keeper.js';
import type { StoredToken } from '../../../src/oauth/tokens/stored-token.js';
import { tokensIn } from '../../../src/oauth/tokens/tokens.js';

const KEY = 'key';
const now = 1_700_000_000_000;

beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(now));
afterEach(() => void jest.restoreAllMocks());

const keeperOf = () => new Keeper(tokensIn(false));

test.each([
  ['without an end', undefined, true],
  ['with a minute and more', now + 60_001, true],
  ['with a minute', now + 60_000, false],
  ['that has run out', now - 1, false],
])('a token %s is usable: %s', (_, expires, usable) => {
  expect(keeperOf().isUsable(KEY, { access: 't', ...(expires !== undefined && { expires }) })).toBe(usable);
});

test('a refused token is not usable, another of the same key is', () => {
  const keeper = keeperOf();
  keeper.given(KEY, { access: 't' });
  keeper.refused('t');
  expect(keeper.isUsable(KEY, { access: 't' })).toBe(false);
  expect(keeper.isUsable(KEY, { access: 'u' })).toBe(true);
  expect(keeper.isUsable('other', { access: 't' })).toBe(true);
});

async function afterRefusal(keeper: Keeper, access: string, verdict: 'accepted' | 'refused' | undefined) {
  const token: StoredToken = { access };
  await keeper.get(KEY, { fits: () => false, get: async () => token });
  keeper.given(KEY, token);
  if (verdict) keeper[verdict](access);
}

test('getting another is in vain for a minute, if the one in place of a refused one was refused', async () => {
  const keeper = keeperOf();
  await afterRefusal(keeper, 'first', 'refused');
  expect(keeper.isVain(KEY)).toBe(false);
  await afterRefusal(keeper, 'second', 'refused');
  expect(keeper.isVain(KEY)).toBe(true);
  jest.mocked(Date.now).mockReturnValue(now + 60_000);
  expect(keeper.isVain(KEY)).toBe(false);
});

test('it is not in vain after one that was accepted, or after a login', async () => {
  const keeper = keeperOf();
  await afterRefusal(keeper, 'first', 'refused');
  await afterRefusal(keeper, 'second', 'accepted');
  keeper.refused('second');
  expect(keeper.isVain(KEY)).toBe(false);
  await afterRefusal(keeper, 'third', 'refused');
  expect(keeper.isVain(KEY)).toBe(true);
  await keeper.keep(KEY, { access: 'fourth' });
  expect(keeper.isVain(KEY)).toBe(false);
});

test('a token that the store does not take is kept in memory, and renewed there', async () => {
  const broken = { get: async () => undefined, set: () => Promise.reject(new Error('full')), delete: async () => {} };
  const keeper = new Keeper(tokensIn(broken));
  expect(await keeper.keep(KEY, { access: 't', refresh: 'r' })).toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
  expect(await keeper.read(KEY)).toEqual({ access: 't', refresh: 'r' });
  expect(await keeper.renew(KEY, { access: 't' }, async ({ refresh }) => ({ access: `${refresh}2` }))).toEqual({
    access: 'r2',
    refresh: 'r',
  });
  expect(await keeper.read(KEY)).toEqual({ access: 'r2', refresh: 'r' });
});

test('verdicts on a token that was never given change nothing', () => {
  const keeper = keeperOf();
  keeper.refused('unknown');
  keeper.accepted('unknown');
  expect(keeper.isUsable(KEY, { access: 'unknown' })).toBe(true);
});
