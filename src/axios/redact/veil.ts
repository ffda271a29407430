/** Hides properties of an object if it is listed, copied, printed or cloned; code can read them by name (SEC-27). */

/**
 * Returns a Proxy of `holder` with the hidden properties, for values that have to be read again. A getter is not
 * enough: `util.inspect` can be told to run getters, but it shows the target of a Proxy.
 */
export function veil<Holder extends object, Hidden extends object>(holder: Holder, hidden: Hidden): Holder & Hidden {
  const values = new Map<string | symbol, unknown>(Object.entries(hidden));
  return new Proxy(holder, {
    get: (target, name) => (values.has(name) ? values.get(name) : Reflect.get(target, name)),
    has: (target, name) => values.has(name) || Reflect.has(target, name),
    // axios reads a property only if this descriptor exists.
    getOwnPropertyDescriptor: (target, name) =>
      values.has(name) ? { ...VEILED } : Reflect.getOwnPropertyDescriptor(target, name),
  }) as Holder & Hidden;
}

const VEILED: PropertyDescriptor = { value: '[hidden]', writable: true, configurable: true, enumerable: false };
