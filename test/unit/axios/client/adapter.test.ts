/** Which adapter axios uses; the judge is axios's own `getAdapter`. */

import axios from 'axios';
import { usesFetch } from '../../../../src/axios/client/adapter.js';
import { configOf } from '../../../support/axios-config.js';

const chosen = (adapter: unknown) => axios.getAdapter(adapter as string[], configOf());

test.each<[unknown, boolean]>([
  ['fetch', true],
  ['http', false],
  [['xhr', 'http', 'fetch'], false],
  [['xhr', 'fetch', 'http'], true],
  [['fetch', 'http'], true],
  ['FETCH', true],
  [() => Promise.reject(), false],
])('%p is fetch: %p', (adapter, expected) => {
  expect(usesFetch(adapter)).toBe(expected);
  expect(chosen(adapter) === chosen('fetch')).toBe(expected);
});

test('where there is an XMLHttpRequest, axios takes that', () => {
  Object.assign(globalThis, { XMLHttpRequest: class {} });
  try {
    expect(usesFetch(['xhr', 'fetch'])).toBe(false);
  } finally {
    delete (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest;
  }
  expect(usesFetch(['xhr', 'fetch'])).toBe(true);
});

test.each([undefined, [], ['xhr']])('%p names no adapter that is here', (adapter) => {
  expect(usesFetch(adapter)).toBe(false);
});
