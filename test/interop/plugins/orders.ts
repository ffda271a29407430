/** A client with another plugin on it: once installed before ours, once after it. */

import type { AxiosInstance, CreateAxiosDefaults } from 'axios';
import { type AuthOptions, installAuth, staticCredential } from '../../../src/index.js';
import { alice, bare } from '../../support/stage.js';

/** When the other plugin is installed. */
export const ORDERS = ['before ours', 'after ours'] as const;

/** How another plugin is put on a client, and what it gives for that. */
export type Installs<Given> = (client: AxiosInstance) => Given;

/** The client, and what the other plugin gave. Alice's credential is at hand, unless told otherwise. */
export function both<Given>(
  order: (typeof ORDERS)[number],
  url: string,
  installs: Installs<Given>,
  options: AuthOptions = {},
  config: CreateAxiosDefaults = {},
): { readonly client: AxiosInstance; readonly given: Given } {
  const client = bare(url, config);
  const ours = () => installAuth(client, { providers: [staticCredential(alice)], ...options });
  if (order === 'after ours') ours();
  const given = installs(client);
  if (order === 'before ours') ours();
  return { client, given };
}
