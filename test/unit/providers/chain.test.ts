import { AuthError } from '../../../src/errors.js';
import type { Credential, CredentialRequest, Provider, UsernameHint } from '../../../src/model.js';
import { chain } from '../../../src/providers/chain.js';
import { ask } from './request.js';

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

test('a chain says why it has nothing, and shows no message that is not its own', async () => {
  const request = ask();
  const provider = chain(
    spy('own', new AuthError('ERR_AUTH_PROVIDER', 'own: locked')),
    spy('foreign', new TypeError('secret')),
    spy('silent', undefined, { absence: () => 'no entry' }),
  );
  expect(await provider.get(request)).toBeUndefined();
  expect(provider.absence?.(request)).toBe('own: locked; foreign: failed (TypeError); silent: no entry');
});

test('a user name alone is handed to the next provider', async () => {
  const next = spy('next', alice);
  await chain(spy('hint', { username: 'alice' }), next).get(ask());
  expect(next.asked[0]?.username).toBe('alice');
});

test('a user name alone is the answer when nobody has more', async () => {
  expect(await chain(spy('hint', { username: 'alice' }), spy('none')).get(ask())).toEqual({ username: 'alice' });
});

test('nobody is asked once the signal has fired', async () => {
  const provider = spy('some', alice);
  expect(await chain(provider).get(ask({ signal: AbortSignal.abort() }))).toBeUndefined();
  expect(provider.asked).toEqual([]);
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

test('what a person typed is offered to the stores once accepted', async () => {
  const [store, plain] = [spy('store', undefined, { store: true }), spy('plain')];
  const person = spy('person', alice, { interactive: true });
  const provider = chain(store, plain, person);
  await provider.get(ask());
  await provider.approve?.(ask(), alice);
  expect(person.approved[0]?.interactiveSource).toBeUndefined();
  expect(store.approved[0]?.interactiveSource).toBe('person');
  expect(plain.approved).toEqual([]);
});

test('a store that fails does not keep the offer from the next', async () => {
  const fail = () => Promise.reject(new AuthError('ERR_AUTH_PROVIDER', 'locked'));
  const [broken, store] = [
    spy('broken', undefined, { store: true, approve: fail }),
    spy('store', undefined, { store: true }),
  ];
  const provider = chain(broken, store, spy('person', alice, { interactive: true }));
  await provider.get(ask());
  await expect(provider.approve?.(ask(), alice)).rejects.toThrow('locked');
  expect(store.approved).toHaveLength(1);
});

test('a verdict on a credential that did not come from here is told to nobody', async () => {
  const some = spy('some', alice);
  const provider = chain(some);
  await provider.get(ask());
  await provider.approve?.(ask(), { ...alice });
  await provider.reject?.(ask(), { ...alice });
  expect([some.approved, some.rejected]).toEqual([[], []]);
});
