/** How the sending of a body is stopped. */

import { PassThrough } from 'node:stream';
import { isSending, stopSending } from '../../../../src/axios/body/stop.js';

/** A request of Node, as far as it is looked at. */
function request(writableFinished: boolean) {
  return {
    destroyed: false,
    writableFinished,
    destroy() {
      this.destroyed = true;
    },
  };
}

test.each([
  ['a request that is being sent', request(false), true],
  ['a request that has been sent', request(true), false],
  ['a request that was destroyed', { ...request(false), destroyed: true }, false],
  ['a Request of fetch', new Request('http://h/'), false],
  ['nothing', undefined, false],
])('%s is being sent: %p', (_, value, expected) => {
  expect(isSending(value)).toBe(expected);
});

test('an unfinished request is destroyed with its stream', () => {
  const [open, data] = [request(false), new PassThrough()];
  stopSending(open, data);
  expect([open.destroyed, data.destroyed]).toEqual([true, true]);
});

test('a finished request may have passed on its socket: only its stream is closed', () => {
  const [done, data] = [request(true), new PassThrough()];
  stopSending(done, data);
  expect([done.destroyed, data.destroyed]).toEqual([false, true]);
});

test('an error of a closed stream does not end the process', async () => {
  const data = new PassThrough({ destroy: (_, callback) => callback(new Error('late')) });
  stopSending(request(false), data);
  await new Promise(setImmediate);
  expect(data.destroyed).toBe(true);
});

test.each([undefined, 'text', Buffer.from('abc')])('%p needs no closing', (data) => {
  expect(() => stopSending(request(false), data)).not.toThrow();
});
