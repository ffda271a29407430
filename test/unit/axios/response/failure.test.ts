/** The names of failures: codes and meanings, never anybody's words. */

import { failureOf } from '../../../../src/axios/response/failure.js';
import { AuthError } from '../../../../src/errors.js';

const coded = (code: string, cause?: object) => Object.assign(new Error('secret words'), { code, cause });

test.each([
  [
    'a refused connection',
    coded('ECONNREFUSED'),
    'ECONNREFUSED',
    'connection refused: nothing is listening on that port',
  ],
  ['an abort', coded('ERR_CANCELED'), 'ERR_CANCELED', 'the caller canceled the request'],
  ['a timeout', coded('ETIMEDOUT'), 'ETIMEDOUT', 'no response came in time'],
  ['the timeout of axios', coded('ECONNABORTED'), 'ECONNABORTED', 'no response came in time'],
  ['a closed connection', coded('ECONNRESET'), 'ECONNRESET', 'the connection was closed before a response came'],
  ['an invalid URL', coded('ERR_INVALID_URL'), 'ERR_INVALID_URL', 'invalid URL'],
  ['a redirect loop', coded('ERR_FR_TOO_MANY_REDIRECTS'), 'ERR_FR_TOO_MANY_REDIRECTS', 'too many redirects'],
  ['what fetch knows', coded('ERR_NETWORK', coded('ENOTFOUND')), 'ENOTFOUND', 'unknown host name'],
  ['what fetch does not know', coded('ERR_NETWORK', new Error('bad port')), 'ERR_NETWORK', 'no response came'],
  ['a code of others', coded('E_OTHER'), 'E_OTHER', 'no response came'],
  ['an error without a code', new Error('secret words'), undefined, 'no response came'],
  ['what is no error', 'secret words', undefined, 'no response came'],
  ['nothing', undefined, undefined, 'no response came'],
  ['our own', new AuthError('ERR_AUTH_CREDENTIAL', 'no good'), 'ERR_AUTH_CREDENTIAL', 'no good'],
])('%s', (_, error, code, reason) => {
  expect(failureOf(error)).toEqual({ code, reason });
});
