/** The last response of an exchange: what it proves of the credential, status by status. */

import { conclude } from '../../../src/exchange/conclusion.js';
import type { Fact } from '../../../src/exchange/judgement.js';

const LET_IN = 'let in, nc 7';
const PROVEN = (status: number) => ['nonce kept', LET_IN, `accepted: ${status}`, 'accepted'];
const SILENT = ['silent: says nothing about the credential', 'tried'];

const ORIGIN: ReadonlyArray<readonly [status: number, facts: readonly string[]]> = [
  [200, PROVEN(200)],
  [204, PROVEN(204)],
  [304, PROVEN(304)],
  [307, PROVEN(307)],
  [399, PROVEN(399)],
  // The server has looked at the credential, and refuses something else: no proof, but the nonce count is used.
  [400, ['nonce kept', LET_IN, ...SILENT]],
  [403, ['nonce kept', LET_IN, ...SILENT]],
  [404, ['nonce kept', LET_IN, ...SILENT]],
  [499, ['nonce kept', LET_IN, ...SILENT]],
  // The response may come from somewhere before the look at the credential.
  [407, ['nonce kept', ...SILENT]],
  [408, ['nonce kept', ...SILENT]],
  [421, ['nonce kept', ...SILENT]],
  [429, ['nonce kept', ...SILENT]],
  [431, ['nonce kept', ...SILENT]],
  [500, ['nonce kept', ...SILENT]],
  [503, ['nonce kept', ...SILENT]],
];

test.each(ORIGIN)('a %i of the origin', (status, facts) => {
  expect(conclude({ status, authorization: { nc: 7 } }, false).map(inShort)).toEqual(facts);
});

const EARLY = ['silent: the server let the request in before it saw the credential', 'tried'];

test.each([
  [200, EARLY],
  [302, EARLY],
  [403, SILENT],
  [404, SILENT],
  [503, SILENT],
])('a %i to the first message of a handshake is silent: it had nothing of the credential', (status, silence) => {
  const facts = conclude({ status, authorization: {}, isPartial: true }, false).map(inShort);
  expect(facts).toEqual(['nonce kept', ...silence]);
});

const PROXY: typeof ORIGIN = [
  [200, PROVEN(200)],
  // The origin's own challenge has come through the proxy.
  [401, PROVEN(401)],
  [403, ['nonce kept', LET_IN, ...SILENT]],
  [502, ['nonce kept', ...SILENT]],
];

test.each(PROXY)('a %i to an answer for the proxy', (status, facts) => {
  expect(conclude({ status, authorization: { nc: 7 } }, true).map(inShort)).toEqual(facts);
});

test.each([200, 404, 500])('a %i to an authorization that was stripped on the way', (status) => {
  const reason = 'the authorization did not reach the server that answered';
  expect(conclude({ status, authorization: undefined }, false).map(inShort)).toEqual([
    'nonce kept',
    `silent: ${reason}`,
    'tried',
  ]);
});

test('a scheme without a nonce has no count', () => {
  expect(conclude({ status: 200, authorization: {} }, false)).toContainEqual({ type: 'let in', nc: undefined });
});

function inShort(fact: Fact): string {
  if (fact.type === 'verdict') return `${fact.verdict}: ${fact.reason}`;
  return fact.type === 'let in' ? `let in, nc ${fact.nc}` : fact.type;
}
