/** Reaches the adapters and the URL building of the very copy of axios that the client is made of. */

import axios, {
  type AxiosAdapter,
  type AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';

/** What of a client is used: `new Axios()` and an instance of another copy of axios fit as well. */
export type Client = Pick<AxiosInstance, 'interceptors' | 'request' | 'getUri'> & {
  readonly defaults: Omit<AxiosInstance['defaults'], 'headers'>;
};

/** Sends with the adapter that `adapter` names, through the client's own copy of axios. */
export type Dispatch = (config: InternalAxiosRequestConfig, adapter: unknown) => Promise<AxiosResponse>;

let isMaking = false;

/** Whether a client is a sibling in the making, which an application's own `create` may want to install on. */
export function isSiblingInMaking(): boolean {
  return isMaking;
}

/** A client with no interceptors and no defaults, to borrow axios's own functions from. */
export function siblingOf(client: Client): Client {
  const source = client as Client & { create?: () => Client; constructor: new (defaults: object) => Client };
  isMaking = true;
  let sibling: Client;
  try {
    sibling = source.create?.() ?? new source.constructor({});
  } finally {
    isMaking = false;
  }
  const { defaults, interceptors } = sibling;
  for (const name of Object.keys(defaults)) delete (defaults as unknown as Record<string, unknown>)[name];
  interceptors.request.clear();
  interceptors.response.clear();
  return sibling;
}

/** `getAdapter` is on the default export alone, so it serves only clients of the copy that was imported here. */
export function dispatchOf(sibling: Client): Dispatch {
  return (config, adapter) => {
    if (typeof adapter === 'function') return (adapter as AxiosAdapter)(config);
    if (config.headers.constructor === axios.AxiosHeaders) return axios.getAdapter(adapter as string[], config)(config);
    return dispatchThrough(sibling, config, adapter);
  };
}

const asIs = [(data: unknown) => data];

/** Another copy of axios resolves its adapters only within a request of its own. */
async function dispatchThrough(
  sibling: Client,
  config: InternalAxiosRequestConfig,
  adapter: unknown,
): Promise<AxiosResponse> {
  const request = { ...config, adapter, transformRequest: asIs, transformResponse: asIs };
  try {
    return owned(await sibling.request(request as unknown as InternalAxiosRequestConfig), config);
  } catch (error) {
    const { response } = owned(error as AxiosError, config) ?? {};
    if (response) owned(response, config);
    throw error;
  }
}

/** What comes back names the config that was given, not the sibling's. */
function owned<Result extends { config?: unknown }>(result: Result, config: InternalAxiosRequestConfig): Result {
  if (result?.config) result.config = config;
  return result;
}
