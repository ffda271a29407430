/** SEC-56 An error is the one that the client gives without this package: with the caller's config, and its name once. */

import { createRequire } from 'node:module';
import type { AxiosInstance, AxiosRequestConfig, AxiosStatic } from 'axios';
import axios from 'axios';
import { installAuth } from '../../src/index.js';
import { afterwards, alice, server, spy } from '../support/stage.js';

// The CommonJS build of axios is another copy, with classes of its own.
const other = createRequire(import.meta.url)('axios') as AxiosStatic;

const COPIES: ReadonlyArray<readonly [string, AxiosStatic]> = [
  ['the same copy of axios', axios],
  ['another copy of axios', other],
];

test('SEC-56 there are two copies', () => {
  expect(other.AxiosHeaders).not.toBe(axios.AxiosHeaders);
});

interface Failed extends Error {
  readonly code?: string;
  readonly config?: AxiosRequestConfig & { readonly mine?: string };
}

/** An async function, so that its name stands in the stack of what it awaits. */
async function theCaller(client: AxiosInstance, config: AxiosRequestConfig): Promise<Failed> {
  try {
    await client.request({ ...config, headers: { 'X-Mine': '1' }, ...{ mine: 'yes' } });
  } catch (error) {
    return error as Failed;
  }
  throw new Error('it should have failed');
}

function told({ name, code, message, config }: Failed) {
  return { name, code, message, mine: config?.mine, header: config?.headers?.['X-Mine'], url: config?.url };
}

const names = ({ stack = '' }: Failed) => stack.split('theCaller').length - 1;

const URLS = [
  'http:example',
  'http:/example',
  'https:',
  'http://[bad',
  'http://x:99999/',
  'foo://bar',
  'http://127.0.0.1:1/',
];

describe.each(COPIES)('SEC-56 with %s', (_, copy) => {
  describe.each(['http', 'fetch'] as const)('through %s', (adapter) => {
    test('the stack of a connection that is refused', async () => {
      const bare = copy.create({ adapter, proxy: false });
      const client = copy.create({ adapter, proxy: false });
      const handle = installAuth(client, { providers: [spy(alice)] });
      afterwards(() => handle.eject());
      const url = 'http://127.0.0.1:1/';
      const [expected, error] = [await theCaller(bare, { url }), await theCaller(client, { url })];
      // Who awaits the other copy is in the stack before the client names its caller, and so is the caller.
      if (copy === other) expect(error.stack).not.toContain('/src/axios/');
      expect([names(error), names(expected)]).toEqual([1, 1]);
    });

    test.each(URLS)('the error of %s', async (url) => {
      const guarded = await server();
      const bare = copy.create({ adapter, proxy: false });
      const [cold, warm, watched] = [1, 2, 3].map(() => copy.create({ adapter, proxy: false })) as [
        AxiosInstance,
        AxiosInstance,
        AxiosInstance,
      ];
      const handles = [cold, warm].map((client) => installAuth(client, { providers: [spy(alice)] }));
      handles.push(installAuth(watched, { providers: [spy(alice)], onEvent: () => {} }));
      afterwards(() => handles.forEach((handle) => void handle.eject()));
      await warm.get(guarded.url);
      const expected = await theCaller(bare, { url });
      for (const client of [cold, warm, watched]) {
        const error = await theCaller(client, { url });
        expect(told(error)).toEqual(told(expected));
        expect(error).toBeInstanceOf(expected.constructor);
        expect(names(error)).toBeLessThanOrEqual(Math.max(1, names(expected)));
      }
    });
  });
});
