/** Runs every check of `doctor`, and draws the conclusion. */

import { checkEnvironment } from './checks/environment.js';
import { checkGit } from './checks/git.js';
import { checkKeychain } from './checks/keychain.js';
import { checkNetrc } from './checks/netrc.js';
import { checkAxios, checkNode } from './checks/platform.js';
import { checkPrompt } from './checks/prompt.js';
import type { Finding } from './finding.js';

/** What `doctor` finds. */
export interface Report {
  readonly needed: readonly Finding[];
  /** The default chain. */
  readonly chain: readonly Finding[];
  readonly optIn: readonly Finding[];
  readonly works: boolean;
}

export async function examine(signal: AbortSignal): Promise<Report> {
  const needed = [checkNode(), checkAxios()];
  const chain = [await checkEnvironment(), await checkKeychain(signal), checkPrompt()];
  const optIn = [await checkNetrc(), await checkGit(signal)];
  // What is set and unusable is a mistake, even where another source would do.
  const environment = chain[0] as Finding;
  const works =
    needed.every(({ state }) => state === 'ok') &&
    environment.state !== 'bad' &&
    chain.some(({ state }) => state === 'ok');
  return { needed, chain, optIn, works };
}
