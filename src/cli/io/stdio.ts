/** Writes data to stdout and messages to stderr. */

import { styleText } from 'node:util';
import { visible } from '../../syntax/visible.js';

let silent = false;

/** Writes a line of data to stdout. */
export function print(text: string): void {
  process.stdout.write(`${harmless(text)}\n`);
}

/** Writes a message to stderr. */
export function say(text: string): void {
  if (!silent) process.stderr.write(`${harmless(text)}\n`);
}

/** Silences `say` after an interruption, because the errors that follow are only its consequences. */
export function hush(): void {
  silent = true;
}

// Our own colours, line feeds and tabs.
const OWN = /(\u001b\[\d{1,2}m|[\n\t])/;

/** Escapes characters that move the cursor or reorder the text, whatever their source (SEC-53). */
function harmless(text: string): string {
  return text
    .split(OWN)
    .map((piece, index) => (index % 2 === 1 ? piece : visible(piece)))
    .join('');
}

type Format = 'bold' | 'dim' | 'green' | 'red';

/** Adds a colour if the stream is a terminal with colours, and neither NO_COLOR nor TERM=dumb forbids it. */
export function paint(format: Format, text: string, stream: NodeJS.WriteStream = process.stderr): string {
  return styleText(format, text, { stream });
}
