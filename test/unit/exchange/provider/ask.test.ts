import { Abandoned } from '../../../../src/base/abort.js';
import type { Clock } from '../../../../src/exchange/port/clock.js';
import { inquire } from '../../../../src/exchange/provider/ask.js';
import type { CredentialRequest, Provider } from '../../../../src/model.js';

const alice = { username: 'alice', password: 'secret' };

const request: CredentialRequest = {
  origin: 'https://files.example',
  realm: '',
  scheme: 'digest',
  proxy: false,
  url: 'https://files.example/',
  refused: 0,
};

/** A clock that notes how long it is to wait, and then says at once that the time is up, or waits. */
function clockThat(isLate: boolean): Clock & { readonly limits: number[] } {
  const limits: number[] = [];
  return {
    limits,
    now: () => 0,
    epoch: 0,
    date: () => 0,
    within: async (milliseconds, promise) => {
      limits.push(milliseconds);
      return isLate ? 'timeout' : promise;
    },
  };
}

const hanging = (changes: Partial<Provider> = {}): Provider => ({
  name: 'own',
  get: () => new Promise(() => {}),
  ...changes,
});

test('the answer of a provider is returned', async () => {
  const { answer } = inquire({ name: 'own', get: () => alice }, request, clockThat(false));
  expect(await answer).toBe(alice);
});

test('an answer that equals the time-out marker is an answer', async () => {
  const { answer } = inquire({ name: 'own', get: () => 'timeout' as never }, request, clockThat(false));
  expect(await answer).toBe('timeout');
});

test('a provider that throws synchronously rejects', async () => {
  const get = () => {
    throw new Error('broken');
  };
  await expect(inquire({ name: 'own', get }, request, clockThat(false)).answer).rejects.toThrow('broken');
});

test('the signal of a provider is aborted when its time is up, and not before', async () => {
  const late = inquire(hanging(), request, clockThat(true));
  expect(late.request.signal?.aborted).toBe(false);
  await expect(late.answer).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'no answer within 60000 ms',
  });
  expect(late.request.signal?.aborted).toBe(true);
});

test('the signal of a provider is aborted when the caller leaves', () => {
  const leaving = new AbortController();
  const asked = inquire(hanging(), { ...request, signal: leaving.signal }, clockThat(false));
  leaving.abort();
  expect(asked.request.signal?.aborted).toBe(true);
});

test('the wait for a provider ends when the caller leaves', async () => {
  const leaving = new AbortController();
  const within: Clock['within'] = (_milliseconds, _promise, waiting) =>
    new Promise((_, reject) => waiting?.addEventListener('abort', () => reject(new Abandoned())));
  const { answer } = inquire(
    hanging(),
    { ...request, signal: leaving.signal },
    { now: () => 0, epoch: 0, date: () => 0, within },
  );
  leaving.abort();
  await expect(answer).rejects.toMatchObject({ message: 'nobody waits for it any more' });
});

test.each([
  ['nothing', {}, 60_000],
  ['a number', { timeout: 90_000 }, 90_000],
  ['more than a timer holds', { timeout: Number.POSITIVE_INFINITY }, 2 ** 31 - 1],
  ['zero', { timeout: 0 }, 60_000],
  ['no number', { timeout: Number.NaN }, 60_000],
])('the limit of a provider that says %s', async (_, changes, milliseconds) => {
  const clock = clockThat(true);
  await inquire(hanging(changes), request, clock).answer.catch(() => {});
  expect(clock.limits).toEqual([milliseconds]);
});

test('a limit on Object.prototype is not read', async () => {
  const clock = clockThat(true);
  Object.defineProperty(Object.prototype, 'timeout', { value: 1, configurable: true });
  try {
    await inquire(hanging(), request, clock).answer.catch(() => {});
  } finally {
    delete (Object.prototype as { timeout?: number }).timeout;
  }
  expect(clock.limits).toEqual([60_000]);
});

test('a person has no time limit', async () => {
  const clock = clockThat(true);
  expect(await inquire({ name: 'person', interactive: true, get: () => alice }, request, clock).answer).toBe(alice);
  expect(clock.limits).toEqual([]);
});
