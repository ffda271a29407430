/** Reports on stderr how a challenge is answered. */

import type { AuthEvent } from '../../exchange/trace/events.js';
import type { EventOf } from '../../exchange/trace/words.js';
import { phrase } from '../../syntax/visible.js';
import { fitted } from '../io/fitted.js';
import { say } from '../io/stdio.js';
import { isLocked, LOCKED } from '../keychain/secret-service.js';
import { sequence, speaksUnicode } from './sequence.js';

// The width if stderr is a file or a pipe.
const COLUMNS = 100;

/** Hears the events of an exchange. */
export interface Listener {
  hear(event: AuthEvent): void;
  /** Resolves when everything that was heard has been reported. */
  done(): Promise<void>;
}

/** Draws the whole handshake if `verbose`; otherwise reports only a provider that failed to process a verdict. */
export function listener(verbose: boolean, signal: AbortSignal): Listener {
  const reports: Array<Promise<void>> = [];
  const draw = verbose ? sequence(process.stderr.columns || COLUMNS, speaksUnicode(process.env), say) : undefined;
  return {
    hear: (event) => {
      draw?.(event);
      if (event.type === 'told' && event.failure !== undefined) reports.push(report(event, event.failure, signal));
    },
    done: async () => void (await Promise.all(reports)),
  };
}

/** Asks whether the store is locked, because the error of a locked store does not say so. */
async function report({ provider, verdict }: EventOf<'told'>, failure: string, signal: AbortSignal): Promise<void> {
  const isStore = provider === 'keychain';
  const what = isStore && verdict === 'approve' ? 'the password was not stored: ' : '';
  const why = isStore && (await isLocked(signal)) ? LOCKED : failure.replace(/^\w+: /, `${provider}: `);
  say(fitted(`axios-challenge: ${what}${phrase(why)}`, process.stderr));
}
