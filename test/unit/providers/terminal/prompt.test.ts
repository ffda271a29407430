import { once } from 'node:events';
import type { CredentialRequest } from '../../../../src/model.js';
import { noteRefusal } from '../../../../src/providers/notices.js';
import { confirm } from '../../../../src/providers/terminal/ask.js';
import { prompt } from '../../../../src/providers/terminal/prompt.js';
import { ask } from '../../../support/credential-request.js';
import { FakeTerminal } from '../../../support/fake-terminal.js';

const cancelled = expect.objectContaining({ code: 'ERR_AUTH_CANCELLED', message: 'prompt: cancelled' });

function start(changes: Partial<CredentialRequest> = {}) {
  const terminal = new FakeTerminal();
  return { terminal, given: Promise.resolve(prompt(terminal).get(ask(changes))) };
}

async function leave(terminal: FakeTerminal): Promise<void> {
  await terminal.until('User name:');
  terminal.type('\u0003');
}

/** What would keep a process or a terminal as it was not before. */
function held({ input }: FakeTerminal) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGCONT', 'exit'].map((event) => process.listenerCount(event));
  return [...signals, ...['data', 'end', 'error', 'keypress'].map((event) => input.listenerCount(event))];
}

test('a person is asked for a user name and a password', async () => {
  const { terminal, given } = start();
  await terminal.answer('User name:', 'alice');
  await terminal.answer('Password:', 'secret');
  expect(await given).toEqual({ username: 'alice', password: 'secret' });
});

test('no character of a password is shown, not even after the reveal key of inquirer', async () => {
  const { terminal, given } = start();
  await terminal.answer('User name:', 'alice');
  await terminal.answer('Password:', 'sec\u0014ret');
  await given;
  expect(terminal.shown).not.toMatch(/sec|ret|\*/);
});

test('an empty password is sent after a yes', async () => {
  const { terminal, given } = start();
  await terminal.answer('User name:', 'alice');
  await terminal.answer('Password:', '');
  await terminal.answer('Send an empty password?', 'y');
  expect(await given).toEqual({ username: 'alice', password: '' });
});

test('Enter at the password asks again', async () => {
  const { terminal, given } = start();
  await terminal.answer('User name:', 'alice');
  await terminal.answer('Password:', '');
  await terminal.until('Send an empty password?');
  terminal.forget();
  terminal.type('\r');
  await terminal.answer('Password:', 'secret');
  expect(await given).toEqual({ username: 'alice', password: 'secret' });
});

test.each([
  ['user name', 'digest', 'User name:'],
  ['token', 'bearer', 'Token:'],
])('Enter at the %s asks again', async (_, scheme, question) => {
  const { terminal, given } = start({ scheme });
  await terminal.answer(question, '');
  await terminal.answer('Type it, or press Ctrl-C to leave.', 'alice');
  if (scheme === 'digest') await terminal.answer('Password:', 'secret');
  expect(await given).toEqual(scheme === 'digest' ? { username: 'alice', password: 'secret' } : { token: 'alice' });
});

test('Bearer asks for a token', async () => {
  const { terminal, given } = start({ scheme: 'bearer' });
  await terminal.answer('Token:', 't0ken');
  expect(await given).toEqual({ token: 't0ken' });
  expect(terminal.shown).not.toContain('User name');
});

test('the origin and the scheme stand before the realm', async () => {
  const { terminal, given } = start({ realm: 'Secret \u001b[2J files' });
  await leave(terminal);
  await expect(given).rejects.toEqual(cancelled);
  expect(terminal.shown).toContain(
    'https://files.example asks for a user name and a password (digest).\nThe server calls this "Secret \\x1b[2J files".\n',
  );
});

test('a proxy is called a proxy', async () => {
  const { terminal, given } = start({ proxy: true, realm: '' });
  await leave(terminal);
  await expect(given).rejects.toEqual(cancelled);
  expect(terminal.shown).toContain('The proxy https://files.example asks for');
  expect(terminal.shown).not.toContain('The server calls this');
});

test('a refused password is mentioned first', async () => {
  const terminal = new FakeTerminal();
  const provider = prompt(terminal);
  const first = provider.get(ask());
  await terminal.answer('User name:', 'alice');
  await terminal.answer('Password:', 'mistyped');
  await first;
  const second = provider.get(ask({ refused: 1 }));
  await terminal.until('try again');
  await leave(terminal);
  await expect(second).rejects.toEqual(cancelled);
  expect(terminal.shown).toContain(
    'The server refused that user name or password; try again.\nhttps://files.example asks',
  );
});

test('a refused credential of another provider is not called mistyped', async () => {
  const { terminal, given } = start({ refused: 1 });
  await leave(terminal);
  await expect(given).rejects.toEqual(cancelled);
  expect(terminal.shown).toMatch(/^The server refused the user name or password of another source\.\n/);
});

test('a stored password that was refused is reported once', async () => {
  noteRefusal(ask(), 'ali\u001bce', 'the keychain', true);
  for (const beginning of [
    'The password of ali\\x1bce in the keychain was refused, and removed.',
    'The server refused',
  ]) {
    const { terminal, given } = start({ refused: 1 });
    await leave(terminal);
    await expect(given).rejects.toEqual(cancelled);
    expect(terminal.shown.startsWith(beginning)).toBe(true);
  }
});

test('Enter accepts the known user name', async () => {
  const { terminal, given } = start({ username: 'alice' });
  await terminal.answer('(alice)', '');
  await terminal.answer('Password:', 'secret');
  expect(await given).toEqual({ username: 'alice', password: 'secret' });
});

test('a person may type a user name that differs from the known user name', async () => {
  const { terminal, given } = start({ username: 'alice' });
  await terminal.answer('(alice)', 'bob');
  await terminal.answer('Password:', 'secret');
  expect(await given).toEqual({ username: 'bob', password: 'secret' });
});

test('a user name that was typed before is offered again', async () => {
  const terminal = new FakeTerminal();
  const provider = prompt(terminal);
  const first = provider.get(ask());
  await terminal.answer('User name:', 'alice');
  await terminal.answer('Password:', 'mistyped');
  await first;
  const second = provider.get(ask({ refused: 1 }));
  await terminal.until('(alice)');
  terminal.type('\u0003');
  await expect(second).rejects.toEqual(cancelled);
});

test('a user name that would move the cursor is not shown', async () => {
  const { terminal, given } = start({ username: '\u001b[5Aroot' });
  await leave(terminal);
  await expect(given).rejects.toEqual(cancelled);
  expect(terminal.shown).not.toContain('root');
});

test.each([
  ['no', '', undefined],
  ['yes', 'y', { username: 'alice', password: 'secret' }],
])('a password in clear text needs a yes: %s', async (_, answer, expected) => {
  const { terminal, given } = start({ scheme: 'basic', origin: 'http://files.example' });
  await terminal.answer('The password would travel in the clear to http://files.example', answer);
  if (expected) {
    await terminal.answer('User name:', 'alice');
    await terminal.answer('Password:', 'secret');
  }
  expect(await given).toEqual(expected);
});

test('a no to clear text is the reason for no credential', () => {
  const request = ask({ scheme: 'basic', origin: 'http://files.example' });
  expect(prompt().absence?.(request)).toBe('declined: the secret would travel in clear text');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s at the user name cancels, and leaves nothing behind', async (_, key) => {
  const before = held(new FakeTerminal());
  const { terminal, given } = start();
  await terminal.until('User name:');
  terminal.type(key);
  await expect(given).rejects.toEqual(cancelled);
  expect(held(terminal)).toEqual(before);
  expect(terminal.rawModes.at(-1)).toBe(false);
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s at the password cancels', async (_, key) => {
  const { terminal, given } = start();
  await terminal.answer('User name:', 'alice');
  await terminal.until('Password:');
  terminal.type(key);
  await expect(given).rejects.toEqual(cancelled);
});

test('Ctrl-D after a letter deletes nothing and cancels nothing', async () => {
  const { terminal, given } = start();
  await terminal.until('User name:');
  terminal.type('ali\u0004');
  await new Promise(setImmediate);
  await terminal.answer('ali', 'ce');
  await terminal.answer('Password:', 'secret');
  expect(await given).toMatchObject({ username: 'alice' });
});

test('the end of the input cancels', async () => {
  const { terminal, given } = start();
  await terminal.until('User name:');
  terminal.input.end();
  await expect(given).rejects.toEqual(cancelled);
});

test('an input that has ended before cancels', async () => {
  const terminal = new FakeTerminal();
  terminal.input.destroy();
  await once(terminal.input, 'close');
  await expect(prompt(terminal).get(ask())).rejects.toEqual(cancelled);
});

test('an abort cancels, and leaves nothing behind', async () => {
  const [before, leaving] = [held(new FakeTerminal()), new AbortController()];
  const { terminal, given } = start({ signal: leaving.signal });
  await terminal.until('User name:');
  leaving.abort();
  await expect(given).rejects.toEqual(cancelled);
  expect(held(terminal)).toEqual(before);
});

test('a signal with a listener of the program restores the terminal, cancels, and is heard once', async () => {
  const heard: string[] = [];
  const listener = (signal: string) => void heard.push(signal);
  process.on('SIGTERM', listener);
  try {
    const { terminal, given } = start();
    await terminal.until('User name:');
    const modes = terminal.rawModes.length;
    process.emit('SIGTERM', 'SIGTERM');
    expect(terminal.rawModes.slice(modes)).toEqual([false]);
    await expect(given).rejects.toEqual(cancelled);
    expect(heard).toEqual(['SIGTERM']);
  } finally {
    process.removeListener('SIGTERM', listener);
  }
});

test('two requests are asked for one after the other', async () => {
  const [first, second] = [start(), start()];
  await first.terminal.answer('User name:', 'alice');
  await first.terminal.until('Password:');
  expect(second.terminal.shown).toBe('');
  first.terminal.type('a\r');
  await second.terminal.answer('User name:', 'bob');
  await second.terminal.answer('Password:', 'b');
  expect(await Promise.all([first.given, second.given])).toEqual([
    { username: 'alice', password: 'a' },
    { username: 'bob', password: 'b' },
  ]);
});

test.each([
  ['a password', 'digest', 'AXIOS_CHALLENGE_USERNAME and AXIOS_CHALLENGE_PASSWORD'],
  ['a token', 'bearer', 'AXIOS_CHALLENGE_TOKEN'],
])('without a terminal the error names the variables for %s', async (_, scheme, names) => {
  const terminal = new FakeTerminal();
  terminal.input.isTTY = false;
  await expect(prompt(terminal).get(ask({ scheme }))).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: `prompt: not available: stdin is not a terminal (set ${names}, or run in a terminal)`,
  });
});

test('the variables in the error begin with the prefix of the program', async () => {
  const given = prompt({ ...new FakeTerminal(), prefix: 'FILES', environment: { CI: '1' } }).get(ask());
  await expect(given).rejects.toThrow('CI is set (set FILES_USERNAME and FILES_PASSWORD)');
});

test('an input that fails cancels, and causes no uncaught error', async () => {
  const { terminal, given } = start();
  await terminal.until('User name:');
  terminal.input.destroy(new Error('EIO'));
  await expect(given).rejects.toEqual(cancelled);
});

test('an output that fails leaves the question open', async () => {
  const { terminal, given } = start();
  await terminal.until('User name:');
  terminal.output._write = (_chunk, _encoding, done) => done(new Error('EIO'));
  terminal.type('\u0003');
  await expect(given).rejects.toEqual(cancelled);
});

test.each<[string, (first: FakeTerminal) => unknown]>([
  ['a signal', () => process.emit('SIGTERM', 'SIGTERM')],
  ['the end of the input', ({ input }) => input.end()],
])('after %s the question that waits for its turn is not asked', async (_, leave) => {
  const listener = () => {};
  process.on('SIGTERM', listener);
  try {
    const [first, second] = [start(), start()];
    await first.terminal.until('User name:');
    leave(first.terminal);
    await expect(first.given).rejects.toEqual(cancelled);
    await expect(second.given).rejects.toEqual(cancelled);
    expect(second.terminal.shown).toBe('');
  } finally {
    process.removeListener('SIGTERM', listener);
  }
});

test.each([
  ['Ctrl-C', '\u0003', 0],
  ['Ctrl-D', '\u0004', 1],
])('%s (%j): the question that waits for its turn is asked %i times', async (_, key, times) => {
  const [first, second] = [start(), start()];
  await first.terminal.until('User name:');
  first.terminal.type(key);
  await expect(first.given).rejects.toEqual(cancelled);
  if (times > 0) await leave(second.terminal);
  await expect(second.given).rejects.toEqual(cancelled);
  expect(second.terminal.shown !== '').toBe(times > 0);
});

test('in CI nothing is shown, and the error says why', async () => {
  const terminal = new FakeTerminal();
  const given = prompt({ ...terminal, environment: { CI: 'true' } }).get(ask());
  await expect(given).rejects.toThrow('prompt: not available: CI is set (set AXIOS_CHALLENGE_USERNAME');
  expect(terminal.shown).toBe('');
});

test('a polluted prototype answers no question', async () => {
  Object.defineProperty(Object.prototype, 'answer', { value: 'evil', configurable: true, writable: true });
  try {
    const { terminal, given } = start({ scheme: 'bearer' });
    await terminal.answer('Token:', 't0ken');
    expect(await given).toEqual({ token: 't0ken' });
  } finally {
    delete (Object.prototype as { answer?: string }).answer;
  }
});

test.each([
  ['y', true],
  ['n', false],
  ['', false],
])('the answer %j to a yes-or-no question is %p', async (answer, expected) => {
  const terminal = new FakeTerminal();
  const agreed = confirm('Keep it?', undefined, terminal);
  await terminal.answer('Keep it?', answer);
  expect(await agreed).toBe(expected);
});

test('a yes-or-no question without a terminal throws an error that says so', async () => {
  await expect(confirm('Keep it?', undefined, { environment: { CI: '1' } })).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'keychain: CI is set, so this question was not asked: Keep it?',
  });
});
