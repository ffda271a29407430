import { PassThrough } from 'node:stream';
import { guard, type Left } from '../../../src/providers/guard.js';
import { FakeTerminal } from './fake-terminal.js';

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

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s that nobody else hears ends the process, once', (signal) => {
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
