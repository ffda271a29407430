/** What leaked through `.netrc` in other clients does not here (SEC-08, SEC-09, SEC-10). */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netrc } from '../../../../src/providers/netrc/netrc.js';
import { ask } from '../../../support/credential-request.js';

const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-advisories-'));
afterAll(() => rmSync(folder, { recursive: true }));

const a = { origin: 'https://a.example', url: 'https://a.example/' };
const b = { origin: 'https://b.example', url: 'https://b.example/' };
const alice = { username: 'alice', password: 'alicespassword' };
const first = 'machine a.example\n  login alice\n  password alicespassword\n';

/** What one provider gives to each request in turn, as along a redirect. */
async function given(text: string, requests: object[], options = {}) {
  const file = join(folder, 'netrc');
  writeFileSync(file, text, { mode: 0o600 });
  const provider = netrc({ file, ...options });
  const answers: unknown[] = [];
  for (const request of requests) answers.push(await provider.get(ask(request)));
  return answers;
}

test.each([
  ['a login and no password', 'machine b.example\n  login bob\n', { username: 'bob' }],
  ['neither', 'machine b.example\n', undefined],
  ['neither, and then an entry with both', 'machine b.example\nmachine c.example login c password d\n', undefined],
])('CVE-2024-11053: a host with %s does not get the password of the host before it', async (_, text, expected) => {
  expect(await given(first + text, [a, b])).toEqual([alice, expected]);
  expect(await given(text + first, [a, b])).toEqual([alice, expected]);
});

test.each([
  ['neither login nor password', 'default\n', undefined],
  ['a login alone', 'default\n  login bob\n', { username: 'bob' }],
])('CVE-2025-0167: a default entry with %s does not pass on the password of a host', async (_, text, expected) => {
  expect(await given(first + text, [a, b], { default: true })).toEqual([alice, expected]);
  expect(await given(first + text, [a, b])).toEqual([alice, undefined]);
});

test.each([
  ['one other user', first],
  ['two other users', `${first}machine a.example login carol password c\n`],
  ['another user, and a default entry', `${first}default login carol password c\n`],
  ['that user without a password, and then another', `machine a.example login bob\n${first}`],
])('CVE-2026-8926: bob at a host with %s does not get their passwords', async (_, text) => {
  const [answer] = await given(text, [{ ...a, username: 'bob' }], { default: true });
  expect(answer ?? { username: 'bob' }).toEqual({ username: 'bob' });
});

test.each([
  ['over https', 'https://', alice],
  ['over http, where nobody gets one', 'http://', undefined],
])(
  'CVE-2026-6429: the host of a redirect does not get the password of the first, %s',
  async (_, protocol, expected) => {
    const over = (host: string) => ({ origin: `${protocol}${host}`, url: `${protocol}${host}/` });
    expect(await given(first, [over('a.example'), over('b.example')])).toEqual([expected, undefined]);
  },
);

test('CVE-2026-6429: the proxy of both hosts does not get a password', async () => {
  const proxy = { proxy: true, origin: 'http://127.0.0.1:3128' };
  expect(await given(first, [a, proxy, b], { default: true })).toEqual([alice, undefined, undefined]);
});

test('CVE-2026-3783: an entry for the host of a redirect lets no token through', async () => {
  const text = `${first}machine b.example login bob password b\n`;
  const bearer = { scheme: 'bearer' };
  expect(
    await given(text, [
      { ...a, ...bearer },
      { ...b, ...bearer },
    ]),
  ).toEqual([undefined, undefined]);
});

test.each([
  ['a user name', 'https://a.example@evil.example'],
  ['a user name without a password', 'https://a.example:@evil.example'],
  ['a user name and a password', 'https://a.example:443@evil.example'],
  ['a fragment', 'https://evil.example#@a.example'],
  ['a path', 'https://evil.example/a.example'],
  ['a backslash', 'https://evil.example\\@a.example'],
])('requests CVE-2024-47081: a host does not get the password of a host written as %s', async (_, url) => {
  const { origin } = new URL(url);
  expect(origin).toBe('https://evil.example');
  // Nor if it were asked with the URL as it was written.
  expect(
    await given(first, [
      { origin, url },
      { origin: url, url },
    ]),
  ).toEqual([undefined, undefined]);
});
