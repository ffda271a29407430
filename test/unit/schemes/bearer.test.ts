import type { Credential } from '../../../src/model.js';
import { basic } from '../../../src/schemes/basic.js';
import { bearer } from '../../../src/schemes/bearer.js';
import { digest } from '../../../src/schemes/digest/digest.js';

const scheme = bearer();
const challenge = (params: Record<string, string> = {}) => ({ scheme: 'bearer', params });
const send = (token: string) => scheme.answer(challenge(), { token }).authorize({ method: 'GET', uri: '/' });
const refused = (code: string) => expect.objectContaining({ name: 'AuthError', code });

test('sends a token in clear text', () => {
  expect(scheme).toMatchObject({ name: 'bearer', credential: 'token', clearText: true });
  expect(scheme.accepts(challenge())).toEqual({ label: 'Bearer', strength: expect.any(Number) });
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
])('SEC-21 %s is no b64token, and the error does not show it', (_, token) => {
  expect(() => send(token)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(() => send(token)).not.toThrow(/hunter/);
});

test('a long token that ends badly is refused in linear time', () => {
  expect(() => send(`${'='.repeat(100_000)}!`)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(() => send(`a${'='.repeat(100_000)}!`)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
});

test('a password is no token', () => {
  const answer = () => scheme.answer(challenge(), { username: 'hunter1', password: 'hunter2' });
  expect(answer).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(answer).not.toThrow(/hunter/);
});

test.each(['https://h.example/', 'https://h.example/a/b?c'])('%s: the space is the origin', (url) => {
  expect(scheme.space(challenge({ realm: 'https://evil.example/token' }), url)).toEqual(['/']);
});

test.each([
  ['no error', {}, { kind: 'refused' }],
  ['invalid_token', { error: 'invalid_token' }, { kind: 'refused' }],
  ['an unknown error', { error: 'nonsense' }, { kind: 'refused' }],
  ['invalid_request', { error: 'invalid_request' }, { kind: 'final', reason: 'the server calls the request invalid' }],
  ['insufficient_scope', { error: 'insufficient_scope' }, { kind: 'final', reason: 'the token lacks a scope' }],
  [
    'insufficient_scope with the scope',
    { error: 'insufficient_scope', scope: 'read "all"' },
    { kind: 'final', reason: 'the token lacks the scope "read \\"all\\""' },
  ],
])('RFC 6750 §3.1: a 401 with %s', (_, params, refusal) => {
  expect(scheme.refusal(challenge(params), scheme.answer(challenge(), { token: 'abc' }))).toEqual(refusal);
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
    polluted(() => expect(() => scheme.answer(challenge(), alice)).toThrow(refused('ERR_AUTH_CREDENTIAL')));
  });

  test('a password is still one', () => {
    const nonce = { scheme: 'digest', params: { realm: 'a', nonce: 'b' } };
    polluted(() => {
      expect(basic().answer({ scheme: 'basic', params: {} }, alice).authorize({ method: 'GET', uri: '/' }).value).toBe(
        'Basic YWxpY2U6c2VjcmV0',
      );
      expect(digest().answer(nonce, alice).nonce).toBe('b');
    });
  });
});
