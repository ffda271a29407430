import { AuthError } from '../../../src/errors.js';
import type { Challenge } from '../../../src/model.js';
import { formatChallenges, parseChallenges } from '../../../src/syntax/challenge.js';
import { type Expected, legal, lenient, malformed, orphans } from '../../vectors/challenges.js';
import { rfc } from '../../vectors/rfc-examples.js';

/** As the tables write it. Entries, so that `__proto__` is compared as any other name. */
function written({ scheme, token68, params }: Challenge) {
  if (token68 === undefined) return [scheme, Object.entries(params)];
  expect(Object.keys(params)).toEqual([]);
  return [scheme, token68];
}

const expectedOf = ([scheme, rest]: Expected) => [scheme, typeof rest === 'string' ? rest : Object.entries(rest)];

test.each(rfc.challenges.map((example) => [example.source, example] as const))('%s', (_, { input, expect: wanted }) => {
  expect(parseChallenges(input)).toEqual(wanted.challenges);
});

test.each(rfc.challenges.filter(({ input }) => Array.isArray(input)))(
  '$id joined to one line is the same',
  (example) => {
    const joined = (example.input as string[]).join(', ');
    expect(parseChallenges(joined)).toEqual(example.expect.challenges);
  },
);

describe('the grammar', () => {
  test.each(legal)('%s', (_, input, expected) => {
    expect(parseChallenges(input).map(written)).toEqual(expected.map(expectedOf));
  });
});

describe('what servers send against the grammar', () => {
  test.each(lenient)('%s', (_, input, expected) => {
    expect(parseChallenges(input).map(written)).toEqual(expected.map(expectedOf));
  });
});

describe('a malformed challenge is left out and its neighbours are kept', () => {
  const before = ['before', [['a', 'b, c']]];
  const after = [
    ['after', [['d', 'e']]],
    ['last', 'f='],
  ];

  test.each(malformed)('%s', (_, input) => {
    expect(parseChallenges(input)).toEqual([]);
    expect(parseChallenges(`${input}, After d=e, Last f=`).map(written)).toEqual(after);
    expect(parseChallenges(`Before a="b, c", ${input}`).map(written)).toEqual([before]);
    expect(parseChallenges(`Before a="b, c", ${input}, After d=e, Last f=`).map(written)).toEqual([before, ...after]);
    expect(parseChallenges(['Before a="b, c"', input, 'After d=e, Last f=']).map(written)).toEqual([before, ...after]);
  });

  test.each(orphans)('%s', (_, input) => {
    expect(parseChallenges(input)).toEqual([]);
    expect(parseChallenges(`${input}, After d=e, Last f=`).map(written)).toEqual(after);
  });

  test('a token68 beside a malformed challenge is kept', () => {
    expect(parseChallenges('Negotiate YII=, Bas;ic, NTLM').map(written)).toEqual([
      ['negotiate', 'YII='],
      ['ntlm', []],
    ]);
  });

  test('an unterminated quoted-string swallows everything after it', () => {
    expect(parseChallenges('Foo a=b, Basic realm="x, Bar c=d').map(written)).toEqual([['foo', [['a', 'b']]]]);
    expect(parseChallenges('Basic realm="x\\"')).toEqual([]);
    expect(parseChallenges('Basic realm="x\\')).toEqual([]);
    expect(parseChallenges('Basic realm="')).toEqual([]);
  });

  test('an unterminated quoted-string ends with its field line', () => {
    expect(parseChallenges(['Basic realm="x', 'Foo a=b']).map(written)).toEqual([['foo', [['a', 'b']]]]);
  });

  test('a comma inside the quoted-string of a malformed challenge does not start a challenge', () => {
    expect(parseChallenges('Foo; a="x, Basic realm=y, Bar", Baz')).toEqual([{ scheme: 'baz', params: {} }]);
    expect(parseChallenges('Foo; a="x\\", Basic realm=y, Bar", Baz')).toEqual([{ scheme: 'baz', params: {} }]);
  });
});

describe('what is read', () => {
  test('params have no prototype', () => {
    for (const { params } of parseChallenges('Foo a=b, Bar YII=, Baz'))
      expect(Object.getPrototypeOf(params)).toBeNull();
  });

  test('a param named __proto__ reaches no object', () => {
    const [challenge] = parseChallenges('Foo __proto__="polluted", constructor="polluted"');
    expect(Object.keys(challenge?.params ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.prototype.constructor).toBe(Object);
  });

  test('a polluted prototype is neither a param nor a duplicate', () => {
    Object.defineProperty(Object.prototype, 'realm', { value: 'polluted', configurable: true });
    try {
      expect(parseChallenges('Basic')[0]?.params.realm).toBeUndefined();
      expect(parseChallenges('Basic realm="a"')[0]?.params.realm).toBe('a');
    } finally {
      delete (Object.prototype as Record<string, unknown>).realm;
    }
  });

  test.each([undefined, null, 401, {}, [undefined, 7, null]])('%p is not a field value', (value) => {
    expect(parseChallenges(value as never)).toEqual([]);
  });

  test('at most 128 challenges are read, of one line or of many', () => {
    const many = Array.from({ length: 200 }, (_, index) => `Foo a=${index}`);
    expect(parseChallenges(many.join(', '))).toHaveLength(128);
    expect(parseChallenges(many)).toHaveLength(128);
    expect(parseChallenges(many).at(-1)?.params.a).toBe('127');
  });

  test('a challenge with more than 128 auth-params is malformed, and the next challenge is kept', () => {
    const params = (count: number) => Array.from({ length: count }, (_, i) => `a${i}=${i}`).join(', ');
    const schemes = (count: number) =>
      parseChallenges(`Custom ${params(count)}, Basic realm="x"`).map(({ scheme }) => scheme);
    expect(schemes(128)).toEqual(['custom', 'basic']);
    expect(schemes(129)).toEqual(['basic']);
  });

  test('a field value over 128 KiB is an attack', () => {
    const value = (length: number) => `Basic realm="${'x'.repeat(length - 14)}"`;
    expect(parseChallenges(value(131_072))).toHaveLength(1);
    expect(parseChallenges(value(131_073))).toEqual([]);
    expect(parseChallenges([value(131_073), 'Foo'])).toEqual([{ scheme: 'foo', params: {} }]);
  });
});

describe('formatChallenges', () => {
  test.each<[string, Challenge[], string]>([
    ['nothing', [], ''],
    ['a scheme alone', [{ scheme: 'Negotiate', params: {} }], 'Negotiate'],
    ['a token68', [{ scheme: 'Negotiate', token68: 'YII=', params: {} }], 'Negotiate YII='],
    ['params', [{ scheme: 'Basic', params: { realm: 'a', charset: 'UTF-8' } }], 'Basic realm="a", charset="UTF-8"'],
    ['quotes', [{ scheme: 'Basic', params: { realm: 'a\\", evil="' } }], 'Basic realm="a\\\\\\", evil=\\""'],
    [
      'several',
      [
        { scheme: 'A', params: {} },
        { scheme: 'B', params: { c: '' } },
      ],
      'A, B c=""',
    ],
  ])('%s', (_, challenges, value) => {
    expect(formatChallenges(challenges)).toBe(value);
  });

  test.each<[string, Challenge]>([
    ['an empty scheme', { scheme: '', params: {} }],
    ['a scheme with a blank', { scheme: 'a b', params: {} }],
    ['a scheme with a line break', { scheme: 'a\r\n', params: {} }],
    ['a name that is no token', { scheme: 'a', params: { 'b c': 'd' } }],
    ['an empty name', { scheme: 'a', params: { '': 'd' } }],
    ['a line break in a value', { scheme: 'a', params: { b: 'c\r\nX-Evil: d' } }],
    ['NUL in a value', { scheme: 'a', params: { b: '\u0000' } }],
    ['DEL in a value', { scheme: 'a', params: { b: '\u007f' } }],
    ['a line break in a token68', { scheme: 'a', token68: 'b\r\nX-Evil: c', params: {} }],
    ['a comma in a token68', { scheme: 'a', token68: 'b, c', params: {} }],
    ['white space after a token68', { scheme: 'a', token68: 'b ', params: {} }],
    ['an empty token68', { scheme: 'a', token68: '', params: {} }],
  ])('no field value carries %s', (_, challenge) => {
    const format = () => formatChallenges([challenge]);
    expect(format).toThrow(AuthError);
    expect(format).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CHALLENGE' }));
  });
});
