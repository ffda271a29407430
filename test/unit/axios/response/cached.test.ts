/** Which responses of an adapter are a cache's. */

import type { AxiosResponse } from 'axios';
import { isCached, noteResponse } from '../../../../src/axios/response/cached.js';

const response = (more: object = {}) => ({ status: 200, ...more }) as AxiosResponse;

test('an object that comes again is cached; asking changes nothing', () => {
  const one = response();
  expect([isCached(one), isCached(one)]).toEqual([false, false]);
  noteResponse(one);
  expect([isCached(one), isCached(response())]).toEqual([true, false]);
});

test.each([
  ['marked', response({ cached: true }), true],
  ['marked as fresh', response({ cached: false }), false],
  ['marked by its prototype (SEC-28)', Object.assign(Object.create({ cached: true }), response()), false],
])('a response of axios-cache-interceptor, %s', (_, one, expected) => {
  expect(isCached(one)).toBe(expected);
});
