/** SEC-18: reading is linear. Counted, not timed: every look at a character goes through charCodeAt. */

import fc from 'fast-check';
import { parseAuthenticationInfo } from '../../../src/syntax/authentication-info.js';
import { parseChallenges } from '../../../src/syntax/challenge.js';
import { looks } from '../../support/looks.js';

const KIB = 1024;
// Looks at one character, at most: a reader that comes to nothing is followed by the next one at the same place.
const LOOKS = 24;

const fill = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

const SHAPES: ReadonlyArray<readonly [what: string, head: string, unit: string]> = [
  ['commas', '', ','],
  ['commas after a scheme', 'Basic ', ','],
  ['commas after a param', 'Basic a=b', ','],
  ['commas after a malformed param', 'Basic a=;', ','],
  ['spaces', '', ' '],
  ['spaces after a scheme', 'Basic', ' '],
  ['spaces after a name', 'Basic a', ' '],
  ['spaces after "="', 'Basic a=', ' '],
  ['commas and spaces', 'Basic a=b', ', \t'],
  ['quotes', '', '"'],
  ['quotes after "="', 'Basic a=', '"'],
  ['words', '', 'a '],
  ['words with commas', '', 'a,'],
  ['malformed words', 'Basic ', 'a;, '],
  ['malformed challenges', '', 'a b;c, '],
  ['names without values', 'Basic ', 'a='],
  ['names without values, with commas', 'Basic ', 'a=,'],
  ['unterminated quoted-strings', 'Basic ', 'a="'],
  ['unterminated quoted-strings, with commas', 'Basic ', 'a=",'],
  ['quoted-strings cut by a control character', 'Basic ', 'a="\u0001 '],
  ['one long quoted-string', 'Basic a="', 'x'],
  ['one long quoted-string that ends badly', 'Basic a="\u0001', 'x'],
  ['backslashes', '', '\\'],
  ['backslashes in a quoted-string', 'Basic a="', '\\'],
  ['quoted-pairs of quotes', 'Basic a="', '\\"'],
  ['a token68', 'Basic ', 'a'],
  ['a token68 of "="', 'Basic a', '='],
  ['token68s that end badly', 'Basic ', 'aaaa== b '],
  ['token68s with commas', '', 'a bbbb==,'],
  ['params that repeat', 'Basic ', 'a=b,'],
  ['control characters', 'Basic ', '\u0000'],
  ['folded lines', 'Basic a="', '\r\n '],
  ['line breaks that are not folded', 'Basic ', '\r\n'],
];

describe.each(SHAPES)('%s', (_, head, unit) => {
  const value = (length: number) => head + fill(unit, length - head.length);

  test('four times the challenge field takes four times the looks', () => {
    const [small, large] = [16, 64].map((kib) => looks(() => parseChallenges(value(kib * KIB)))) as [number, number];
    expect(large).toBeLessThanOrEqual(4.01 * small + 64);
    expect(large).toBeLessThanOrEqual(LOOKS * 64 * KIB);
  });

  test('four times the Authentication-Info takes four times the looks', () => {
    const info = (length: number) => fill(unit, length);
    const [small, large] = [4, 16].map((kib) => looks(() => parseAuthenticationInfo(info(kib * KIB)))) as [
      number,
      number,
    ];
    expect(large).toBeLessThanOrEqual(4.01 * small + 64);
    expect(large).toBeLessThanOrEqual(LOOKS * 16 * KIB);
  });

  test('1 MiB is not read at all', () => {
    expect(looks(() => parseChallenges(value(KIB * KIB)))).toBe(0);
    expect(looks(() => parseAuthenticationInfo(value(KIB * KIB)))).toBe(0);
  });
});

test('no repeated pattern takes more than a linear number of looks', () => {
  const piece = fc.string({
    unit: fc.constantFrom('a', 'a', '=', '"', ',', ' ', '\\', ';', '/', '\u0001'),
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(piece, piece, (head, unit) => {
      const value = head + fill(unit, 4 * KIB);
      expect(looks(() => parseChallenges(value))).toBeLessThanOrEqual(LOOKS * value.length);
      expect(looks(() => parseAuthenticationInfo(value))).toBeLessThanOrEqual(LOOKS * value.length);
    }),
    { numRuns: 500 },
  );
});

test('a duplicate among many params costs no more than any other', () => {
  const list = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=1`).join(',');
  const [small, large] = [1000, 4000].map((count) => looks(() => parseChallenges(`Foo ${list(count)}`))) as [
    number,
    number,
  ];
  expect(large).toBeLessThanOrEqual(4.5 * small);
});
