/** The 401 behind an error without a response. */

import { hasRunOut, unreadResponse } from '../../../../src/axios/response/unread.js';
import { configOf } from '../../../support/axios-config.js';

const config = configOf();
const res = { statusCode: 401, statusMessage: 'Unauthorized', headers: { 'www-authenticate': 'Basic' } };

test.each([
  ['Node', { res }],
  ['follow-redirects', { _currentRequest: { res } }],
])('a 401 whose body broke is found in the request of %s', (_, request) => {
  expect(unreadResponse({ config, request, code: 'ERR_BAD_RESPONSE' })).toEqual({
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
  expect(unreadResponse(error)).toBeUndefined();
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
