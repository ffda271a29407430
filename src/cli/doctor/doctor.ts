/** Runs every check of `doctor`, and draws the conclusion. */

import { checkEnvironment } from './environment.js';
import type { Finding } from './findings/finding.js';
import { checkGit } from './findings/git.js';
import { checkNetrc } from './findings/netrc.js';
import { checkTicket } from './findings/ticket.js';
import { checkKeychain } from './keychain.js';
import { checkAxios, checkNode } from './platform.js';
import { checkPrompt } from './prompt.js';

/** What `doctor` finds. */
export interface Report {
  readonly needed: readonly Finding[];
  /** The findings for the default chain. */
  readonly chain: readonly Finding[];
  readonly optIn: readonly Finding[];
  readonly works: boolean;
}

export async function examine(signal: AbortSignal): Promise<Report> {
  const needed = [checkNode(), checkAxios()];
  const chain = [await checkEnvironment(), await checkKeychain(signal), checkPrompt()];
  const optIn = [await checkNetrc(), await checkGit(signal), await checkTicket(signal)];
  // An environment variable that is set but unusable is an error, even if another provider works.
  const environment = chain[0] as Finding;
  const works =
    needed.every(({ state }) => state === 'ok') &&
    environment.state !== 'bad' &&
    chain.some(({ state }) => state === 'ok');
  return { needed, chain, optIn, works };
}
