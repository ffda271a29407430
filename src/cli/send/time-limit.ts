/** A signal that aborts when a time limit is over, or when another signal aborts. */

/** Avoids `AbortSignal.any` with `AbortSignal.timeout`: Node 20 holds neither signal, so both are garbage-collected. */
export function within(milliseconds: number | undefined, leaving: AbortSignal): AbortSignal {
  if (milliseconds === undefined) return leaving;
  const limit = new AbortController();
  setTimeout(() => limit.abort(), milliseconds).unref();
  leaving.addEventListener('abort', () => limit.abort(), { once: true });
  return limit.signal;
}
