/** The response of a finished send, even one whose head came, but whose body could not be read: it may be a 401 or 407. */

import type { IncomingMessage } from 'node:http';
import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { answeredBy } from '../address/fetch-answer.js';
import type { Outcome } from '../client/outcome.js';

// The caller canceled the request, or a timeout expired.
const GAVE_UP_CODES = new Set(['ERR_CANCELED', 'ECONNABORTED', 'ETIMEDOUT']);

// Only these challenges are answered. For any other status, the caller gets axios's own error.
const CHALLENGES = new Set([401, 407]);

/** The response of an outcome, whether `validateStatus` made it a success or an error. */
export function responseOf(outcome: Outcome): AxiosResponse | undefined {
  if (outcome.ok) return outcome.response;
  const { response, cause } = (outcome.error ?? {}) as Partial<AxiosError>;
  // The fetch adapter of axios 1.13.3 wraps its own error in another one, without the response.
  return response ?? (cause as AxiosError | undefined)?.response ?? unreadResponse(outcome.error ?? {});
}

/** The response without its body, if it can be answered. */
function unreadResponse(error: Partial<AxiosError>): AxiosResponse | undefined {
  if (!error.config || !error.request || GAVE_UP_CODES.has(error.code ?? '')) return undefined;
  const head = headOf(error.request);
  if (!head || !CHALLENGES.has(head.status)) return undefined;
  return { ...head, data: undefined, config: error.config, request: error.request };
}

// In milliseconds: a Node timer may fire this much too early.
const TICK = 2;

/**
 * Whether the caller's timeout expired while the body of a response was read: then nothing more is sent. axios may
 * report that as a broken body. A 401 that was received completely is `ERR_BAD_REQUEST`, or no error.
 */
export function hasRunOut(outcome: Outcome, { timeout }: Timed, milliseconds: number): boolean {
  if (outcome.ok || !timeout || milliseconds < Number(timeout) - TICK) return false;
  return (outcome.error as Partial<AxiosError> | undefined)?.code !== 'ERR_BAD_REQUEST';
}

type Timed = Pick<InternalAxiosRequestConfig, 'timeout'>;

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
