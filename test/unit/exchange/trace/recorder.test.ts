/** What a record says when little can be known. */

import { Recorder } from '../../../../src/exchange/trace/recorder.js';

test('a request whose URL cannot be read is recorded without it', () => {
  const place = () => {
    throw new TypeError('Invalid URL');
  };
  const clock = { now: () => 5, epoch: 1000 };
  const recorder = new Recorder({ place, clock, began: 0, listener: undefined, isCallers: false });
  recorder.record({ type: 'end', failure: 'TypeError', reason: 'Invalid URL' });
  expect(recorder.trace).toMatchObject({
    method: '',
    url: '',
    began: 1000,
    events: [{ at: 5, reason: 'Invalid URL' }],
  });
});
