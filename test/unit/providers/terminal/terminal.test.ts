import { Writable } from 'node:stream';
import { openTerminal, write } from '../../../../src/providers/terminal/terminal.js';
import { FakeTerminal } from '../../../support/fake-terminal.js';

test.each([
  ['CI', 'true', 'CI is set'],
  ['CI', '1', 'CI is set'],
  ['AXIOS_CHALLENGE_NO_PROMPT', '1', 'AXIOS_CHALLENGE_NO_PROMPT is set'],
])('no terminal is used when %s is %j', (name, value, reason) => {
  expect(openTerminal({ ...new FakeTerminal(), environment: { [name]: value } })).toBe(reason);
});

test('the variable begins with the prefix of the program, and the default variable is not read', () => {
  const { input, output } = new FakeTerminal();
  const own = { input, output, prefix: 'FILES' };
  expect(openTerminal({ ...own, environment: { FILES_NO_PROMPT: '1' } })).toBe('FILES_NO_PROMPT is set');
  expect(openTerminal({ ...own, environment: { AXIOS_CHALLENGE_NO_PROMPT: '1' } })).toMatchObject({ input, output });
});

test('text that cannot be written is lost, and nothing is thrown', async () => {
  const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EIO')) });
  write(output, 'to nobody');
  await new Promise((resolve) => output.on('close', resolve));
  expect(output.errored).toMatchObject({ message: 'EIO' });
});

test.each(['', '0', 'false', 'FALSE'])('a CI of %j changes nothing', (CI) => {
  const { input, output } = new FakeTerminal();
  expect(openTerminal({ input, output, environment: { CI } })).toMatchObject({ input, output });
});

test.each([
  ['stdin', { input: { isTTY: false } }],
  ['stderr', { output: { isTTY: false } }],
])('no terminal is used when %s is not a terminal', (name, changes) => {
  const { input, output } = new FakeTerminal();
  Object.assign({ input, output }[name === 'stdin' ? 'input' : 'output'], ...Object.values(changes));
  expect(openTerminal({ input, output, environment: {} })).toBe(`${name} is not a terminal`);
});

test('no terminal is used without a controlling terminal', () => {
  const before = process.stdin.isTTY;
  process.stdin.isTTY = false;
  try {
    expect(openTerminal({ environment: {} }, '/nowhere')).toBe('stdin is not a terminal');
  } finally {
    process.stdin.isTTY = before;
  }
});
