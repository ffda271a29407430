import { objection } from '../../../src/exchange/policy.js';
import { basic } from '../../../src/schemes/basic.js';

const offer = { scheme: basic(), label: 'Basic', strength: 10 };

test.each([
  ['https://files.example', undefined],
  ['http://127.0.0.1:8080', undefined],
  ['http://files.example', 'ERR_AUTH_INSECURE'],
  ['null', 'ERR_AUTH_INSECURE'],
  ['no origin at all', 'ERR_AUTH_INSECURE'],
])('Basic to %s: %s', (origin, code) => {
  const standing = { origin, isExposed: false, strongest: undefined, allowed: false, mutual: 'verify' as const };
  expect(objection(offer, standing)?.code).toBe(code);
});
