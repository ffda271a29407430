/** A text in numbered parts, because stores cap an entry (Windows: 2,560 bytes), and the head that says which belong together. */

import { createHash } from 'node:crypto';

/** In characters, which are bytes here: the text is ASCII. */
const PART_LENGTH = 1200;

/** The most parts of a text. */
export const MAX_PARTS = 64;

/** Parts are written to the slot that the head does not name. */
export type Slot = 'a' | 'b';

export interface Head {
  readonly slot: Slot;
  readonly parts: number;
  /** Of all parts together, in hex. */
  readonly sha256: string;
}

/** `undefined` if there is no head, or none that was written here. */
export function parseHead(text: string | undefined): Head | undefined {
  try {
    const { slot, parts, sha256 } = JSON.parse(text ?? '');
    const isHead = (slot === 'a' || slot === 'b') && Number.isInteger(parts) && parts > 0 && parts <= MAX_PARTS;
    return isHead ? { slot, parts, sha256 } : undefined;
  } catch {
    return undefined;
  }
}

/** The head and the parts of `value`; `undefined` if it is too long. */
export function divide(
  value: string,
  slot: Slot,
): { readonly head: string; readonly parts: readonly string[] } | undefined {
  const text = ascii(value);
  const parts = text.match(new RegExp(`.{1,${PART_LENGTH}}`, 'g')) ?? [];
  if (parts.length > MAX_PARTS) return undefined;
  return { head: JSON.stringify({ slot, parts: parts.length, sha256: sha256(text) } satisfies Head), parts };
}

/** The value again; `undefined` unless the parts are those of the head. */
export function join(head: Head, parts: readonly (string | undefined)[]): string | undefined {
  const text = parts.map((part) => part ?? '').join('');
  return sha256(text) === head.sha256 ? JSON.parse(text) : undefined;
}

/** One byte for each character, whatever the encoding of a store. */
function ascii(value: string): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
