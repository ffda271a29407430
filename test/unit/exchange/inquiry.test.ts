import { GIVEN_UP } from '../../../src/exchange/flight.js';
import { inquire } from '../../../src/exchange/inquiry.js';
import type { Clock } from '../../../src/exchange/rules.js';
import type { CredentialRequest, Provider } from '../../../src/model.js';

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

test('a provider that answers has answered', async () => {
  const { answer } = inquire({ name: 'own', get: () => alice }, request, clockThat(false));
  expect(await answer).toBe(alice);
});

test('an answer that is called like the end of the time is an answer', async () => {
  const { answer } = inquire({ name: 'own', get: () => 'timeout' as never }, request, clockThat(false));
  expect(await answer).toBe('timeout');
});

test('a provider that throws at once rejects', async () => {
  const get = () => {
    throw new Error('broken');
  };
  await expect(inquire({ name: 'own', get }, request, clockThat(false)).answer).rejects.toThrow('broken');
});

test('who is cut off is told so by its signal, and only then', async () => {
  const late = inquire(hanging(), request, clockThat(true));
  expect(late.request.signal?.aborted).toBe(false);
  await expect(late.answer).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: 'no answer within 60000 ms',
  });
  expect(late.request.signal?.aborted).toBe(true);
});

test('who is asked is told when the caller leaves', () => {
  const leaving = new AbortController();
  const asked = inquire(hanging(), { ...request, signal: leaving.signal }, clockThat(false));
  leaving.abort();
  expect(asked.request.signal?.aborted).toBe(true);
});

test('who is asked is waited for as long as the caller waits', async () => {
  const leaving = new AbortController();
  const within: Clock['within'] = (_milliseconds, _promise, waiting) =>
    new Promise((resolve) => waiting?.addEventListener('abort', () => resolve(GIVEN_UP)));
  const { answer } = inquire(hanging(), { ...request, signal: leaving.signal }, { now: () => 0, epoch: 0, within });
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

test('a limit on Object.prototype is none', async () => {
  const clock = clockThat(true);
  Object.defineProperty(Object.prototype, 'timeout', { value: 1, configurable: true });
  try {
    await inquire(hanging(), request, clock).answer.catch(() => {});
  } finally {
    delete (Object.prototype as { timeout?: number }).timeout;
  }
  expect(clock.limits).toEqual([60_000]);
});

test('a person is not on the clock', async () => {
  const clock = clockThat(true);
  expect(await inquire({ name: 'person', interactive: true, get: () => alice }, request, clock).answer).toBe(alice);
  expect(clock.limits).toEqual([]);
});
