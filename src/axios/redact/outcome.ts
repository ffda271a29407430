/** Redacts the credentials in all that a send returned, so that no error, log or inspection shows them (SEC-27). */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Outcome } from '../client/outcome.js';
import { concealFields, concealUrl } from './headers.js';
import { concealNodeRequest, sentNoAuthorization, veilTunnel } from './node-request.js';

const MAX_CAUSES = 8;

type Config = InternalAxiosRequestConfig;

/** The properties that an error, a response or a request of any adapter may have. */
interface Parts {
  readonly request?: unknown;
  readonly response?: unknown;
  readonly data?: unknown;
  readonly req?: unknown;
  readonly cause?: unknown;
  config?: unknown;
  readonly headers?: unknown;
  /** Set by HTTP/2. */
  readonly sentHeaders?: unknown;
  /** The URL that answered, as given by an adapter of the caller or by a mock. */
  responseURL?: unknown;
  responseUrl?: unknown;
  readonly res?: unknown;
  /** The invalid URL, in a TypeError. */
  input?: unknown;
}

/**
 * Redacts credentials in a finished send's response or error.
 *
 * @param given - the caller's own config, which is not changed because the caller may send it again
 */
export function conceal(outcome: Outcome, given: Config): void {
  try {
    if (outcome.ok) concealResponse(outcome.response, given);
    else concealErrors(outcome.error, given);
  } catch {
    // An adapter of the caller has frozen an object, which therefore stays as it is.
  }
}

function concealErrors(error: unknown, given: Config): void {
  let held = error;
  for (let depth = 0; isObject(held) && depth < MAX_CAUSES; depth += 1) {
    concealError(held, given);
    held = held.cause;
  }
}

function concealError(error: Parts, given: Config): void {
  const { request, response, config } = error;
  concealResponse(response, given);
  if (!isObject(response) || response.request !== request) concealRequest(request, given);
  // An error nested as `cause` may refer to the config of the send instead of the caller's.
  if (isObject(config)) error.config = given;
  concealUrl(error, 'input');
}

function concealResponse(response: unknown, given: Config): void {
  if (!isObject(response)) return;
  const { request, data } = response;
  concealRequest(request, given);
  // An adapter of the caller may return a request other than the one that its response stream belongs to.
  if (isObject(data) && data.req !== request) concealRequest(data.req, given);
}

function concealRequest(request: unknown, given: Config): void {
  if (!isObject(request)) return;
  veilTunnel(request);
  if (sentNoAuthorization(request)) return;
  if (concealNodeRequest(request)) return;
  const { headers, sentHeaders, res } = request;
  concealUrl(request, 'responseURL');
  if (isObject(res)) concealUrl(res, 'responseUrl');
  if (headers !== given.headers) concealFields(headers);
  concealFields(sentHeaders);
}

function isObject(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null;
}
