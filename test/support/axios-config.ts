/** A config of axios, as an adapter is given it. */

import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';

type Given = Partial<Omit<InternalAxiosRequestConfig, 'headers'>> & { readonly headers?: Record<string, unknown> };

/** A config with these properties, and header fields in the spelling that is given. */
export function configOf({ headers = {}, ...config }: Given = {}): InternalAxiosRequestConfig {
  return { method: 'get', ...config, headers: AxiosHeaders.from(headers as Record<string, string>) };
}
