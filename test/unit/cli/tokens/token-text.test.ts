/** What is said of a token. */

import { summaryOf, summaryText } from '../../../../src/cli/tokens/token-text.js';

const NOW = Date.UTC(2026, 10, 30, 8);
const IN = (seconds: number) => ({ access: 'x', expires: NOW + seconds * 1000 });

test.each([
  [IN(3 * 86_400), 'expires 2026-12-03T08:00Z (in 3 days), cannot be renewed'],
  [IN(86_400), 'expires 2026-12-01T08:00Z (in 24 hours), cannot be renewed'],
  [IN(119), 'expires 2026-11-30T08:01Z (in 119 seconds), cannot be renewed'],
  [IN(1), 'expires 2026-11-30T08:00Z (in 1 second), cannot be renewed'],
  [IN(-7200), 'expired 2026-11-30T06:00Z (2 hours ago), cannot be renewed'],
  [{ access: 'x' }, 'has no known end, cannot be renewed'],
  [{ access: 'x', expires: 8.65e15 }, 'has no known end, cannot be renewed'],
  [{ access: 'x', refresh: 'y', scope: 'a b' }, 'has no known end, can be renewed, allows a b'],
  [{ access: 'x', scope: 'a\u001b[2J\u202e' }, 'has no known end, cannot be renewed, allows a\\x1b[2J\\u202e'],
])('%o: %s', (token, text) => {
  expect(summaryText(summaryOf(token, NOW))).toBe(text);
});

test('the summary holds neither token', () => {
  const summary = summaryOf({ access: 's3cr3t', refresh: 's3cr3t', scope: 'a', expires: NOW }, NOW);
  expect(JSON.stringify(summary)).not.toContain('s3cr3t');
  expect(summary).toEqual({ expires: '2026-11-30T08:00:00.000Z', expiresIn: 0, scope: 'a', renewable: true });
});
