/** The drawing of a handshake: legible at any width, and harmless whatever the server says. */

import { width } from '../../../../src/base/columns.js';
import { sequence, speaksUnicode } from '../../../../src/cli/draw/sequence.js';
import type { Happening } from '../../../../src/index.js';

const URL = 'https://files.example/a/rather/long/path/to/the/report';

const EVENTS: readonly Happening[] = [
  { type: 'send', send: 1, method: 'GET', url: URL, preemptive: false },
  { type: 'reply', send: 1, status: 401, milliseconds: 3 },
  { type: 'challenged', realm: '資料 \u202e\u001b[2J', challenges: ['Basic', 'Digest SHA-256'] },
  { type: 'passedOver', challenge: 'Basic', reason: 'weaker' },
  {
    type: 'provider',
    provider: 'env',
    outcome: 'absent',
    reason: 'AXIOS_CHALLENGE_USERNAME is not set',
    milliseconds: 0,
  },
  { type: 'provider', provider: 'keychain', outcome: 'found', username: 'alice', milliseconds: 4 },
  { type: 'chosen', challenge: 'Digest SHA-256' },
  {
    type: 'send',
    send: 2,
    method: 'GET',
    url: URL,
    scheme: 'Digest SHA-256',
    username: 'alice',
    nc: 1,
    preemptive: false,
  },
  { type: 'reply', send: 2, status: 401, milliseconds: 3 },
  { type: 'verdict', verdict: 'refused', reason: 'not stale' },
  { type: 'told', provider: 'keychain', verdict: 'reject', username: 'alice', failure: 'keychain: locked' },
  { type: 'end', status: 401, code: 'ERR_AUTH_REFUSED', reason: 'the server refused the credential' },
];

function draw(columns: number, unicode = true): string[] {
  const lines: string[] = [];
  const see = sequence(columns, unicode, (line) => lines.push(line));
  for (const event of EVENTS) see(event);
  return lines;
}

test.each([200, 120, 80, 54, 53, 40])('at %i columns no line is wider than the terminal', (columns) => {
  expect(Math.max(...draw(columns).map(width))).toBeLessThanOrEqual(columns);
});

test.each([200, 80, 54])('at %i columns the three lines stand straight', (columns) => {
  const rows = draw(columns).filter((line) => /^ {2}[│├]/.test(line));
  expect(rows.length).toBeGreaterThan(EVENTS.length);
  expect(new Set(rows.map(width)).size).toBe(1);
});

test.each([120, 40])('at %i columns every fact is drawn', (columns) => {
  const text = draw(columns)
    .join(' ')
    .replace(/[│├┤─▶◀]/g, ' ')
    .replace(/\s+/g, ' ');
  for (const fact of [
    'without credentials',
    '401',
    'Basic, Digest SHA-256, realm',
    'not Basic: weaker',
    'env: no credential',
  ]) {
    expect(text).toContain(fact);
  }
  expect(text).toContain('as alice (Digest SHA-256, nc 1)');
  expect(text).toContain('refused (not stale)');
  expect(text).toContain('keychain: alice was refused');
  expect(text).toContain("gave back the server's own 401: the server refused the credential (ERR_AUTH_REFUSED)");
});

test('no text of the server can move the cursor or turn the text around', () => {
  expect(draw(80).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test('without Unicode in the locale the frame is ASCII', () => {
  expect(draw(80, false).join('').replaceAll('資料', '')).toMatch(/^[\x20-\x7e]*$/);
});

test.each<[NodeJS.ProcessEnv, NodeJS.Platform, boolean]>([
  [{ LANG: 'de_DE.UTF-8' }, 'linux', true],
  [{ LC_ALL: 'C.utf8', LANG: 'C' }, 'linux', true],
  [{ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, 'linux', false],
  [{}, 'linux', false],
  [{}, 'darwin', true],
  [{}, 'win32', true],
])('%j on %s: %s', (environment, platform, expected) => {
  expect(speaksUnicode(environment, platform)).toBe(expected);
});
