import { PassThrough } from 'node:stream';
import { ReadStream } from 'node:tty';
import { guard, type Left } from '../../../../src/providers/terminal/guard.js';
import { FakeTerminal } from '../../../support/fake-terminal.js';

function watched() {
  const terminal = new FakeTerminal();
  const lefts: Left[] = [];
  const release = guard({ ...terminal, close: () => {} }, new PassThrough(), (left) => lefts.push(left));
  return { terminal, lefts, release };
}

/** What `process.kill` is called with meanwhile. */
function killed(during: () => void): unknown[][] {
  const calls: unknown[][] = [];
  const before = process.kill;
  process.kill = (...args: unknown[]): true => {
    calls.push(args);
    return true;
  };
  try {
    during();
  } finally {
    process.kill = before;
  }
  return calls;
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s without another listener ends the process, once', (signal) => {
  const { lefts } = watched();
  expect(killed(() => process.emit(signal, signal))).toEqual([[process.pid, signal]]);
  expect(lefts).toEqual(['terminal']);
  expect(killed(() => process.emit(signal, signal))).toEqual([]);
});

test('a listener of the program finds the terminal restored, and decides alone', () => {
  const found: unknown[] = [];
  let terminal: FakeTerminal | undefined;
  const listener = () => found.push(...(terminal?.rawModes ?? []), terminal?.shown.includes('\u001b[?25h'));
  process.on('SIGTERM', listener);
  try {
    ({ terminal } = watched());
    expect(killed(() => process.emit('SIGTERM', 'SIGTERM'))).toEqual([]);
    expect(found).toEqual([false, true]);
  } finally {
    process.removeListener('SIGTERM', listener);
  }
});

test('the end of the process restores the terminal, unless the question is over', () => {
  const listeners = process.listeners('exit');
  const [first, second] = [watched(), watched()];
  second.release();
  for (const each of process.listeners('exit')) if (!listeners.includes(each)) each.call(process, 0);
  expect([first.terminal.rawModes, second.terminal.rawModes]).toEqual([[false], []]);
  first.release();
  expect(process.listeners('exit')).toEqual(listeners);
});

test.each(['end', 'close'])('an input that is not a terminal and emits %s has no person any more', (event) => {
  const { terminal, lefts, release } = watched();
  terminal.input.emit(event);
  expect(lefts).toEqual(['terminal']);
  release();
});

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('after the end of a terminal, the guard waits once for the SIGHUP', () => {
  const [input, lefts, before] = [Object.create(ReadStream.prototype, { readable: { value: true } }), [], timers()];
  const { output } = new FakeTerminal();
  const release = guard({ input, output, close: () => {} }, new PassThrough(), (left) => lefts.push(left as never));
  for (const event of ['end', 'close']) input.emit(event);
  expect([lefts, timers() - before]).toEqual([[], 1]);
  release();
  expect(timers()).toBe(before);
});
