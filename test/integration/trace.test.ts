/** One record, three ways to read it: `trace()`, `onEvent` and AXIOS_CHALLENGE_DEBUG. */

import axios from 'axios';
import {
  type AuthEvent,
  type AuthOptions,
  explain,
  installAuth,
  type Provider,
  staticCredential,
  trace,
} from '../../src/index.js';
import { alice, bare, client, plainServer, server } from '../support/stage.js';

const digest = { scheme: 'digest', realm: 'Files', algorithm: 'SHA-256' } as const;

function listening(url: string, options: AuthOptions = {}) {
  const heard: AuthEvent[] = [];
  const client = bare(url);
  const onEvent = (event: AuthEvent) => void heard.push(event);
  installAuth(client, { providers: [staticCredential(alice)], onEvent, ...options });
  return { client, heard };
}

const outcomeOf = (request: Promise<unknown>) => request.catch((error: unknown) => error);

test.each<readonly [string, object, string]>([
  ['an open path', { protect: {} }, '/'],
  ['an answered challenge', { protect: digest }, '/'],
  ['an unanswerable one', { protect: { raw: 'Negotiate' } }, '/'],
  ['a network error', {}, 'http://127.0.0.1:1/'],
  ['a wrong proof', { protect: { ...digest, rspauth: 'wrong' } }, '/'],
])('the listener gets what the trace holds, and the end last and once: %s', async (_, guard, path) => {
  const guarded = await server(guard);
  const { client, heard } = listening(guarded.url);
  const outcome = await outcomeOf(client.get(path));
  expect(trace(outcome)?.events).toEqual(heard);
  expect(heard.map(({ type }) => type).filter((type) => type === 'end')).toEqual(['end']);
  expect(heard.at(-1)?.type).toBe('end');
});

test('without a listener the trace holds the same', async () => {
  const guarded = await server({ protect: { '/in': digest } });
  const { client, heard } = listening(guarded.url);
  const silent = bare(guarded.url);
  installAuth(silent, { providers: [staticCredential(alice)] });
  const types = async (path: string) => trace(await silent.get(path))?.events.map(({ type }) => type);
  for (const path of ['/open', '/in', '/in', '/open']) {
    heard.length = 0;
    await client.get(path);
    expect(await types(path)).toEqual(heard.map(({ type }) => type));
  }
});

test('events bear the number of their exchange, and times that do not run backwards', async () => {
  const guarded = await server({ protect: digest });
  const { client, heard } = listening(guarded.url);
  const before = Date.now();
  const outcomes = await Promise.all(['/a', '/b', '/c'].map((path) => client.get(path)));
  const traces = outcomes.map((outcome) => trace(outcome));
  expect(new Set(traces.map((one) => one?.exchange)).size).toBe(3);
  for (const one of traces) {
    expect(one?.events).toEqual(heard.filter(({ exchange }) => exchange === one?.exchange));
    const times = one?.events.map(({ at }) => at) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs((one?.began ?? 0) - before)).toBeLessThan(10_000);
    expect(times[0]).toBe(0);
    expect(one?.began).toBeLessThanOrEqual(Date.now());
  }
});

test('a send names its nonce and nc, as the server got them', async () => {
  const guarded = await server({ protect: digest });
  const { client, heard } = listening(guarded.url);
  for (const path of ['/a', '/b']) await client.get(path);
  const sends = heard.flatMap((event) => (event.type === 'send' ? [[event.nonce, event.nc]] : []));
  expect(sends).toEqual(guarded.requests.map(({ nonce, nc }) => [nonce, nc]));
});

test('a decision of policy has a code, for and against', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const { port } = new URL(guarded.url);
  const decisions = async (allowInsecure: boolean) => {
    const anywhere: Provider = { name: 'anywhere', get: () => alice };
    const { client, heard } = listening(`http://files.test:${port}`, { allowInsecure, providers: [anywhere] });
    await outcomeOf(client.get('/', { lookup: async () => ['127.0.0.1', 4] }));
    return heard.flatMap((event) =>
      event.type === 'passedOver' || event.type === 'permitted' ? [[event.type, event.code]] : [],
    );
  };
  expect(await decisions(false)).toEqual([['passedOver', 'ERR_AUTH_INSECURE']]);
  expect(await decisions(true)).toEqual([['permitted', 'ERR_AUTH_INSECURE']]);
});

test('a trace is plain data', async () => {
  const guarded = await server({ protect: digest });
  const { client } = listening(guarded.url);
  const found = trace(await client.get('/report'));
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  expect(found).toMatchObject({ method: 'GET', url: `${guarded.url}/report` });
});

describe('AXIOS_CHALLENGE_DEBUG', () => {
  const { AXIOS_CHALLENGE_DEBUG } = process.env;
  const { write } = process.stderr;
  const written: string[] = [];

  beforeEach(() => {
    written.length = 0;
    process.stderr.write = (text: unknown) => Boolean(written.push(String(text)));
  });

  afterEach(() => {
    process.stderr.write = write;
    if (AXIOS_CHALLENGE_DEBUG === undefined) delete process.env.AXIOS_CHALLENGE_DEBUG;
    else process.env.AXIOS_CHALLENGE_DEBUG = AXIOS_CHALLENGE_DEBUG;
  });

  async function visit(value: string | undefined) {
    if (value === undefined) delete process.env.AXIOS_CHALLENGE_DEBUG;
    else process.env.AXIOS_CHALLENGE_DEBUG = value;
    const guarded = await server({ protect: { '/in': digest } });
    const client = bare(guarded.url);
    installAuth(client, { providers: [staticCredential(alice)] });
    const urls = ['/open', '/in', 'http://127.0.0.1:1/'];
    return Promise.all(urls.map((url) => outcomeOf(client.get(url))));
  }

  test('writes each exchange once, when it is over, in the words of explain', async () => {
    const outcomes = await visit('1');
    expect([...written].sort()).toEqual(outcomes.map((outcome) => `axios-challenge: ${explain(outcome)}\n`).sort());
    expect(written.join('')).not.toContain(alice.password);
  });

  test.each([undefined, '', '0', 'false'])('%p is off', async (value) => {
    await visit(value);
    expect(written).toEqual([]);
  });
});

test('the message of an axios error with a response stays as it was', async () => {
  const guarded = await server({ protect: digest, users: {} });
  const { client } = listening(guarded.url);
  const error = await outcomeOf(client.get('/'));
  expect(axios.isAxiosError(error)).toBe(true);
  expect(error).toMatchObject({ code: 'ERR_BAD_REQUEST', response: { status: 401 } });
});

test('an adapter that fails without a code ends without a response, and explain() says so', async () => {
  const fault = new Error('out of order');
  const error = await client('http://127.0.0.1:1', {}, { adapter: () => Promise.reject(fault) })
    .get('/')
    .catch((reason: unknown) => reason);
  expect(error).toBe(fault);
  expect(explain(error)).toMatch(/-> {2}no response\n[\s\S]*ended without a response: no response came$/);
});

test('the record does not read a config that was changed after the request', async () => {
  const open = await plainServer((_, response) => response.end('in'));
  const response = await client(open.url).get('/');
  response.config.url = Object.create(null);
  expect(explain(response)).toContain('->  200');
});
