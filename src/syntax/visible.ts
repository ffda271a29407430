/** Makes text that others wrote safe to show on a terminal. */

const longest = 80;

// Control and format characters, surrogates, line separators, and other invisible or direction-changing characters.
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

// A run of blanks of any kind would push the following text to where a new line seems to begin.
const blank = /[\p{Zs}\u2800]/u;
const part = /[\p{Zs}\u2800]{2,}|[\s\S]/gu;

/** Writes control, escape, bidi and zero-width characters as `\x1b`, `\u202e`, `\u{e0041}`. */
export function visible(text: string): string {
  return [...text].map((character) => (hidden.test(character) ? escaped(character) : character)).join('');
}

/**
 * Puts `text` in quotes that it cannot close, in at most 80 characters (SEC-14), with a run of blanks as `\x20{57}`.
 *
 * @param columns - the columns of a terminal, if the text has to stay in one row
 */
export function quoted(text: string, columns?: number): string {
  const widest = columns === undefined ? 1 : 2;
  const pieces = piecesOf(text, (character) => (/["\\]/.test(character) ? `\\${character}` : character));
  return `"${cut(pieces, Math.min(longest, columns ?? longest), widest)}"`;
}

/** Makes `text` visible without quotes, in at most `room` characters, with a run of blanks as `\x20{57}`. */
export function phrase(text: string, room = 201): string {
  return cut(
    piecesOf(text, (character) => character),
    room,
    1,
  );
}

// A server may repeat the token that it refuses: a JSON Web Token, or a word as long as only tokens are.
const likeToken = /[\w-]{8,}\.[\w-]{8,}\.[\w-]*|[\w~+-]{32,}=*/g;

/** Writes `...` for each word of a server that looks like a token. */
export function withoutTokens(text: string): string {
  return text.replace(likeToken, '...');
}

/** The characters one by one, in the form in which they are shown. */
function* piecesOf(text: string, write: (character: string) => string): Iterable<string> {
  for (const [found] of text.matchAll(part)) {
    if (found.length > 1 && blank.test(found)) yield* runs(found);
    else yield hidden.test(found) ? escaped(found) : write(found);
  }
}

/** Writes each run of one kind of blank as `\x20{57}`. */
function* runs(blanks: string): Iterable<string> {
  for (const [run] of blanks.matchAll(/(.)\1*/gsu)) yield `${escaped(run)}${run.length > 1 ? `{${run.length}}` : ''}`;
}

/** Cuts long text and ends it with `…`. `widest`: assumed columns of a character beyond Latin, Greek and Cyrillic. */
function cut(pieces: Iterable<string>, room: number, widest: number): string {
  const taken: string[] = [];
  let [width, kept] = [0, 0];
  for (const piece of pieces) {
    width += (piece.codePointAt(0) as number) < 0x1100 ? piece.length : widest;
    if (width > room) return `${taken.slice(0, kept).join('')}…`;
    taken.push(piece);
    if (width < room) kept = taken.length;
  }
  return taken.join('');
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
}
