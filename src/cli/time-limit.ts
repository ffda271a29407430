/** A signal that fires when the time is up, or when another does. */

/** Not `AbortSignal.any` with `AbortSignal.timeout`: on Node 20 nothing holds those two, and they are collected as garbage. */
export function within(milliseconds: number | undefined, leaving: AbortSignal): AbortSignal {
  if (milliseconds === undefined) return leaving;
  const limit = new AbortController();
  setTimeout(() => limit.abort(), milliseconds).unref();
  leaving.addEventListener('abort', () => limit.abort(), { once: true });
  return limit.signal;
}
