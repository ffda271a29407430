/** The time of this machine. */

import { orGiveUp } from '../exchange/flight.js';
import type { Clock } from '../exchange/rules.js';

/** Monotonic. */
export const clock: Clock = {
  now: () => performance.now(),
  epoch: performance.timeOrigin,
  async within(milliseconds, promise, signal) {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(resolve, milliseconds, 'timeout');
    });
    try {
      return await orGiveUp(Promise.race([promise, timeout]), signal);
    } finally {
      clearTimeout(timer);
    }
  },
};
