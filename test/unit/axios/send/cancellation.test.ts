/** How a caller cancels. */

import { getEventListeners } from 'node:events';
import axios from 'axios';
import { dispatchOf, siblingOf } from '../../../../src/axios/client/client.js';
import { cancel, isGivenUp, signalOf } from '../../../../src/axios/send/cancellation.js';
import { configOf } from '../../../support/axios-config.js';

const source = () => axios.CancelToken.source();

test("without a token the signal is the caller's own", () => {
  const { signal } = new AbortController();
  expect(signalOf(configOf({ signal }), () => {})).toBe(signal);
  expect(signalOf(configOf(), () => {})).toBeUndefined();
});

test.each(['signal', 'token'])('with both, the %s aborts', async (which) => {
  const [controller, { token, cancel }] = [new AbortController(), source()];
  let release = () => {};
  const signal = signalOf(configOf({ signal: controller.signal, cancelToken: token }), (end) => {
    release = end;
  });
  expect(signal?.aborted).toBe(false);
  if (which === 'signal') controller.abort();
  else cancel();
  await new Promise(setImmediate);
  expect(signal?.aborted).toBe(true);
  release();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  expect((token as unknown as { _listeners: unknown[] | null })._listeners ?? []).toHaveLength(0);
});

test('a cancelled token is seen before its listeners are called', () => {
  const { token, cancel } = source();
  expect(isGivenUp(configOf({ cancelToken: token }))).toBe(false);
  cancel();
  expect(isGivenUp(configOf({ cancelToken: token }))).toBe(true);
  expect(isGivenUp(configOf({ signal: AbortSignal.abort() }))).toBe(true);
});

test("the request ends with axios's own error and the caller's config, and nothing is sent", async () => {
  const sibling = siblingOf(axios);
  const given = configOf({ url: 'http://127.0.0.1:1/' });
  const config = { ...given, signal: AbortSignal.abort() };
  const error = await cancel({ config, given, dispatch: dispatchOf(sibling) }).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'ERR_CANCELED', name: 'CanceledError' });
  expect(error.config).toBe(given);
});
