/** What a person types, as a stream that does not fail: readline throws the errors of its input where nobody catches. */

import { Readable } from 'node:stream';
import type { TerminalInput } from './terminal.js';

/** The keys, and how to let go of the input they come from. */
export interface Keyboard {
  readonly keys: TerminalInput;
  release(): void;
}

/** Takes from the input only while somebody reads the keys. */
export function keyboard(input: TerminalInput): Keyboard {
  const keys = new Readable({ highWaterMark: 0, read: () => void input.resume() });
  const onData = (text: Buffer | string) => {
    if (!keys.push(text)) input.pause();
  };
  input.on('data', onData);
  return {
    keys: Object.assign(keys, { isTTY: true, setRawMode: (on: boolean) => input.setRawMode?.(on) }),
    release: () => {
      input.removeListener('data', onData);
      input.pause();
      keys.destroy();
    },
  };
}
