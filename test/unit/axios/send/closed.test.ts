/** Sends on a connection that the server had closed. */

import {
  Connections,
  isIdempotent,
  isSafe,
  metClosed,
  noteBytesRead,
  readsWholeBody,
} from '../../../../src/axios/send/closed.js';

test.each([
  ['GET', true, true],
  ['PROPFIND', true, true],
  ['PUT', false, true],
  ['DELETE', false, true],
  ['POST', false, false],
  ['PATCH', false, false],
  ['CONNECT', false, false],
])('%s: safe %p, idempotent %p (RFC 9110 §9.2)', (method, safe, idempotent) => {
  expect([isSafe(method), isIdempotent(method)]).toEqual([safe, idempotent]);
});

const reused = { reusedSocket: true, socket: { bytesRead: 10 } };

test.each<[string, object, boolean]>([
  ['a connection that was used before', { code: 'ECONNRESET', request: reused }, true],
  ['a pipe that was broken', { code: 'EPIPE', request: reused }, true],
  ['behind follow-redirects', { code: 'ECONNRESET', request: { _currentRequest: reused } }, true],
  ['a new connection', { code: 'ECONNRESET', request: { reusedSocket: false, socket: {} } }, false],
  ['a response that had begun', { code: 'ECONNRESET', request: { ...reused, res: {} } }, false],
  ['a response that came', { code: 'ECONNRESET', request: reused, response: {} }, false],
  ['another error', { code: 'ECONNREFUSED', request: reused }, false],
  ['no request', { code: 'ECONNRESET' }, false],
  [
    'fetch, on a used connection',
    { code: 'ERR_NETWORK', cause: { code: 'UND_ERR_SOCKET', socket: { bytesRead: 9 } } },
    true,
  ],
  ['fetch, on a new one', { code: 'ERR_NETWORK', cause: { code: 'UND_ERR_SOCKET', socket: { bytesRead: 0 } } }, false],
  ['fetch, deeper', { code: 'ERR_NETWORK', cause: { cause: { cause: { code: 'ECONNRESET' } } } }, true],
  ['fetch, for another reason', { code: 'ERR_NETWORK', cause: new Error('bad port') }, false],
])('%s', (_, error, expected) => {
  expect(metClosed(error)).toBe(expected);
});

test.each([undefined, null, 'text'])('%p is not a closed connection', (error) => {
  expect(metClosed(error)).toBe(false);
});

test('bytes that came after the last response are the beginning of another response', () => {
  const socket = { bytesRead: 100 };
  const request = { reusedSocket: true, socket };
  noteBytesRead(request, true);
  expect(metClosed({ code: 'ECONNRESET', request })).toBe(true);
  socket.bytesRead = 101;
  expect(metClosed({ code: 'ECONNRESET', request })).toBe(false);
  // A stream is read later, so nothing is known of it.
  noteBytesRead(request, false);
  expect(metClosed({ code: 'ECONNRESET', request })).toBe(true);
  expect([readsWholeBody({ responseType: 'json' }), readsWholeBody({ responseType: 'stream' })]).toEqual([true, false]);
});

test('a request remembers its previous send', () => {
  const connections = new Connections();
  expect(connections.previous).toBeUndefined();
  const outcome = { ok: false, error: { code: 'ECONNRESET', request: reused } } as const;
  expect(connections.end(outcome, 5)).toBe(true);
  expect(connections.previous).toEqual({ request: reused, spent: 5 });
  expect(connections.end({ ok: true, response: { request: reused } as never }, 6)).toBe(false);
  expect(connections.previous?.spent).toBe(6);
});
