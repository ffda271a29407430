/** Tries a credential on a server, and keeps it when it was accepted. */

import { explain } from '../axios/record.js';
import type { Credential, PasswordCredential, Provider } from '../model.js';
import { env } from '../providers/env.js';
import { visible } from '../syntax/visible.js';
import { type Address, addressOf } from './address.js';
import { misused } from './arguments.js';
import type { Given } from './command.js';
import { readInput } from './data.js';
import { EXIT, Stop } from './exit-status.js';
import { accountsOf, keep } from './kept.js';
import { statusOf } from './life.js';
import { accountOf } from './options.js';
import { send } from './send.js';
import { named, person } from './sources.js';
import { keychainSentence } from './store-trouble.js';
import { say } from './talk.js';

const TIMEOUT = 30_000;

/** The exit status. @throws Stop */
export async function checkIn(given: Given, leaving: AbortSignal): Promise<number> {
  const address = addressOf(given.url ?? '');
  const account = accountOf('login', given, address);
  const attempt = new Attempt();
  const sources = await sourcesOf(given, { address, account, attempt, signal: leaving });
  // A password that is piped in is tried once: it is the same again.
  const challenge = {
    providers: sources.map((source) => attempt.witnessed(source)),
    allowInsecure: given.has('allow-insecure'),
    maxCredentials: given.has('password-stdin') ? 1 : 3,
  };
  const response = await send({ address, signal: leaving, timeout: TIMEOUT, challenge });
  response.data.on('error', () => {}).destroy();
  const { status } = response;
  if (attempt.wasLeft) return statusOf('SIGINT');
  if (status === 401) {
    say(explain(response));
    return EXIT.refused;
  }
  if (attempt.accepted) return keepIt(address, attempt.accepted, leaving);
  if (status >= 400) throw new Stop(EXIT.http, `${address.shown} answers ${status}: the credential was not checked`);
  throw new Stop(EXIT.failed, `${address.shown} asks for no credential: nothing was kept`);
}

interface Means {
  readonly address: Address;
  readonly account: string | undefined;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

async function sourcesOf(given: Given, { address, account, attempt, signal }: Means): Promise<Provider[]> {
  const hint = account === undefined ? [] : [named(account)];
  if (!given.has('password-stdin'))
    return urlSource(address, account) ?? [...hint, env(), person(() => attempt.leave())];
  if (account === undefined) throw misused('login', '--password-stdin needs --user');
  if (address.password !== undefined) throw misused('login', 'there are two passwords: in the URL, and on stdin');
  const password = (await readInput(signal)).toString('utf8').replace(/\r?\n$/, '');
  if (password === '') throw new Stop(EXIT.usage, 'there is no password on stdin');
  return [{ name: 'stdin', get: ({ scheme }) => (scheme === 'bearer' ? undefined : { username: account, password }) }];
}

function urlSource({ password }: Address, account = ''): Provider[] | undefined {
  if (password === undefined) return undefined;
  return [{ name: 'URL', get: ({ scheme }) => (scheme === 'bearer' ? undefined : { username: account, password }) }];
}

/** What became of the credentials that were tried. */
class Attempt {
  wasLeft = false;
  accepted: Credential | undefined;

  leave(): void {
    this.wasLeft = true;
  }

  /** Hears the verdict in place of the provider: those that are asked here keep nothing themselves. */
  witnessed(source: Provider): Provider {
    return {
      ...source,
      approve: (_request, credential) => {
        this.accepted = credential;
      },
    };
  }
}

async function keepIt({ origin }: Address, credential: Credential, signal: AbortSignal): Promise<number> {
  if (Object.hasOwn(credential, 'token')) {
    throw new Stop(
      EXIT.failed,
      'the token is accepted, and the keychain keeps no tokens (use AXIOS_CHALLENGE_TOKEN_FILE)',
    );
  }
  const { username } = credential as PasswordCredential;
  const accounts = await keychainSentence(async () => {
    await keep(origin, credential as PasswordCredential, signal);
    return accountsOf(origin, signal);
  });
  say(`kept: ${visible(username)} for ${origin}, in the keychain`);
  if (accounts.length > 1) say(`there are ${accounts.length} accounts for it: say which with --user, or in the URL`);
  return EXIT.ok;
}
