import { openTerminal } from '../../../src/providers/terminal.js';
import { FakeTerminal } from './fake-terminal.js';

test.each([
  ['CI', 'true', 'CI is set'],
  ['CI', '1', 'CI is set'],
  ['AXIOS_CHALLENGE_NO_PROMPT', '1', 'AXIOS_CHALLENGE_NO_PROMPT is set'],
])('there is nobody to ask when %s is %j', (name, value, reason) => {
  expect(openTerminal({ ...new FakeTerminal(), environment: { [name]: value } })).toBe(reason);
});

test.each(['', '0', 'false', 'FALSE'])('a CI of %j changes nothing', (CI) => {
  const { input, output } = new FakeTerminal();
  expect(openTerminal({ input, output, environment: { CI } })).toMatchObject({ input, output });
});

test.each([
  ['stdin', { input: { isTTY: false } }],
  ['stderr', { output: { isTTY: false } }],
])('there is nobody to ask when %s is no terminal', (name, changes) => {
  const { input, output } = new FakeTerminal();
  Object.assign({ input, output }[name === 'stdin' ? 'input' : 'output'], ...Object.values(changes));
  expect(openTerminal({ input, output, environment: {} })).toBe(`${name} is not a terminal`);
});

test('there is nobody to ask without a controlling terminal', () => {
  const before = process.stdin.isTTY;
  process.stdin.isTTY = false;
  try {
    expect(openTerminal({ environment: {} }, '/nowhere')).toBe('stdin is not a terminal');
  } finally {
    process.stdin.isTTY = before;
  }
});
