/** Explains in one sentence why a response did not arrive, or is incomplete. */

import { AuthError } from '../../errors.js';
import { tlsFailure } from '../../exchange/trace/failures.js';
import { phrase } from '../../syntax/visible.js';
import type { Address } from '../input/address.js';
import { EXIT, Stop } from '../io/exit.js';

/** Turns the error of a request into the Stop that ends the command. */
export function describeFailure(error: unknown, { shown, origin }: Address, signal: AbortSignal): Stop {
  if (error instanceof Stop) return error;
  if (error instanceof AuthError) return new Stop(EXIT.refused, phrase(error.message));
  if (signal.aborted) return new Stop(EXIT.network, `${shown}: --max-time is over`);
  const { code } = error as NodeJS.ErrnoException;
  const tls = tlsFailure(code);
  if (tls) return new Stop(EXIT.network, `${shown}: ${tls.reason} (${code})\n  what to do: ${tls.remedy}`);
  return new Stop(EXIT.network, `${shown}: ${phrase(sentenceOf(error, new URL(origin)))}`);
}

function sentenceOf(error: unknown, { hostname, protocol }: URL): string {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' && protocol === 'http:') return `${CLOSED} (does it want https?)`;
  const known = KNOWN.find(([codes]) => codes.test(code));
  if (known) return known[1](hostname);
  // Only the first line of the message is used, and nothing from the `config` that axios adds to its errors.
  return message.split('\n', 1)[0] || code || 'no response';
}

const CLOSED = 'the server closed the connection';

const KNOWN: ReadonlyArray<readonly [codes: RegExp, sentence: (host: string) => string]> = [
  [/^ECONNREFUSED$/, () => 'connection refused: nothing is listening on that port'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, (host) => `the host name ${host} cannot be resolved`],
  [/^(ECONNRESET|EPIPE)$/, () => CLOSED],
  [/^(ETIMEDOUT|ECONNABORTED)$/, () => 'the server did not answer in time'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, () => 'the server cannot be reached'],
  [/^ERR_FR_TOO_MANY_REDIRECTS$/, () => 'too many redirects'],
];
