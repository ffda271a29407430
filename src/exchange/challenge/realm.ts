/** A realm as text: the bytes on the wire are UTF-8 as a rule, and header values hold a byte a character. */

const HIGH = /[\u0080-\u00ff]/;
const BEYOND_BYTES = /[^\u0000-\u00ff]/;

/** Decodes UTF-8 where the bytes are UTF-8, and leaves anything else as it is. */
export function realmText(realm: string): string {
  if (!HIGH.test(realm) || BEYOND_BYTES.test(realm)) return realm;
  try {
    const bytes = Uint8Array.from(realm, (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return realm;
  }
}
