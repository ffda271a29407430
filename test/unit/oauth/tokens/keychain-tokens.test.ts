/** Tokens in a keychain, in parts: a reader sees the old value or the new one, whatever fails in between. */

import { KeychainTokens } from '../../../../src/oauth/tokens/store/keychain-tokens.js';
import type { KeychainBackend } from '../../../../src/providers/keychain/backend.js';
import { memoryKeychain } from '../../../support/keychain.js';

const SERVICE = 'axios-challenge:oauth';
const KEY = 'https://id.example files';

const long = (letter: string, parts = 3) => letter.repeat(1200 * parts - 100);

/** A keychain of which the call with this number, and those after it, do not happen. */
function breakable() {
  const { backend, entries } = memoryKeychain({});
  const state = { calls: 0, breaksAt: Number.POSITIVE_INFINITY, before: async (_: string, __: string) => {} };
  const guarded =
    <Args extends readonly string[], T>(name: string, call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      await state.before(name, args[1] ?? '');
      state.calls += 1;
      if (state.calls > state.breaksAt) throw new Error('the power is gone');
      return call(...args);
    };
  const port: KeychainBackend = {
    getPassword: guarded('get', backend.getPassword),
    setPassword: guarded('set', backend.setPassword),
    deletePassword: guarded('delete', backend.deletePassword),
    findCredentials: backend.findCredentials,
  };
  const whole = new KeychainTokens(backend, 3000);
  return { state, whole, entries: () => entries[SERVICE] ?? {}, tokens: new KeychainTokens(port, 3000) };
}

test.each([
  ['short', 'token'],
  ['empty', ''],
  ['of several parts', long('x', 5)],
  ['in any script', 'Zürich "\\" 東京 🔑 \u2028 \ud800'.repeat(300)],
])('a value that is %s comes back, from entries of at most 1,200 bytes', async (_, value) => {
  const { tokens, entries } = breakable();
  await tokens.set(KEY, value);
  expect(await tokens.get(KEY)).toBe(value);
  for (const entry of Object.values(entries())) expect(Buffer.byteLength(entry)).toBeLessThanOrEqual(1200);
});

test('there is nothing under another key, and nothing after it is deleted', async () => {
  const { tokens, entries } = breakable();
  await tokens.set(KEY, long('x'));
  expect(await tokens.get('another')).toBeUndefined();
  await tokens.delete('another');
  expect(await tokens.get(KEY)).toBe(long('x'));
  await tokens.delete(KEY);
  expect(await tokens.get(KEY)).toBeUndefined();
  expect(entries()).toEqual({});
});

test('of an old value no part remains', async () => {
  const { tokens, entries } = breakable();
  for (const value of [long('x', 5), long('y', 2), long('z', 4), 'short']) await tokens.set(KEY, value);
  expect(Object.keys(entries())).toHaveLength(2);
  expect(await tokens.get(KEY)).toBe('short');
});

/** How many calls `act` makes. */
async function callsOf(act: (tokens: KeychainTokens) => Promise<void>): Promise<number> {
  const { tokens, state } = breakable();
  await tokens.set(KEY, long('x'));
  state.calls = 0;
  await act(tokens);
  return state.calls;
}

test('a write that breaks off, at whichever step, leaves the old value or the new one', async () => {
  const act = (tokens: KeychainTokens) => tokens.set(KEY, long('y', 4));
  const calls = await callsOf(act);
  expect(calls).toBeGreaterThan(8);
  const seen = new Set<string | undefined>();
  for (let step = 0; step <= calls; step++) {
    const { tokens, state, whole, entries } = breakable();
    await whole.set(KEY, long('x'));
    state.breaksAt = step;
    const isWritten = await act(tokens).then(
      () => true,
      () => false,
    );
    const value = await whole.get(KEY);
    expect(value).toBe(isWritten ? long('y', 4) : long('x'));
    seen.add(value);
    // What it left is not there for ever.
    await whole.set(KEY, 'short');
    expect([await whole.get(KEY), Object.keys(entries()).length]).toEqual(['short', 2]);
  }
  expect(seen.size).toBe(2);
});

test('a deletion that breaks off, at whichever step, leaves the value or nothing, and the next one leaves nothing', async () => {
  const calls = await callsOf((tokens) => tokens.delete(KEY));
  for (let step = 0; step < calls; step++) {
    const { tokens, state, whole, entries } = breakable();
    await whole.set(KEY, long('x'));
    state.breaksAt = step;
    await expect(tokens.delete(KEY)).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
    expect(await whole.get(KEY)).toBe(step === 0 ? long('x') : undefined);
    await whole.delete(KEY);
    expect(entries()).toEqual({});
  }
});

test('who reads while another writes, between any two calls, sees the old value or the new one', async () => {
  const calls = await callsOf(async (tokens) => void (await tokens.get(KEY)));
  for (let step = 0; step < calls; step++) {
    for (const writes of [1, 2]) {
      const { tokens, state, whole } = breakable();
      await whole.set(KEY, long('x'));
      state.before = async () => {
        if (state.calls !== step) return;
        state.before = async () => {};
        for (let i = 0; i < writes; i++) await whole.set(KEY, long('yz'[i] as string, 2));
      };
      expect([long('x'), long('yz'[writes - 1] as string, 2)]).toContain(await tokens.get(KEY));
    }
  }
});

test('who writes while another reads, between any two calls, shows it the old value or the new one', async () => {
  const { tokens, state, whole } = breakable();
  await whole.set(KEY, long('x'));
  const seen: Array<string | undefined> = [];
  state.before = async () => void seen.push(await whole.get(KEY));
  await tokens.set(KEY, long('y'));
  expect(new Set(seen)).toEqual(new Set([long('x'), long('y')]));
});

test.each<[string, (entries: Record<string, string>) => void]>([
  ['a part is missing', (entries) => delete entries[Object.keys(entries).find((name) => name.endsWith('.1')) ?? '']],
  ['a part is of something else', (entries) => Object.assign(entries, { [partNamed(entries, '.0')]: 'x' })],
  ['the head is garbage', (entries) => Object.assign(entries, { [headOf(entries)]: '{"slot":"c"}' })],
  ['the head names too many parts', (entries) => Object.assign(entries, { [headOf(entries)]: head({ parts: 1e9 }) })],
  ['the head names another hash', (entries) => Object.assign(entries, { [headOf(entries)]: head({ parts: 3 }) })],
])('where %s there is no token, and the next one is kept', async (_, damage) => {
  const { whole, entries } = breakable();
  await whole.set(KEY, long('x'));
  damage(entries());
  expect(await whole.get(KEY)).toBeUndefined();
  await whole.set(KEY, long('y'));
  expect(await whole.get(KEY)).toBe(long('y'));
});

const headOf = (entries: object) => Object.keys(entries).find((name) => /^[0-9a-f]{64}$/.test(name)) ?? '';
const partNamed = (entries: object, end: string) => Object.keys(entries).find((name) => name.endsWith(end)) ?? '';
const head = (more: object) => JSON.stringify({ slot: 'a', parts: 3, sha256: '0'.repeat(64), ...more });

test('what is too long to be a token is refused, and the old one stays', async () => {
  const { tokens } = breakable();
  await tokens.set(KEY, 'old');
  await expect(tokens.set(KEY, long('x', 66))).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'keychain: the token is too long to be kept',
  });
  expect(await tokens.get(KEY)).toBe('old');
});

test('a store that does not take a part shows nothing of it', async () => {
  const { backend } = memoryKeychain({});
  const setPassword = async (_: string, __: string, secret: string) => {
    throw new Error(`cannot store ${secret}`);
  };
  const tokens = new KeychainTokens({ ...backend, setPassword }, 3000);
  const message = 'keychain: the store did not take the token';
  const error: Error = await tokens.set(KEY, 's3cret').then(String, (thrown) => thrown);
  expect([error.message, error.cause]).toEqual([message, undefined]);
});

test('a store that hangs is not waited for', async () => {
  const hang = () => new Promise<never>(() => {});
  const port = { getPassword: hang, setPassword: hang, deletePassword: hang, findCredentials: hang };
  await expect(new KeychainTokens(port, 20).get(KEY)).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
});
