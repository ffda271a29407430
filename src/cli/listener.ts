/** What is told on stderr while a challenge is answered. */

import type { AuthEvent } from '../exchange/trace.js';
import { visible } from '../syntax/visible.js';
import { sequence, speaksUnicode } from './sequence.js';
import { say } from './talk.js';

// Where stderr is a file or a pipe.
const COLUMNS = 100;

/** Draws the handshake, or only says what the person would miss otherwise. */
export function listener(verbose: boolean): (event: AuthEvent) => void {
  if (verbose) return sequence(process.stderr.columns || COLUMNS, speaksUnicode(process.env), say);
  return (event) => {
    if (event.type !== 'told' || event.failure === undefined) return;
    say(`axios-challenge: ${visible(event.failure.replace(/^\w+: /, `${event.provider}: `))}`);
  };
}
