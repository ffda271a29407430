/** SEC-54 What is not text: nothing that a provider, a scheme or a listener is or says fails a request, or its record. */

import {
  type AuthOptions,
  type Challenge,
  chain,
  digest,
  explain,
  installAuth,
  type Provider,
  trace,
} from '../../src/index.js';
import { alice, bare, server } from '../support/stage.js';

const boom = (): never => {
  throw new Error('boom');
};
const get = () => undefined;
const cyclic: { name: string; get: () => undefined; providers: unknown[] } = { name: 'loop', get, providers: [] };
cyclic.providers.push(cyclic);

const NO_PROVIDERS: Readonly<Record<string, unknown>> = {
  'no list': { name: 'own', get },
  'a hole': [undefined],
  null: [null],
  'a function': [get],
  text: ['env'],
  'no name': [{ get }],
  'an empty name': [{ name: ' ', get }],
  'a number for a name': [{ name: 7, get }],
  'an object for a name': [{ name: { toString: boom }, get }],
  'a symbol for a name': [{ name: Symbol('own'), get }],
  'a promise for a name': [{ name: Promise.resolve('own'), get }],
  'a name that throws': [
    {
      get,
      get name(): string {
        return boom();
      },
    },
  ],
  'no get': [{ name: 'own' }],
  'a get that is not a function': [{ name: 'own', get: alice }],
  'parts that are not a list': [{ name: 'own', get, providers: 7 }],
  'a nameless part': [{ name: 'own', get, providers: [{ get }] }],
  'a nameless part of a chain': [chain({ get } as never)],
  'itself for a part': [cyclic],
  'a revoked proxy': [revoked()],
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const unusable = expect.objectContaining({ code: 'ERR_AUTH_OPTION' });

test.each(Object.entries(NO_PROVIDERS))('SEC-54 providers that are %s are refused', async (_, providers) => {
  const guarded = await server();
  const options = { providers } as AuthOptions;
  expect(thrownBy(() => installAuth(bare(guarded.url), options))).toEqual(unusable);
  const client = bare(guarded.url);
  installAuth(client, { providers: [] });
  const failed = await client.get('/', { challenge: options }).catch((reason: unknown) => reason);
  expect(failed).toEqual(unusable);
  expect(explain(failed)).toContain('ERR_AUTH_OPTION');
  expect(guarded.requests).toHaveLength(0);
});

test.each([['no scheme'], [{}], [{ name: 'digest' }], [{ ...digest(), name: 7 }], [{ ...digest(), read: 7 }], [null]])(
  'SEC-54 a scheme that is %p is refused',
  (scheme) => {
    expect(thrownBy(() => installAuth(bare(''), { providers: [], schemes: [scheme as never] }))).toEqual(unusable);
  },
);

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('SEC-54 providers of a class, with inherited members, are providers', async () => {
  class Base {
    get name() {
      return 'book';
    }
    get() {
      return alice;
    }
  }
  const guarded = await server();
  const client = bare(guarded.url);
  installAuth(client, { providers: [new (class extends Base {})()] });
  expect((await client.get('/')).status).toBe(200);
});

const rejected = () => Promise.reject(new Error('boom'));
const NOT_TEXT: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  'a number': 7,
  'a symbol': Symbol('x'),
  'a big integer': 7n,
  'an object': { toString: boom },
  'an object without a prototype': Object.create(null),
  'a list': ['a', 'b'],
  'a function': boom,
};

/** A provider that turns strange once it is installed. */
function turning(change: object): { provider: Provider; turn: () => void } {
  const provider = { name: 'own', get };
  return { provider, turn: () => Object.defineProperties(provider, Object.getOwnPropertyDescriptors(change)) };
}

const STRANGE: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    Object.entries(NOT_TEXT).flatMap(([kind, value]) => [
      [`an absence that is ${kind}`, { absence: () => value }],
      [`a name that becomes ${kind}`, { name: value }],
      [`an absence member that is ${kind}`, { absence: value }],
      [`a time limit that is ${kind}`, { timeout: value }],
      [`an answer that is ${kind}`, { get: () => value }],
      [`a user name that is ${kind}`, { get: () => ({ username: value }) }],
      [`a password that is ${kind}`, { get: () => ({ username: 'alice', password: value }) }],
      [`a token that is ${kind}`, { get: () => ({ token: value }) }],
      [`an interactive that is ${kind}`, { interactive: value }],
      [`a thrown value that is ${kind}`, { get: () => Promise.reject(value) }],
    ]),
  ),
  'an absence that throws': { absence: boom },
  'an absence that is a promise': { absence: async () => 'none' },
  'an absence that is a rejected promise': { absence: rejected },
  'an absence that is a strange thenable': { absence: () => Object.defineProperty({}, 'then', { get: boom }) },
  'a name that throws by then': {
    get name(): string {
      return boom();
    },
  },
  'members that throw': Object.defineProperties(
    {},
    Object.fromEntries(
      ['interactive', 'store', 'timeout', 'absence', 'approve', 'reject', 'providers'].map((name) => [
        name,
        { get: boom },
      ]),
    ),
  ),
  'a thrown revoked proxy': { get: () => Promise.reject(revoked()) },
  'an answer that is a revoked proxy': { get: revoked },
  'an answer whose members throw': {
    get: () => Object.defineProperty({}, 'password', { get: boom, enumerable: true }),
  },
};

describe.each([
  ['on', '1'],
  ['off', ''],
])('SEC-54 with debug %s', (_, debug) => {
  const { write } = process.stderr;
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);

  beforeEach(() => {
    process.env.AXIOS_CHALLENGE_DEBUG = debug;
    process.stderr.write = () => true;
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener('unhandledRejection', note);
    process.stderr.write = write;
    delete process.env.AXIOS_CHALLENGE_DEBUG;
    expect(unhandled).toEqual([]);
  });

  test.each(Object.entries(STRANGE))('SEC-54 %s fails neither the request nor the record', async (_, change) => {
    const guarded = await server();
    const client = bare(guarded.url);
    const { provider, turn } = turning(change);
    const heard: unknown[] = [];
    const right: Provider = { name: 'right', get: () => alice };
    installAuth(client, { providers: [provider, right], onEvent: (event) => heard.push(event) });
    turn();
    const response = await client.get('/');
    expect(response.status).toBe(200);
    expect(explain(response)).toContain('sent as alice');
    expect(JSON.parse(JSON.stringify(trace(response)))).toMatchObject({ method: 'GET' });
    for (const event of heard as Array<Record<string, unknown>>) {
      if (event.type === 'provider')
        expect([typeof event.provider, typeof (event.reason ?? '')]).toEqual(['string', 'string']);
    }
  });

  test.each<[string, unknown]>([
    ['throws', boom],
    ['rejects', rejected],
    ['is no function', 7],
    ['gives a strange thenable', () => Object.defineProperty({}, 'then', { get: boom })],
  ])('SEC-54 a listener that %s fails no request', async (_, onEvent) => {
    const guarded = await server();
    const client = bare(guarded.url);
    installAuth(client, { providers: [{ name: 'right', get: () => alice }], onEvent: onEvent as never });
    expect((await client.get('/')).status).toBe(200);
  });

  test('SEC-54 a stderr that cannot be written, and a label that is not text, fail no request', async () => {
    process.stderr.write = boom;
    const guarded = await server();
    const client = bare(guarded.url);
    const own = digest();
    const read = (challenge: Challenge) => ({ ...own.read(challenge), label: Symbol('x') as never });
    installAuth(client, { providers: [{ name: 'right', get: () => alice }], schemes: [{ ...own, read }] });
    const response = await client.get('/');
    expect(response.status).toBe(200);
    expect(explain(response)).toContain('[symbol]');
  });
});

test('SEC-54 explain() and trace() do not throw, whatever the argument is', () => {
  const throwing = Object.defineProperty({}, 'response', { get: boom });
  const config = Object.defineProperty({}, 'config', { get: boom });
  for (const outcome of [...Object.values(NOT_TEXT), throwing, config, revoked(), { cause: throwing }]) {
    expect(explain(outcome)).toMatch(/^no record/);
    expect(trace(outcome)).toBeUndefined();
  }
});
