import { confirm } from '../../../../src/providers/terminal/ask.js';
import { choose } from '../../../../src/providers/terminal/choose.js';
import { FakeTerminal } from '../../../support/fake-terminal.js';

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
  terminal.type('\r');
  await chosen;
  expect(terminal.shown).not.toContain('\u001b[2Job');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s leaves the question, with a code of its own', async (_, key) => {
  const terminal = new FakeTerminal();
  const chosen = choose('Which?', names, undefined, terminal);
  await terminal.until('none of these');
  terminal.type(key);
  await expect(chosen).rejects.toMatchObject({ code: 'ERR_AUTH_CANCELLED' });
});

test('an abort makes no choice', async () => {
  const [terminal, leaving] = [new FakeTerminal(), new AbortController()];
  const chosen = choose('Which?', names, leaving.signal, terminal);
  await terminal.until('none of these');
  leaving.abort();
  expect(await chosen).toBeUndefined();
  expect(terminal.rawModes.at(-1)).toBe(false);
});

test('without a terminal no question is asked', async () => {
  await expect(choose('Which?', names, undefined, { environment: { CI: '1' } })).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'keychain: CI is set, so this question was not asked: Which?',
  });
});

test('a yes-or-no question without an answer means no after a while', async () => {
  const terminal = new FakeTerminal();
  expect(await confirm('Keep it?', undefined, Object.assign(terminal, { timeout: 50 }))).toBe(false);
  expect(terminal.rawModes.at(-1)).toBe(false);
});
