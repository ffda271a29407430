/** The typed keys as a stream that never fails: readline throws the errors of its input where no caller can catch. */

import { Readable } from 'node:stream';
import type { TerminalInput } from './terminal.js';

/** The keys; `release` stops reading the input that they come from. */
export interface Keyboard {
  readonly keys: TerminalInput;
  release(): void;
}

/** Reads the input until `release` is called. */
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
