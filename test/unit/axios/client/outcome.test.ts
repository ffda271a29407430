/** What axios gives its caller, as a value. */

import type { AxiosResponse } from 'axios';
import { outcomeOf, referTo } from '../../../../src/axios/client/outcome.js';
import { configOf } from '../../../support/axios-config.js';

const config = configOf();
const response = { status: 200 } as AxiosResponse;
const error = new Error('ECONNREFUSED');

test('what axios resolves to, rejects with or throws is an outcome', async () => {
  const outcomes = [
    outcomeOf(async () => response, config, 'http'),
    outcomeOf(() => Promise.reject(error), config, 'http'),
    outcomeOf(
      () => {
        throw error;
      },
      config,
      'http',
    ),
  ];
  expect(await Promise.all(outcomes)).toEqual([
    { ok: true, response },
    { ok: false, error },
    { ok: false, error },
  ]);
});

test('the config and the adapter are those that were given', async () => {
  const seen: unknown[] = [];
  await outcomeOf(
    async (...given) => {
      seen.push(...given);
      return response;
    },
    config,
    ['fetch'],
  );
  expect(seen).toEqual([config, ['fetch']]);
});

test('an error of axios refers to the config of the caller', () => {
  const failed = { config: configOf({ url: '/sent' }) };
  referTo(config, failed);
  expect(failed.config).toBe(config);
});

test.each([new Error('no config'), 'text', undefined, null])('%p has no config, and gets none', (thrown) => {
  expect(() => referTo(config, thrown)).not.toThrow();
  expect((thrown as { config?: unknown } | undefined | null)?.config).toBeUndefined();
});
