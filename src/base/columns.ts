/** Measures text in columns of a terminal, and breaks it into lines that the terminal does not break. */

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** The number of columns: East Asian characters and emoji take two columns, combining marks zero. */
export function width(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0);
}

function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Adds spaces up to this number of columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** Breaks a text at spaces, and a word that is longer than a line after punctuation, or else anywhere. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (width(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
  }
  return [...lines, line];
}

/** Breaks a word that is longer than a line: after punctuation if there is any, as in URLs and names of variables. */
function pieces(word: string, columns: number): string[] {
  const found: string[] = [];
  let rest = word;
  while (width(rest) > columns) {
    const room = beginning(rest, columns);
    const piece = /^.*[/_.,:;?&=)-]/su.exec(room)?.[0] ?? room;
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return rest === '' && found.length > 0 ? found : [...found, rest];
}

/** As many characters as a line has room for, and at least one. */
function beginning(text: string, columns: number): string {
  let taken = '';
  for (const character of text) {
    if (taken !== '' && width(taken + character) > columns) break;
    taken += character;
  }
  return taken;
}

const FURTHER = '      ';
const NARROWEST = 20;

/**
 * Breaks each line of a text that is longer than `columns`, and indents the further rows: a terminal would break it
 * within a word, and continue it at its left edge, where our questions begin (SEC-53).
 */
export function fit(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => rowsOf(line, Math.max(NARROWEST, columns)))
    .join('\n');
}

/** A line with colours is not wrapped, because such a line is always short. */
function rowsOf(line: string, columns: number): string[] {
  if (line.includes('\u001b') || width(line) <= columns) return [line];
  const indent = ' '.repeat(line.search(/[^ ]|$/));
  const room = Math.max(NARROWEST, columns - indent.length - FURTHER.length);
  return wrap(line.slice(indent.length), room).map((row, at) => indent + (at === 0 ? '' : FURTHER) + row);
}
