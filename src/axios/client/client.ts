/** Gives access to the adapters and the URL building of the copy of axios that the client comes from. */

import axios, {
  type AxiosAdapter,
  type AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';

/** The members of a client that are used. `new Axios()` and an instance of another copy of axios have them as well. */
export type Client = Pick<AxiosInstance, 'interceptors' | 'request' | 'getUri'> & {
  readonly defaults: Omit<AxiosInstance['defaults'], 'headers'>;
};

/** Sends with the adapter that `adapter` names, through the client's own copy of axios. */
export type Dispatch = (config: InternalAxiosRequestConfig, adapter: unknown) => Promise<AxiosResponse>;

let isMaking = false;

/** Whether a sibling is being created: an application's own `create` may try to install on it. */
export function isSiblingInMaking(): boolean {
  return isMaking;
}

/** Creates a client without interceptors and defaults, to use axios's own functions. */
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

/** `getAdapter` exists only on the default export, so it serves only clients of the copy that was imported here. */
export function dispatchOf(sibling: Client): Dispatch {
  return (config, adapter) => {
    if (typeof adapter === 'function') return (adapter as AxiosAdapter)(config);
    if (config.headers.constructor === axios.AxiosHeaders) return axios.getAdapter(adapter as string[], config)(config);
    return dispatchThrough(sibling, config, adapter);
  };
}

const asIs = [(data: unknown) => data];

/** Sends through the sibling, because another copy of axios resolves its adapters only within its own request. */
function dispatchThrough(
  sibling: Client,
  config: InternalAxiosRequestConfig,
  adapter: unknown,
): Promise<AxiosResponse> {
  const request = { ...config, adapter, transformRequest: asIs, transformResponse: asIs };
  const sent = sibling.request(request as unknown as InternalAxiosRequestConfig);
  // Do not await `sent`: Node would add the caller to the stack of each error below, and the client does so itself.
  return new Promise((resolve, reject) => {
    sent.then(
      (response) => resolve(owned(response, config)),
      (error) => reject(ownedError(error, config)),
    );
  });
}

function ownedError(error: unknown, config: InternalAxiosRequestConfig): unknown {
  const { response } = owned(error as AxiosError, config) ?? {};
  if (response) owned(response, config);
  return error;
}

/** Makes a result refer to the given config instead of the sibling's config. */
function owned<Result extends { config?: unknown }>(result: Result, config: InternalAxiosRequestConfig): Result {
  if (result?.config) result.config = config;
  return result;
}
