/** What the stories use: a strict server in a process of Node, a client, and a provider that writes down what it hears. */

import axios, { type AxiosInstance, type AxiosResponse, type CreateAxiosDefaults, isAxiosError } from 'axios';
import { type AuthHandle, type AuthOptions, installAuth, type Provider } from 'axios-challenge';
import type { ChallengeServerOptions } from 'axios-challenge/testing';

/** The password that the strict server accepts. */
export const alice = { username: 'alice', password: 'wonderland' };

/** One request, as the strict server received it; `body` is base64. */
interface Received {
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly stale?: boolean;
  readonly scheme?: string;
  readonly nc?: number;
  readonly violation?: string;
  readonly authorization?: string;
  readonly body: string;
}

/** A strict server, elsewhere. */
export interface Judge {
  readonly url: string;
  requests(): Promise<Received[]>;
  statuses(): Promise<number[]>;
}

const [desk = ''] = process.argv.slice(2);

/** Asks the process of the strict servers for one more. */
export async function judge(
  options: Pick<ChallengeServerOptions, 'protect' | 'users' | 'tokens'> & { redirects?: Record<string, string> } = {},
): Promise<Judge> {
  const started = await fetch(desk, { method: 'POST', body: JSON.stringify(options) });
  const { url, number } = (await started.json()) as { url: string; number: number };
  const requests = async () => (await (await fetch(`${desk}/${number}`)).json()) as Received[];
  return { url, requests, statuses: async () => (await requests()).map(({ status }) => status) };
}

/** Holds one credential, and writes down who asked and what was told. */
export function spy(credential: { username: string; password: string } | { token: string } = alice) {
  const heard: string[] = [];
  const provider: Provider = {
    name: 'spy',
    get: () => {
      heard.push('get');
      return credential;
    },
    approve: () => void heard.push('approve'),
    reject: () => void heard.push('reject'),
  };
  return { heard, provider };
}

/** A client that holds alice's password, unless told otherwise. */
export function client(
  url: string,
  options: AuthOptions = {},
  config: CreateAxiosDefaults = {},
): AxiosInstance & { readonly handle: AuthHandle } {
  const instance = axios.create({ baseURL: url, proxy: false, ...config });
  return Object.assign(instance, { handle: installAuth(instance, { providers: [spy().provider], ...options }) });
}

/** The error of a request that is expected to fail, with its response. */
export async function refused(request: Promise<AxiosResponse>) {
  const outcome: unknown = await request.catch((reason) => reason);
  if (!isAxiosError(outcome)) throw new Error(`an error of axios was expected, not ${String(outcome)}`);
  return outcome;
}
