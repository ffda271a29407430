/** A program that fetches URLs and writes one line of JSON about each to stdout. */

import axios, { type CreateAxiosDefaults, isAxiosError } from 'axios';
import { env, explain, installAuth, keychain, type Provider, prompt } from '../../src/index.js';

export interface Visit {
  readonly urls: readonly string[];
  /** All at once, not one after the other. */
  readonly together?: boolean;
  /** Of the keychain. */
  readonly save?: 'ask' | 'always' | 'never';
  /** What a person without a terminal types. */
  readonly typed?: { readonly username: string; readonly password: string };
  readonly maxCredentials?: number;
  /** The user name that another provider knows. */
  readonly hint?: string;
  /** Where every host name leads, and the password may travel in clear text. */
  readonly address?: string;
  /** Takes header fields with control characters in them. */
  readonly insecureHTTPParser?: boolean;
  /** What SIGUSR2 does. */
  readonly onSignal?: 'abort' | 'exit';
}

/** What it writes about a URL. */
export interface Report {
  readonly status: number | string | undefined;
  readonly explained: string;
}

const visit: Visit = JSON.parse(process.argv[2] as string);
const leaving = new AbortController();
process.on('SIGUSR2', () => (visit.onSignal === 'exit' ? process.exit(3) : leaving.abort()));

const { address, hint, insecureHTTPParser = false } = visit;
const elsewhere = address === undefined ? {} : { lookup: async (): Promise<[string, 4]> => [address, 4], proxy: false };
const client = axios.create({ insecureHTTPParser, ...elsewhere } as CreateAxiosDefaults);
const known: Provider = { name: 'known', get: () => (hint === undefined ? undefined : { username: hint }) };
const providers = [env(), known, keychain({ save: visit.save }), person()];
installAuth(client, { providers, allowInsecure: address !== undefined, ...limits() });
if (visit.together) await Promise.all(visit.urls.map(fetch));
else for (const url of visit.urls) await fetch(url);

function limits() {
  return visit.maxCredentials === undefined ? {} : { maxCredentials: visit.maxCredentials };
}

function person(): Provider {
  const { typed } = visit;
  return typed ? { name: 'person', interactive: true, get: () => typed } : prompt();
}

async function fetch(url: string): Promise<void> {
  const outcome = await client.get(url, { signal: leaving.signal }).catch((error) => error);
  if (isAxiosError(outcome)) process.exitCode = 1;
  const status = isAxiosError(outcome) ? (outcome.response?.status ?? outcome.code) : outcome.status;
  console.log(JSON.stringify({ status, explained: explain(outcome) } satisfies Report));
}
