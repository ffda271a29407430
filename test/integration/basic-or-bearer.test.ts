/** A server that takes a password or a token, and the people who are asked for either. */

import { explain, type Provider } from '../../src/index.js';
import { client, server } from '../support/stage.js';

const both = { protect: [{ scheme: 'basic' }, { scheme: 'bearer' }], tokens: ['t0k3n'] } as const;

/** Logs in somewhere else, and has a token then. */
const login: Provider = {
  name: 'login',
  interactive: true,
  get: ({ scheme }) => (scheme === 'bearer' ? { token: 't0k3n' } : undefined),
  absence: () => 'has tokens only',
};

function person(): Provider & { readonly asked: string[] } {
  const asked: string[] = [];
  const get: Provider['get'] = ({ scheme }) => {
    asked.push(scheme);
    return { username: 'alice', password: 'wonderland' };
  };
  return { name: 'person', interactive: true, asked, get };
}

test('who can get a token gets its turn before a person is asked for a password', async () => {
  const api = await server(both);
  const alice = person();
  const response = await client(api.url, { providers: [login, alice] }).get('/');
  expect(api.requests.map(({ scheme }) => scheme)).toEqual([undefined, 'bearer']);
  expect(alice.asked).toEqual([]);
  expect(explain(response)).toMatch(/login +has tokens only.*\n +login +a token.*\n +chose Bearer/);
});

test('a person who is asked first is asked for a password, once', async () => {
  const api = await server(both);
  const alice = person();
  await client(api.url, { providers: [alice, login] }).get('/');
  expect(api.requests.map(({ scheme }) => scheme)).toEqual([undefined, 'basic']);
  expect(alice.asked).toEqual(['basic']);
});
