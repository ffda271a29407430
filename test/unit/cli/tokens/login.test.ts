/** The file of a login: what is written is read again, and garbage is no login. */

import { formatLogin, keyOf, type Login, parseLogin } from '../../../../src/cli/tokens/login.js';

const origin = 'https://files.example';
const oauth: Login = { kind: 'oauth', origin, issuer: 'https://id.example', clientId: 'cli' };

const LOGINS: readonly Login[] = [
  { kind: 'token', origin },
  oauth,
  { ...oauth, scope: 'files:read', resource: 'https://files.example/', discover: true, flow: 'device' },
  { ...oauth, redirect: { port: 8400, path: '/back' } },
];

test.each(LOGINS)('%o', (login) => {
  expect(parseLogin(formatLogin(login))).toEqual(login);
});

test('the token is kept under the key of oauth(), a token that was brought under another', () => {
  const keys = LOGINS.map(keyOf);
  expect(keys[0]).toBe('["token","https://files.example"]');
  expect(keys[1]).toBe('["https://id.example","https://files.example","cli",""]');
  expect(keys[2]).toBe('["https://id.example","https://files.example/","cli",""]');
});

test.each([
  '',
  'null',
  '[]',
  '{}',
  '{"kind":"token"}',
  '{"kind":"token","origin":"https://files.example/"}',
  '{"kind":"other","origin":"https://files.example"}',
  '{"kind":"oauth","origin":"https://files.example","clientId":"cli"}',
  '{"kind":"oauth","origin":"https://files.example","issuer":"https://id.example"}',
  '{"kind":"oauth","origin":"https://files.example","issuer":"http://id.example","clientId":"cli"}',
  '{"kind":"oauth","origin":"https://files.example","issuer":"https://id.example","clientId":"cli","flow":"x"}',
])('%s is no login', (text) => {
  expect(parseLogin(text)).toBeUndefined();
});
