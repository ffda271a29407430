/** Reads a member of an object that others made, and nothing that merely sits on Object.prototype (SEC-28). */

/** A class may inherit a member from its own prototypes; the last one in the chain belongs to everybody. */
export function memberOf<Owner extends object, Name extends keyof Owner>(
  object: Owner,
  name: Name,
): Owner[Name] | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  let owner: object | null = Object.getPrototypeOf(object);
  while (owner !== null) {
    const next: object | null = Object.getPrototypeOf(owner);
    if (next !== null && Object.hasOwn(owner, name)) return object[name];
    owner = next;
  }
  return undefined;
}
