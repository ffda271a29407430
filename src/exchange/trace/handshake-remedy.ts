/** What a person can do about Negotiate and NTLM, which nothing answers that is not asked to. */

import type { Situation } from './situation.js';
import { absenceReason, shown } from './words.js';

const TICKET_OPTION = 'get --negotiate, with a Kerberos ticket';

/** The options of the command line that answer what is offered; `undefined`: there is none, or it is given. */
export function optionFor(situation: Situation): string | undefined {
  const options = [
    ...(couldTakeTicket(situation) ? [TICKET_OPTION] : []),
    ...(situation.unknown.includes('ntlm') ? ['--ntlm, with a password'] : []),
  ];
  return options.length === 0 ? undefined : `use ${options.join(', or ')}`;
}

/** Advice about a password, and what a ticket could do in its place, or why it did not. */
export function orTicket(remedy: string, situation: Situation): string {
  if (couldTakeTicket(situation)) return `${remedy}, or use ${TICKET_OPTION}`;
  const trouble = ticketTrouble(situation);
  return trouble === undefined ? remedy : `${remedy}; for Negotiate: ${trouble}`;
}

/** No proxy is answered with a ticket. */
function couldTakeTicket({ unknown, isProxy }: Situation): boolean {
  return unknown.includes('negotiate') && !isProxy;
}

/** Why there is no ticket, with what to do. */
export function ticketTrouble({ providers }: Situation): string | undefined {
  const ticket = providers.get('ticket');
  return ticket && absenceReason(ticket);
}

export const NO_TICKET = 'get a ticket: the line of `ticket` says what stands in the way';

export const TICKET_REFUSED =
  'the server does not take the ticket: klist shows whose it is, and the log of the server says what is wrong with it';

/** What keeps a handshake from being begun, or from going on. */
export function stuckHandshake({ end, hindrances }: Situation): string | undefined {
  if (hindrances.some((reason) => reason.includes('older, weaker NTLM')))
    return 'the server is too old for NTLMv2: renew it, or have it ask for Digest';
  if (end.reason.includes('does not go on with the handshake'))
    return 'have all requests of a connection reach one server (a load balancer may part them), and NTLM turned on there';
  return undefined;
}

/** Whether `origins` of a scheme leaves out whoever asks. */
export function isUnlisted({ hindrances }: Situation): boolean {
  return hindrances.some((reason) => reason.includes('`origins` of the scheme'));
}

/** The command that stores a password for whoever asks, if it is right. */
export function loginCommand({ origin, scheme, asked }: Situation): string {
  const option = scheme === 'NTLM' || asked.includes('NTLM') ? '--ntlm ' : '';
  return `axios-challenge login ${option}${shown(origin)}`;
}
