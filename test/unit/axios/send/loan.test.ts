/** What a config is lent for one send. */

import { lend, loanOf, takeBack, withoutLoan } from '../../../../src/axios/send/loan.js';
import { configOf } from '../../../support/axios-config.js';

const beforeRedirect = () => {};
const loan = { beforeRedirect, original: undefined, value: 'Basic x' };

test('a config has the values until they are taken back, and is then unchanged', () => {
  const config = configOf({ headers: { Accept: '*/*' } });
  expect(lend(config, loan)).toBe(config);
  expect([config.headers.Authorization, config.beforeRedirect]).toEqual(['Basic x', beforeRedirect]);
  takeBack(config, loan);
  expect(config).toEqual(configOf({ headers: { Accept: '*/*' } }));
  expect(Object.hasOwn(config, 'beforeRedirect')).toBe(false);
  expect(loanOf(config)).toBeUndefined();
});

test("the caller's own hook comes back", () => {
  const original = () => {};
  const config = { ...configOf(), beforeRedirect: original };
  const own = { ...loan, original };
  lend(config, own);
  takeBack(config, own);
  expect(config.beforeRedirect).toBe(original);
});

test('a second send of the same config, or of a copy of it, is without the loan', () => {
  const config = configOf({ url: '/a' });
  lend(config, loan);
  const copies = [config, { ...config }, configOf({ url: '/a', headers: { Authorization: 'Basic x' } })];
  for (const copy of copies) {
    const own = withoutLoan(copy);
    expect([own.url, own.headers.Authorization]).toEqual(['/a', undefined]);
    expect(own.beforeRedirect).toBeUndefined();
  }
  expect(config.headers.Authorization).toBe('Basic x');
  takeBack(config, loan);
});

test('a config that was lent nothing is the config itself', () => {
  const lent = configOf();
  lend(lent, loan);
  const config = configOf({ headers: { Authorization: 'Basic other' } });
  expect(withoutLoan(config)).toBe(config);
  takeBack(lent, loan);
});
