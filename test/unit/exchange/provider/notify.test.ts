/** Tells providers the verdict, however the waiting for them ends. */

import { Abandoned } from '../../../../src/base/abort.js';
import { tellVerdict } from '../../../../src/exchange/provider/notify.js';
import type { Happening } from '../../../../src/exchange/trace/events.js';
import type { CredentialRequest, Provider } from '../../../../src/model.js';

const credential = { username: 'alice', password: 'wonderland' };
const provider: Provider = { name: 'book', get: () => credential, approve: () => {} };
const request = { origin: 'https://files.example' } as CredentialRequest;

async function recordedWhen(ending: () => Promise<never>): Promise<readonly Happening[]> {
  const events: Happening[] = [];
  const record = (event: Happening) => void events.push(event);
  await tellVerdict({ verdict: 'approve', credential, provider, request, providers: [], wait: ending, record });
  return events;
}

test('a caller that leaves is recorded, and nothing fails', async () => {
  const events = await recordedWhen(() => Promise.reject(new Abandoned()));
  expect(events).toMatchObject([{ type: 'told', failure: 'the caller left before it had ended' }]);
});

test('a fault of the waiting itself is not hidden', async () => {
  await expect(recordedWhen(() => Promise.reject(new RangeError('no such time')))).rejects.toThrow('no such time');
});
