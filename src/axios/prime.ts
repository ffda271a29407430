/** Answers a challenge in advance, with a request without a body, for a later request with a body. */

import type { AxiosError, AxiosResponse } from 'axios';
import type { Client } from './client/client.js';
import { discard } from './response/drain.js';

/** Tells whether requests to a URL are authorized at their first send. */
interface Knowing {
  isPrimed(url: string): boolean;
}

/** Probes `url`, and returns whether the next request to it will be authorized at its first send. */
export async function prime(client: Client, known: Knowing, url: string): Promise<boolean> {
  for (const method of ['head', 'get']) {
    const isRefused = await probe(client, method, url);
    if (known.isPrimed(url)) return true;
    // A second probe could ask the person for the password again.
    if (isRefused) return false;
  }
  return false;
}

/** Whether the response is a 401. The body is discarded, because only the status is needed. */
async function probe(client: Client, method: string, url: string): Promise<boolean> {
  const config = { method, url, responseType: 'stream', validateStatus: (status: number) => status !== 401 } as const;
  try {
    await release(await client.request(config));
    return false;
  } catch (error) {
    const { response } = (error ?? {}) as Partial<AxiosError>;
    if (response?.status !== 401) throw error;
    await release(response);
    return true;
  }
}

/** Frees the connection. An interceptor of the caller may have replaced the response by another value. */
async function release(response: Partial<AxiosResponse> | undefined): Promise<void> {
  if (response?.data) await discard({ data: response.data });
}
