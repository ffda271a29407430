/** Our client, with one credential that is good for one real server. */

import axios, { type AxiosAdapter, type AxiosInstance } from 'axios';
import { type AuthOptions, type Credential, installAuth, staticCredential } from '../../../src/index.js';
import '../process-memory.js';

/** An axios client with a credential for `origin`. */
export function clientFor(
  origin: string,
  credential: Credential,
  options: AuthOptions & { adapter?: AxiosAdapter } = {},
): AxiosInstance {
  const { adapter, ...auth } = options;
  const client = axios.create({ proxy: false, ...(adapter && { adapter }) });
  installAuth(client, { providers: [staticCredential(credential, { origin })], ...auth });
  return client;
}
