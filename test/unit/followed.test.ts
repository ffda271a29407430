/** A signal that follows others fires with the first, and leaves nothing behind. */

import { getEventListeners } from 'node:events';
import { follow } from '../../src/followed.js';

test('it fires with any of them, and by itself', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const [first, second, own] = [follow(one.signal, undefined), follow(one.signal, other.signal), follow()];
  one.abort();
  own.abort();
  expect([first.signal.aborted, second.signal.aborted, own.signal.aborted]).toEqual([true, true, true]);
  expect(other.signal.aborted).toBe(false);
});

test('it has fired when one of them had', () => {
  expect(follow(AbortSignal.abort()).signal.aborted).toBe(true);
});

test('let go, it listens to nobody', () => {
  const { signal } = new AbortController();
  const followed = follow(signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  followed.release();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
