/** Renewing a token: who is believed, what is kept, and what a store that fails does to it. */

import { Abandoned } from '../../../../src/base/abort.js';
import { AuthError } from '../../../../src/errors.js';
import { FileLock, LOCK_TIMES } from '../../../../src/oauth/tokens/lock/file-lock.js';
import type { TokenStore } from '../../../../src/oauth/tokens/store/token-store.js';
import type { StoredToken } from '../../../../src/oauth/tokens/stored-token.js';
import { formatStored } from '../../../../src/oauth/tokens/stored-token.js';
import { tokensIn } from '../../../../src/oauth/tokens/tokens.js';
import { temporaryFolder } from '../../../support/files.js';

const KEY = 'https://id.example files';
const NOW = 1_000_000_000;
const HOUR = 3_600_000;

const old: StoredToken = { access: 'a0', refresh: 'r0', expires: NOW - 1, scope: 'files:read' };
const renewed: StoredToken = { access: 'a1', refresh: 'r1', expires: NOW + HOUR };
const others: StoredToken = { access: 'b1', refresh: 's1', expires: NOW + HOUR };
const never = async () => expect('the issuer').toBe('not asked') as never;

function storeOf(first?: StoredToken) {
  const values = new Map<string, string>();
  if (first) values.set(KEY, formatStored(first));
  const calls: string[] = [];
  const faults = new Set<string>();
  const call = async <T>(name: string, run: () => T): Promise<T> => {
    calls.push(name);
    if (faults.has(name)) throw Object.assign(new Error(`s3cret in ${name}`), { code: 'EIO' });
    return run();
  };
  const store: TokenStore = {
    get: (key) => call('get', () => values.get(key)),
    set: (key, value) => call('set', () => void values.set(key, value)),
    delete: (key) => call('delete', () => void values.delete(key)),
  };
  return { store, values, calls, faults, put: (token: StoredToken) => values.set(KEY, formatStored(token)) };
}

async function stage(first?: StoredToken) {
  const [kept, notes] = [storeOf(first), [] as string[]];
  const folder = await temporaryFolder();
  const options = { folder, now: () => NOW, note: (reason: string) => notes.push(reason) };
  return { ...kept, notes, tokens: tokensIn(kept.store, options), another: () => tokensIn(kept.store, options) };
}

const failed = (verb: string) => ({
  code: 'ERR_AUTH_PROVIDER',
  message: expect.stringMatching(new RegExp(`^oauth: the token store did not ${verb}: it failed: Error, EIO`)),
});

test('a user without a home renews without a lock that others see', async () => {
  const notes: string[] = [];
  const folder = () => {
    throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  };
  const lock = new FileLock({ folder, times: LOCK_TIMES, note: (reason) => notes.push(reason) });
  expect(await lock.hold(KEY, { work: async () => 'done' })).toBe('done');
  expect(notes).toEqual(['without a lock that other processes see: this user has no home folder']);
});

test('a token that is written while the lock cannot be had stays in memory', async () => {
  const { store } = storeOf(old);
  const folder = await temporaryFolder();
  const tokens = tokensIn(store, { folder, times: { wait: 50 } });
  expect(await tokens.read(KEY)).toEqual(old);
  let end = () => {};
  const holding = tokensIn(store, { folder }).renew(KEY, old, async () => {
    const written = tokens.write(KEY, renewed);
    await expect(written).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
    end();
    return 'gone';
  });
  await new Promise<void>((resolve) => {
    end = resolve;
  });
  expect(await tokens.read(KEY)).toEqual(renewed);
  await holding;
});

test('what is stored is sent to the issuer, and its answer is stored', async () => {
  const { tokens, another } = await stage(old);
  const sent: StoredToken[] = [];
  const grant = async (stored: StoredToken) => {
    sent.push(stored);
    return renewed;
  };
  expect(await tokens.renew(KEY, { ...old, refresh: 'of this process' }, grant)).toEqual(renewed);
  expect(sent).toEqual([old]);
  expect(await another().read(KEY)).toEqual(renewed);
});

test('an issuer that sends no new refresh token means the old one (RFC 6749 §6)', async () => {
  const { tokens } = await stage(old);
  expect(await tokens.renew(KEY, old, async () => ({ access: 'a1' }))).toEqual({ access: 'a1', refresh: 'r0' });
  expect(await tokens.read(KEY)).toEqual({ access: 'a1', refresh: 'r0' });
});

test.each<[string, StoredToken | undefined, StoredToken | undefined]>([
  ['a token that somebody else has renewed', others, others],
  ['a token that somebody else has renewed, of unknown age', { access: 'b1' }, { access: 'b1' }],
  ['nothing, since somebody has logged out', undefined, undefined],
])('%s is taken without asking the issuer', async (_, stored, expected) => {
  const { tokens } = await stage(stored);
  expect(await tokens.renew(KEY, old, never)).toEqual(expected);
});

test.each<[string, StoredToken]>([
  ['the one that is held, though it has not run out', { ...old, expires: NOW + HOUR }],
  ['another one that has run out', { ...others, expires: NOW }],
  ['another one with a minute left', { ...others, expires: NOW + 60_000 }],
])('%s is renewed', async (_, stored) => {
  const { tokens } = await stage(stored);
  expect(await tokens.renew(KEY, old, async () => renewed)).toEqual(renewed);
});

test('requests of one process that renew at once share one grant, also over two providers', async () => {
  const { tokens, another } = await stage(old);
  let grants = 0;
  const grant = async () => {
    grants += 1;
    return renewed;
  };
  const second = another();
  const all = Array.from({ length: 50 }, (_, i) => (i % 2 ? tokens : second).renew(KEY, old, grant));
  expect(new Set((await Promise.all(all)).map((token) => token?.access))).toEqual(new Set(['a1']));
  expect(grants).toBe(1);
});

test('each caller waits as long as its own signal says, and a grant that has begun is carried to its end', async () => {
  const { tokens } = await stage(old);
  const [first, second] = [new AbortController(), new AbortController()];
  let answer = (_: StoredToken) => {};
  let asked = () => {};
  const asking = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const grant = () => {
    asked();
    return new Promise<StoredToken>((resolve) => {
      answer = resolve;
    });
  };
  const callers = [first, second].map(({ signal }) => tokens.renew(KEY, old, grant, signal));
  await asking;
  first.abort();
  await expect(callers[0]).rejects.toThrow(Abandoned);
  second.abort();
  await expect(callers[1]).rejects.toThrow(Abandoned);
  answer(renewed);
  // It waits for the lock, and so for the one before.
  expect(await tokens.renew(KEY, old, never)).toEqual(renewed);
});

test('what a grant throws is thrown, and nothing is deleted', async () => {
  const { tokens, values, calls } = await stage(old);
  const trouble = new AuthError('ERR_AUTH_PROVIDER', 'the issuer answers 503');
  await expect(tokens.renew(KEY, old, () => Promise.reject(trouble))).rejects.toBe(trouble);
  expect([values.get(KEY), calls]).toEqual([formatStored(old), ['get']]);
  expect(await tokens.renew(KEY, old, async () => renewed)).toEqual(renewed);
});

describe('invalid_grant', () => {
  test('deletes what was sent', async () => {
    const { tokens, values } = await stage(old);
    expect(await tokens.renew(KEY, old, async () => 'gone')).toBeUndefined();
    expect(values.size).toBe(0);
  });

  test.each<[string, StoredToken, StoredToken | undefined]>([
    ['a token of another login', others, others],
    ['one that has run out', { ...others, expires: NOW }, undefined],
    ['the same with another refresh token', { ...old, refresh: 'r9' }, undefined],
  ])('leaves %s', async (_, replaced, expected) => {
    const { tokens, values, put } = await stage(old);
    const grant = async () => {
      put(replaced); // As a program without the lock does.
      return 'gone' as const;
    };
    expect(await tokens.renew(KEY, old, grant)).toEqual(expected);
    expect(values.get(KEY)).toBe(formatStored(replaced));
  });
});

describe('a store that fails', () => {
  test('to read: nothing is sent', async () => {
    const { tokens, faults } = await stage(old);
    faults.add('get');
    await expect(tokens.read(KEY)).rejects.toMatchObject(failed('read'));
    await expect(tokens.renew(KEY, old, never)).rejects.toMatchObject(failed('read'));
    faults.clear();
    expect(await tokens.renew(KEY, old, async () => renewed)).toEqual(renewed);
  });

  test('to write: it is tried twice, then the new token serves this process, and the next one is written', async () => {
    const { tokens, faults, notes, calls, values } = await stage(old);
    faults.add('set');
    expect(await tokens.renew(KEY, old, async () => renewed)).toEqual(renewed);
    expect(calls).toEqual(['get', 'set', 'set']);
    expect(notes).toEqual([
      expect.stringMatching(/^the renewed token is in memory only: oauth: the token store did not/),
    ]);
    expect(notes.join()).not.toMatch(/s3cret|a1|r1/);
    expect(await tokens.read(KEY)).toEqual(renewed);
    faults.clear();
    const sent: StoredToken[] = [];
    const grant = async (stored: StoredToken) => {
      sent.push(stored);
      return { access: 'a2', refresh: 'r2' };
    };
    await tokens.renew(KEY, renewed, grant);
    expect(sent).toEqual([renewed]);
    expect(values.get(KEY)).toBe(formatStored({ access: 'a2', refresh: 'r2' }));
  });

  test('to read and to write: the token in memory outlives it', async () => {
    const { tokens, faults } = await stage(old);
    const grant = async () => {
      faults.add('get').add('set');
      return renewed;
    };
    expect(await tokens.renew(KEY, old, grant)).toEqual(renewed);
    expect(await tokens.read(KEY)).toEqual(renewed);
    faults.clear();
    expect(await tokens.read(KEY)).toEqual(renewed);
  });

  test.each<[string, StoredToken | undefined]>([
    ['another token', others],
    ['nothing', undefined],
  ])('and holds %s later: that is newer than the memory', async (_, later) => {
    const { tokens, faults, put, values } = await stage(old);
    faults.add('set');
    await tokens.renew(KEY, old, async () => renewed);
    if (later) put(later);
    else values.clear();
    expect(await tokens.read(KEY)).toEqual(later);
  });

  test('to write a login: that is said, and it serves this process', async () => {
    const { tokens, faults } = await stage();
    faults.add('set');
    await expect(tokens.write(KEY, renewed)).rejects.toMatchObject(failed('write'));
    expect(await tokens.read(KEY)).toEqual(renewed);
  });

  test('to delete: that is said, with nothing of the token', async () => {
    const { tokens, faults } = await stage(old);
    faults.add('delete');
    await expect(tokens.renew(KEY, old, async () => 'gone')).rejects.toMatchObject(failed('delete'));
    await expect(tokens.forget(KEY)).rejects.toMatchObject(failed('delete'));
  });

  test('once: the second try counts', async () => {
    const { store, tokens, notes, values } = await stage(old);
    const set = store.set;
    store.set = (...args) => {
      store.set = set;
      void args;
      return Promise.reject(new Error('busy'));
    };
    await tokens.renew(KEY, old, async () => renewed);
    expect([values.get(KEY), notes]).toEqual([formatStored(renewed), []]);
  });
});

test('memory alone: written, renewed, forgotten, and unknown to another', async () => {
  const [tokens, another] = [tokensIn(false, { now: () => NOW }), tokensIn(false)];
  await tokens.write(KEY, old);
  expect(await tokens.renew(KEY, old, async () => renewed)).toEqual(renewed);
  expect([await tokens.read(KEY), await another.read(KEY)]).toEqual([renewed, undefined]);
  await tokens.forget(KEY);
  expect(await tokens.read(KEY)).toBeUndefined();
});

test('a logout during a renewal is not undone by it', async () => {
  const { tokens } = await stage(old);
  let forgetting: Promise<void> | undefined;
  const grant = async () => {
    forgetting = tokens.forget(KEY);
    return renewed;
  };
  await tokens.renew(KEY, old, grant);
  await forgetting;
  expect(await tokens.read(KEY)).toBeUndefined();
});

test.each([
  '',
  'null',
  '[]',
  '{"version":2,"access":"a"}',
  '{"version":1,"access":7}',
  '{"version":1,"access":""}',
  '{',
])('what is in a store and is no token, %j, is not there', async (text) => {
  const { tokens, values } = await stage();
  values.set(KEY, text);
  expect(await tokens.read(KEY)).toBeUndefined();
  expect(await tokens.renew(KEY, old, never)).toBeUndefined();
});
