/** A scheme that authorizes a connection: its messages, played by hand over a transport that can keep a connection. */

import { jest } from '@jest/globals';
import { exchange } from '../../../src/exchange/exchange.js';
import { CutOff } from '../../../src/exchange/port/cut-off.js';
import type { Pinned, Pinning } from '../../../src/exchange/port/pinning.js';
import type { Reply, Sending, Wire } from '../../../src/exchange/port/transport.js';
import type { Answer, Challenge, Credential, Provider, Scheme } from '../../../src/model.js';
import { contextOf, pinningOf, replyOf, wireOf } from './stage.js';

/** Says hello, answers a question with the credential, and takes a challenge without a question as a refusal. */
function nod(): Scheme & { contexts: number } {
  const answer = (scheme: { contexts: number }): Answer => {
    scheme.contexts += 1;
    return { needsBody: false, isPartial: true, authorize: async () => ({ value: `Nod hello${scheme.contexts}` }) };
  };
  const reply = (question: string): Answer => ({
    needsBody: false,
    authorize: () => ({ value: `Nod re:${question}` }),
  });
  return {
    name: 'nod',
    credential: 'password',
    clearText: false,
    bindsConnection: true,
    contexts: 0,
    read({ token68 }: Challenge) {
      return {
        label: 'Nod',
        strength: 50,
        space: () => ['/'],
        answer: (_credential: Credential) => answer(this),
        refusalOf: () =>
          token68 === undefined ? { kind: 'refused' as const } : { kind: 'continue' as const, answer: reply(token68) },
      };
    },
  };
}

interface Sent {
  readonly value: string | undefined;
  readonly connection: number;
  readonly body: boolean;
}

type Answering = (sent: Sent) => { status: number; field?: string } | 'closed';

/** Remembers which connection a send took: 0 is the one that all requests share. */
function play(
  answering: Answering,
  { scheme = nod(), canPin = true, hasBody = true, pinned = () => 'open', providers = [alice] }: Options = {},
) {
  const sends: Sent[] = [];
  let last = 0;
  let connection = 0;
  const send = async (sending?: Sending): Promise<Reply<number>> => {
    const authorization = sending?.authorizations.origin;
    const sent = { value: authorization?.value, connection, body: sending?.isPartial !== true };
    sends.push(sent);
    const answer = answering(sent);
    if (answer === 'closed') throw new CutOff(new Error('closed'), false);
    return replyOf(answer.status, answer.field, authorization);
  };
  const pinning = pinningOf({
    pin: async () => {
      last += 1;
      const own = last;
      const state = await pinned(own);
      connection = own;
      return state;
    },
    unpin: () => {
      connection = 0;
    },
  });
  const preparePinning = jest.fn(async () => {
    if (canPin) wire.pinning = pinning;
  });
  const wire: Wire<number> & { pinning?: Pinning | undefined } = wireOf(send, {
    isBodyless: () => !hasBody,
    preparePinning,
  });
  const context = contextOf(wire, [scheme], providers);
  const run = () => {
    connection = 0;
    return exchange<number>(context);
  };
  return { run, sends, held: () => connection, recorder: context.recorder, preparePinning };
}

const alice: Provider = { name: 'book', get: () => ({ username: 'alice', password: 'wonderland' }) };

interface Options {
  readonly scheme?: ReturnType<typeof nod>;
  readonly canPin?: boolean;
  readonly hasBody?: boolean;
  /** What the connection of a number is. */
  readonly pinned?: (connection: number) => Pinned | Promise<Pinned>;
  readonly providers?: readonly Provider[];
}

const server: Answering = ({ value }) => {
  if (value === undefined) return { status: 401, field: 'Nod' };
  return value.startsWith('Nod hello') ? { status: 401, field: 'Nod aGk=' } : { status: 200 };
};

test('the messages are sent on one connection of their own, and the body with the last message', async () => {
  const { run, sends } = play(server);
  expect(await run()).toBe(200);
  expect(sends).toEqual([
    { value: undefined, connection: 0, body: true },
    { value: 'Nod hello2', connection: 1, body: false },
    { value: 'Nod re:aGk=', connection: 1, body: true },
  ]);
});

test('connections are prepared for a challenge that asks for one, and for no other', async () => {
  const asking = play(server);
  await asking.run();
  expect(asking.preparePinning).toHaveBeenCalled();
  const other = play(server, { scheme: { ...nod(), bindsConnection: false } });
  await other.run();
  expect(other.sends).toHaveLength(3);
  expect(other.preparePinning).not.toHaveBeenCalled();
});

test('a server that lets each message in, and no request, is asked once', async () => {
  const { run, sends, recorder } = play(({ value }) => (value ? { status: 200 } : { status: 401, field: 'Nod' }));
  expect(await run()).toBe(401);
  expect(sends.map(({ value }) => value)).toEqual([undefined, 'Nod hello2', undefined]);
  expect(recorder.trace.events.at(-1)).toMatchObject({
    code: 'ERR_AUTH_CHALLENGE',
    reason: 'the server let a message in, and does not go on with the handshake for the request',
  });
});

test.each(['Nod, Nod aGk=', 'Nod aGk=, Nod'])('a handshake goes on where the offer is repeated: %s', async (field) => {
  const { run, sends } = play(({ value }) => {
    if (value === undefined) return { status: 401, field: 'Nod' };
    return value.startsWith('Nod hello') ? { status: 401, field } : { status: 200 };
  });
  expect(await run()).toBe(200);
  expect(sends.at(-1)?.value).toBe('Nod re:aGk=');
});

test('where the space is known, a request with a body waits for the challenge, and one without begins at once', async () => {
  const shown = (sends: readonly Sent[]) => sends.map(({ value, connection, body }) => [value, connection, body]);
  const withBody = play(server);
  await withBody.run();
  await withBody.run();
  expect(shown(withBody.sends.slice(3))).toEqual([
    [undefined, 0, true],
    ['Nod hello4', 3, false],
    ['Nod re:aGk=', 3, true],
  ]);
  const without = play(server, { hasBody: false });
  await without.run();
  await without.run();
  expect(shown(without.sends.slice(3))).toEqual([
    ['Nod hello3', 2, true],
    ['Nod re:aGk=', 2, true],
  ]);
});

test('one message for each request: four sends for three requests, the body with each of them', async () => {
  const once: Scheme = {
    ...nod(),
    read: () => ({
      label: 'Nod',
      strength: 50,
      space: () => ['/'],
      answer: () => ({ needsBody: false, authorize: async () => ({ value: 'Nod token' }) }),
      refusalOf: () => ({ kind: 'refused' }),
    }),
  };
  const answering: Answering = ({ value }) => (value ? { status: 200 } : { status: 401, field: 'Nod' });
  const { run, sends } = play(answering, { scheme: { ...once, contexts: 0 } });
  for (let request = 0; request < 3; request += 1) expect(await run()).toBe(200);
  expect(sends).toEqual([
    { value: undefined, connection: 0, body: true },
    { value: 'Nod token', connection: 1, body: true },
    { value: 'Nod token', connection: 2, body: true },
    { value: 'Nod token', connection: 3, body: true },
  ]);
});

test('what a server says with its challenge is not answered before it says it again', async () => {
  const { run, sends } = play(
    ({ value }) => {
      if (value === undefined) return { status: 401, field: 'Nod c3RhcnQ=' };
      return value.startsWith('Nod hello') ? { status: 401, field: 'Nod aGk=' } : { status: 200 };
    },
    { hasBody: false },
  );
  await run();
  await run();
  expect(sends.map(({ value }) => value)).toEqual([
    undefined,
    'Nod hello2',
    'Nod re:aGk=',
    undefined,
    'Nod hello3',
    'Nod re:aGk=',
  ]);
});

test.each([true, false])(
  'who waited for a connection while the credential was refused does not send it (body: %s)',
  async (hasBody) => {
    const held: number[] = [];
    const get = () => {
      held.push(it.held());
      return { username: 'alice', password: 'wonderland' };
    };
    let isChanged = false;
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const it = play((sent) => (isChanged && sent.value ? { status: 401, field: 'Nod' } : server(sent)), {
      hasBody,
      providers: [{ name: 'book', get }],
      // The one that the second request begins on becomes free when the first request has been refused.
      pinned: (connection) => (connection === (hasBody ? 5 : 3) ? opened.then(() => 'open' as const) : 'open'),
    });
    await it.run();
    isChanged = true;
    const before = it.sends.length;
    const [first, second] = [it.run(), it.run()];
    expect(await first).toBe(401);
    open();
    expect(await second).toBe(401);
    expect(it.sends.slice(before).filter(({ value }) => value !== undefined)).toHaveLength(1);
    // No connection is held while somebody is asked.
    expect(held).toEqual([0, 0, 0]);
  },
);

test('a connection that is authenticated takes the request as it is', async () => {
  const { run, sends, recorder } = play(
    ({ value, connection }) => (connection > 1 ? { status: 200 } : server({ value, connection, body: true })),
    {
      pinned: (connection) => (connection > 1 ? 'authenticated' : 'open'),
    },
  );
  await run();
  await run();
  expect(sends.slice(3)).toEqual([{ value: undefined, connection: 2, body: true }]);
  expect(recorder.trace.events.filter(({ type }) => type === 'send').at(-1)).toMatchObject({
    scheme: 'Nod',
    username: 'alice',
    byConnection: true,
  });
});

test('a connection that is authenticated no more costs a new handshake, and no answer', async () => {
  const { run, sends, recorder } = play(server, {
    pinned: (connection) => (connection === 2 ? 'authenticated' : 'open'),
  });
  await run();
  expect(await run()).toBe(200);
  expect(sends.slice(3).map(({ value, connection }) => [value, connection])).toEqual([
    [undefined, 2],
    ['Nod hello3', 3],
    ['Nod re:aGk=', 3],
  ]);
  const reason = 'the connection is authenticated no more';
  expect(recorder.trace.events).toContainEqual(expect.objectContaining({ type: 'verdict', verdict: 'silent', reason }));
});

test('a challenge without a question refuses the credential, which is not sent again', async () => {
  const { run, sends } = play(() => ({ status: 401, field: 'Nod' }));
  expect(await run()).toBe(401);
  expect(await run()).toBe(401);
  expect(sends.map(({ value }) => value)).toEqual([undefined, 'Nod hello2', undefined]);
});

test('a server whose questions never end gets five messages', async () => {
  const { run, sends, recorder } = play(({ value }) => ({ status: 401, field: value ? 'Nod aGk=' : 'Nod' }));
  expect(await run()).toBe(401);
  expect(sends).toHaveLength(6);
  expect(recorder.trace.events.at(-1)).toMatchObject({ type: 'end', reason: '5 messages of a handshake were enough' });
});

test('a message that is accepted without another question is followed by the request itself', async () => {
  const open = new Set<number>();
  const { run, sends } = play(({ value, connection }) => {
    if (value) open.add(connection);
    return open.has(connection) ? { status: 200 } : { status: 401, field: 'Nod' };
  });
  await run();
  expect(sends.map(({ value, connection, body }) => [value, connection, body])).toEqual([
    [undefined, 0, true],
    ['Nod hello2', 1, false],
    [undefined, 1, true],
  ]);
});

test('a connection that is closed between two messages leaves the 401 to the caller', async () => {
  const closing: Answering = (sent) => (sent.value?.startsWith('Nod re:') ? 'closed' : server(sent));
  const { run, sends } = play(closing);
  expect(await run()).toBe(401);
  expect(sends).toHaveLength(3);
});

test('a client that cannot keep a connection asks no provider for a credential', async () => {
  const get = jest.fn<() => undefined>();
  const { run, sends, recorder } = play(server, { canPin: false, providers: [{ name: 'book', get }] });
  expect(await run()).toBe(401);
  expect(sends).toHaveLength(1);
  expect(get).not.toHaveBeenCalled();
  expect(recorder.trace.events.at(-1)).toMatchObject({ type: 'end', code: 'ERR_AUTH_CHALLENGE' });
});
