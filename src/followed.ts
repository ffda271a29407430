/** One signal that fires with the first of several. */

/** A signal of ours, and how it is let go of those it follows. */
export interface Followed {
  readonly signal: AbortSignal;
  abort(): void;
  release(): void;
}

/**
 * Not `AbortSignal.any`: what sits on Object.prototype aborts its signal from the start (SEC-28), and on Node 20 the
 * signals that it follows are collected as garbage.
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
