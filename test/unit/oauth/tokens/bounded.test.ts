/** A store of the user's may hang, or throw what it was given. */

import { AuthError } from '../../../../src/errors.js';
import { bounded } from '../../../../src/oauth/tokens/store/bounded.js';
import type { TokenStore } from '../../../../src/oauth/tokens/store/token-store.js';

const calls: ReadonlyArray<[string, (store: TokenStore) => Promise<unknown>]> = [
  ['read', (store) => store.get('k')],
  ['write', (store) => store.set('k', 's3cret')],
  ['delete', (store) => store.delete('k')],
];

const storeThat = (call: () => Promise<never>): TokenStore => ({ get: call, set: call, delete: call });

test.each(calls)('%s: a store that hangs is not waited for', async (verb, call) => {
  const store = bounded(
    storeThat(() => new Promise(() => {})),
    20,
  );
  const message = `oauth: the token store did not ${verb} within 20 ms`;
  await expect(call(store)).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER', message });
});

test.each(calls)('%s: an error of the store shows nothing of what it was given', async (verb, call) => {
  const store = bounded(
    storeThat(() => {
      throw new TypeError('cannot keep s3cret');
    }),
  );
  const error: AuthError = await call(store).then(String, (thrown) => thrown);
  expect(error).toBeInstanceOf(AuthError);
  expect(error.message).toMatch(new RegExp(`^oauth: the token store did not ${verb}: it failed: TypeError`));
  expect(JSON.stringify([error.message, error.cause, String(error)])).not.toContain('s3cret');
});

test('an AuthError of the store is its own sentence', async () => {
  const own = new AuthError('ERR_AUTH_PROVIDER', 'vault: sealed');
  await expect(bounded(storeThat(() => Promise.reject(own))).get('k')).rejects.toBe(own);
});
