/** Allows one conversation with the person at a time. */

import { follow, unlessAborted } from '../../base/abort.js';

let last: Promise<void> = Promise.resolve();
const waiting = new Set<() => void>();

/** Runs `task` when all earlier tasks have ended; `undefined` at once if the task is aborted or dismissed before. */
export function inTurn<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  const earlier = last;
  const turn = reached(earlier, signal).then((mine) => (mine ? task() : undefined));
  last = Promise.allSettled([earlier, turn]).then(() => {});
  return turn;
}

/** The person has left: every task that waits for its turn is dropped. */
export function dismissAll(): void {
  for (const leave of waiting) leave();
}

async function reached(earlier: Promise<void>, signal?: AbortSignal): Promise<boolean> {
  const leaving = follow(signal);
  waiting.add(leaving.abort);
  try {
    await unlessAborted(earlier, leaving.signal);
    return !leaving.signal.aborted;
  } catch {
    return false;
  } finally {
    waiting.delete(leaving.abort);
    leaving.release();
  }
}
