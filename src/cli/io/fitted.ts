/** Wraps text if it goes to a terminal, and marks text that the server wrote. */

import { fit, wrap } from '../../base/columns.js';

type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

const NARROWEST = 20;
const USUAL = 80;

/** On a terminal, wraps each long line and indents its further rows; elsewhere returns the text unchanged. */
export function fitted(text: string, { isTTY, columns }: Screen): string {
  return isTTY ? fit(text, widthOf(columns) - 1) : text;
}

/** Marks a text that the server wrote: on a terminal, each row begins with `|`. */
export function marked(text: string, { isTTY, columns }: Screen): string {
  if (!isTTY) return text;
  const rows = text.split('\n').flatMap((line) => wrap(line, Math.max(NARROWEST, widthOf(columns) - 5)));
  return rows.map((row) => `  | ${row}`).join('\n');
}

/** A terminal without a window says 0. */
function widthOf(columns: number | undefined): number {
  return columns || USUAL;
}
