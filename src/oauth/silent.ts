/** The part of `oauth()` that asks nobody: a kept token, a renewed one, or one for the program itself. */

import type { Provider } from '../model.js';
import { phrase } from '../syntax/visible.js';
import { grantForProgram } from './flow/client-credentials.js';
import { renewGrant } from './flow/refresh.js';
import { asksForLogin } from './login.js';
import { asksForMore } from './scope.js';
import type { Errand, TokenSession } from './session.js';
import type { StoredToken } from './tokens/stored-token.js';

// The metadata from three addresses, a renewal behind those of other processes, and the token.
const TIMEOUT_MS = 120_000;

export function silentPart(session: TokenSession): Provider {
  return {
    name: 'oauth',
    timeout: TIMEOUT_MS,
    get: async (request) => {
      const errand = await session.errandOf(request);
      const token = errand && (await tokenFor(session, errand));
      return errand && token && session.give(errand, token);
    },
    absence: (request) => session.reasonFor(request),
  };
}

async function tokenFor(session: TokenSession, errand: Errand): Promise<StoredToken | undefined> {
  const { keeper } = session;
  const { key, request } = errand;
  const held = await keeper.read(key, request.signal);
  if (held && session.fits(errand, held)) return held;
  if (keeper.isVain(key)) return session.absent(request, 'the server refuses the new tokens of this issuer as well');
  if (asksForLogin(request)) return session.absent(request, 'the server asks for a new login of a person');
  if (session.isForProgram) return programToken(session, errand);
  if (asksForMore(request)) return session.absent(request, 'the kept token does not allow what the server asks for');
  if (!held) return session.absent(request, `no token is kept: nobody has logged in${elsewhere(errand)}`);
  if (held.refresh === undefined) return session.absent(request, 'the kept token has run out, and cannot be renewed');
  return renewedToken(session, errand, held);
}

function programToken(session: TokenSession, errand: Errand): Promise<StoredToken> {
  const get = async (signal: AbortSignal) => grantForProgram(await session.partyFor(errand, signal), signal);
  const fits = (known: StoredToken) => session.fits(errand, known);
  return session.keeper.get(errand.key, { fits, get }, errand.request.signal);
}

async function renewedToken(session: TokenSession, errand: Errand, held: StoredToken) {
  const { request, key } = errand;
  const renew = async (stored: StoredToken) => renewGrant(await session.partyFor(errand), stored);
  const token = await session.keeper.renew(key, held, renew, request.signal);
  return token ?? session.absent(request, 'the login has ended (invalid_grant)');
}

/** A token of the issuer that the resource has named before is for that issuer alone. */
function elsewhere({ source: { issuer, former } }: Errand): string {
  return former === undefined ? '' : ` at ${phrase(issuer)}, which the server names in place of ${phrase(former)}`;
}
