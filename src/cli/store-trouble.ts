/** Says what is wrong with the keychain, as the end of a command. */

import { AuthError } from '../errors.js';
import { visible } from '../syntax/visible.js';
import { EXIT, Stop } from './exit-status.js';

/** @throws Stop with the store's own reason */
export async function keychainSentence<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    throw new Stop(EXIT.failed, `${visible(error.message)} (axios-challenge doctor tells more)`);
  }
}
