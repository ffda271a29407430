/** The 401 behind an error of axios that has no response: its body could not be read, its head came. */

import type { IncomingMessage } from 'node:http';
import type { AxiosError, AxiosResponse } from 'axios';
import { answeredBy } from './fetch.js';

// The caller gave up, by a signal or after a time.
const GIVEN_UP = new Set(['ERR_CANCELED', 'ECONNABORTED', 'ETIMEDOUT']);

// Only these are answered; of any other status there is nothing to say to the caller but axios's own error.
const CHALLENGES = new Set([401, 407]);

/** A response that can be answered, without its body. */
export function lostResponse(error: Partial<AxiosError>): AxiosResponse | undefined {
  if (!error.config || !error.request || GIVEN_UP.has(error.code ?? '')) return undefined;
  const head = headOf(error.request);
  if (!head || !CHALLENGES.has(head.status)) return undefined;
  return { ...head, data: undefined, config: error.config, request: error.request };
}

type Head = Pick<AxiosResponse, 'status' | 'statusText' | 'headers'>;

function headOf(request: { res?: IncomingMessage; _currentRequest?: { res?: IncomingMessage } }): Head | undefined {
  // follow-redirects keeps the request of the last hop.
  const res = request.res ?? request._currentRequest?.res;
  if (res)
    return {
      status: res.statusCode ?? 0,
      statusText: res.statusMessage ?? '',
      headers: { ...res.headers } as Head['headers'],
    };
  const response = answeredBy(request);
  return (
    response && {
      status: response.status,
      statusText: response.statusText,
      headers: Object.fromEntries(response.headers),
    }
  );
}
