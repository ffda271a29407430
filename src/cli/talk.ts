/** Where text goes: data to stdout, talk to stderr. */

import { styleText } from 'node:util';

let silent = false;

/** Data, a line of it. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Talk, a line of it. */
export function say(text: string): void {
  if (!silent) process.stderr.write(`${text}\n`);
}

/** After an interruption nobody wants to read what it has led to. */
export function hush(): void {
  silent = true;
}

type Format = 'bold' | 'dim' | 'green' | 'red';

/** Colour, where the stream is a terminal that has it and neither NO_COLOR nor TERM=dumb forbids it. */
export function paint(format: Format, text: string, stream: NodeJS.WriteStream = process.stderr): string {
  return styleText(format, text, { stream });
}
