/** Checks what Negotiate needs: a Kerberos ticket, and the package kerberos. */

import { createRequire } from 'node:module';
import { run } from '../../../providers/run.js';
import { type Finding, finding } from './finding.js';

const NAME = 'negotiate';
const TIMEOUT = 3000;

export async function checkTicket(signal: AbortSignal): Promise<Finding> {
  const ticket = await hasTicket(signal);
  const isInstalled = findsKerberos();
  if (ticket === undefined && !isInstalled) return finding(NAME, 'off', 'neither Kerberos nor the package kerberos');
  if (!isInstalled) return finding(NAME, 'off', words(ticket), 'npm install kerberos');
  if (!ticket) return finding(NAME, 'off', words(ticket), 'kinit');
  return finding(NAME, 'ok', 'a Kerberos ticket (for get --negotiate, and negotiate() in a program)');
}

function words(ticket: boolean | undefined): string {
  if (ticket === undefined) return 'no klist, which shows the ticket';
  return ticket ? 'a Kerberos ticket, and no package kerberos' : 'no Kerberos ticket';
}

/** `klist -s` says by its status alone whether the cache has a ticket that is still good; `undefined`: there is no klist. */
async function hasTicket(signal: AbortSignal): Promise<boolean | undefined> {
  return run(['klist', '-s'], { timeout: TIMEOUT, signal }).then(
    ({ status }) => status === 0,
    () => undefined,
  );
}

/** Where a program in the working directory finds it. It is not loaded: its native part may be broken. */
function findsKerberos(): boolean {
  try {
    createRequire(`${process.cwd()}/package.json`).resolve('kerberos');
    return true;
  } catch {
    return false;
  }
}
