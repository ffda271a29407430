/** Sends a credential to a server, and stores it in the keychain if the server accepts it. */

import {
  type Credential,
  credentialKind,
  type PasswordCredential,
  type Provider,
  type TokenCredential,
  wantsToken,
} from '../../model.js';
import { env } from '../../providers/env/env.js';
import { visible } from '../../syntax/visible.js';
import { type Address, addressOf } from '../input/address.js';
import { misused } from '../input/arguments.js';
import type { Invocation } from '../input/command.js';
import { firstLine } from '../input/first-line.js';
import { assertNone, withUser } from '../input/options.js';
import { schemesOf } from '../input/schemes.js';
import { EXIT, Stop } from '../io/exit.js';
import { statusOf } from '../io/process.js';
import { say } from '../io/stdio.js';
import { keychainSentence } from '../keychain/keychain-error.js';
import { accountsOf, keep } from '../keychain/stored-accounts.js';
import { sendRequest } from '../send/send.js';
import { named, person, secretFor } from '../send/sources.js';
import { LoginAttempt } from './attempt.js';
import { assertNoIssuer, logIn } from './issuer.js';
import { bringToken, keepBroughtToken } from './token.js';
import { verdict } from './verdict.js';

const TIMEOUT = 30_000;

/** Runs `login` and returns the exit status. @throws Stop */
export async function checkIn(given: Invocation, leaving: AbortSignal): Promise<number> {
  assertNone('login', given, ['oauth', 'token-stdin', 'password-stdin']);
  assertNone('login', given, ['oauth', 'token-stdin', 'ntlm']);
  if (given.has('oauth')) return logIn(given, leaving);
  assertNoIssuer(given);
  return given.has('token-stdin') ? bringToken(given, leaving) : checkPassword(given, leaving);
}

async function checkPassword(given: Invocation, leaving: AbortSignal): Promise<number> {
  const address = withUser('login', given, addressOf(given.url ?? ''));
  const attempt = new LoginAttempt();
  const sources = await sourcesOf(given, { address, attempt, signal: leaving });
  // A password from stdin is tried only once, because every further attempt would use the same password.
  const challenge = {
    providers: sources.map((source) => attempt.witnessed(source)),
    schemes: await schemesOf(given, address.origin),
    allowInsecure: given.has('allow-insecure'),
    maxCredentials: given.has('password-stdin') ? 1 : 3,
  };
  const response = await sendRequest({ address, signal: leaving, timeout: TIMEOUT, challenge });
  if (attempt.wasLeft) return statusOf('SIGINT');
  if (response.status === 401 && attempt.wantsToken) return EXIT.failed;
  const accepted = await verdict(response, address, attempt);
  return accepted === undefined ? EXIT.refused : keepIt(address, accepted, leaving);
}

interface Means {
  readonly address: Address;
  readonly attempt: LoginAttempt;
  readonly signal: AbortSignal;
}

async function sourcesOf(given: Invocation, { address, attempt, signal }: Means): Promise<Provider[]> {
  const { username: account } = address;
  const hint = account === undefined ? [] : [named(account)];
  if (!given.has('password-stdin')) {
    return (
      secretSource(address) ?? [
        ...hint,
        env(),
        forPasswords(
          person(() => attempt.leave()),
          attempt,
        ),
      ]
    );
  }
  if (account === undefined) throw misused('login', '--password-stdin needs --user');
  if (address.password !== undefined)
    throw misused('login', `two passwords are given: with ${address.source} and on stdin`);
  const password = await firstLine('password', signal);
  if (password === '') throw new Stop(EXIT.usage, 'stdin holds no password');
  return [secretFor(address.origin, { username: account, password }, 'stdin')];
}

function secretSource({ origin, username = '', password, source }: Address): Provider[] | undefined {
  return password === undefined ? undefined : [secretFor(origin, { username, password }, source)];
}

/** Asks for passwords only: a token is nothing that a person types. */
function forPasswords(source: Provider, attempt: LoginAttempt): Provider {
  return {
    ...source,
    get: (request) => {
      if (!wantsToken(request)) return source.get(request);
      if (!attempt.wantsToken) say(`${visible(request.origin)} asks for a token: use --oauth, or --token-stdin`);
      attempt.wantsToken = true;
      return undefined;
    },
  };
}

async function keepIt({ origin }: Address, credential: Credential, signal: AbortSignal): Promise<number> {
  if (credentialKind(credential) === 'token')
    return keepBroughtToken(origin, (credential as TokenCredential).token, signal);
  const { username } = credential as PasswordCredential;
  const accounts = await keychainSentence(async () => {
    await keep(origin, credential as PasswordCredential, signal);
    return accountsOf(origin, signal);
  });
  say(`stored: ${visible(username)} for ${origin}, in the keychain`);
  if (accounts.length > 1)
    say(`the keychain has ${accounts.length} accounts for this origin: name the account with --user, or in the URL`);
  return EXIT.ok;
}
