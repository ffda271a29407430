import { choose } from '../../../src/providers/choose.js';
import { confirm } from '../../../src/providers/confirm.js';
import { FakeTerminal } from './fake-terminal.js';

const names = ['alice', 'b\u001b[2Job'];

test.each([
  ['the first', '', 'alice'],
  ['the one below', '\u001b[B', 'b\u001b[2Job'],
  ['none of them', '\u001b[A', undefined],
])('%s of several names is chosen with the arrow keys', async (_, keys, expected) => {
  const terminal = new FakeTerminal();
  const chosen = choose('Which?', names, undefined, terminal);
  await terminal.until('none of these');
  terminal.type(keys);
  terminal.type('\r');
  expect(await chosen).toBe(expected);
});

test('names are shown as harmless text', async () => {
  const terminal = new FakeTerminal();
  const chosen = choose('Which?', names, undefined, terminal);
  await terminal.until('b\\x1b[2Job');
  terminal.type('\u0003');
  expect(await chosen).toBeUndefined();
  expect(terminal.shown).not.toContain('\u001b[2Job');
});

test('an abort is no choice', async () => {
  const [terminal, leaving] = [new FakeTerminal(), new AbortController()];
  const chosen = choose('Which?', names, leaving.signal, terminal);
  await terminal.until('none of these');
  leaving.abort();
  expect(await chosen).toBeUndefined();
  expect(terminal.rawModes.at(-1)).toBe(false);
});

test('where nobody is at the terminal there is no question', async () => {
  await expect(choose('Which?', names, undefined, { environment: { CI: '1' } })).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'keychain: CI is set, so nobody was asked: Which?',
  });
});

test('a yes-or-no question nobody answers is a no after a while', async () => {
  const terminal = new FakeTerminal();
  expect(await confirm('Keep it?', undefined, Object.assign(terminal, { patience: 50 }))).toBe(false);
  expect(terminal.rawModes.at(-1)).toBe(false);
});
