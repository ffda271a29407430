import { keychain } from '../../../src/providers/keychain.js';
import { type KeychainBackend, loadKeytar } from '../../../src/providers/keytar.js';
import { ask, origin } from './request.js';

const alice = { username: 'alice', password: 'secret' };
const service = `axios-challenge:${origin}`;

/** A keychain in memory: `service` and `account` to the password. */
function fakeBackend(entries: Record<string, Record<string, string>> = {}) {
  const calls: string[] = [];
  const backend: KeychainBackend = {
    getPassword: async (of, account) => entries[of]?.[account] ?? null,
    setPassword: async (of, account, password) => {
      calls.push(`set ${of} ${account} ${password}`);
      entries[of] = { ...entries[of], [account]: password };
    },
    deletePassword: async (of, account) => {
      calls.push(`delete ${of} ${account}`);
      return delete entries[of]?.[account];
    },
    findCredentials: async (of) =>
      Object.entries(entries[of] ?? {}).map(([account, password]) => ({ account, password })),
  };
  return { backend, entries, calls };
}

const never = () => new Promise<never>(() => {});
const hanging: KeychainBackend = {
  getPassword: never,
  setPassword: never,
  deletePassword: never,
  findCredentials: never,
};

test.each([
  ['the only account', {}, alice],
  ['the account asked for', { username: 'alice' }, alice],
  ['no other account than asked for', { username: 'bob' }, undefined],
  ['nothing to another origin', { origin: 'https://files.example:8443' }, undefined],
  ['nothing to a proxy of the same origin', { proxy: true }, undefined],
  ['nothing to Bearer', { scheme: 'bearer' }, undefined],
])('keychain gives %s', async (_, request, expected) => {
  const { backend } = fakeBackend({ [service]: { alice: 'secret' } });
  expect(await keychain({ backend }).get(ask(request))).toEqual(expected);
});

test('keychain gives a proxy what is kept for it', async () => {
  const { backend } = fakeBackend({ [`axios-challenge:proxy:${origin}`]: { alice: 'secret' } });
  expect(await keychain({ backend }).get(ask({ proxy: true }))).toEqual(alice);
});

test('the option service replaces the beginning of the service', async () => {
  const { backend } = fakeBackend({ [`my-tool:${origin}`]: { alice: 'secret' } });
  expect(await keychain({ backend, service: 'my-tool' }).get(ask())).toEqual(alice);
});

test('several accounts are a throw that says how to choose, and shows no password', async () => {
  const { backend } = fakeBackend({ [service]: { alice: 'secret', 'b\u001bob': 'secret' } });
  await expect(keychain({ backend }).get(ask())).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: `keychain: 2 accounts under ${service}: alice, b\\x1bob (put the user name in the URL, or in AXIOS_CHALLENGE_USERNAME)`,
  });
});

test.each([
  ['no entry', {}, `no entry under ${service}`],
  ['Bearer', { scheme: 'bearer' }, 'keeps no tokens'],
])('keychain says why it has nothing: %s', (_, request, expected) => {
  expect(keychain({ backend: hanging }).absence?.(ask(request))).toBe(expected);
});

test.each([
  ['always', true, 'prompt', []],
  ['ask', true, 'prompt', ['Keep the password of alice for https://files.example in the keychain?']],
  ['ask', false, 'prompt', ['Keep the password of alice for https://files.example in the keychain?']],
  ['ask', true, undefined, []],
  ['never', true, 'prompt', []],
] as const)('with save %j, a person who says %p, and a password from %p', async (save, yes, source, questions) => {
  const { backend, calls } = fakeBackend();
  const asked: string[] = [];
  const confirm = async (question: string) => asked.push(question) > 0 && yes;
  const request = ask(source && { interactiveSource: source });
  await keychain({ backend, save, confirm }).approve?.(request, alice);
  const saved = save === 'always' || (save === 'ask' && yes && source !== undefined);
  expect(asked).toEqual(questions);
  expect(calls).toEqual(saved ? [`set ${service} alice secret`] : []);
});

test.each([
  ['a token', { token: 't' }],
  ['an empty password', { username: 'alice', password: '' }],
  ['an empty user name', { username: '', password: 'secret' }],
])('keychain never keeps %s', async (_, credential) => {
  const { backend, calls } = fakeBackend();
  await keychain({ backend, save: 'always' }).approve?.(ask({ interactiveSource: 'prompt' }), credential);
  expect(calls).toEqual([]);
});

test('what the keychain gave is not kept again', async () => {
  const { backend, calls } = fakeBackend({ [service]: { alice: 'secret' } });
  const provider = keychain({ backend, save: 'always' });
  await provider.get(ask());
  await provider.approve?.(ask(), alice);
  expect(calls).toEqual([]);
});

test('a person is asked once about one password', async () => {
  const { backend } = fakeBackend();
  let asked = 0;
  const provider = keychain({ backend, confirm: async () => ++asked < 0 });
  const request = ask({ interactiveSource: 'prompt' });
  await provider.approve?.(request, alice);
  await provider.approve?.(request, { ...alice });
  await provider.approve?.(request, { ...alice, password: 'another' });
  expect(asked).toBe(2);
});

test('the keychain deletes what it gave when that is refused', async () => {
  const { backend, calls } = fakeBackend({ [service]: { alice: 'secret' } });
  const provider = keychain({ backend });
  await provider.get(ask());
  await provider.reject?.(ask(), alice);
  expect(calls).toEqual([`delete ${service} alice`]);
});

test('the keychain does not delete what was changed since', async () => {
  const { backend, calls, entries } = fakeBackend({ [service]: { alice: 'secret' } });
  const provider = keychain({ backend });
  await provider.get(ask());
  entries[service] = { alice: 'new' };
  await provider.reject?.(ask(), alice);
  expect(calls).toEqual([]);
});

test('the keychain does not delete what another provider gave', async () => {
  const { backend, calls } = fakeBackend({ [service]: { alice: 'secret' } });
  await keychain({ backend }).reject?.(ask(), alice);
  expect(calls).toEqual([]);
});

test.each([
  ['get', (provider: ReturnType<typeof keychain>) => provider.get(ask())],
  ['get with a user name', (provider: ReturnType<typeof keychain>) => provider.get(ask({ username: 'alice' }))],
  ['approve', (provider: ReturnType<typeof keychain>) => provider.approve?.(ask(), alice)],
])('%s does not wait longer than the timeout for a store that hangs', async (_, use) => {
  await expect(use(keychain({ backend: hanging, save: 'always', timeout: 1 }))).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: expect.stringContaining('keychain: no answer within 1 ms'),
  });
});

test('an abort is not kept waiting by a store that hangs', async () => {
  const leaving = new AbortController();
  const given = keychain({ backend: hanging }).get(ask({ signal: leaving.signal }));
  leaving.abort();
  await expect(given).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER', message: 'keychain: cancelled' });
});

test('a store that fails is an error with the first line of its message', async () => {
  const cause = new Error('no such interface\nmore');
  const backend = { ...hanging, findCredentials: () => Promise.reject(cause) };
  await expect(keychain({ backend }).get(ask())).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'keychain: no such interface',
    cause,
  });
});

test('a store that fails to keep a password shows nothing of it', async () => {
  const backend = { ...hanging, setPassword: (...all: string[]) => Promise.reject(new Error(all.join())) };
  const failure = keychain({ backend, save: 'always' }).approve?.(ask(), alice);
  const error = await Promise.resolve(failure).catch((thrown) => thrown);
  expect(error).toMatchObject({ message: 'keychain: the store did not take the password' });
  expect(error.cause).toBeUndefined();
});

test.each([
  ['a namespace', hanging],
  ['a default export', { default: hanging }],
])('keytar is taken from %s', async (_, module) => {
  expect(await loadKeytar(async () => module)).toBe(hanging);
});

test.each([
  [
    'that is not installed',
    Object.assign(new Error("Cannot find package 'keytar' imported from /x"), { code: 'ERR_MODULE_NOT_FOUND' }),
    'keychain: keytar is not installed .npm install keytar@npm:@github/keytar.',
  ],
  [
    'whose library is missing',
    new Error('libsecret-1.so.0: cannot open shared object file\nRequire stack'),
    'keychain: keytar does not load: libsecret-1.so.0: cannot open shared object file',
  ],
])('a keytar %s is an error that says so', async (_, cause, message) => {
  await expect(loadKeytar(() => Promise.reject(cause))).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: expect.stringMatching(new RegExp(`^${message}.*$`)),
    cause,
  });
});
