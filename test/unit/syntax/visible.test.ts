import { quoted, visible } from '../../../src/syntax/visible.js';

test.each([
  ['plain text', 'Files & Fotos — Ü 日本 🔑', 'Files & Fotos — Ü 日本 🔑'],
  ['an escape sequence', '\u001b[2Jx', '\\x1b[2Jx'],
  ['a newline', 'a\r\nb', 'a\\x0d\\x0ab'],
  ['a C1 control character', '\u009b2J', '\\x9b2J'],
  ['a bidi override', 'a\u202eb', 'a\\u202eb'],
  ['a bidi isolate', '\u2066\u2069', '\\u2066\\u2069'],
  ['bidi marks', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
  ['zero-width characters', '\u200b\u200d\u2060\ufeff', '\\u200b\\u200d\\u2060\\ufeff'],
  ['line separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['a blank letter', '\u3164', '\\u3164'],
  ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ['half a character', '\ud83d', '\\ud83d'],
])('%s is made visible', (_, text, expected) => {
  expect(visible(text)).toBe(expected);
});

test.each([
  ['a quote that would end it', 'a" b', '"a\\" b"'],
  ['a backslash that would fake an escape', '\\x1b', '"\\\\x1b"'],
  ['80 characters', 'x'.repeat(80), `"${'x'.repeat(80)}"`],
  ['81 characters', 'x'.repeat(81), `"${'x'.repeat(79)}…"`],
  ['81 characters of two code units', '🔑'.repeat(81), `"${'🔑'.repeat(79)}…"`],
  ['a million characters', 'x'.repeat(1_000_000), `"${'x'.repeat(79)}…"`],
])('a quotation shows %s', (_, text, expected) => {
  expect(quoted(text)).toBe(expected);
});
