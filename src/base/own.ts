/** Reads a member of an object from outside this package, but never a member of Object.prototype (SEC-28). */

/**
 * Reads own members and members of the object's class. The last prototype in the chain is skipped, because any code may
 * have changed it. A member whose getter throws counts as absent.
 */
export function memberOf<Owner extends object, Name extends keyof Owner>(
  object: Owner,
  name: Name,
): Owner[Name] | undefined {
  try {
    return read(object, name);
  } catch {
    return undefined;
  }
}

function read<Owner extends object, Name extends keyof Owner>(object: Owner, name: Name): Owner[Name] | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  let owner: object | null = Object.getPrototypeOf(object);
  while (owner !== null) {
    const next: object | null = Object.getPrototypeOf(owner);
    if (next !== null && Object.hasOwn(owner, name)) return object[name];
    owner = next;
  }
  return undefined;
}
