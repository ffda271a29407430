/** The part of `oauth()` that is asked last: a person logs in, with the browser or on another device. */

import { AuthError } from '../errors.js';
import type { Provider } from '../model.js';
import { inTurn } from '../providers/terminal/turn.js';
import { wordsOf } from '../syntax/said.js';
import { phrase, visible } from '../syntax/visible.js';
import { grantInBrowser } from './flow/browser.js';
import { chooseFlow, type PersonFlow } from './flow/choose.js';
import { grantOnDevice } from './flow/device.js';
import type { TokenSource } from './issuer-for.js';
import { type Person, personFor } from './person.js';
import type { Party } from './protocol/party.js';
import type { Errand, TokenSession } from './session.js';
import type { StoredToken } from './tokens/stored-token.js';

export function interactivePart(session: TokenSession): Provider {
  return {
    name: 'oauth',
    interactive: true,
    get: async (request) => {
      if (session.isForProgram) return session.absent(request, '');
      const errand = await session.errandOf(request);
      const token = errand && (await tokenOfPerson(session, errand));
      return errand && token && session.give(errand, token);
    },
    absence: (request) => session.reasonFor(request),
  };
}

async function tokenOfPerson(session: TokenSession, errand: Errand): Promise<StoredToken | undefined> {
  const { request, key } = errand;
  if (session.keeper.isCutOff(key))
    return session.absent(request, 'nobody is asked while the issuer cannot be reached');
  const person = personFor(session.settings);
  if (typeof person === 'string') return session.absent(request, person);
  try {
    const token = await inTurn(() => inMyTurn(session, errand, person), request.signal);
    return token ?? session.absent(request, 'nobody waits for the login any more');
  } finally {
    person.leave();
  }
}

/** Whoever waited for another login may find its token. */
async function inMyTurn(session: TokenSession, errand: Errand, person: Person): Promise<StoredToken> {
  const { keeper } = session;
  const held = await keeper.read(errand.key, errand.request.signal).catch(() => undefined);
  if (held && session.fits(errand, held)) return held;
  const token = await login(session, errand, person);
  const failure = await keeper.keep(errand.key, token);
  person.show(failure === undefined ? 'Logged in.\n' : `Logged in, until this program ends: ${wordsOf(failure)}\n`);
  return token;
}

async function login(session: TokenSession, errand: Errand, person: Person): Promise<StoredToken> {
  const { request, source } = errand;
  const party = await session.partyFor(errand, request.signal);
  const flow = flowFor(session, party, person);
  person.show(`${visible(request.origin)} asks for a token of ${phrase(source.issuer)}${insteadOf(source)}.\n`);
  if (flow === 'device') return grantOnDevice(party, person.show, request.signal);
  const place = Object.assign(Object.create(null), session.settings.redirect, person);
  return grantInBrowser(party, place, request.signal);
}

function flowFor({ settings: { flow } }: TokenSession, { metadata }: Party, { open }: Person): PersonFlow {
  if (flow === 'browser' || flow === 'device') return flow;
  const choice = chooseFlow(metadata, open !== undefined);
  if (typeof choice === 'string') return choice;
  throw new AuthError('ERR_AUTH_PROVIDER', `oauth: ${choice.reason}`);
}

/** A person who has an account with one issuer should not give its password to another unawares. */
function insteadOf({ former }: TokenSource): string {
  return former === undefined ? '' : `, and no longer of ${phrase(former)}`;
}
