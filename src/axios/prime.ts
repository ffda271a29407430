/** Gets a challenge answered with a request that has no body, before one that has a body comes. */

import type { AxiosError, AxiosResponse } from 'axios';
import type { Client } from './client.js';
import { discard } from './drain.js';

/** What can be told of a place. */
interface Knowing {
  isPrimed(url: string): boolean;
}

/** Whether a request to `url` will be authorized at once, now that it was asked for. */
export async function prime(client: Client, known: Knowing, url: string): Promise<boolean> {
  for (const method of ['head', 'get']) {
    const isRefused = await probe(client, method, url);
    if (known.isPrimed(url)) return true;
    // A person who was asked for a password is not asked once more.
    if (isRefused) return false;
  }
  return false;
}

/** Whether the response is a 401. Only its head is of interest. */
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

/** An interceptor of the caller may have made something else of it. */
async function release(response: Partial<AxiosResponse> | undefined): Promise<void> {
  if (response?.data) await discard({ data: response.data });
}
