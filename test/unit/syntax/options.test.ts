import { ownOptions } from '../../../src/syntax/options.js';

interface Options {
  readonly service?: string;
  readonly timeout?: number;
}

const read = (options: unknown) => ownOptions(options as Options, ['service', 'timeout'], 'keychain');
const mistake = (message: string) =>
  expect.objectContaining({ code: 'ERR_AUTH_OPTION', message: `keychain: ${message}` });

test('options are copied, without the members of Object.prototype', () => {
  const options = { service: 'x' };
  expect(read(options)).toEqual({ service: 'x' });
  expect(read(options)).not.toBe(options);
  expect(Object.getPrototypeOf(read(options))).toBeNull();
});

test.each([
  ['a misspelt name', { servise: 'x' }, 'there is no option servise (did you mean service?)'],
  ['another name', { colour: 'x' }, 'there is no option colour (its options are service, timeout)'],
  [
    'a name that would move the cursor',
    { '\u001b[2J': 1 },
    'there is no option \\x1b[2J (its options are service, timeout)',
  ],
  ['text', 'x', 'the options must be an object, as in { service: ... }'],
  ['a list', ['x'], 'the options must be an object, as in { service: ... }'],
  ['null', null, 'the options must be an object, as in { service: ... }'],
])('%s is a mistake that the error names', (_, options, message) => {
  expect(() => read(options)).toThrow(mistake(message));
});
