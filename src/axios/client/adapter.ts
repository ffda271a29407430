/** Predicts which of its adapters axios uses. */

/** Whether axios would use its fetch adapter. */
export function usesFetch(adapter: unknown): boolean {
  for (const name of Array.isArray(adapter) ? adapter : [adapter]) {
    const known = String(name).toLowerCase();
    if (known !== 'xhr' || 'XMLHttpRequest' in globalThis) return known === 'fetch';
  }
  return false;
}
