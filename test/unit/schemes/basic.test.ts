import fc from 'fast-check';
import { AuthError } from '../../../src/errors.js';
import { basic, basicAuthorization } from '../../../src/schemes/basic.js';
import { offerOf } from '../../support/offer.js';
import { rfc } from '../../vectors/rfc-examples.js';

const refused = (code: string) => expect.objectContaining({ name: 'AuthError', code });

/** What a server reads. */
const read = (value: string) => {
  expect(value).toMatch(/^Basic [A-Za-z0-9+/]+={0,2}$/);
  return Buffer.from(value.slice(6), 'base64').toString('utf8');
};

test.each(rfc.basic)('$source', ({ username, password, expect: { header } }) => {
  expect(basicAuthorization(username, password)).toBe(header);
});

test.each([
  ['a colon in the password', 'alice', 'a:b:', 'alice:a:b:'],
  ['an empty password', 'alice', '', 'alice:'],
  ['an empty user name', '', 'secret', ':secret'],
  ['nothing at all', '', '', ':'],
  ['spaces', ' alice ', ' ', ' alice : '],
  ['quotes and backslashes', 'a"b', 'c\\d', 'a"b:c\\d'],
  ['UTF-8', 'Jäsøn', '日本 😀', 'Jäsøn:日本 😀'],
  ['NFC of a combining mark', 'Ja\u0308son', 'e\u0301', 'J\u00e4son:\u00e9'],
  ['NFC of a singleton', '\u212bngstr\u00f6m', '\u2126', '\u00c5ngstr\u00f6m:\u03a9'],
  ['no compatibility mapping', '\ufb01', '\u2460', '\ufb01:\u2460'],
])('%s', (_, username, password, expected) => {
  expect(read(basicAuthorization(username, password))).toBe(expected);
});

test('SEC-21 a colon is refused in the user name', () => {
  expect(() => basicAuthorization('a:b', 'c')).toThrow(refused('ERR_AUTH_CREDENTIAL'));
});

const CONTROLS = [...Array(0x20).keys(), 0x7f].map((code) => String.fromCharCode(code));

test.each(CONTROLS.map((control) => [JSON.stringify(control), control]))('SEC-21 %s is refused', (_, control) => {
  expect(() => basicAuthorization(`a${control}`, 'b')).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(() => basicAuthorization('a', `b${control}c`)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
});

test.each(['\ud800', '\udc00', 'a\udc00\ud800b'])('the lone surrogate in %j is refused', (text) => {
  expect(() => basicAuthorization(text, 'b')).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(() => basicAuthorization('a', text)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
});

test('JavaScript without the password gets an error', () => {
  const forgotten = undefined as unknown as string;
  expect(() => basicAuthorization('a', forgotten)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
  expect(() => basicAuthorization(forgotten, 'b')).toThrow(refused('ERR_AUTH_CREDENTIAL'));
});

test('any texts are read back in NFC, or refused without being shown', () => {
  const secret = fc.string({ unit: 'binary', minLength: 6 });
  fc.assert(
    fc.property(secret, secret, (username, password) => {
      try {
        const authorization = basicAuthorization(username, password);
        expect(read(authorization)).toBe(`${username.normalize('NFC')}:${password.normalize('NFC')}`);
      } catch (error) {
        if (!(error instanceof AuthError)) throw error;
        expect(error.code).toBe('ERR_AUTH_CREDENTIAL');
        expect(error.message.includes(username) || error.message.includes(password)).toBe(false);
      }
    }),
  );
});

test.each([
  ['a colon', 'hunter2:', 'x'],
  ['a control character in the user name', 'hunter2\n', 'x'],
  ['a control character in the password', 'x', 'hunter2\u0000'],
  ['a lone surrogate', 'x', 'hunter2\ud800'],
])('the error for %s shows no value and names what is wrong', (_, username, password) => {
  const attempt = () => basicAuthorization(username, password);
  expect(attempt).toThrow(/^the (user name|password) (holds|is)/);
  expect(attempt).not.toThrow(/hunter2/);
});

describe('the scheme', () => {
  const scheme = basic();
  const challenge = { scheme: 'basic', params: { realm: 'files', charset: 'UTF-8' } };

  test('sends a password in clear text', () => {
    expect(scheme).toMatchObject({ name: 'basic', credential: 'password', clearText: true });
  });

  test.each([
    ['with a realm', challenge],
    ['alone', { scheme: 'basic', params: {} }],
    ['with a token68', { scheme: 'basic', token68: 'x', params: {} }],
    ['with another charset', { scheme: 'basic', params: { realm: 'a', charset: 'ISO-8859-1' } }],
  ])('answers Basic %s', (_, one) => {
    expect(offerOf(scheme, one)).toMatchObject({ label: 'Basic', strength: expect.any(Number) });
    const answer = offerOf(scheme, one).answer({ username: 'Aladdin', password: 'open sesame' });
    expect(answer.needsBody).toBe(false);
    expect(answer.nonce).toBeUndefined();
    expect(answer.authorize({ method: 'GET', uri: '/' })).toEqual({ value: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' });
  });

  test.each([
    ['https://h.example', '/'],
    ['https://h.example/', '/'],
    ['https://h.example/a', '/'],
    ['https://h.example/docs/', '/docs/'],
    ['https://h.example/docs/index.html?x=/y/z#/q/', '/docs/'],
    ['https://h.example/a/../b/c', '/b/'],
    ['https://u:p@h.example:8443/a/b/c', '/a/b/'],
  ])('RFC 7617 §2.2: %s was challenged, so %s and deeper', (url, prefix) => {
    expect(offerOf(scheme, challenge).space(url)).toEqual([prefix]);
  });

  test('a 401 after the answer refuses the credential', () => {
    const answer = offerOf(scheme, challenge).answer({ username: 'a', password: 'b' });
    expect(offerOf(scheme, challenge).refusalOf(answer)).toEqual({ kind: 'refused' });
  });

  test('a token is not a password', () => {
    expect(() => offerOf(scheme, challenge).answer({ token: 'hunter2' })).toThrow(refused('ERR_AUTH_CREDENTIAL'));
    expect(() => offerOf(scheme, challenge).answer({ token: 'hunter2' })).not.toThrow(/hunter2/);
  });
});
