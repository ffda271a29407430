import { staticCredential } from '../../../src/providers/static.js';
import { ask, origin } from '../../support/credential-request.js';

const alice = { username: 'alice', password: 'secret' };
const bearer = { token: 't0ken' };

test.each([
  ['a password to Digest', alice, {}, {}, alice],
  ['a password to Basic', alice, {}, { scheme: 'basic' }, alice],
  ['no password to Bearer', alice, {}, { scheme: 'bearer' }, undefined],
  ['a token to Bearer', bearer, {}, { scheme: 'bearer' }, bearer],
  ['no token to Digest', bearer, {}, {}, undefined],
  ['to its own origin', alice, { origin: `${origin}:443/any/path` }, {}, alice],
  ['to no other host', alice, { origin: 'https://other.example' }, {}, undefined],
  ['to no other port', alice, { origin: `${origin}:8443` }, {}, undefined],
  ['to no other protocol', alice, { origin: 'http://files.example' }, {}, undefined],
  ['to no proxy by default', alice, {}, { proxy: true }, undefined],
  ['to the proxy it is for', alice, { origin }, { proxy: true }, alice],
  ['for the user name asked for', alice, {}, { username: 'alice' }, alice],
  ['for no other user name', alice, {}, { username: 'bob' }, undefined],
])('static gives %s', async (_, credential, options, request, expected) => {
  expect(await staticCredential(credential, options).get(ask(request))).toEqual(expected);
});

test.each([
  ['another origin', { origin: 'https://other.example' }, {}, 'is for https://other.example, not this origin'],
  ['a proxy', {}, { proxy: true }, 'names no origin, so it is not for a proxy'],
  ['Bearer', {}, { scheme: 'bearer' }, 'is a password, not a token'],
  ['another user name', {}, { username: 'bob' }, 'is for another user name'],
  ['what it answers', {}, {}, undefined],
])('static says why it has no credential for %s', (_, options, request, expected) => {
  expect(staticCredential(alice, options).absence?.(ask(request))).toBe(expected);
});

test('static keeps a copy, which a later change does not affect', async () => {
  const mine = { ...alice };
  const provider = staticCredential(mine);
  mine.password = 'changed';
  const given = await provider.get(ask());
  expect(given).toEqual(alice);
  expect(Object.isFrozen(given)).toBe(true);
});

test.each([
  ['no password', { username: 'alice' }],
  ['nothing', {}],
  ['an inherited password', Object.create(alice)],
])('static refuses a credential with %s', (_, credential) => {
  expect(() => staticCredential(credential as never)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION' }));
});

test('static refuses an origin without a protocol, and does not repeat it', () => {
  expect(() => staticCredential(alice, { origin: 'alice:secret@files.example' })).toThrow(
    expect.objectContaining({ code: 'ERR_AUTH_OPTION', message: expect.not.stringContaining('secret') }),
  );
});

test('static reads no origin from a polluted prototype', async () => {
  Object.defineProperty(Object.prototype, 'origin', { value: 'https://evil.example', configurable: true });
  try {
    expect(await staticCredential(alice).get(ask())).toEqual(alice);
  } finally {
    delete (Object.prototype as { origin?: string }).origin;
  }
});
