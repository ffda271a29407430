import { type Lookup, lookUp } from '../../../src/exchange/lookup.js';
import type { Provider } from '../../../src/model.js';
import { basic } from '../../../src/schemes/basic.js';

const asked: string[] = [];
beforeEach(() => asked.splice(0));

const provider = (name: string, get: Provider['get'] = () => undefined): Provider => ({
  name,
  get: (request) => {
    asked.push(name);
    return get(request);
  },
});

const choice = { challenge: { scheme: 'basic', params: {} }, scheme: basic(), label: 'Basic', strength: 10 };

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
    clock: { now: () => 0, epoch: 0, within: async (_, promise) => promise },
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

test('where nothing can be answered, nobody is asked', async () => {
  const person = { ...provider('person'), interactive: true };
  expect(await lookUp(lookup({ providers: [person], choices: [] }))).toBeUndefined();
  expect(asked).toEqual([]);
});
