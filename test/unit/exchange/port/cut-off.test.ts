/** What is thrown for a send whose connection was closed, and the client's own error in it. */

import { CutOff, isRepeatable, ownError } from '../../../../src/exchange/port/cut-off.js';

test('ownError gives the error of the client, and any other error as it is', () => {
  const error = new Error('socket hang up');
  expect(ownError(new CutOff(error, true))).toBe(error);
  expect(ownError(error)).toBe(error);
});

test('only a send that was cut off and may be sent again is repeatable', () => {
  const error = new Error('socket hang up');
  expect([new CutOff(error, true), new CutOff(error, false), error].map(isRepeatable)).toEqual([true, false, false]);
});
