import type { Credential } from '../../../src/model.js';
import { basic } from '../../../src/schemes/basic.js';
import { bearer } from '../../../src/schemes/bearer.js';
import { digest } from '../../../src/schemes/digest/digest.js';
import { offerOf } from '../../support/offer.js';

const scheme = bearer();
const challenge = (params: Record<string, string> = {}) => ({ scheme: 'bearer', params });
const send = (token: string) => offerOf(scheme, challenge()).answer({ token }).authorize({ method: 'GET', uri: '/' });
const refused = (code: string) => expect.objectContaining({ name: 'AuthError', code });

test('sends a token in clear text', () => {
  expect(scheme).toMatchObject({ name: 'bearer', credential: 'token', clearText: true });
  expect(offerOf(scheme, challenge())).toMatchObject({ label: 'Bearer', strength: expect.any(Number) });
});

test.each([
  ['RFC 6750 §2.1', 'mF_9.B5f-4.1JqM'],
  ['a JWT', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.'],
  ['every character', 'azAZ09-._~+/'],
  ['padding', 'YQ=='],
  ['a long one', `${'a'.repeat(8192)}==`],
])('%s is a b64token', (_, token) => {
  expect(send(token)).toEqual({ value: `Bearer ${token}` });
});

test.each([
  ['nothing', ''],
  ['padding alone', '='],
  ['padding in the middle', 'hunter=2'],
  ['a blank', 'hunter 2'],
  ['a trailing blank', 'hunter2 '],
  ['a trailing line break', 'hunter2\n'],
  ['a header', 'hunter2\r\nX-Evil: 1'],
  ['a leading line break', '\nhunter2'],
  ['NUL', 'hunter2\u0000'],
  ['a comma', 'hunter2,'],
  ['a quote', '"hunter2"'],
  ['a colon', 'hunter:2'],
  ['obs-text', 'hunter2\u00e9'],
  ['the auth-scheme as well', 'Bearer hunter2'],
])('SEC-21 %s is not a b64token, and the error does not show it', (_, token) => {
  expect(() => send(token)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(() => send(token)).not.toThrow(/hunter/);
});

test('a long token that ends badly is refused in linear time', () => {
  expect(() => send(`${'='.repeat(100_000)}!`)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(() => send(`a${'='.repeat(100_000)}!`)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
});

test('a password is not a token', () => {
  const answer = () => offerOf(scheme, challenge()).answer({ username: 'hunter1', password: 'hunter2' });
  expect(answer).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(answer).not.toThrow(/hunter/);
});

describe('another auth-scheme', () => {
  test('is written as it was given, and is a token in clear text', () => {
    const token = bearer({ scheme: 'Token' });
    expect(token).toMatchObject({ name: 'token', credential: 'token', clearText: true });
    const offer = offerOf(token, { scheme: 'token', params: {} });
    expect(offer.label).toBe('Token');
    expect(offer.answer({ token: 'abc' }).authorize({ method: 'GET', uri: '/' })).toEqual({ value: 'Token abc' });
    expect(() => offer.answer({ username: 'a', password: 'b' })).toThrow(/Token needs one/);
  });

  test.each([
    ['nothing', ''],
    ['two words', 'Token abc'],
    ['a comma', 'Token,'],
    ['a line break', 'Token\r\nX-Evil: 1'],
    ['no text', 7],
    ['what takes a password', 'Basic'],
    ['what takes a password over a connection', 'NTLM'],
    ['what takes a ticket', 'Negotiate'],
    ['what takes a proof of one', 'DIGEST'],
  ])('%s is none', (_, name) => {
    expect(() => bearer({ scheme: name as string })).toThrow(refused('ERR_AUTH_OPTION'));
  });

  test('a misspelt option is told', () => {
    expect(() => bearer({ schema: 'Token' } as object)).toThrow(/did you mean scheme/);
  });
});

test.each(['https://h.example/', 'https://h.example/a/b?c'])('%s: the space is the origin', (url) => {
  expect(offerOf(scheme, challenge({ realm: 'https://evil.example/token' })).space(url)).toEqual(['/']);
});

test.each([
  ['no error', {}, { kind: 'refused' }],
  ['invalid_token', { error: 'invalid_token' }, { kind: 'refused' }],
  ['an unknown error', { error: 'nonsense' }, { kind: 'refused' }],
  ['invalid_request', { error: 'invalid_request' }, { kind: 'final', reason: 'the server calls the request invalid' }],
  ['insufficient_scope', { error: 'insufficient_scope' }, { kind: 'insufficient', reason: 'the token lacks a scope' }],
  [
    'insufficient_scope with the scope',
    { error: 'insufficient_scope', scope: 'read "all"' },
    { kind: 'insufficient', reason: 'the token lacks the scope "read \\"all\\""' },
  ],
  [
    'insufficient_user_authentication (RFC 9470 §3)',
    { error: 'insufficient_user_authentication', acr_values: 'gold', max_age: '60' },
    {
      kind: 'insufficient',
      reason:
        'the token comes from a login that is too weak or too old: wanted is one of the class "gold", at most "60" seconds ago',
    },
  ],
  [
    'insufficient_user_authentication alone',
    { error: 'insufficient_user_authentication' },
    { kind: 'insufficient', reason: 'the token comes from a login that is too weak or too old' },
  ],
])('RFC 6750 §3.1: a 401 with %s', (_, params, refusal) => {
  expect(offerOf(scheme, challenge(params)).refusalOf(offerOf(scheme, challenge()).answer({ token: 'abc' }))).toEqual(
    refusal,
  );
});

describe('SEC-28 a credential is told by its own properties', () => {
  const polluted = (run: () => void) => {
    Object.defineProperty(Object.prototype, 'token', { value: 'polluted', configurable: true });
    try {
      run();
    } finally {
      delete (Object.prototype as Record<string, unknown>).token;
    }
  };
  const alice: Credential = { username: 'alice', password: 'secret' };

  test('a polluted token is not sent', () => {
    polluted(() => expect(() => offerOf(scheme, challenge()).answer(alice)).toThrow(refused('ERR_AUTH_CREDENTIAL')));
  });

  test('a password is still read as a password', () => {
    const nonce = { scheme: 'digest', params: { realm: 'a', nonce: 'b' } };
    polluted(() => {
      expect(
        offerOf(basic(), { scheme: 'basic', params: {} }).answer(alice).authorize({ method: 'GET', uri: '/' }).value,
      ).toBe('Basic YWxpY2U6c2VjcmV0');
      expect(offerOf(digest(), nonce).answer(alice).nonce).toBe('b');
    });
  });
});
