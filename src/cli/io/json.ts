/** Writes JSON that is safe on a terminal: characters that move the cursor or reorder text are escaped. */

// The characters that visible.ts hides, except LF: these belong to the layout, because JSON escapes an LF in a string.
const HIDDEN = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(HIDDEN, escaped);
}

/** RFC 8259 §7: one escape for each UTF-16 code unit. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
