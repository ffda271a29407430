import { getEventListeners } from 'node:events';
import { withinTime } from '../../../src/providers/deadline.js';

const late = () => new Error('late');
const left = () => new Error('left');
const never = new Promise<never>(() => {});

test.each([
  ['the work is done', Promise.resolve('done'), 1000],
  ['the work has failed', Promise.reject(new Error('broken')), 1000],
  ['the time is up', never, 1],
])('no listener is held once %s', async (_, work, milliseconds) => {
  const { signal } = new AbortController();
  await withinTime(work, { milliseconds, signal, late, left }).catch(() => {});
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('no timer is held once the work is done', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await withinTime(Promise.resolve(), { milliseconds: 1000, late, left });
  expect(timers()).toBe(before);
});

test('the time being up is an error', async () => {
  await expect(withinTime(never, { milliseconds: 1, late, left })).rejects.toThrow('late');
});

test('a signal that has fired before is an error at once', async () => {
  const limits = { milliseconds: 1000, signal: AbortSignal.abort(), late, left };
  await expect(withinTime(never, limits)).rejects.toThrow('left');
});
