import { explain } from '../../../../src/index.js';
import type { Credential, CredentialRequest, Provider } from '../../../../src/model.js';
import type { KeychainBackend } from '../../../../src/providers/keychain/backend.js';
import { keychain } from '../../../../src/providers/keychain/keychain.js';
import { loadKeytar, runsScripts } from '../../../../src/providers/keychain/keytar.js';
import { takeNotice } from '../../../../src/providers/notices.js';
import { ask, origin } from '../../../support/credential-request.js';
import { memoryKeychain } from '../../../support/keychain.js';
import { client, refused, server, alice as visitor } from '../../../support/stage.js';

const alice = { username: 'alice', password: 'secret' };
const service = `axios-challenge:${origin}`;

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
  const { backend } = memoryKeychain({ [service]: { alice: 'secret' } });
  expect(await keychain({ backend }).get(ask(request))).toEqual(expected);
});

test('keychain gives a proxy the password that is kept for the proxy', async () => {
  const { backend } = memoryKeychain({ [`axios-challenge:proxy:${origin}`]: { alice: 'secret' } });
  expect(await keychain({ backend }).get(ask({ proxy: true }))).toEqual(alice);
});

test('the option service replaces the beginning of the service', async () => {
  const { backend } = memoryKeychain({ [`my-tool:${origin}`]: { alice: 'secret' } });
  expect(await keychain({ backend, service: 'my-tool' }).get(ask())).toEqual(alice);
});

test('several accounts are an error that says how to choose, and shows no password', async () => {
  const { backend } = memoryKeychain({ [service]: { alice: 'secret', 'b\u001bob': 'secret' } });
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
  const { backend, calls } = memoryKeychain({ [service]: { alice: 'secret', bob: 'builder' } });
  const provider = keychain({ backend, choose });
  return { provider, person: personOf(provider), questions, calls };
}

const unnamed = (provider: Provider, request: CredentialRequest = ask()) =>
  Promise.resolve(provider.get(request)).catch(() => 'several accounts');

test('a person is asked in turn which of several accounts to use, and sees no password', async () => {
  const { provider, person, questions } = picking('bob');
  expect(await unnamed(provider)).toBe('several accounts');
  expect(await person.get(ask())).toEqual({ username: 'bob', password: 'builder' });
  expect(questions).toEqual([[`Which account of ${origin} in the keychain?`, ['alice', 'bob']]]);
});

test('a chosen account is used without another question, for that realm', async () => {
  const { provider, person, questions } = picking('bob');
  await unnamed(provider);
  await person.get(ask());
  expect(await provider.get(ask())).toEqual({ username: 'bob', password: 'builder' });
  expect(await unnamed(provider, ask({ realm: 'another' }))).toBe('several accounts');
  expect(questions).toHaveLength(1);
});

test('if a person chooses no account, the keychain is passed over with the reason', async () => {
  const { provider, person } = picking(undefined);
  await unnamed(provider);
  expect(await person.get(ask())).toBeUndefined();
  expect(person.absence?.(ask())).toBe('no account was chosen');
});

test.each([
  ['when a user name is known', { username: 'alice' }],
  ['for a token', { scheme: 'bearer' }],
  ['for another origin', { origin: 'https://other.example' }],
])('no person is asked which account to use %s', async (_, request) => {
  const { provider, person, questions } = picking('bob');
  await unnamed(provider);
  expect(await person.get(ask(request))).toBeUndefined();
  expect(person.absence?.(ask(request))).toBe('');
  expect(questions).toEqual([]);
});

test('a chosen account is deleted when it is refused, and the prompt offers its name once', async () => {
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

test('a person is not asked which account to use if a later provider has a credential', async () => {
  const { url } = await server();
  const { backend } = memoryKeychain({ [`axios-challenge:${url}`]: { alice: 'secret', bob: 'builder' } });
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

test('a keychain without a question is mentioned once', async () => {
  const { url } = await server();
  const { backend } = memoryKeychain();
  const error = await refused(client(url, { providers: [keychain({ backend })] }).get('/'));
  expect(explain(error).match(/keychain/g)).toHaveLength(1);
});

test.each([
  ['no entry', {}, `no entry under ${service}`],
  ['no entry of that name', { username: 'a\u001blice' }, `no entry for a\\x1blice under ${service}`],
  ['Bearer', { scheme: 'bearer' }, 'keeps passwords only'],
])('keychain says why it has no credential: %s', (_, request, expected) => {
  expect(keychain({ backend: hanging }).absence?.(ask(request))).toBe(expected);
});

test.each([
  ['always', true, 'prompt', []],
  ['ask', true, 'prompt', ['Keep the password of alice for https://files.example in the keychain?']],
  ['ask', false, 'prompt', ['Keep the password of alice for https://files.example in the keychain?']],
  ['ask', true, undefined, []],
  ['never', true, 'prompt', []],
] as const)('with save %j, a person who says %p, and a password from %p', async (save, yes, source, questions) => {
  const { backend, calls } = memoryKeychain();
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
  const { backend, calls } = memoryKeychain();
  await keychain({ backend, save: 'always' }).approve?.(ask({ interactiveSource: 'prompt' }), credential);
  expect(calls).toEqual([]);
});

test('a password of the keychain is not kept again', async () => {
  const { backend, calls } = memoryKeychain({ [service]: { alice: 'secret' } });
  const provider = keychain({ backend, save: 'always' });
  await provider.get(ask());
  await provider.approve?.(ask(), alice);
  expect(calls).toEqual([]);
});

test('a person is asked once about one password', async () => {
  const { backend } = memoryKeychain();
  let asked = 0;
  const provider = keychain({ backend, confirm: async () => ++asked < 0 });
  const request = ask({ interactiveSource: 'prompt' });
  await provider.approve?.(request, alice);
  await provider.approve?.(request, { ...alice });
  await provider.approve?.(request, { ...alice, password: 'another' });
  expect(asked).toBe(2);
});

test('the keychain deletes its password when the server refuses it', async () => {
  const { backend, calls } = memoryKeychain({ [service]: { alice: 'secret' } });
  const provider = keychain({ backend });
  await provider.get(ask());
  await provider.reject?.(ask(), alice);
  expect(calls).toEqual([`delete ${service} alice`]);
});

test('the keychain does not delete a password that was changed since', async () => {
  const { backend, calls, entries } = memoryKeychain({ [service]: { alice: 'secret' } });
  const provider = keychain({ backend });
  await provider.get(ask());
  entries[service] = { alice: 'new' };
  await provider.reject?.(ask(), alice);
  expect(calls).toEqual([]);
});

test('the keychain does not delete the password of another provider', async () => {
  const { backend, calls } = memoryKeychain({ [service]: { alice: 'secret' } });
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

test('a store that cannot tell what it has locked may have an entry', async () => {
  const backend = { ...memoryKeychain().backend, hasLocked: async () => undefined };
  const provider = keychain({ backend });
  expect([await provider.get(ask()), provider.absence?.(ask())]).toEqual([
    undefined,
    `no entry under ${service}, or a locked one`,
  ]);
});

test('two first questions at once share what is known of the accounts', async () => {
  const { backend, calls } = memoryKeychain({ [service]: { alice: 'secret' } });
  const provider = keychain({ backend });
  const [one, other] = [ask(), ask({ realm: 'other' })];
  await Promise.all([provider.get(one), provider.get(other)]);
  await provider.reject?.(other, alice);
  expect(calls).toEqual([]);
  await provider.reject?.(one, alice);
  expect(calls).toEqual([`delete ${service} alice`]);
});

test('an abort does not wait for a store that hangs', async () => {
  const leaving = new AbortController();
  const leave = () => {
    setImmediate(() => leaving.abort());
    return never();
  };
  const given = keychain({ backend: { ...hanging, findCredentials: leave } }).get(ask({ signal: leaving.signal }));
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

test('no person is asked whether to keep a password that the store cannot take, and the record says so', async () => {
  const { backend } = memoryKeychain();
  const asked: string[] = [];
  const confirm = async (question: string) => asked.push(question) > 0;
  const provider = keychain({
    backend: { ...backend, findCredentials: () => Promise.reject(new Error('no')) },
    confirm,
  });
  await expect(provider.get(ask())).rejects.toThrow('keychain: no');
  const saving = provider.approve?.(ask({ interactiveSource: 'prompt' }), alice);
  await expect(saving).rejects.toMatchObject({
    message: 'keychain: the password was not kept, because the store failed before',
  });
  expect(asked).toEqual([]);
});

test('a store that fails to keep a password does not show it', async () => {
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
])('whether %s is Node, and runs scripts: %p', (executable, expected) => {
  expect(runsScripts(executable)).toBe(expected);
});

test.each([
  ['that is removed', {}, 'The password of alice in the keychain was refused, and removed.'],
  ['that another realm may still use', { realm: 'other' }, 'The password of alice in the keychain was refused.'],
])('a refused password %s is reported at the next question', async (_, elsewhere, notice) => {
  const request = ask({ origin: 'https://notice.example' });
  const { backend } = memoryKeychain({ 'axios-challenge:https://notice.example': { alice: 'stale' } });
  const provider = keychain({ backend });
  await provider.get({ ...request, ...elsewhere });
  const given = (await provider.get(request)) as { username: string; password: string };
  await provider.reject?.(request, given);
  expect(takeNotice(request)).toBe(notice);
});

describe('forget', () => {
  const kept = () =>
    memoryKeychain({ [service]: { alice: 'secret', bob: 'builder' }, [`${service}:8443`]: { alice: 'x' } });

  test.each([
    ['every account of the origin of a URL', [`${origin}/report?page=1`], ['alice', 'bob'], []],
    ['one account', [origin, 'bob'], ['bob'], ['alice']],
    ['no account, where there is none of this name', [origin, 'carol'], [], ['alice', 'bob']],
  ] as const)('deletes %s', async (_, [url, username], gone, left) => {
    const { backend, entries } = kept();
    expect(await keychain({ backend }).forget(url, username)).toEqual(gone);
    expect(Object.keys(entries[service] ?? {})).toEqual(left);
    expect(entries[`${service}:8443`]).toEqual({ alice: 'x' });
  });

  test('asks for a URL, and tells of a store that does not answer', async () => {
    await expect(keychain().forget('files.example')).rejects.toMatchObject({ code: 'ERR_AUTH_OPTION' });
    await expect(keychain({ backend: hanging, timeout: 20 }).forget(origin)).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER',
    });
  });
});
