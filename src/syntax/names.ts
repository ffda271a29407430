/** Names of auth-schemes and auth-params, which are case-insensitive (RFC 9110 §11.1, §11.2). */

// As servers spell them, each with its own slot. `scope` is left out: it would share the slot of `stale`.
const COMMON = [
  ...['Digest', 'Basic', 'Bearer', 'Negotiate', 'NTLM'],
  ...['realm', 'nonce', 'qop', 'opaque', 'algorithm', 'stale', 'domain', 'charset', 'userhash'],
  ...['nextnonce', 'rspauth', 'cnonce', 'nc', 'error', 'error_description'],
];
const SLOTS = 128;

interface Name {
  readonly spelling: string;
  readonly lowerCase: string;
}

const table: Array<Name | undefined> = new Array(SLOTS).fill(undefined);
for (const spelling of COMMON) table[slotOf(spelling)] = { spelling, lowerCase: spelling.toLowerCase() };

/** `name` in lower case. A common name is looked up: creating a string costs more than reading its param. */
export function lowerCase(name: string): string {
  const common = table[slotOf(name)];
  return common?.spelling === name ? common.lowerCase : name.toLowerCase();
}

function slotOf(name: string): number {
  return (name.charCodeAt(0) + name.length * 31) % SLOTS;
}
