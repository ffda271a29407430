import { unlessAborted } from '../../base/abort.js';
import type { Clock } from '../../exchange/port/clock.js';

/** The monotonic clock. */
export const clock: Clock = {
  now: () => performance.now(),
  epoch: performance.timeOrigin,
  date: () => Date.now(),
  async within(milliseconds, promise, signal) {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(resolve, milliseconds, 'timeout');
    });
    try {
      return await unlessAborted(Promise.race([promise, timeout]), signal);
    } finally {
      clearTimeout(timer);
    }
  },
};
