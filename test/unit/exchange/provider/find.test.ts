import { lookUp } from '../../../../src/exchange/provider/find.js';
import type { Lookup } from '../../../../src/exchange/provider/lookup.js';
import type { Provider } from '../../../../src/model.js';
import { basic } from '../../../../src/schemes/basic.js';
import { bearer } from '../../../../src/schemes/bearer.js';
import { choiceOf } from '../../../support/offer.js';

const asked: string[] = [];
beforeEach(() => asked.splice(0));

const provider = (name: string, get: Provider['get'] = () => undefined): Provider => ({
  name,
  get: (request) => {
    asked.push(name);
    return get(request);
  },
});

const choice = choiceOf(basic(), { scheme: 'basic', params: {} });

function lookup(changes: Partial<Lookup>): Lookup {
  const request = {
    origin: 'https://files.example',
    realm: '',
    proxy: false,
    url: 'https://files.example/',
    refused: 0,
  };
  return {
    providers: [],
    choices: [choice],
    request,
    hasRefused: () => false,
    refusedUsername: undefined,
    remaining: 3,
    whom: 'all',
    previous: undefined,
    clock: { now: () => 0, epoch: 0, date: () => 0, within: async (_, promise) => promise },
    record: () => {},
    ...changes,
  };
}

test.each([
  ['', false],
  [' person', true],
])('when the caller has left, no other%s is asked', async (_, interactive) => {
  const leaving = new AbortController();
  const first = provider('first', () => leaving.abort() as undefined);
  const providers = [first, provider('second')].map((one) => ({ ...one, interactive }));
  const { request } = lookup({});
  expect(await lookUp(lookup({ providers, request: { ...request, signal: leaving.signal } }))).toBeUndefined();
  expect(asked).toEqual(['first']);
});

test('if no challenge can be answered, no provider is asked', async () => {
  const person = { ...provider('person'), interactive: true };
  expect(await lookUp(lookup({ providers: [person], choices: [] }))).toBeUndefined();
  expect(asked).toEqual([]);
});

describe('Basic and Bearer together', () => {
  const choices = [choiceOf(bearer(), { scheme: 'bearer', params: {} }), choice];
  const kinds: string[] = [];
  beforeEach(() => kinds.splice(0));
  const person = (name: string, get: Provider['get']): Provider => ({
    name,
    interactive: true,
    get: (request) => {
      kinds.push(`${name}: ${request.kind}`);
      return get(request);
    },
  });
  const tokens = (name = 'oauth') => person(name, ({ kind }) => (kind === 'token' ? { token: 't0k3n' } : undefined));
  const passwords = (name = 'prompt') =>
    person(name, ({ kind }) => (kind === 'token' ? { token: 'typed' } : { username: 'alice', password: 'wonderland' }));

  test.each<[string, Provider[], string, string[]]>([
    ['tokens first', [tokens(), passwords()], 'oauth', ['oauth: password', 'oauth: token']],
    ['passwords first', [passwords(), tokens()], 'prompt', ['prompt: password']],
    [
      'one who has nothing',
      [person('nobody', () => undefined), tokens()],
      'oauth',
      ['nobody: password', 'nobody: token', 'oauth: password', 'oauth: token'],
    ],
    [
      'one who leaves',
      [
        person('left', () => {
          throw new Error('left');
        }),
        tokens(),
      ],
      'oauth',
      ['left: password', 'oauth: password', 'oauth: token'],
    ],
    [
      'one who gives a token whatever is asked for',
      [person('blind', () => ({ token: 't0k3n' }))],
      'blind',
      ['blind: password', 'blind: token'],
    ],
    [
      'a name alone',
      [person('name', () => ({ username: 'alice' })), tokens()],
      'oauth',
      ['name: password', 'oauth: password', 'oauth: token'],
    ],
  ])('of people, %s: each is asked for what it can give, in its turn', async (_, providers, giver, asked) => {
    const found = await lookUp(lookup({ providers, choices }));
    expect(found?.provider.name).toBe(giver);
    expect(kinds).toEqual(asked);
  });

  test('whoever needs no person is asked before, for the stronger challenge first', async () => {
    const silent = provider('silent', ({ kind }) => (kind === 'token' ? { token: 't0k3n' } : undefined));
    const found = await lookUp(lookup({ providers: [tokens(), silent], choices }));
    expect(found?.provider.name).toBe('silent');
    expect(kinds).toEqual([]);
  });

  test('where no person is to be asked, none is', async () => {
    expect(await lookUp(lookup({ providers: [tokens()], choices, whom: 'silent' }))).toBeUndefined();
    expect(kinds).toEqual([]);
  });
});

test('the dates of a token are recorded, and never the token', async () => {
  const token = `e30.${Buffer.from('{"exp":1300819380}').toString('base64url')}.c2ln`;
  const recorded: unknown[] = [];
  const choices = [choiceOf(bearer(), { scheme: 'bearer', params: {} })];
  const record: Lookup['record'] = (event) => void recorded.push(event);
  await lookUp(lookup({ providers: [provider('vault', () => ({ token }))], choices, record }));
  expect(recorded).toMatchObject([{ provider: 'vault', outcome: 'found', token: { expires: 1_300_819_380_000 } }]);
  expect(JSON.stringify(recorded)).not.toContain(token);
});
