/** Ends the login of an origin, and removes an account from the keychain. */

import type { AuthError } from '../../errors.js';
import { choose } from '../../providers/terminal/choose.js';
import { openTerminal } from '../../providers/terminal/terminal.js';
import { visible } from '../../syntax/visible.js';
import { addressOf } from '../input/address.js';
import type { Invocation } from '../input/command.js';
import { withUser } from '../input/options.js';
import { EXIT, Stop } from '../io/exit.js';
import { statusOf } from '../io/process.js';
import { say } from '../io/stdio.js';
import { keychainSentence } from '../keychain/keychain-error.js';
import { accountsOf, remove } from '../keychain/stored-accounts.js';
import { endLogin } from '../tokens/end-login.js';
import { loginFor } from '../tokens/known-logins.js';

/** Runs `logout` and returns the exit status. @throws Stop */
export async function checkOut(given: Invocation, leaving: AbortSignal): Promise<number> {
  const { origin, username } = withUser('logout', given, addressOf(given.url ?? ''));
  return keychainSentence(async () => {
    // A token has no account.
    const login = username === undefined ? await loginFor(origin) : undefined;
    if (login) await endLogin(login, leaving);
    const account = username ?? (await onlyAccount(origin, leaving));
    if (account === null) return statusOf('SIGINT');
    if (login && account === undefined) return EXIT.ok;
    const gone = account === undefined ? undefined : await remove(origin, account, leaving);
    const whose = username === undefined ? '' : ` ${visible(username)}`;
    say(gone === undefined ? `no account${whose} is stored for ${origin}` : `removed: ${visible(gone)} for ${origin}`);
    return EXIT.ok;
  });
}

/** The account of an origin. If there are several, a person chooses; `null` if the person makes no choice. */
async function onlyAccount(origin: string, signal: AbortSignal): Promise<string | undefined | null> {
  const accounts = await accountsOf(origin, signal);
  if (accounts.length < 2) return accounts[0];
  if (canAsk()) return (await chosen(origin, accounts, signal)) ?? null;
  const names = accounts.map(visible).join(', ');
  throw new Stop(
    EXIT.failed,
    `${accounts.length} accounts are stored for ${origin}: ${names} (name the account with -u)`,
  );
}

function chosen(origin: string, accounts: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  return choose(`Which account of ${origin} is to be removed?`, accounts, signal).catch((error: AuthError) => {
    if (error.code === 'ERR_AUTH_CANCELLED') return undefined;
    throw error;
  });
}

function canAsk(): boolean {
  const terminal = openTerminal({});
  if (typeof terminal === 'string') return false;
  terminal.close();
  return true;
}
