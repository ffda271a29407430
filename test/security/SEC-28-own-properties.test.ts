/** SEC-28: what sits on Object.prototype is no option, no credential and no answer. */

import { netrc, type Provider } from '../../src/index.js';
import { temporaryFile } from '../support/files.js';
import { findings, guardedPaths, sendsUnder } from '../support/pollutions.js';

const OPTIONS = [
  ...['providers', 'schemes', 'allowInsecure', 'preemptive', 'maxCredentials', 'mutual', 'onEvent', 'challenge'],
  ...['auth', 'username', 'password', 'token', 'credential', 'origin', 'realm', 'prefix', 'file', 'default', 'service'],
  ...['save', 'backend', 'confirm', 'interactive', 'store', 'approve', 'reject', 'absence', 'trustOrigins', 'cached'],
  ...['algorithms', 'interactiveSource', 'baseOrigin', 'nonce', 'nc', 'next', 'qop', 'authorization', 'isTTY'],
];

test('SEC-28 own properties: all options together change no outcome and no request', async () => {
  const pollutions = [
    { name: 'clean', properties: [] },
    { name: 'bundle', properties: OPTIONS },
  ];
  const guarded = await guardedPaths();
  const [clean, bundle] = await findings(guarded, pollutions);
  expect(bundle?.bare).toEqual(clean?.bare);
  expect(bundle?.ours).toEqual(clean?.ours);
  expect(sendsUnder(guarded, 'bundle')).toEqual(sendsUnder(guarded, 'clean'));
});

test('SEC-28 own properties: a netrc entry without a password has none', async () => {
  const provider = netrc({ file: await temporaryFile('netrc', 'machine 127.0.0.1 login carol\n') });
  const request = { origin: 'http://127.0.0.1', realm: '', scheme: 'basic', proxy: false, url: '', refused: 0 };
  Object.defineProperty(Object.prototype, 'password', { value: 'polluted', configurable: true });
  try {
    const given = (await provider.get(request)) as Awaited<ReturnType<Provider['get']>>;
    expect(Object.entries(given ?? {})).toEqual([['username', 'carol']]);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'password');
  }
});
