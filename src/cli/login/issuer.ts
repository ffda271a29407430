/** `login --oauth`: a person logs in at an issuer, and the token is kept if the server accepts it. */

import { AuthError } from '../../errors.js';
import type { Provider } from '../../model.js';
import { interactivePart } from '../../oauth/interactive.js';
import { type OAuthOptions, oauthSettings } from '../../oauth/options.js';
import { type Errand, TokenSession } from '../../oauth/session.js';
import type { StoredToken } from '../../oauth/tokens/stored-token.js';
import { wordsOf } from '../../syntax/said.js';
import { phrase } from '../../syntax/visible.js';
import { addressOf } from '../input/address.js';
import { misused } from '../input/arguments.js';
import type { Invocation } from '../input/command.js';
import { EXIT, Stop } from '../io/exit.js';
import { say } from '../io/stdio.js';
import { sendRequest } from '../send/send.js';
import type { OAuthLogin } from '../tokens/login.js';
import { LoginAttempt } from './attempt.js';
import { keepLogin } from './keep-login.js';
import { redirectOf } from './redirect.js';
import { verdict } from './verdict.js';

const TIMEOUT = 30_000;
// Characters of the reason: a discovery names each address that it has asked.
const ROOM = 400;
const VALUES = ['issuer', 'client-id', 'scope', 'resource', 'redirect'] as const;

/** Runs the command and returns the exit status. @throws Stop */
export async function logIn(given: Invocation, leaving: AbortSignal): Promise<number> {
  const address = addressOf(given.url ?? '');
  if (given.text('user') !== undefined || address.username !== undefined)
    throw misused('login', '--oauth takes no user name: the issuer asks who you are');
  const options = optionsIn(given, address.origin);
  const session = sessionFor(options);
  const [attempt, course]: [LoginAttempt, Course] = [new LoginAttempt(), {}];
  const challenge = {
    providers: [attempt.witnessed(noted(session, course))],
    allowInsecure: given.has('allow-insecure'),
    maxCredentials: 1,
  };
  const response = await sendRequest({ address, signal: leaving, timeout: TIMEOUT, challenge });
  if (course.trouble) {
    response.data.on('error', () => {}).destroy();
    const way = options.discover ? ' (to name the issuer yourself: --issuer URL)' : '';
    const status = course.lacksPackage ? EXIT.failed : EXIT.refused;
    throw new Stop(status, `nobody has logged in: ${phrase(course.trouble, ROOM)}${course.lacksPackage ? '' : way}`);
  }
  const { errand } = course;
  if (!errand && response.status === 401) {
    response.data.on('error', () => {}).destroy();
    throw new Stop(EXIT.refused, `${address.origin} does not ask for a token: log in without --oauth`);
  }
  const accepted = await verdict(response, address, attempt);
  const token = errand && (await session.keeper.read(errand.key));
  if (!accepted) say('nothing was stored (a token for this server may need another --resource or --scope)');
  if (!accepted || !errand || !token) return EXIT.refused;
  await keepLogin(loginOf(options, errand, token), token, leaving);
  return EXIT.ok;
}

/** @throws Stop for options that say which issuer to ask, without `--oauth` */
export function assertNoIssuer(given: Invocation): void {
  const [stray] = VALUES.filter((option) => given.text(option) !== undefined);
  if (stray !== undefined || given.has('device')) throw misused('login', `--${stray ?? 'device'} needs --oauth`);
}

type LoginOptions = OAuthOptions & { readonly origin: string };

function optionsIn(given: Invocation, origin: string): LoginOptions {
  const [issuer, clientId, scope, resource] = VALUES.map((option) => given.text(option));
  if (clientId === undefined) throw misused('login', '--oauth needs --client-id: what the issuer calls this program');
  return {
    ...{ clientId, origin },
    // Without a name for the issuer, the person asks the server for it.
    ...(issuer === undefined ? { discover: true } : { issuer }),
    ...(scope !== undefined && { scope }),
    ...(resource !== undefined && { resource }),
    ...(given.has('device') && { flow: 'device' as const }),
    ...redirectOf(given),
  };
}

/** In memory: a token is kept when the server has accepted it. */
function sessionFor(options: LoginOptions): TokenSession {
  try {
    return new TokenSession(oauthSettings({ ...options, store: false }));
  } catch (error) {
    if (error instanceof AuthError) throw misused('login', error.message);
    throw error;
  }
}

/** What became of the login at the issuer. */
interface Course {
  /** For what the token is. */
  errand?: Errand;
  /** Why there is none. */
  trouble?: string;
  /** Whether it is that a package is not installed. */
  lacksPackage?: boolean;
}

/** Asks the person at once, whatever is kept, and notes what became of it. */
function noted(session: TokenSession, course: Course): Provider {
  const part = interactivePart(session);
  return {
    ...part,
    get: async (request) => {
      try {
        const given = await part.get(request);
        const errand = given && (await session.errandOf(request));
        if (errand) course.errand = errand;
        else course.trouble = part.absence?.(request) ?? '';
        return given;
      } catch (error) {
        course.trouble = wordsOf(error);
        course.lacksPackage = Object((error as AuthError).cause).code === 'ERR_MODULE_NOT_FOUND';
        throw error;
      }
    },
  };
}

/** With what the server has named, so that no later command asks it again. */
function loginOf(options: LoginOptions, { source }: Errand, token: StoredToken): OAuthLogin {
  const { origin, clientId, flow, redirect, discover } = options;
  const { issuer, resource } = source;
  const scope = source.scope ?? (discover ? token.scope : undefined);
  const names = { kind: 'oauth', origin, issuer, clientId } as const;
  return {
    ...names,
    ...(scope !== undefined && { scope }),
    ...(resource !== undefined && { resource }),
    ...(discover && { discover }),
    ...(flow === 'device' && { flow }),
    ...(redirect && { redirect: redirect as NonNullable<OAuthLogin['redirect']> }),
  };
}
