/** What axios gives its caller: a response, or an error that may hold a response. */

import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Dispatch } from './client.js';

export type Outcome =
  | { readonly ok: true; readonly response: AxiosResponse }
  | { readonly ok: false; readonly error: unknown };

/** Sends once; what axios throws is an outcome, too. */
export async function outcomeOf(
  dispatch: Dispatch,
  config: InternalAxiosRequestConfig,
  adapter: unknown,
): Promise<Outcome> {
  try {
    return { ok: true, response: await dispatch(config, adapter) };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Makes an error of axios's refer to the caller's config. */
export function referTo(given: InternalAxiosRequestConfig, error: unknown): void {
  const { config } = (error ?? {}) as Partial<AxiosError>;
  if (typeof error === 'object' && config) (error as AxiosError).config = given;
}
