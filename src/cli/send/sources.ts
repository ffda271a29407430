/** The providers that a command line selects. */

import { AuthError } from '../../errors.js';
import { type Credential, type Provider, wantsToken } from '../../model.js';
import { env } from '../../providers/env/env.js';
import { git } from '../../providers/git/git.js';
import { keychain } from '../../providers/keychain/keychain.js';
import { netrc } from '../../providers/netrc/netrc.js';
import { staticCredential } from '../../providers/static.js';
import { confirm } from '../../providers/terminal/ask.js';
import { prompt } from '../../providers/terminal/prompt.js';
import { openTerminal } from '../../providers/terminal/terminal.js';
import type { Address } from '../input/address.js';
import type { Invocation } from '../input/command.js';
import { hush } from '../io/stdio.js';
import { rememberOrigin } from '../keychain/known-origins.js';
import { loginSources } from '../tokens/login-sources.js';

/**
 * The providers that are asked before the prompt. If the command line has a secret, only that secret is tried.
 * `isLooking`: they change nothing.
 */
export async function quietSources(given: Invocation, address: Address, isLooking = false): Promise<Provider[]> {
  const { origin, username: account } = address;
  const secret = secretSource(given, address);
  if (secret) return [secret];
  return [
    ...(account === undefined ? [] : [named(account)]),
    env(),
    ...netrcSources(given),
    ...(given.has('git') ? [git()] : []),
    keychain({ confirm: (question, signal) => agree(origin, question, signal) }),
    ...(await loginSources(origin, isLooking)),
  ];
}

/** The password of the URL or of `--user`, or the token of `--oauth2-bearer`. */
function secretSource(given: Invocation, { origin, username = '', password, source }: Address): Provider | undefined {
  const token = given.text('oauth2-bearer');
  if (token !== undefined) return secretFor(origin, { token }, '--oauth2-bearer');
  return password === undefined ? undefined : secretFor(origin, { username, password }, source);
}

/** What the command line has is for the origin of its URL, and for no proxy on the way. */
export function secretFor(origin: string, credential: Credential, name: string): Provider {
  return { ...staticCredential(credential, { origin }), name };
}

function netrcSources(given: Invocation): Provider[] {
  const file = given.text('netrc-file');
  if (file !== undefined) return [netrc({ file })];
  return given.has('netrc') ? [netrc()] : [];
}

/** Whether the prompt is asked, too: not where the command line has a secret already. */
export function isPersonAsked(given: Invocation, { password }: Address): boolean {
  return password === undefined && given.text('oauth2-bearer') === undefined;
}

/** Asks whether to store a password; if the person agrees, remembers the origin. */
async function agree(origin: string, question: string, signal?: AbortSignal): Promise<boolean> {
  const agreed = await confirm(question, signal);
  if (agreed) await rememberOrigin(origin);
  return agreed;
}

/** Gives the user name to the next providers. In the URL, axios would send it unasked, with an empty password. */
export function named(username: string): Provider {
  return { name: 'account', get: (request) => (wantsToken(request) ? undefined : { username }) };
}

/** The prompt; it calls `onAsked` before it asks, and `onLeft` when the person leaves it with Ctrl-C or Ctrl-D. */
export function person(onLeft: () => void, onAsked: () => void = () => {}): Provider {
  const asked = prompt();
  return {
    ...asked,
    get: async (request) => {
      onAsked();
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

/** If a terminal is available, the prompt throws an error without a cause only when the person leaves it. */
function isLeaving(error: unknown): boolean {
  return error instanceof AuthError && error.cause === undefined;
}

function isThere(): boolean {
  const terminal = openTerminal({});
  if (typeof terminal === 'string') return false;
  terminal.close();
  return true;
}
