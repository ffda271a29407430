import type { Store } from '../../../src/providers/keychain-backend.js';
import { hasLocked } from '../../../src/providers/secret-service.js';
import { Vault } from '../../../src/providers/vault.js';

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

test.each<[string, (vault: Vault) => Promise<unknown>]>([
  ['find', (vault) => vault.find('s')],
  ['read', (vault) => vault.read('s', 'alice')],
  ['delete', (vault) => vault.delete('s', 'alice', 'secret')],
])('%s: an entry that is locked is not one that is not there', async (_, use) => {
  const vault = new Vault(async () => ({ ...empty, hasLocked: async () => true }), 1000);
  await expect(use(vault)).rejects.toMatchObject(locked);
  expect(vault.answers).toBe(false);
});

test.each([
  ['nobody can tell', async () => undefined, false],
  ['there is none', async () => false, true],
])('where %s, isSure is %p', async (_, hasLocked, expected) => {
  const vault = new Vault(async () => ({ ...empty, hasLocked }), 1000);
  expect(await vault.read('s', 'alice')).toBeUndefined();
  expect(vault.isSure).toBe(expected);
});

test('what findPassword does not find is not looked for with findCredentials, which crashes on a locked store', async () => {
  const crash = () => expect('findCredentials').toBe('not called');
  const vault = new Vault(async () => ({ ...empty, findCredentials: crash as never }), 1000);
  expect(await vault.find('s')).toEqual([]);
});

test.each<[string, (vault: Vault, signal: AbortSignal) => Promise<unknown>]>([
  ['answered', (vault) => vault.read('s', 'alice')],
  ['late', (vault) => vault.find('late')],
  ['aborted', (vault, signal) => vault.find('late', signal)],
])('a store is let go of when a call is %s', async (ending, use) => {
  const opened: AbortSignal[] = [];
  const never = (service: string) => (service === 'late' ? new Promise<never>(() => {}) : Promise.resolve(null));
  const open = async (over: AbortSignal) => {
    opened.push(over);
    return { ...empty, findPassword: never };
  };
  const leaving = new AbortController();
  const used = use(new Vault(open, ending === 'late' ? 1 : 1000), leaving.signal).catch(() => {});
  if (ending === 'aborted') leaving.abort();
  await used;
  expect(opened.map(({ aborted }) => aborted)).toEqual([true]);
});

test('dbus-send is not asked for a name with a comma, which it would read as another attribute', async () => {
  expect(await hasLocked('a,b', new AbortController().signal)).toBeUndefined();
});
