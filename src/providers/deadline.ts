/** A promise that is waited for no longer than agreed. */

/** How much later a provider is given up than its own limit is over, in milliseconds: what it says itself is better. */
export const MOMENT = 1000;

export interface Limits {
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** The error when the time is up. */
  late(): Error;
  /** The error when the signal fires. */
  left(): Error;
}

/** Settles as `work` does, unless the time is up or the signal fires before. Holds no timer and no listener after. */
export function withinTime<T>(work: Promise<T>, { milliseconds, signal, late, left }: Limits): Promise<T> {
  let release = () => {};
  const settled = new Promise<T>((resolve, reject) => {
    const leave = () => reject(left());
    const timer = setTimeout(() => reject(late()), milliseconds);
    signal?.addEventListener('abort', leave, { once: true });
    release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    if (signal?.aborted) leave();
    work.then(resolve, reject);
  });
  return settled.finally(() => release());
}
