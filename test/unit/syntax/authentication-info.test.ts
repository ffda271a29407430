import fc from 'fast-check';
import { parseAuthenticationInfo } from '../../../src/syntax/authentication-info.js';

const entries = (value: string) => Object.entries(parseAuthenticationInfo(value));

test.each<[string, string, Array<[string, string]>]>([
  ['an empty value', '', []],
  ['one param', 'nextnonce="x2"', [['nextnonce', 'x2']]],
  [
    'RFC 7616 §3.5, all params',
    'rspauth="6629fae4", qop=auth, cnonce="0a4f113b", nc=00000001, nextnonce="n"',
    [
      ['rspauth', '6629fae4'],
      ['qop', 'auth'],
      ['cnonce', '0a4f113b'],
      ['nc', '00000001'],
      ['nextnonce', 'n'],
    ],
  ],
  ['names in any case', 'NextNonce="X"', [['nextnonce', 'X']]],
  [
    'empty elements and BWS',
    ' ,, a = b ,\t, c="d" ,',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['quoted-pairs', 'a="\\"\\\\,"', [['a', '"\\,']]],
  [
    'white space instead of a comma',
    'a=b c=d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'folded lines',
    'a=\r\n b,\r\n\tc="d\r\n e"',
    [
      ['a', 'b'],
      ['c', 'd e'],
    ],
  ],
  ['base64 unquoted', 'nextnonce=ab/c+d==', [['nextnonce', 'ab/c+d==']]],
  [
    'names that objects have',
    '__proto__=a, constructor=b',
    [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ],
  ],
])('%s', (_, value, expected) => {
  expect(entries(value)).toEqual(expected);
});

test.each([
  ['a param twice', 'nextnonce="a", nextnonce="b"'],
  ['a param twice, in another case', 'nextnonce="a", NEXTNONCE="a"'],
  ['a name alone', 'rspauth, nextnonce="a"'],
  ['a value missing', 'nextnonce="a", qop='],
  ['an unterminated quoted-string', 'nextnonce="a", rspauth="b'],
  ['a control character', 'nextnonce="a", rspauth="\u0000"'],
  ['a line break that is not folded', 'nextnonce="a",\r\nqop=auth'],
  ['a param right after a quoted-string', 'nextnonce="a"rspauth="b"'],
  ['text right after a quoted-string', 'nextnonce="a"b'],
  ['a semicolon', 'nextnonce="a"; qop=auth'],
  ['a challenge', 'Digest nextnonce="a"'],
])('%s: a field malformed anywhere proves nothing', (_, value) => {
  expect(entries(value)).toEqual([]);
});

test('params have no prototype, malformed or not', () => {
  for (const value of ['a=b', 'a', '']) expect(Object.getPrototypeOf(parseAuthenticationInfo(value))).toBeNull();
});

test('more than 128 params prove nothing', () => {
  const params = (count: number) => Array.from({ length: count }, (_, i) => `a${i}=${i}`).join(', ');
  expect(Object.keys(parseAuthenticationInfo(params(128)))).toHaveLength(128);
  expect(Object.keys(parseAuthenticationInfo(params(129)))).toEqual([]);
});

test('a field value over 16 KiB is an attack', () => {
  const value = (length: number) => `a="${'x'.repeat(length - 4)}"`;
  expect(entries(value(16_384))).toHaveLength(1);
  expect(entries(value(16_385))).toEqual([]);
});

test.each([undefined, null, 7, ['a=b']])('%p is not a field value', (value) => {
  expect(parseAuthenticationInfo(value as never)).toEqual({});
});

test('no string makes the parser throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'a=", \t\\;\u0000\ud800') })),
      (value) => {
        parseAuthenticationInfo(value);
      },
    ),
  );
});
