/** An outcome as the caller gets it. */

import { forCaller } from '../../../../src/axios/response/for-caller.js';
import { configOf } from '../../../support/axios-config.js';

const given = configOf({ url: '/given' });
const sent = () => configOf({ url: '/sent' });
const request = () => ({ headers: { Authorization: 'Basic c2VjcmV0' } });

const response = () => ({ status: 200, statusText: '', data: '', headers: {}, config: sent(), request: request() });

test('a response refers to the config of the caller, and shows no credential', () => {
  const one = response();
  forCaller({ ok: true, response: one }, given, true);
  expect(one.config).toBe(given);
  expect(one.request.headers.Authorization).toBe('Basic [hidden]');
});

test('an error and its response refer to the config of the caller', () => {
  const error = { config: sent(), response: response(), request: request() };
  forCaller({ ok: false, error }, given, true);
  expect([error.config, error.response.config]).toEqual([given, given]);
  expect(error.request.headers.Authorization).toBe('Basic [hidden]');
});

test("the caller's own credential stays in its outcome", () => {
  const one = response();
  forCaller({ ok: true, response: one }, given, false);
  expect(one.request.headers.Authorization).toBe('Basic c2VjcmV0');
});

test.each([undefined, null, 'text', new Error('no config')])('%p is passed on as it is', (error) => {
  expect(() => forCaller({ ok: false, error }, given, true)).not.toThrow();
});
