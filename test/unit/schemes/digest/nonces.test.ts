import { NonceCounts } from '../../../../src/schemes/digest/nonce-counts.js';

test('the least recently answered nonce is forgotten first, beyond 256', () => {
  const counts = new NonceCounts();
  const first = counts.of('n0');
  first.nc = 7;
  for (let index = 1; index < 256; index += 1) counts.of(`n${index}`).nc = 1;
  expect(counts.of('n0')).toBe(first);
  counts.of('one more');
  expect(counts.of('n0').nc).toBe(7);
  expect(counts.of('n1').nc).toBe(0);
});
