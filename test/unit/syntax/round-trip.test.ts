/** parse and format are inverse, however a value is written, and no string makes either throw. */

import fc from 'fast-check';
import { formatQuoted, formatToken } from '../../../src/syntax/auth-param.js';
import { parseAuthenticationInfo } from '../../../src/syntax/authentication-info.js';
import { formatChallenges, parseChallenges } from '../../../src/syntax/challenge.js';

const bytes = (from: number, to: number) => fc.integer({ min: from, max: to }).map((code) => String.fromCharCode(code));
const text = fc.string({
  unit: fc.oneof(bytes(0x20, 0x7e), bytes(0x80, 0xff), fc.constantFrom('\t', '"', '\\', ',', '=')),
});
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
const lower = token.map((one) => one.toLowerCase());
const token68 = fc.stringMatching(/^[A-Za-z0-9._~+/-]+={0,3}$/);

const params = fc.uniqueArray(fc.tuple(lower, text), { selector: ([name]) => name, maxLength: 6 }).map((list) => {
  const all: Record<string, string> = Object.create(null);
  for (const [name, value] of list) all[name] = value;
  return all;
});
const challenge = fc.oneof(
  fc.record({ scheme: lower, params }),
  fc.record({ scheme: lower, token68, params: fc.constant<Record<string, string>>(Object.create(null)) }),
);
const challenges = fc.array(challenge, { maxLength: 5 });

const hostile = fc.string({
  unit: fc.constantFrom('a', 'B', '=', '"', ',', ' ', '\t', '\\', ';', '*', '/', '\u0000', '\u00e9', '\ud800'),
});
const anyString = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: bytes(0, 0xff) }), hostile);

test('what is formatted is parsed back', () => {
  fc.assert(fc.property(challenges, (list) => expect(parseChallenges(formatChallenges(list))).toEqual(list)));
});

test('several field lines are parsed back, too', () => {
  fc.assert(
    fc.property(challenges, (list) =>
      expect(parseChallenges(list.map((one) => formatChallenges([one])))).toEqual(list),
    ),
  );
});

test('every content of a quoted-string comes back', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(parseChallenges(`Foo ${formatQuoted('a', value)}, b=c`)[0]?.params).toEqual({ a: value, b: 'c' });
      expect(parseAuthenticationInfo(`${formatQuoted('a', value)}, b=c`)).toEqual({ a: value, b: 'c' });
    }),
  );
});

test('every token comes back', () => {
  fc.assert(
    fc.property(token, (value) => expect(parseAuthenticationInfo(formatToken('a', value))).toEqual({ a: value })),
  );
});

test('the spelling changes nothing: case, BWS, empty elements, quoting, quoted-pairs', () => {
  const space = fc.stringMatching(/^[ \t]{0,2}$/);
  const separator = fc.tuple(space, fc.stringMatching(/^,[, \t]{0,3}$/)).map((parts) => parts.join(''));
  const style = fc.record({
    upper: fc.boolean(),
    bws: fc.tuple(space, space),
    separator,
    pairs: fc.boolean(),
    bare: fc.boolean(),
  });
  const pair = (value: string, all: boolean) => value.replace(all ? /./gs : /["\\]/g, '\\$&');
  const isToken = (value: string) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value);

  fc.assert(
    fc.property(lower, params, style, (scheme, all, { upper, bws, separator: comma, pairs, bare }) => {
      const spell = (name: string) => (upper ? name.toUpperCase() : name);
      const list = Object.entries(all).map(([name, value]) => {
        const written = bare && isToken(value) ? value : `"${pair(value, pairs)}"`;
        return `${spell(name)}${bws[0]}=${bws[1]}${written}`;
      });
      expect(parseChallenges(`${comma}${spell(scheme)} ${list.join(comma)}${comma}`)).toEqual([
        { scheme, params: all },
      ]);
    }),
  );
});

test('no string makes parsing throw, and each parsed challenge can be written and read again', () => {
  fc.assert(
    fc.property(fc.oneof(anyString, fc.array(anyString)), (value) => {
      const read = parseChallenges(value);
      expect(parseChallenges(formatChallenges(read))).toEqual(read);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['a blank', 'a b'],
  ['nothing', ''],
  ['a line break', 'a\r\n'],
  ['a quote', 'a"'],
  ['obs-text', '\u00e9'],
])('%s is not a token', (_, value) => {
  expect(() => formatToken('algorithm', value)).toThrow('algorithm is not a token');
});
