/** A provider without a usable credential is passed over, and explain() says why. */

import { explain, type Provider, staticCredential } from '../../src/index.js';
import { alice, client, server } from '../support/stage.js';

const throwing = (thrown: unknown): Provider => ({
  name: 'own',
  get: () => {
    throw thrown;
  },
});

test.each<[string, Provider, string]>([
  ['no credential, without a word', { name: 'own', get: () => undefined }, 'own       has none'],
  ['a long reason', { name: 'own', get: () => undefined, absence: () => 'x'.repeat(300) }, `${'x'.repeat(200)}…`],
  ['no error', throwing('words'), 'it threw a value that is not an error'],
  ['a token for a password', { name: 'own', get: () => ({ token: 'abc' }) }, 'gave a token, and Digest SHA-256 needs'],
])('a provider that has %s is passed over with the reason', async (_, provider, reason) => {
  const guarded = await server();
  const response = await client(guarded.url, { providers: [provider, staticCredential(alice)] }).get('/');
  expect(explain(response)).toContain(reason);
});

test('a provider with another account than that of the URL is passed over', async () => {
  const { url } = await server();
  const other: Provider = { name: 'own', get: () => ({ username: 'bob', password: 'wonderland' }) };
  const response = await client(url, { providers: [other, staticCredential(alice)] }).get(
    url.replace('http://', 'http://alice@'),
  );
  expect(explain(response)).toContain('gave another user name than the one that was asked for');
});
