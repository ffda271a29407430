/** A record as text: all of it, or its outcome alone. */

import type { Happening, Trace } from '../../../../src/exchange/trace/events.js';
import { formatOutcome, formatTrace } from '../../../../src/exchange/trace/explain.js';

function traceOf(...happenings: Happening[]): Trace {
  const events = happenings.map((event, at) => ({ exchange: 1, at, ...event }));
  return { exchange: 1, began: 0, method: 'GET', url: 'https://files.example/report', events };
}

const SENT = { type: 'send', send: 1, method: 'GET', url: 'https://files.example/report', preemptive: false } as const;
const GIVEN = { type: 'provider', provider: 'vault', outcome: 'found', milliseconds: 0 } as const;

test('the outcome is how the request ended, what the server said, and what to do', () => {
  const trace = traceOf(
    SENT,
    { type: 'reply', send: 1, status: 401, milliseconds: 2 },
    { type: 'end', status: 401, code: 'ERR_AUTH_BODY', reason: 'the stream is used up' },
  );
  expect(formatOutcome(trace, { said: ['sign in first'], reader: 'command line' }).split('\n')).toEqual([
    'GET https://files.example/report  ->  401',
    "  gave back the server's own 401: the stream is used up (ERR_AUTH_BODY)",
    '  the server says: sign in first',
    '  what to do: send a file instead of a pipe',
  ]);
});

test('the outcome of an accepted request is its status alone', () => {
  expect(formatOutcome(traceOf(SENT, { type: 'end', status: 200, reason: '' }))).toBe(
    'GET https://files.example/report  ->  200',
  );
});

test('a request that continues has no outcome yet', () => {
  expect(formatOutcome(traceOf(SENT))).toBe('GET https://files.example/report');
});

test.each<[string, Partial<Extract<Happening, { type: 'provider' }>>, string]>([
  ['a token of which nothing can be read', {}, 'a token'],
  ['a token without dates', { token: {} }, 'a token'],
  ['a token with a date', { token: { expires: 1_300_819_380_000 } }, 'a token (expires 2011-03-22T18:43:00Z)'],
  ['an account', { username: 'alice' }, 'alice'],
  ['the answer to another request', { username: 'alice', shared: true }, 'alice (asked by another request)'],
  ['a provider without a reason', { outcome: 'absent' }, 'has none'],
])('%s is told', (_, given, expected) => {
  expect(formatTrace(traceOf(SENT, { ...GIVEN, ...given })).split('\n')).toContain(`     vault     ${expected}`);
});
