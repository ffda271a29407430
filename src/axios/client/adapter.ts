/** Predicts which of its adapters axios uses. */

declare const XMLHttpRequest: unknown;

/** Whether axios would use its fetch adapter. */
export function usesFetch(adapter: unknown): boolean {
  for (const name of Array.isArray(adapter) ? adapter : [adapter]) {
    const known = String(name).toLowerCase();
    if (known !== 'xhr' || typeof XMLHttpRequest !== 'undefined') return known === 'fetch';
  }
  return false;
}
