/** Says in one sentence why there is no response, or only a part of one. */

import { AuthError } from '../errors.js';
import { visible } from '../syntax/visible.js';
import type { Address } from './address.js';
import { EXIT, Stop } from './exit-status.js';

/** What ended a request, as the end of the command. */
export function failureOf(error: unknown, { shown, origin }: Address, signal: AbortSignal): Stop {
  if (error instanceof AuthError) return new Stop(EXIT.refused, visible(error.message));
  if (signal.aborted) return new Stop(EXIT.network, `${shown}: not done within --max-time`);
  return new Stop(EXIT.network, `${shown}: ${visible(sentenceOf(error, new URL(origin).hostname))}`);
}

function sentenceOf(error: unknown, host: string): string {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  const known = KNOWN.find(([codes]) => codes.test(code));
  if (known) return known[1](host);
  // Only the first line, and nothing of the config that axios hangs on its errors.
  return message.split('\n', 1)[0] || code || 'no response';
}

const KNOWN: ReadonlyArray<readonly [codes: RegExp, sentence: (host: string) => string]> = [
  [/^ECONNREFUSED$/, () => 'the connection was refused (nothing listens there)'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, (host) => `the name ${host} cannot be looked up`],
  [/^(ECONNRESET|EPIPE)$/, () => 'the server closed the connection'],
  [/^(ETIMEDOUT|ECONNABORTED)$/, () => 'the server did not answer in time'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, () => 'there is no way to the server'],
  [/^ERR_FR_TOO_MANY_REDIRECTS$/, () => 'it redirects without end'],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET).*)$/,
    () => 'the certificate is signed by nobody that is trusted here (NODE_EXTRA_CA_CERTS=ca.pem adds an authority)',
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, () => 'the certificate is for another host'],
  [/^CERT_HAS_EXPIRED$/, () => 'the certificate has expired'],
];
