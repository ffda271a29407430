/** The advice about Negotiate and NTLM at the end of a record, as the command line gives it. */

import type { Happening } from '../../../../src/exchange/trace/events.js';
import { adviceFor } from '../../../../src/exchange/trace/remedy.js';

const ORIGIN = 'https://files.example';
const UNKNOWN = 'no scheme of this client answers it';
const TICKET = 'use get --negotiate, with a Kerberos ticket';
const PASSWORD = 'or set AXIOS_CHALLENGE_URL and a credential for this origin, or --netrc reads ~/.netrc';
const NOTHING = 'ask for Digest, Basic or Bearer on the server: what it asks for cannot be answered here';

interface Story {
  readonly status?: 401 | 407;
  readonly challenges: readonly string[];
  /** Why each of these was not answered. */
  readonly passedOver?: Readonly<Record<string, string>>;
  readonly ticket?: string;
  /** The scheme that the password of the keychain was sent with. */
  readonly sent?: string;
  readonly end?: Partial<Extract<Happening, { type: 'end' }>>;
}

function advice({ status = 401, challenges, passedOver = {}, ticket, sent, end }: Story): string | undefined {
  const said = { type: 'provider', milliseconds: 0 } as const;
  const happenings: Happening[] = [
    { type: 'challenged', realm: '', challenges },
    ...Object.entries(passedOver).map(([challenge, reason]) => ({ type: 'passedOver', challenge, reason }) as const),
    ...(ticket === undefined ? [] : [{ ...said, provider: 'ticket', outcome: 'failed', reason: ticket } as const]),
    ...(sent === undefined ? [] : [{ ...said, provider: 'keychain', outcome: 'found', username: 'alice' } as const]),
    {
      type: 'send',
      send: 1,
      method: 'GET',
      url: ORIGIN,
      preemptive: false,
      ...(sent !== undefined && { scheme: sent }),
    },
    { type: 'end', status, code: 'ERR_AUTH_CHALLENGE', reason: 'none can be answered', ...end },
  ];
  const events = happenings.map((event, at) => ({ exchange: 1, at, ...event }));
  return adviceFor({ exchange: 1, began: 0, method: 'GET', url: ORIGIN, events }, 'command line');
}

const none = { code: 'ERR_AUTH_NONE' } as const;

test.each<[string, Story, string]>([
  ['NTLM', { challenges: ['Ntlm'], passedOver: { Ntlm: UNKNOWN } }, 'use --ntlm, with a password'],
  ['Negotiate', { challenges: ['Negotiate'], passedOver: { Negotiate: UNKNOWN } }, TICKET],
  [
    'both, as IIS offers them',
    { challenges: ['Negotiate', 'Ntlm'], passedOver: { Negotiate: UNKNOWN, Ntlm: UNKNOWN } },
    `${TICKET}, or --ntlm, with a password`,
  ],
  [
    'both, of a proxy, which gets no ticket',
    { status: 407, challenges: ['Negotiate', 'Ntlm'], passedOver: { Negotiate: UNKNOWN, Ntlm: UNKNOWN } },
    'use --ntlm, with a password',
  ],
  ['Negotiate of a proxy', { status: 407, challenges: ['Negotiate'], passedOver: { Negotiate: UNKNOWN } }, NOTHING],
  ['a scheme of nobody', { challenges: ['Hoba'], passedOver: { Hoba: UNKNOWN } }, NOTHING],
  [
    'NTLM that is asked for, for another origin',
    { challenges: ['NTLM'], passedOver: { NTLM: '`origins` of the scheme does not name it' } },
    NOTHING,
  ],
  [
    'NTLM of long ago',
    { challenges: ['NTLM'], passedOver: { NTLM: 'it asks for the older, weaker NTLM' } },
    'the server is too old for NTLMv2: renew it, or have it ask for Digest',
  ],
  [
    'a handshake that goes nowhere',
    { challenges: ['NTLM'], end: { reason: 'the server does not go on with the handshake of NTLM' } },
    'have all requests of a connection reach one server (a load balancer may part them), and NTLM turned on there',
  ],
  ['no ticket', { challenges: ['Negotiate'], ticket: 'negotiate: no ticket: kinit', end: none }, 'no ticket: kinit'],
  ['a ticket that nobody looked for', { challenges: ['Negotiate'], end: none }, 'get a Kerberos ticket with kinit'],
  [
    'no ticket, and no password',
    { challenges: ['Negotiate', 'Basic'], ticket: 'negotiate: no ticket: kinit', end: none },
    `store a password with axios-challenge login ${ORIGIN}, ${PASSWORD}; for Negotiate: no ticket: kinit`,
  ],
  [
    'no password, and Negotiate that is not asked for',
    { challenges: ['Negotiate', 'Basic'], passedOver: { Negotiate: UNKNOWN }, end: none },
    `store a password with axios-challenge login ${ORIGIN}, ${PASSWORD}, or ${TICKET}`,
  ],
  [
    'no password for NTLM',
    { challenges: ['NTLM'], end: none },
    `store a password with axios-challenge login --ntlm ${ORIGIN}, ${PASSWORD}`,
  ],
  [
    'a stored password that NTLM refused',
    { challenges: ['Ntlm'], sent: 'NTLM', end: { code: 'ERR_AUTH_REFUSED' } },
    `store the new password with axios-challenge login --ntlm ${ORIGIN}`,
  ],
  [
    'Basic in the clear to a proxy, which gets no ticket',
    {
      status: 407,
      challenges: ['Negotiate', 'Basic'],
      passedOver: { Negotiate: UNKNOWN },
      end: { code: 'ERR_AUTH_INSECURE' },
    },
    'use https, or --allow-insecure if you trust every machine on the way',
  ],
  [
    'Basic in the clear, and Negotiate that is not asked for',
    { challenges: ['Negotiate', 'Basic'], passedOver: { Negotiate: UNKNOWN }, end: { code: 'ERR_AUTH_INSECURE' } },
    `use https, or --allow-insecure if you trust every machine on the way, or ${TICKET}`,
  ],
])('%s', (_, story, expected) => {
  expect(advice(story)).toBe(expected);
});
