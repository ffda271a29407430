/** Makes text that others wrote safe to show on a terminal. */

const longest = 80;

// Control and format characters, surrogates, line separators, and whatever else takes no room or turns the text around.
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Control characters, escape sequences, bidi and zero-width characters as `\x1b`, `\u202e`, `\u{e0041}`. */
export function visible(text: string): string {
  return [...text].map((character) => (hidden.test(character) ? escaped(character) : character)).join('');
}

/** In quotes that the text cannot close, and no longer than 80 characters (SEC-14). */
export function quoted(text: string): string {
  const characters = [...text.slice(0, 2 * longest + 2)];
  const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
  return `"${visible(cut.replace(/["\\]/g, '\\$&'))}"`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
}
