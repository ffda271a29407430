/** The Negotiate scheme: Kerberos, with the ticket that this machine holds (RFC 4559, RFC 4178). */

import { AuthError } from '../../errors.js';
import type { Answer, Challenge, Offer, Provider, Refusal, Scheme } from '../../model.js';
import { ownOptions } from '../../syntax/options.js';
import { exactOrigins } from '../origins.js';
import { Tickets } from './context.js';
import type { LoadKerberos } from './library.js';
import { NegotiateMessage } from './message.js';

const LABEL = 'Negotiate';
// Kerberos takes one or two, NTLM inside SPNEGO three.
const MAX_MESSAGES = 4;
// A KDC that does not answer is asked several times, one after another.
const TICKET_TIMEOUT = 20_000;

/** Options of `negotiate()`. */
export interface NegotiateOptions {
  /** The only origins that are answered, each written in full. No pattern is taken. */
  readonly origins: readonly string[];
  /** Whose ticket is used, where this machine holds several: `alice@LAB.EXAMPLE`. Absent: the default one. */
  readonly principal?: string;
  /** Whether the server may act as you elsewhere: the ticket-granting ticket is sent to it. Every origin must be https. */
  readonly delegate?: boolean;
}

/**
 * The Negotiate scheme: a Kerberos token of this machine's ticket, as `kinit` or the login to a domain has brought it. No
 * provider is asked, and no password is used. The server is asked to prove itself, and its final token is checked.
 *
 * Needs the package `kerberos`, which is loaded when the first challenge comes.
 *
 * @param options - the origins that are answered, whose ticket, and whether it may be passed on
 * @returns a scheme; a ticket that is missing or has run out makes the next challenge of the response be answered
 * @throws AuthError `ERR_AUTH_OPTION` for `origins` that are not whole origins, or none, and for `delegate` beside http
 * @see RFC 4559, RFC 4178, RFC 4120
 * @example
 * installAuth(client, {
 *   schemes: [negotiate({ origins: ['https://intranet.example'] }), digest(), basic()],
 * });
 */
export function negotiate(options: NegotiateOptions): Scheme {
  return negotiateWith(options);
}

/** The same with another package in place of kerberos. */
export function negotiateWith(options: NegotiateOptions, load?: LoadKerberos): Scheme {
  const own = ownOptions(options, ['origins', 'principal', 'delegate'], 'negotiate');
  const origins = exactOrigins(own.origins, 'negotiate');
  const { principal, delegate } = checked(own, origins);
  const tickets = new Tickets({ principal, delegate, load });
  return {
    name: 'negotiate',
    credential: 'ambient',
    clearText: false,
    bindsConnection: true,
    origins,
    provider: holder(tickets, principal),
    read: (challenge) => read(challenge, tickets),
  };
}

function checked({ principal, delegate = false }: NegotiateOptions, origins: readonly string[]) {
  if (principal !== undefined && (typeof principal !== 'string' || principal.trim() === ''))
    throw new AuthError('ERR_AUTH_OPTION', "negotiate: principal must be a name, as in 'alice@LAB.EXAMPLE'");
  if (typeof delegate !== 'boolean')
    throw new AuthError('ERR_AUTH_OPTION', 'negotiate: delegate must be true or false');
  const open = delegate ? origins.find((origin) => !origin.startsWith('https:')) : undefined;
  if (open !== undefined)
    throw new AuthError(
      'ERR_AUTH_OPTION',
      `negotiate: delegate sends the ticket itself, so not to ${open} without https`,
    );
  return { principal, delegate };
}

/** Finds out whether a handshake can begin, and says why not. */
function holder(tickets: Tickets, principal: string | undefined): Provider {
  return {
    name: 'ticket',
    timeout: TICKET_TIMEOUT,
    async get({ origin }) {
      await tickets.check(origin);
      return { username: principal ?? 'the ticket of this machine' };
    },
  };
}

function read({ token68 }: Challenge, tickets: Tickets): Offer {
  return {
    label: LABEL,
    // Above every Digest: nothing of it is of use to who guesses passwords.
    strength: 60,
    space: () => ['/'],
    answer: () => new NegotiateMessage(({ origin = '' }) => tickets.begin(origin)),
    refusalOf: (previous) => refusal(token68, previous),
  };
}

/** What the server says to a message of ours: its own message, or that it takes none. */
function refusal(token68: string | undefined, previous: Answer): Refusal {
  if (!(previous instanceof NegotiateMessage) || token68 === undefined || isReject(token68)) return { kind: 'refused' };
  if (previous.number >= MAX_MESSAGES)
    return { kind: 'final', reason: `the server wants more than ${MAX_MESSAGES} messages of Negotiate` };
  const answer = previous.next(token68);
  return answer ? { kind: 'continue', answer } : { kind: 'refused' };
}

/** NegTokenResp with negState `reject` (RFC 4178 §4.2.2), as IIS sends it. */
function isReject(token68: string): boolean {
  const bytes = Buffer.from(token68, 'base64');
  return bytes[0] === 0xa1 && bytes.subarray(0, 16).includes(Buffer.from('a0030a0102', 'hex'));
}
