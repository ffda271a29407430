import { objection, type Standing, weakening } from '../../../../src/exchange/challenge/policy.js';
import { ntlm } from '../../../../src/ntlm.js';
import { basic } from '../../../../src/schemes/basic.js';
import { choiceOf } from '../../../support/offer.js';

const choice = choiceOf(basic(), { scheme: 'basic', params: {} });
const relayable = choiceOf(ntlm({ origins: ['https://files.example'] }), { scheme: 'ntlm', params: {} });
const standingAt = (origin: string, changes: Partial<Standing> = {}): Standing => ({
  origin,
  isExposed: false,
  strongest: undefined,
  allowed: false,
  mutual: 'verify',
  ...changes,
});

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

describe('an answer that can be relayed is kept as one in clear text is', () => {
  test.each([
    ['https://files.example', {}, undefined],
    ['http://127.0.0.1:8080', {}, undefined],
    ['http://files.example', {}, 'ERR_AUTH_INSECURE'],
    ['http://127.0.0.1:8080', { isExposed: true }, 'ERR_AUTH_INSECURE'],
    ['http://files.example', { allowed: true }, undefined],
    ['https://files.example', { mutual: 'require' }, 'ERR_AUTH_MUTUAL'],
    ['https://files.example', { strongest: { label: 'Digest MD5', strength: 30 } }, 'ERR_AUTH_DOWNGRADE'],
  ] as const)('to %s, %j: %s', (origin, changes, code) => {
    expect(objection(relayable, standingAt(origin, changes))?.code).toBe(code);
  });

  test('its account is not used with it after a Digest, and with a Digest after it', () => {
    expect(weakening(relayable, { label: 'Digest MD5', strength: 30 })?.code).toBe('ERR_AUTH_DOWNGRADE');
    expect(weakening(relayable, { label: 'Basic', strength: 10 })).toBeUndefined();
    expect(weakening(choice, { label: 'NTLM', strength: 15 })?.code).toBe('ERR_AUTH_DOWNGRADE');
  });

  test('what would travel is said without a word of a password in the clear', () => {
    expect(objection(relayable, standingAt('http://files.example'))?.reason).toBe(
      'NTLM would send what can be relayed, or a password be guessed from, in the clear to http://files.example',
    );
  });
});
