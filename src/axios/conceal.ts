/** Hides what authorized a send in all that it gave, so that no error, log or inspection shows it (SEC-27). */

import type { InternalAxiosRequestConfig } from 'axios';
import { concealFields, concealUrl } from './concealed.js';
import { concealNodeRequest, isBare, veilTunnel } from './node-request.js';
import type { Outcome } from './reply.js';

const MAX_CAUSES = 8;

type Config = InternalAxiosRequestConfig;

/** What errors, responses and requests of every adapter may have. */
interface Given {
  readonly request?: unknown;
  readonly response?: unknown;
  readonly data?: unknown;
  readonly req?: unknown;
  readonly cause?: unknown;
  config?: unknown;
  readonly headers?: unknown;
  /** Of HTTP/2. */
  readonly sentHeaders?: unknown;
  /** The URL that a TypeError is about. */
  input?: unknown;
}

/**
 * Hides it in what a send gave. The send is over: its header has been written, or never will be.
 *
 * @param callers - the caller's own config, for another send of theirs: not to be touched
 */
export function conceal(outcome: Outcome, callers: Config): void {
  try {
    if (outcome.ok) concealResponse(outcome.response, callers);
    else concealErrors(outcome.error, callers);
  } catch {
    // Something that an adapter of the caller has frozen: it is theirs.
  }
}

function concealErrors(error: unknown, callers: Config): void {
  let held = error;
  for (let depth = 0; isObject(held) && depth < MAX_CAUSES; depth += 1) {
    concealError(held, callers);
    held = held.cause;
  }
}

function concealError(error: Given, callers: Config): void {
  const { request, response, config } = error;
  concealResponse(response, callers);
  if (!isObject(response) || response.request !== request) concealRequest(request, callers);
  // An error in another one may name the config of the very send.
  if (isObject(config)) error.config = callers;
  concealUrl(error, 'input');
}

function concealResponse(response: unknown, callers: Config): void {
  if (!isObject(response)) return;
  const { request, data } = response;
  concealRequest(request, callers);
  // An adapter of the caller may give another request than the one that its stream comes from.
  if (isObject(data) && data.req !== request) concealRequest(data.req, callers);
}

function concealRequest(request: unknown, callers: Config): void {
  if (!isObject(request)) return;
  veilTunnel(request);
  if (isBare(request)) return;
  concealNodeRequest(request);
  const { headers, sentHeaders } = request;
  if (headers !== callers.headers) concealFields(headers);
  concealFields(sentHeaders);
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null;
}
