/** The names of failures: codes and meanings, never anybody's words. */

import { failureOf } from '../../../src/axios/failure.js';
import { AuthError } from '../../../src/errors.js';

const coded = (code: string, cause?: object) => Object.assign(new Error('secret words'), { code, cause });

test.each([
  ['a refused connection', coded('ECONNREFUSED'), 'ECONNREFUSED', 'nobody listens there'],
  ['an abort', coded('ERR_CANCELED'), 'ERR_CANCELED', 'the caller gave up'],
  ['a timeout', coded('ETIMEDOUT'), 'ETIMEDOUT', 'no response came in time'],
  ['what fetch knows', coded('ERR_NETWORK', coded('ENOTFOUND')), 'ENOTFOUND', 'the name of the host is not known'],
  ['what fetch does not know', coded('ERR_NETWORK', new Error('bad port')), 'ERR_NETWORK', 'no response came'],
  ['a code of others', coded('E_OTHER'), 'E_OTHER', 'no response came'],
  ['an error without a code', new Error('secret words'), undefined, 'no response came'],
  ['what is no error', 'secret words', undefined, 'no response came'],
  ['nothing', undefined, undefined, 'no response came'],
  ['our own', new AuthError('ERR_AUTH_CREDENTIAL', 'no good'), 'ERR_AUTH_CREDENTIAL', 'no good'],
])('%s', (_, error, code, reason) => {
  expect(failureOf(error)).toEqual({ code, reason });
});
