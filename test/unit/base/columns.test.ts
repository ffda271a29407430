/** Text in columns: what is measured, where it is broken, and what begins a further row. */

import { fit, width, wrap } from '../../../src/base/columns.js';

test.each<[string, number]>([
  ['', 0],
  ['abc', 3],
  ['資料', 4],
  ['e\u0301', 1],
  ['🔑', 2],
])('the width of %j is %i', (text, expected) => {
  expect(width(text)).toBe(expected);
});

test.each<[string, number, string[]]>([
  ['one two three', 7, ['one two', 'three']],
  ['onetwothree', 4, ['onet', 'woth', 'ree']],
  ['a onetwo', 4, ['a', 'onet', 'wo']],
  ['資料資料', 4, ['資料', '資料']],
  ['', 4, ['']],
  ['https://files.example/report', 20, ['https://files.', 'example/report']],
  ['AXIOS_CHALLENGE_PASSWORD_FILE', 20, ['AXIOS_CHALLENGE_', 'PASSWORD_FILE']],
  ['資', 1, ['資']],
])('%j in %i columns', (text, columns, expected) => {
  expect(wrap(text, columns)).toEqual(expected);
});

test('a long line continues indented, and no row is wider than the terminal', () => {
  const line = `  what to do: ${'set AXIOS_CHALLENGE_USERNAME and '.repeat(5)}`;
  const rows = fit(line, 40).split('\n');
  expect(Math.max(...rows.map(width))).toBeLessThanOrEqual(40);
  expect(rows[0]).toMatch(/^ {2}\S/);
  for (const row of rows.slice(1)) expect(row).toMatch(/^ {8}\S/);
});

test('short lines, and lines with colours, stay as they are', () => {
  const text = `short\n\u001b[1m${'x'.repeat(90)}\u001b[22m`;
  expect(fit(text, 40)).toBe(text);
});
