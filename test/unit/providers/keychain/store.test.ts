import type { Store } from '../../../../src/providers/keychain/backend.js';
import { hasLocked } from '../../../../src/providers/keychain/secret-service.js';
import { KeychainStore } from '../../../../src/providers/keychain/store.js';

const empty: Store = {
  getPassword: async () => null,
  setPassword: async () => {},
  deletePassword: async () => false,
  findPassword: async () => null,
  findCredentials: async () => [],
};

const locked = {
  code: 'ERR_AUTH_PROVIDER',
  message: expect.stringMatching(/^keychain: locked, with an entry under s /),
};

test.each<[string, (store: KeychainStore) => Promise<unknown>]>([
  ['find', (store) => store.find('s')],
  ['read', (store) => store.read('s', 'alice')],
  ['delete', (store) => store.delete('s', 'alice', 'secret')],
])('%s: a locked entry is not reported as a missing entry', async (_, use) => {
  const store = new KeychainStore(async () => ({ ...empty, hasLocked: async () => true }), 1000);
  await expect(use(store)).rejects.toMatchObject(locked);
  expect(store.answers).toBe(false);
});

test.each([
  ['the locked entries are unknown', async () => undefined, false],
  ['no entry is locked', async () => false, true],
])('if %s, isSure is %p', async (_, hasLocked, expected) => {
  const store = new KeychainStore(async () => ({ ...empty, hasLocked }), 1000);
  expect(await store.read('s', 'alice')).toBeUndefined();
  expect(store.isSure).toBe(expected);
});

test('findCredentials, which crashes on a locked store, is not called if findPassword finds no entry', async () => {
  const crash = () => expect('findCredentials').toBe('not called');
  const store = new KeychainStore(async () => ({ ...empty, findCredentials: crash as never }), 1000);
  expect(await store.find('s')).toEqual([]);
});

test.each<[string, (store: KeychainStore, signal: AbortSignal) => Promise<unknown>]>([
  ['answered', (store) => store.read('s', 'alice')],
  ['late', (store) => store.find('late')],
  ['aborted', (store, signal) => store.find('late', signal)],
])('a store is released when a call is %s', async (ending, use) => {
  const opened: AbortSignal[] = [];
  const never = (service: string) => (service === 'late' ? new Promise<never>(() => {}) : Promise.resolve(null));
  const open = async (over: AbortSignal) => {
    opened.push(over);
    return { ...empty, findPassword: never };
  };
  const leaving = new AbortController();
  const used = use(new KeychainStore(open, ending === 'late' ? 1 : 1000), leaving.signal).catch(() => {});
  if (ending === 'aborted') leaving.abort();
  await used;
  expect(opened.map(({ aborted }) => aborted)).toEqual([true]);
});

test('dbus-send is not run for a name with a comma, which it would read as another attribute', async () => {
  expect(await hasLocked('a,b', new AbortController().signal)).toBeUndefined();
});
