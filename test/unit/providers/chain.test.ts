import type { Credential, CredentialRequest, Provider, UsernameHint } from '../../../src/model.js';
import { chain } from '../../../src/providers/chain.js';
import { ask } from '../../support/credential-request.js';

const alice = { username: 'alice', password: 'secret' };

interface Spy extends Provider {
  readonly asked: CredentialRequest[];
  readonly approved: CredentialRequest[];
  readonly rejected: Credential[];
}

function spy(name: string, answer?: Credential | UsernameHint | Error, more: Partial<Provider> = {}): Spy {
  const [asked, approved, rejected]: [CredentialRequest[], CredentialRequest[], Credential[]] = [[], [], []];
  return {
    name,
    asked,
    approved,
    rejected,
    get: (request) => {
      asked.push(request);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    approve: (request) => void approved.push(request),
    reject: (_, credential) => void rejected.push(credential),
    ...more,
  };
}

test('the first provider with a credential ends the search', async () => {
  const [none, some, later] = [spy('none'), spy('some', alice), spy('later', { token: 't' })];
  expect(await chain(none, some, later).get(ask())).toBe(alice);
  expect([none, some, later].map(({ asked }) => asked.length)).toEqual([1, 1, 0]);
});

test('a person is asked after all others', async () => {
  const [person, store] = [spy('person', { token: 't' }, { interactive: true }), spy('store', alice)];
  expect(await chain(person, store).get(ask())).toBe(alice);
  expect(person.asked).toEqual([]);
});

test('a provider that throws is passed over', async () => {
  expect(await chain(spy('broken', new Error('down')), spy('some', alice)).get(ask())).toBe(alice);
});

test('a user name alone is handed to the next provider', async () => {
  const next = spy('next', alice);
  await chain(spy('hint', { username: 'alice' }), next).get(ask());
  expect(next.asked[0]?.username).toBe('alice');
});

test('a user name alone is the answer if no provider has a password', async () => {
  expect(await chain(spy('hint', { username: 'alice' }), spy('none')).get(ask())).toEqual({ username: 'alice' });
});

test('no provider is asked after the signal has fired', async () => {
  const provider = spy('some', alice);
  expect(await chain(provider).get(ask({ signal: AbortSignal.abort() }))).toBeUndefined();
  expect(provider.asked).toEqual([]);
});

test('the user name that the caller named is not replaced', async () => {
  const next = spy('next', alice);
  await chain(spy('hint', { username: 'bob' }), next).get(ask({ username: 'alice' }));
  expect(next.asked[0]?.username).toBe('alice');
});

test('a chain that is wrapped by spreading is asked by the `get` of the wrapper', () => {
  const inner = chain(spy('a'));
  expect({ ...inner, get: () => alice }).not.toHaveProperty('providers');
  expect(inner.providers).toHaveLength(1);
});

test('a chain in a chain is taken apart', () => {
  const [a, b, c] = [spy('a'), spy('b'), spy('c')];
  const foreign = spy('foreign', undefined, { providers: [b, chain(c)] });
  expect(chain(a, foreign).providers).toEqual([a, b, c]);
});

test('only the provider that gave the credential hears that it was refused', async () => {
  const [none, some, other] = [spy('none'), spy('some', alice), spy('other')];
  const provider = chain(none, some, other);
  await provider.get(ask());
  await provider.reject?.(ask(), alice);
  expect([none, some, other].map(({ rejected }) => rejected)).toEqual([[], [alice], []]);
});

test('only the provider that gave the credential hears that it was accepted', async () => {
  const [store, some] = [spy('store', undefined, { store: true }), spy('some', alice)];
  const provider = chain(store, some);
  await provider.get(ask());
  await provider.approve?.(ask(), alice);
  expect([store, some].map(({ approved }) => approved.length)).toEqual([0, 1]);
});

test('a verdict on a credential of another provider is passed to no provider of the chain', async () => {
  const some = spy('some', alice);
  const provider = chain(some);
  await provider.get(ask());
  await provider.approve?.(ask(), { ...alice });
  await provider.reject?.(ask(), { ...alice });
  expect([some.approved, some.rejected]).toEqual([[], []]);
});

test.each([
  ['of persons only, and is interactive', true, true],
  ['of others as well, and is not', undefined, undefined],
])('a wrapped chain consists %s', (_, other, expected) => {
  const person = spy('person', undefined, { interactive: true });
  const second = spy('second', undefined, other === undefined ? {} : { interactive: other });
  expect({ ...chain(person, second) }.interactive).toBe(expected);
});
