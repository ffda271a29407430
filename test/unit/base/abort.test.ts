/** Signals that follow others, and waiting that ends with a signal or a time limit: nothing is left behind. */

import { getEventListeners } from 'node:events';
import { follow, withinTime } from '../../../src/base/abort.js';

test('a signal that follows others fires with any of them, and by itself', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const [first, second, own] = [follow(one.signal, undefined), follow(one.signal, other.signal), follow()];
  one.abort();
  own.abort();
  expect([first.signal.aborted, second.signal.aborted, own.signal.aborted]).toEqual([true, true, true]);
  expect(other.signal.aborted).toBe(false);
});

test('a signal that follows a signal which has fired has fired, too', () => {
  expect(follow(AbortSignal.abort()).signal.aborted).toBe(true);
});

test('a signal that is released listens to no other signal', () => {
  const { signal } = new AbortController();
  const followed = follow(signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  followed.release();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

const late = () => new Error('late');
const left = () => new Error('left');
const never = new Promise<never>(() => {});

test.each([
  ['the work is done', Promise.resolve('done'), 1000],
  ['the work has failed', Promise.reject(new Error('broken')), 1000],
  ['the time is up', never, 1],
])('no listener is left when %s', async (_, work, milliseconds) => {
  const { signal } = new AbortController();
  await withinTime(work, { milliseconds, signal, late, left }).catch(() => {});
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('no timer is left when the work is done', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await withinTime(Promise.resolve(), { milliseconds: 1000, late, left });
  expect(timers()).toBe(before);
});

test('work that takes too long is an error', async () => {
  await expect(withinTime(never, { milliseconds: 1, late, left })).rejects.toThrow('late');
});

test('work under a signal that has fired is an error at once', async () => {
  const limits = { milliseconds: 1000, signal: AbortSignal.abort(), late, left };
  await expect(withinTime(never, limits)).rejects.toThrow('left');
});
