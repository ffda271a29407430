/** What a person can do about a request that was not answered, in the words of a program or of the command line. */

import type { AuthErrorCode } from '../../errors.js';
import type { Trace } from './events.js';
import { tlsFailure } from './failures.js';
import {
  isUnlisted,
  loginCommand,
  NO_TICKET,
  optionFor,
  orTicket,
  stuckHandshake,
  TICKET_REFUSED,
  ticketTrouble,
} from './handshake-remedy.js';
import { type Situation, situationOf, variablesOf } from './situation.js';
import { tokenRemedy } from './token-remedy.js';
import { shown } from './words.js';

/** In whose words the advice is: options of `installAuth`, or options of the command line. */
export type Reader = 'program' | 'command line';

type Remedy = string | ((situation: Situation) => string);

const REMEDIES: Readonly<Record<AuthErrorCode, Readonly<Record<Reader, Remedy>>>> = {
  ERR_AUTH_INSTALLED: same('keep the first handle, or eject() it before the next installAuth'),
  ERR_AUTH_OPTION: same('correct the option or the variable that the message names'),
  ERR_AUTH_CHALLENGE: {
    program: unanswered,
    'command line': unansweredHere,
  },
  ERR_AUTH_CREDENTIAL: same('use a credential that the scheme can carry: the message says which part it cannot'),
  ERR_AUTH_NONE: { program: forProgram, 'command line': forCommandLine },
  ERR_AUTH_CANCELLED: same(
    'answer the question, or give a credential without a question: AXIOS_CHALLENGE_USERNAME and _PASSWORD',
  ),
  ERR_AUTH_REFUSED: { program: refusal, 'command line': replacement },
  ERR_AUTH_INSECURE: {
    program: 'use https, or name the origin in `allowInsecure`',
    'command line': (situation) =>
      orTicket('use https, or --allow-insecure if you trust every machine on the way', situation),
  },
  ERR_AUTH_ORIGIN: {
    program: 'address that origin yourself, or name it in `trustOrigins`',
    'command line': 'request the URL that the redirect leads to',
  },
  ERR_AUTH_BODY: {
    program: 'give it by a function (`challenge: { body }`), let `bufferBody` keep it, or log in before with `prime()`',
    'command line': 'send a file instead of a pipe',
  },
  ERR_AUTH_DOWNGRADE: {
    program: 'find out who takes the stronger challenge away; `allowInsecure` for the origin permits it',
    'command line': 'find out who takes the stronger challenge away; --allow-insecure permits it',
  },
  ERR_AUTH_MUTUAL: {
    program: 'do not trust what came, or ask for less proof with `mutual`',
    'command line': 'do not trust the response: whoever sent it does not know the password',
  },
  ERR_AUTH_PROVIDER: {
    program: 'repair the provider that the message names, or leave it out of `providers`',
    'command line': 'repair what the message names (axios-challenge doctor examines it)',
  },
  ERR_AUTH_STALE: same('the nonces of the server expire before they can be used: its administrator can tell why'),
};

/** Advice from the code of an error alone, in one line without a full stop. */
export function remedyFor(code: AuthErrorCode): string {
  const remedy = REMEDIES[code].program;
  return typeof remedy === 'string' ? remedy : remedy(NOTHING_KNOWN);
}

/** Advice from the record of an exchange; `undefined` where nothing is wrong, or nothing is known. */
export function adviceFor(trace: Trace, reader: Reader): string | undefined {
  const situation = situationOf(trace);
  if (!situation) return undefined;
  const { code, failure } = situation.end;
  if (code === undefined) return tlsFailure(failure)?.remedy;
  const remedy = (REMEDIES[code] as (typeof REMEDIES)[AuthErrorCode] | undefined)?.[reader];
  return typeof remedy === 'function' ? remedy(situation) : remedy;
}

const NOTHING_KNOWN: Situation = {
  end: { type: 'end', reason: '' },
  origin: '',
  isProxy: false,
  kind: 'password',
  providers: new Map(),
  time: 0,
  source: undefined,
  scheme: undefined,
  asked: [],
  hindrances: [],
  unknown: [],
};

function same(remedy: string): Readonly<Record<Reader, Remedy>> {
  return { program: remedy, 'command line': remedy };
}

function isWithoutChallenge({ reason }: Situation['end']): boolean {
  return reason === 'it came without a challenge';
}

function unanswered(situation: Situation): string {
  if (isWithoutChallenge(situation.end))
    return 'the server names no auth-scheme: have it send WWW-Authenticate, or say in `assume` what it means';
  if (isUnlisted(situation))
    return `name ${shown(situation.origin)} in \`origins\` of the scheme, if that server may be answered with it`;
  return (
    stuckHandshake(situation) ?? 'ask for Digest, Basic or Bearer on the server, or give `schemes` one that answers it'
  );
}

function unansweredHere(situation: Situation): string {
  if (isWithoutChallenge(situation.end))
    return "the server names no auth-scheme: send what it expects with -H 'Authorization: ...'";
  return (
    optionFor(situation) ??
    stuckHandshake(situation) ??
    'ask for Digest, Basic or Bearer on the server: what it asks for cannot be answered here'
  );
}

/** No provider had a credential: what stood in the way, or where a credential can be put. */
function forProgram(situation: Situation): string {
  const found = obstacle(situation);
  if (found !== undefined) return found;
  if (situation.kind === 'ambient') return NO_TICKET;
  if (situation.isProxy) return `give the credential of the proxy in \`proxy.auth\`, or in its URL: ${PROXY_VARIABLE}`;
  const places = [variables(situation), terminal(situation)].filter((place) => place !== undefined);
  if (places.length > 0) return `give a credential: ${places.join(', or ')}`;
  return `see what each provider says, or add one to \`providers\` that has a ${situation.kind} for ${situation.origin}`;
}

const PROXY_VARIABLE = 'the variable http_proxy or https_proxy';

function forCommandLine(situation: Situation): string {
  const { kind, isProxy, providers } = situation;
  if (kind === 'ambient') return ticketTrouble(situation) ?? 'get a Kerberos ticket with kinit';
  const found = obstacle(situation);
  if (found !== undefined) return found;
  if (isProxy) return `give the credential of the proxy in its URL: -x, or ${PROXY_VARIABLE}`;
  const set = variables(situation) ?? 'set AXIOS_CHALLENGE_URL and a credential for this origin';
  if (kind === 'token')
    return `log in with axios-challenge login --oauth, or ${set}, or give the token with --oauth2-bearer`;
  const files = providers.has('netrc') ? '' : ', or --netrc reads ~/.netrc';
  return orTicket(`store a password with ${loginCommand(situation)}, or ${set}${files}`, situation);
}

/** What a provider has, and cannot give. */
function obstacle(situation: Situation): string | undefined {
  const said = [...situation.providers.values()];
  const exposed = said.map(({ reason }) => reason).find((reason) => reason?.includes('chmod 600'));
  if (exposed !== undefined)
    return `let nobody else read the file (chmod 600): ${shown(exposed.replace(/ \(.*/s, ''))}`;
  const named = variablesOf(situation);
  if (named?.isOtherOrigin) return `set ${named.prefix}_URL to ${situation.origin} if that credential is meant for it`;
  const hint = said.find(({ outcome, username }) => outcome === 'absent' && username !== undefined);
  if (hint?.provider !== 'env') return undefined;
  return `set the variable for the password of ${shown(hint.username as string)} as well: _PASSWORD or _PASSWORD_FILE beside _USERNAME`;
}

/** The variables that `env()` looks for, with the prefix that it goes by. */
function variables(situation: Situation): string | undefined {
  const named = variablesOf(situation);
  if (!named) return undefined;
  const { prefix } = named;
  return situation.kind === 'token' ? `set ${prefix}_TOKEN` : `set ${prefix}_USERNAME and ${prefix}_PASSWORD`;
}

function terminal({ providers, kind }: Situation): string | undefined {
  return kind === 'password' && providers.has('prompt') ? 'run the program in a terminal' : undefined;
}

function refusal(situation: Situation): string {
  const { kind, source, isProxy } = situation;
  if (kind === 'ambient') return TICKET_REFUSED;
  if (kind === 'token') return tokenRemedy(situation);
  const from = source ? ` that ${shown(source.provider)} gave` : '';
  const whose = isProxy ? ' for the proxy' : '';
  const domain = situation.scheme === 'NTLM' ? ', its domain (as in LAB\\alice)' : '';
  return `check the user name${domain} and the password${whose}${from}; a refused credential is not sent again for a while`;
}

function replacement(situation: Situation): string {
  const { kind, source, isProxy } = situation;
  if (kind === 'token') return tokenRemedy(situation);
  if (isProxy) return 'check the user name and the password of the proxy';
  if (source?.provider === 'keychain') return `store the new password with ${loginCommand(situation)}`;
  return refusal(situation);
}
