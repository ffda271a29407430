import { objection } from '../../../../src/exchange/challenge/policy.js';
import { basic } from '../../../../src/schemes/basic.js';
import { choiceOf } from '../../../support/offer.js';

const choice = choiceOf(basic(), { scheme: 'basic', params: {} });

test.each([
  ['https://files.example', undefined],
  ['http://127.0.0.1:8080', undefined],
  ['http://files.example', 'ERR_AUTH_INSECURE'],
  ['null', 'ERR_AUTH_INSECURE'],
  ['no origin at all', 'ERR_AUTH_INSECURE'],
])('Basic to %s: %s', (origin, code) => {
  const standing = { origin, isExposed: false, strongest: undefined, allowed: false, mutual: 'verify' as const };
  expect(objection(choice, standing)?.code).toBe(code);
});
