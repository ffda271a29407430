/** The chain of providers of a command line. */

import { AuthError } from '../errors.js';
import type { Provider } from '../model.js';
import { confirm } from '../providers/confirm.js';
import { env } from '../providers/env.js';
import { git } from '../providers/git.js';
import { keychain } from '../providers/keychain.js';
import { netrc } from '../providers/netrc.js';
import { prompt } from '../providers/prompt.js';
import { staticCredential } from '../providers/static.js';
import { openTerminal } from '../providers/terminal.js';
import type { Address } from './address.js';
import type { Given } from './command.js';
import { rememberOrigin } from './known-origins.js';
import { hush } from './talk.js';

/** Everything that is looked into before a person is asked. A password in the URL is the only one that is tried. */
export function quietSources(given: Given, address: Address, account: string | undefined): Provider[] {
  const { origin, password } = address;
  if (password !== undefined)
    return [{ ...staticCredential({ username: account ?? '', password }, { origin }), name: 'URL' }];
  return [
    ...(account === undefined ? [] : [named(account)]),
    env(),
    ...(given.has('netrc') ? [netrc()] : []),
    ...(given.has('git') ? [git()] : []),
    keychain({ confirm: (question, signal) => agree(origin, question, signal) }),
  ];
}

/** Asks whether a password is kept, and notes for whom. */
async function agree(origin: string, question: string, signal?: AbortSignal): Promise<boolean> {
  const agreed = await confirm(question, signal);
  if (agreed) await rememberOrigin(origin);
  return agreed;
}

/** A hint for those after it. In the URL axios would send it with an empty password, before anybody asks. */
export function named(username: string): Provider {
  return { name: 'account', get: ({ scheme }) => (scheme === 'bearer' ? undefined : { username }) };
}

/** The prompt, and word when the person has left it with Ctrl-C or Ctrl-D. */
export function person(onLeft: () => void): Provider {
  const asked = prompt();
  return {
    ...asked,
    get: async (request) => {
      try {
        return await asked.get(request);
      } catch (error) {
        if (isLeaving(error) && !request.signal?.aborted && isThere()) {
          hush();
          onLeft();
        }
        throw error;
      }
    },
  };
}

/** Where somebody can be asked, nothing but their leaving has no cause. */
function isLeaving(error: unknown): boolean {
  return error instanceof AuthError && error.cause === undefined;
}

function isThere(): boolean {
  const terminal = openTerminal({});
  if (typeof terminal === 'string') return false;
  terminal.close();
  return true;
}
