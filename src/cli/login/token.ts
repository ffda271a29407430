/** `login --token-stdin`: tries a token that a person brings, and keeps it. */

import { tokenFacts } from '../../exchange/trace/jwt.js';
import { addressOf } from '../input/address.js';
import { misused } from '../input/arguments.js';
import type { Invocation } from '../input/command.js';
import { firstLine } from '../input/first-line.js';
import { EXIT, Stop } from '../io/exit.js';
import { sendRequest } from '../send/send.js';
import { secretFor } from '../send/sources.js';
import type { TokenLogin } from '../tokens/login.js';
import { LoginAttempt } from './attempt.js';
import { keepLogin } from './keep-login.js';
import { verdict } from './verdict.js';

const TIMEOUT = 30_000;

/** Runs the command and returns the exit status. @throws Stop */
export async function bringToken(given: Invocation, leaving: AbortSignal): Promise<number> {
  const address = addressOf(given.url ?? '');
  if (given.text('user') !== undefined || address.username !== undefined)
    throw misused('login', 'a token has no account: leave out the user name');
  const token = await firstLine('token', leaving);
  if (token === '') throw new Stop(EXIT.usage, 'stdin holds no token');
  const attempt = new LoginAttempt();
  const challenge = {
    providers: [attempt.witnessed(secretFor(address.origin, { token }, 'stdin'))],
    allowInsecure: given.has('allow-insecure'),
    maxCredentials: 1,
  };
  const response = await sendRequest({ address, signal: leaving, timeout: TIMEOUT, challenge });
  const accepted = await verdict(response, address, attempt, token);
  return accepted ? keepBroughtToken(address.origin, token, leaving) : EXIT.refused;
}

/** Keeps a token that the server has accepted, and says so. @throws Stop */
export async function keepBroughtToken(origin: string, access: string, signal: AbortSignal): Promise<number> {
  const login: TokenLogin = { kind: 'token', origin };
  const expires = tokenFacts(access)?.expires;
  await keepLogin(login, { access, ...(expires !== undefined && { expires }) }, signal);
  return EXIT.ok;
}
