/** What a person can do where GSSAPI or SSPI gives no token: their errors are prose. */

import { phrase } from '../../syntax/visible.js';

/** Whom a ticket is wanted for. */
export interface Wanted {
  /** `HTTP@files.example` */
  readonly service: string;
  readonly principal: string | undefined;
}

const CAUSES: ReadonlyArray<readonly [said: RegExp, advice: (wanted: Wanted) => string]> = [
  [
    /not found in Kerberos database|Server not found|target.*(unknown|unreachable)|SEC_E_TARGET_UNKNOWN/i,
    ({ service }) =>
      `Kerberos knows no service ${service}: use the host name that its administrator has registered, and no IP address`,
  ],
  [/clock skew/i, () => 'the clocks of this machine and of the KDC differ too much: set the clock'],
  [
    /ticket (is )?expired|credentials? (have|has|cache) .*expired|TKT_EXPIRED/i,
    (wanted) => `the Kerberos ticket has run out: ${kinit(wanted)} gets another`,
  ],
  [
    /Cannot (find|contact|resolve).*KDC|KDC.*unreachable|cannot resolve/i,
    () => 'no KDC can be reached: see krb5.conf, and the network',
  ],
  [
    // The last is what gss-ntlmssp says, where it is asked, too, and has no account.
    /No Kerberos credentials|No credentials|Can't find client principal|Matching credential|credentials cache|does not exist|No such file|required argument is missing/i,
    (wanted) => `there is no Kerberos ticket${owner(wanted)}: ${kinit(wanted)} gets one (klist shows what there is)`,
  ],
];

/** Why there is no token, and what to do, in one line. */
export function troubleIn(error: unknown, wanted: Wanted): string {
  const message = error instanceof Error ? error.message : '';
  const known = CAUSES.find(([said]) => said.test(message));
  return known ? known[1](wanted) : `Kerberos gives no token for ${wanted.service}: ${phrase(minor(message))}`;
}

/** The part that says more, in one line. */
function minor(message: string): string {
  return message
    .replace(/^.*Minor code may provide more information:/s, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function kinit({ principal }: Wanted): string {
  return principal === undefined ? 'kinit' : `kinit ${phrase(principal)}`;
}

function owner({ principal }: Wanted): string {
  return principal === undefined ? '' : ` of ${phrase(principal)}`;
}
