import { explain } from '../../../src/index.js';
import type { Credential, CredentialRequest, Provider } from '../../../src/model.js';
import { keychain } from '../../../src/providers/keychain.js';
import type { KeychainBackend } from '../../../src/providers/keychain-backend.js';
import { loadKeytar, runsScripts } from '../../../src/providers/keytar.js';
import { client, refused, server, alice as visitor } from '../../support/stage.js';
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

/** The part of the keychain that is asked when the person's turn has come. */
function personOf(provider: Provider): Provider {
  return provider.providers?.find(({ interactive }) => interactive) as Provider;
}

/** A keychain with two accounts, whose person picks this one. */
function picking(account: string | undefined) {
  const questions: unknown[] = [];
  const choose = async (...question: unknown[]) => {
    questions.push(question.slice(0, 2));
    return account;
  };
  const { backend, calls } = fakeBackend({ [service]: { alice: 'secret', bob: 'builder' } });
  const provider = keychain({ backend, choose });
  return { provider, person: personOf(provider), questions, calls };
}

const unnamed = (provider: Provider, request: CredentialRequest = ask()) =>
  Promise.resolve(provider.get(request)).catch(() => 'several accounts');

test('which of several accounts it is, a person is asked in their turn, and sees no password', async () => {
  const { provider, person, questions } = picking('bob');
  expect(await unnamed(provider)).toBe('several accounts');
  expect(await person.get(ask())).toEqual({ username: 'bob', password: 'builder' });
  expect(questions).toEqual([[`Which account of ${origin} in the keychain?`, ['alice', 'bob']]]);
});

test('the account picked is given without a question from then on, and for that realm', async () => {
  const { provider, person, questions } = picking('bob');
  await unnamed(provider);
  await person.get(ask());
  expect(await provider.get(ask())).toEqual({ username: 'bob', password: 'builder' });
  expect(await unnamed(provider, ask({ realm: 'another' }))).toBe('several accounts');
  expect(questions).toHaveLength(1);
});

test('a person who picks none of them is passed over with the reason', async () => {
  const { provider, person } = picking(undefined);
  await unnamed(provider);
  expect(await person.get(ask())).toBeUndefined();
  expect(person.absence?.(ask())).toBe('no account was chosen');
});

test.each([
  ['when somebody named one', { username: 'alice' }],
  ['for a token', { scheme: 'bearer' }],
  ['for another origin', { origin: 'https://other.example' }],
])('nobody is asked which account %s', async (_, request) => {
  const { provider, person, questions } = picking('bob');
  await unnamed(provider);
  expect(await person.get(ask(request))).toBeUndefined();
  expect(person.absence?.(ask(request))).toBe('');
  expect(questions).toEqual([]);
});

test('what was picked is deleted when it is refused, and its name is offered at the prompt, once', async () => {
  const { provider, person, calls } = picking('bob');
  await unnamed(provider);
  const picked = (await person.get(ask())) as Credential;
  await person.reject?.(ask(), picked);
  expect(calls).toEqual([`delete ${service} bob`]);
  expect(await provider.get(ask())).toBeUndefined();
  expect(await provider.get(ask({ realm: 'another' }))).toEqual({ username: 'alice', password: 'secret' });
  expect(await person.get(ask())).toEqual({ username: 'bob' });
  expect(await person.get(ask())).toBeUndefined();
});

test('a person is not asked which account when a later provider has the answer', async () => {
  const { url } = await server();
  const { backend } = fakeBackend({ [`axios-challenge:${url}`]: { alice: 'secret', bob: 'builder' } });
  const asked: string[] = [];
  const choose = async (question: string) => {
    asked.push(question);
    return 'alice';
  };
  const later = { name: 'later', get: () => visitor };
  const providers = [keychain({ backend, choose }), later];
  expect((await client(url, { providers }).get('/')).status).toBe(200);
  expect(asked).toEqual([]);
});

test('a keychain that has nothing to ask is mentioned once', async () => {
  const { url } = await server();
  const { backend } = fakeBackend();
  const error = await refused(client(url, { providers: [keychain({ backend })] }).get('/'));
  expect(explain(error).match(/keychain/g)).toHaveLength(1);
});

test.each([
  ['no entry', {}, `no entry under ${service}`],
  ['no entry of that name', { username: 'a\u001blice' }, `no entry for a\\x1blice under ${service}`],
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

test('nobody is asked whether to keep what a store cannot take, and that is said', async () => {
  const { backend } = fakeBackend();
  const asked: string[] = [];
  const confirm = async (question: string) => asked.push(question) > 0;
  const provider = keychain({
    backend: { ...backend, findCredentials: () => Promise.reject(new Error('no')) },
    confirm,
  });
  await expect(provider.get(ask())).rejects.toThrow('keychain: no');
  const saving = provider.approve?.(ask({ interactiveSource: 'prompt' }), alice);
  await expect(saving).rejects.toMatchObject({ message: 'keychain: not kept, since the store failed before' });
  expect(asked).toEqual([]);
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

test.each([
  ['/usr/bin/node', true],
  ['/usr/bin/nodejs', true],
  ['/opt/node-22.1/bin/node22', true],
  ['C:\\Program Files\\nodejs\\node.exe', process.platform === 'win32'],
  ['/opt/app/electron', false],
  ['/usr/bin/code', false],
  ['/home/alice/my-tool', false],
  ['/home/alice/nodeless', false],
])('whether %s runs a script and not itself again: %p', (executable, expected) => {
  expect(runsScripts(executable)).toBe(expected);
});
