/** The response of a finished send, even if its body could not be read. */

import type { AxiosError, AxiosResponse } from 'axios';
import { hasRunOut, responseOf } from '../../../../src/axios/response/unread.js';
import { configOf } from '../../../support/axios-config.js';

const config = configOf();
const res = { statusCode: 401, statusMessage: 'Unauthorized', headers: { 'www-authenticate': 'Basic' } };

const response = { status: 401 } as AxiosResponse;

test.each<[string, Parameters<typeof responseOf>[0], unknown]>([
  ['a success', { ok: true, response }, response],
  ['an error with a response', { ok: false, error: { response } as AxiosError }, response],
  ['an error in an error (axios 1.13.3 with fetch)', { ok: false, error: { cause: { response } } }, response],
  ['an error without a response', { ok: false, error: new Error('ECONNREFUSED') }, undefined],
  ['what is no error', { ok: false, error: undefined }, undefined],
])('the response of %s', (_, outcome, expected) => {
  expect(responseOf(outcome)).toBe(expected);
});

test.each([
  ['Node', { res }],
  ['follow-redirects', { _currentRequest: { res } }],
])('a 401 whose body broke is found in the request of %s', (_, request) => {
  expect(responseOf({ ok: false, error: { config, request, code: 'ERR_BAD_RESPONSE' } })).toEqual({
    status: 401,
    statusText: 'Unauthorized',
    headers: { 'www-authenticate': 'Basic' },
    data: undefined,
    config,
    request,
  });
});

test.each([
  ['another status', { config, request: { res: { ...res, statusCode: 500 } } }],
  ['no request', { config }],
  ['no config', { request: { res } }],
  ['a request without a response', { config, request: {} }],
  ['a caller that canceled', { config, request: { res }, code: 'ERR_CANCELED' }],
  ['a timeout of axios', { config, request: { res }, code: 'ECONNABORTED' }],
  ['a timeout', { config, request: { res }, code: 'ETIMEDOUT' }],
])('%s gives the error of axios', (_, error) => {
  expect(responseOf({ ok: false, error })).toBeUndefined();
});

const failed = (code?: string) => ({ ok: false, error: { code } }) as const;

test.each([
  ['a timeout that expired', failed('ERR_BAD_RESPONSE'), 100, 100, true],
  ['a timer that fires too early', failed('ERR_BAD_RESPONSE'), 100, 98, true],
  ['time that is left', failed('ERR_BAD_RESPONSE'), 100, 50, false],
  ['no timeout', failed('ERR_BAD_RESPONSE'), 0, 100, false],
  ['a 401 that was received completely', failed('ERR_BAD_REQUEST'), 100, 200, false],
  ['a response', { ok: true, response: {} as never } as const, 100, 200, false],
])('%s', (_, outcome, timeout, milliseconds, expected) => {
  expect(hasRunOut(outcome, { timeout }, milliseconds)).toBe(expected);
});
