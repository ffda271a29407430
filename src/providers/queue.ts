/** One conversation with the person at a time. */

let last: Promise<void> = Promise.resolve();
const waiting = new Set<() => void>();

/** Runs `task` when all earlier ones have ended; `undefined` for who has left by then, without waiting. */
export function inTurn<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  const earlier = last;
  const turn = reached(earlier, signal).then((mine) => (mine ? task() : undefined));
  last = Promise.allSettled([earlier, turn]).then(() => {});
  return turn;
}

/** The person has left: whoever waits for a turn is let go without one. */
export function dismissAll(): void {
  for (const leave of waiting) leave();
}

function reached(earlier: Promise<void>, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise<boolean>((resolve) => {
    const leave = () => end(false);
    const end = (mine: boolean) => {
      waiting.delete(leave);
      signal?.removeEventListener('abort', leave);
      resolve(mine);
    };
    waiting.add(leave);
    signal?.addEventListener('abort', leave, { once: true });
    earlier.then(() => end(!signal?.aborted));
  });
}
