/** One conversation with the person at a time. */

let last: Promise<void> = Promise.resolve();

/** Runs `task` when all earlier ones have ended; `undefined` for who has left by then, without waiting. */
export function inTurn<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  const earlier = last;
  const turn = reached(earlier, signal).then((mine) => (mine ? task() : undefined));
  last = Promise.allSettled([earlier, turn]).then(() => {});
  return turn;
}

function reached(earlier: Promise<void>, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const leave = () => resolve(false);
    signal?.addEventListener('abort', leave, { once: true });
    earlier.then(() => {
      signal?.removeEventListener('abort', leave);
      resolve(!signal?.aborted);
    });
  });
}
