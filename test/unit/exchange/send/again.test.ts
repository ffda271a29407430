/** What is sent once more when it met a closed connection, and what is not. */

import { exchange } from '../../../../src/exchange/exchange.js';
import { CutOff } from '../../../../src/exchange/port/cut-off.js';
import type { Reply, Sending, Wire } from '../../../../src/exchange/port/transport.js';
import type { Provider } from '../../../../src/model.js';
import { basic } from '../../../../src/schemes/basic.js';
import { digest } from '../../../../src/schemes/digest/digest.js';
import { contextOf, replyOf, target, wireOf } from '../stage.js';

const alice: Provider = { name: 'book', get: () => ({ username: 'alice', password: 'wonderland' }) };
const closed = new Error('socket hang up');

type Played = 'closed' | { readonly status: number; readonly field?: string };

/** Answers each send with the next of `played`. */
function play(played: readonly Played[], changes: Partial<Wire<number>> = {}) {
  const sends: Sending[] = [];
  const left = [...played];
  const send = async (sending?: Sending): Promise<Reply<number>> => {
    if (sending) sends.push(sending);
    const next = left.shift() ?? 'closed';
    if (next === 'closed') throw new CutOff(closed, true);
    return replyOf(next.status, next.field, sending?.authorizations.origin);
  };
  const context = contextOf(wireOf(send, changes), [digest(), basic()], [alice]);
  const run = () => exchange<number>(context);
  /** Goes on after a first send that the client made by itself, and whose connection was closed. */
  const goOn = () => exchange<number>(context, { reply: new CutOff(closed, true), milliseconds: 1, known: undefined });
  return { run, goOn, sends, recorder: context.recorder, context };
}

const BASIC = { status: 401, field: 'Basic realm="files"' };
const DIGEST = { status: 401, field: 'Digest realm="files", nonce="n1", qop="auth"' };

test('an answer is sent once more, on a new connection and with the next nc', async () => {
  const { run, sends } = play([DIGEST, 'closed', { status: 200 }]);
  expect(await run()).toBe(200);
  expect(sends.map(({ isAgain, authorizations }) => [isAgain, authorizations.origin?.nc])).toEqual([
    [false, 1],
    [true, 2],
  ]);
});

test('a first send without an authorization is sent once more', async () => {
  const { goOn, recorder } = play([{ status: 200 }]);
  expect(await goOn()).toBe(200);
  expect(recorder.trace.events.filter(({ type }) => type === 'verdict')).toMatchObject([
    { verdict: 'silent', reason: 'no response: the connection was closed, so it goes once more' },
  ]);
});

test("a second closed connection ends the request with the client's own error", async () => {
  const { run, sends } = play([BASIC, 'closed', 'closed', { status: 200 }]);
  await expect(run()).rejects.toBe(closed);
  expect(sends).toHaveLength(2);
});

test('an unproven credential that was cut off too often is sent no more, and the 401 is given back', async () => {
  const { run, sends, context } = play([BASIC, 'closed', { status: 200 }]);
  const { refusals } = context.origin.spaces.stores;
  const space = { origin: target.origin, realm: 'files' };
  const { account } = refusals.of(space, { username: 'alice', password: 'wonderland' }, context.clock.now());
  for (let missed = 0; missed < 2; missed += 1) account.miss(context.clock.now());
  expect(await run()).toBe(401);
  expect(sends).toHaveLength(1);
});

test("a body that cannot be sent again ends the request with the client's own error", async () => {
  let asked = 0;
  const ready = async () => {
    asked += 1;
    return asked === 1 ? undefined : 'the file has changed';
  };
  const { run, sends } = play([BASIC, 'closed', { status: 200 }], { ready });
  await expect(run()).rejects.toBe(closed);
  expect(sends).toHaveLength(1);
});

test("a first send whose body cannot be sent again ends the request with the client's own error", async () => {
  const { goOn, sends } = play([{ status: 200 }], { ready: async () => 'the file has changed' });
  await expect(goOn()).rejects.toBe(closed);
  expect(sends).toEqual([]);
});

test('an answer that covers the body asks for it again', async () => {
  const hashed: Array<string | undefined> = [];
  const ready: Wire<number>['ready'] = async (_, target) => {
    hashed.push(target?.url);
    return undefined;
  };
  const field = 'Digest realm="files", nonce="n1", qop="auth-int"';
  const bytes = async () => Buffer.from('body');
  const { run } = play([{ status: 401, field }, 'closed', { status: 200 }], { ready, bytes });
  expect(await run()).toBe(200);
  expect(hashed).toEqual(['https://files.example/docs', 'https://files.example/docs']);
});
