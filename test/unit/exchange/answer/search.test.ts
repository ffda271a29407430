/** A search for a credential: one for all who wait, what the providers are told, and what is not taken. */

import { type Asked, search } from '../../../../src/exchange/answer/search.js';
import { Conversation } from '../../../../src/exchange/party/conversation.js';
import type { CredentialRequest, Provider } from '../../../../src/model.js';
import { basic } from '../../../../src/schemes/basic.js';
import { choiceOf } from '../../../support/offer.js';
import { contextOf, replyOf, target, wireOf } from '../stage.js';

const alice = { username: 'alice', password: 'wonderland' };
const challenge = { scheme: 'basic', params: { realm: 'files' } };
const choice = choiceOf(basic(), challenge);
const EVERYBODY = { whom: 'all', beyond: undefined } as const;
const ONE_MORE = { ...EVERYBODY, refused: 0, remaining: 1 };

/** A provider, and what it was asked. */
function book(get: Provider['get'] = () => alice) {
  const asked: CredentialRequest[] = [];
  const provider: Provider = {
    name: 'book',
    get: (request) => {
      asked.push(request);
      return get(request);
    },
  };
  return { provider, asked };
}

/** Requests of one client that were all challenged at `origin`, and had other things to say of the caller. */
function challenged(provider: Provider, { origin = target.origin, ...party }: Party = {}) {
  const wire = wireOf<number>(async () => replyOf(200, undefined, undefined));
  const context = contextOf(wire, [basic()], [provider]);
  const begin = () => {
    const { recorder } = contextOf(wire, [], []);
    return new Conversation({ ...context, recorder }, { ...context.origin, ...party });
  };
  const asked: Asked = { space: context.origin.spaces.of(origin, challenge), target, choices: [choice] };
  return { begin, asked, spaces: context.origin.spaces };
}

interface Party {
  readonly origin?: string;
  readonly username?: string;
  readonly baseOrigin?: string;
  readonly callers?: Provider;
}

test('a credential that is found is in use at once', async () => {
  const { begin, asked } = challenged(book().provider);
  const { found, heard } = await search(begin(), asked, ONE_MORE);
  expect(found?.given).toBe(alice);
  expect(heard).toMatchObject([{ provider: 'book', outcome: 'found', username: 'alice' }]);
  expect(asked.space.session?.given).toBe(alice);
});

test('of all who wait, one asks, and each records what was said', async () => {
  const { provider, asked: questions } = book(async () => alice);
  const { begin, asked } = challenged(provider);
  const waiting = [begin(), begin(), begin()];
  const results = await Promise.all(waiting.map((one) => search(one, asked, ONE_MORE)));
  expect(questions).toHaveLength(1);
  expect(new Set(results.map(({ found }) => found)).size).toBe(1);
  const shared = waiting.map(({ recorder }) => recorder.trace.events.map((event) => 'shared' in event));
  expect(shared).toEqual([[false], [true], [true]]);
});

test('a provider is told who asks for what, and how the server refused the last credential', async () => {
  const { provider, asked: questions } = book(() => undefined);
  const { begin, asked } = challenged(provider, { username: 'alice', baseOrigin: 'https://base.example' });
  const refusal = { scheme: 'basic', params: { realm: 'files', error: 'locked' } };
  asked.space.refusal = refusal;
  await search(begin(), asked, { ...EVERYBODY, refused: 1, remaining: 1 });
  const told = { origin: target.origin, realm: 'files', scheme: 'basic', url: target.url, username: 'alice' };
  expect(questions).toMatchObject([{ ...told, baseOrigin: 'https://base.example', refused: 1, refusal, proxy: false }]);
  await search(begin(), asked, ONE_MORE);
  expect(questions[1]).not.toHaveProperty('refusal');
});

test('at a trusted origin that a redirect chose, nothing of what the caller said of the first one counts', async () => {
  const { provider, asked: questions } = book();
  const callers = { name: 'callers', get: () => ({ username: 'caller', password: 'own' }) };
  const { begin, asked } = challenged(provider, { origin: 'https://trusted.example', username: 'caller', callers });
  expect((await search(begin(), asked, ONE_MORE)).found?.given).toBe(alice);
  expect(questions).toMatchObject([{ origin: 'https://trusted.example', baseOrigin: 'https://files.example' }]);
  expect(questions[0]).not.toHaveProperty('username');
});

test("at the origin that was addressed, the caller's own credential is the only one", async () => {
  const { provider, asked: questions } = book();
  const { begin, asked } = challenged(provider, { callers: { name: 'callers', get: () => undefined } });
  expect((await search(begin(), asked, ONE_MORE)).found).toBeUndefined();
  expect(questions).toEqual([]);
});

test('what the server has refused is not taken again', async () => {
  const { begin, asked } = challenged(book().provider);
  const conversation = begin();
  await search(conversation, asked, ONE_MORE);
  asked.space.session?.reputation.refuse(conversation.clock.now(), false);
  const { found, heard } = await search(begin(), asked, ONE_MORE);
  expect(found).toBeUndefined();
  expect(heard).toMatchObject([{ outcome: 'unusable', reason: 'gave what the server has refused already' }]);
});

test('an account that has answered a Digest does not show its password', async () => {
  const { begin, asked, spaces } = challenged(book().provider);
  const { offers } = spaces.stores;
  const place = { origin: target.origin, realm: 'elsewhere', pathname: '/' };
  offers.answered(place, { label: 'Digest MD5', strength: 40 }, offers.use(target.origin, 'alice'));
  const { found, heard } = await search(begin(), asked, ONE_MORE);
  expect(found).toBeUndefined();
  expect(heard).toMatchObject([{ outcome: 'unusable', code: 'ERR_AUTH_DOWNGRADE' }]);
});
