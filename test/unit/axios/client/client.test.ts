/** The client's own copy of axios: a sibling without habits, and a send by the adapter that a name means there. */

import { createRequire } from 'node:module';
import axios, { Axios, type AxiosInstance, type AxiosStatic, type InternalAxiosRequestConfig } from 'axios';
import { type Client, dispatchOf, isSiblingInMaking, siblingOf } from '../../../../src/axios/client/client.js';
import { configOf } from '../../../support/axios-config.js';
import { plainServer } from '../../../support/stage.js';

// Another copy than the one that is imported: that of CommonJS.
const other = createRequire(import.meta.url)('axios') as AxiosStatic;

/** A client with a habit of each kind. */
function habitual(from: AxiosStatic): AxiosInstance {
  const client = from.create({ baseURL: 'http://h', params: { a: 1 }, timeout: 5 });
  client.interceptors.request.use(() => Promise.reject(new Error('intercepted')));
  return client;
}

test.each<[string, () => Client]>([
  ['an instance', () => habitual(axios)],
  ['an instance of another copy', () => habitual(other)],
  ['what `new Axios()` gives', () => new Axios({ baseURL: 'http://h', timeout: 5 }) as never],
])('the sibling of %s has no defaults and no interceptors, and the client keeps its own', (_, make) => {
  const client = make();
  const sibling = siblingOf(client);
  expect(sibling).not.toBe(client);
  expect(Object.keys(sibling.defaults)).toEqual([]);
  expect(sibling.getUri({ url: '/a' })).toBe('/a');
  expect(client.defaults).toMatchObject({ baseURL: 'http://h', timeout: 5 });
});

test('an application that installs in its own `create` can tell that a sibling is being made, even if that fails', () => {
  const heard: boolean[] = [];
  const create = () => {
    heard.push(isSiblingInMaking());
    throw new Error('no more');
  };
  expect(() => siblingOf(Object.assign(axios.create(), { create }))).toThrow('no more');
  expect([...heard, isSiblingInMaking()]).toEqual([true, false]);
});

test('an adapter function gets the very config', async () => {
  const seen: unknown[] = [];
  const response = { status: 200 } as never;
  const config = configOf();
  const adapter = async (given: InternalAxiosRequestConfig) => {
    seen.push(given);
    return response;
  };
  expect(await dispatchOf(siblingOf(axios))(config, adapter)).toBe(response);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toBe(config);
});

test.each([
  ['the imported copy', axios],
  ['another copy', other],
])('a name is an adapter of the client: %s', async (_, copy) => {
  const { url } = await plainServer((request, response) => {
    response.writeHead(request.url === '/200' ? 200 : 401).end('{"a":1}');
  });
  const dispatch = dispatchOf(siblingOf(copy));
  // No transform has its turn: those of the caller have run already, or will.
  const transforms = { transformResponse: [() => 'transformed'], transformRequest: [() => 'transformed'] };
  const config = (path: string) => {
    const headers = copy.AxiosHeaders.from({});
    const { validateStatus } = copy.defaults;
    return {
      ...configOf({ url: url + path, proxy: false, ...transforms }),
      headers,
      validateStatus,
    } as InternalAxiosRequestConfig;
  };
  const [good, bad] = [config('/200'), config('/401')];
  const response = await dispatch(good, ['http']);
  expect([response.data, response.config]).toEqual(['{"a":1}', good]);
  expect(response.config).toBe(good);
  const error = await dispatch(bad, ['http']).catch((reason) => reason);
  expect([error.response.status, error.config === bad, error.response.config === bad]).toEqual([401, true, true]);
});
