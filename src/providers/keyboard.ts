/** What a person types, as a stream that does not fail: readline throws the errors of its input where nobody catches. */

import { Readable } from 'node:stream';
import type { TerminalInput } from './terminal.js';

/** The keys, and how to let go of the input they come from. */
export interface Keyboard {
  readonly keys: TerminalInput;
  release(): void;
}

/** Takes the input for itself until it lets go of it. */
export function keyboard(input: TerminalInput): Keyboard {
  const keys = new Readable({ read: () => {} });
  const onData = (text: Buffer | string) => void keys.push(text);
  input.on('data', onData).resume();
  return {
    keys: Object.assign(keys, { isTTY: true, setRawMode: (on: boolean) => input.setRawMode?.(on) }),
    release: () => {
      input.removeListener('data', onData).pause();
      keys.destroy();
    },
  };
}
