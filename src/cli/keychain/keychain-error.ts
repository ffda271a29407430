/** Ends a command with the reason why the keychain failed. */

import { AuthError } from '../../errors.js';
import { visible } from '../../syntax/visible.js';
import { EXIT, Stop } from '../io/exit.js';

/** Runs `work`. @throws Stop with the keychain's reason if `work` throws an AuthError */
export async function keychainSentence<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    throw new Stop(EXIT.failed, `${visible(error.message)} (run: axios-challenge doctor)`);
  }
}
