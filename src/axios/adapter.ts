/** Which of its adapters axios would take. */

/** Whether axios would take its fetch adapter. */
export function usesFetch(adapter: unknown): boolean {
  const names = (Array.isArray(adapter) ? adapter : [adapter]).map((name) => String(name).toLowerCase());
  return names.find((name) => name !== 'xhr' || 'XMLHttpRequest' in globalThis) === 'fetch';
}
