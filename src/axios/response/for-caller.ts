/** Makes an outcome fit for the caller: it refers to the caller's own config, and shows no credential. */

import type { InternalAxiosRequestConfig } from 'axios';
import { type Outcome, referTo } from '../client/outcome.js';
import { conceal } from '../redact/outcome.js';
import { responseOf } from './unread.js';

/**
 * Replaces the config of a send by the caller's, and redacts.
 *
 * @param isRedacted - whether the outcome may show a credential that is not the caller's own
 */
export function forCaller(outcome: Outcome, given: InternalAxiosRequestConfig, isRedacted: boolean): void {
  const response = responseOf(outcome);
  if (response) response.config = given;
  if (!outcome.ok) referTo(given, outcome.error);
  if (isRedacted) conceal(outcome, given);
}
