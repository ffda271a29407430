/** Giving up: one signal that aborts with the first of several, and waiting that ends with a signal or a time limit. */

/** A signal that aborts with the signals it follows; `release` removes its listeners from them. */
export interface Followed {
  readonly signal: AbortSignal;
  abort(): void;
  release(): void;
}

/**
 * Replaces `AbortSignal.any`: a polluted Object.prototype aborts that signal from the start (SEC-28), and on Node 20
 * the signals that it follows are garbage-collected.
 */
export function follow(...signals: ReadonlyArray<AbortSignal | undefined>): Followed {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of signals) {
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  }
  const release = () => {
    for (const signal of signals) signal?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, abort, release };
}

/** Thrown by every wait that the signal of the caller ends, and caught where the exchange ends. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/**
 * Waits for a promise, and leaves no listener behind.
 *
 * @throws Abandoned when `signal` aborts first
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abandon = () => reject(new Abandoned());
    if (signal.aborted) abandon();
    else signal.addEventListener('abort', abandon, { once: true });
    // Handled after an abort, too: Node ends the process for a rejection without a handler.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}

export interface Limits {
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** The error when the time is up. */
  late(): Error;
  /** The error when the signal fires. */
  left(): Error;
}

/** Settles as `work` does, or rejects when the time is up or the signal fires before. Leaves no timer or listener. */
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
