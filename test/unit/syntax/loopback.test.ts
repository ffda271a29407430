import { isLoopback } from '../../../src/syntax/loopback.js';

test.each([
  ['http://localhost', true],
  ['http://LOCALHOST:8080', true],
  ['http://app.localhost', true],
  ['http://127.0.0.1', true],
  ['http://127.255.1.2', true],
  ['http://127.1', true],
  ['http://0x7f000001', true],
  ['http://2130706433', true],
  ['http://[::1]', true],
  ['http://[0:0:0:0:0:0:0:1]', true],
  ['http://h.example', false],
  ['http://localhost.evil.example', false],
  ['http://notlocalhost', false],
  ['http://127.0.0.1.evil.example', false],
  ['http://127.evil.example', false],
  ['http://128.0.0.1', false],
  ['http://0.0.0.0', false],
  ['http://[::2]', false],
  ['http://[::ffff:192.0.2.1]', false],
  ['http://localhost@evil.example', false],
])('%s: %p', (url, loopback) => {
  expect(isLoopback(new URL(url).hostname)).toBe(loopback);
});
