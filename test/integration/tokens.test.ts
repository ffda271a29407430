/** Tokens that run out, and what a provider is told of the challenges that it is asked for. */

import { jest } from '@jest/globals';
import { explain, type Provider, staticCredential } from '../../src/index.js';
import { client, plainServer } from '../support/stage.js';

const MINUTE = 60_000;
const start = Date.now();
let date = start;

beforeEach(() => {
  date = start;
  jest.spyOn(Date, 'now').mockImplementation(() => date);
});
afterEach(() => {
  jest.restoreAllMocks();
});

type Request = Parameters<Provider['get']>[0];

/** A service that takes the tokens named in `valid`, and says `error` of all others. */
async function service(...valid: string[]) {
  const good = new Set(valid);
  const server = await plainServer(({ headers }, response) => {
    const token = headers.authorization?.replace('Bearer ', '');
    if (token !== undefined && good.has(token)) return response.end('"let in"');
    const error = token === undefined ? '' : ', error="invalid_token"';
    return response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="api"${error}` }).end();
  });
  return { ...server, sent: () => server.requests.map(({ headers }) => headers.authorization?.slice(7)) };
}

/** Gives t1, t2, ..., each for so long. */
function issuer(...lifetimes: number[]): Provider & { readonly asked: Request[]; readonly approved: string[] } {
  const asked: Request[] = [];
  const approved: string[] = [];
  return {
    name: 'issuer',
    asked,
    approved,
    get(request) {
      asked.push(request);
      const lifetime = lifetimes[asked.length - 1];
      return lifetime === undefined ? undefined : { token: `t${asked.length}`, expires: date + lifetime };
    },
    approve: (_request, credential) => void approved.push((credential as { token: string }).token),
  };
}

test('a token that expires within a minute is replaced before the send', async () => {
  const api = await service('t1', 't2');
  const tokens = issuer(10 * MINUTE, 10 * MINUTE);
  const http = client(api.url, { providers: [tokens] });
  await http.get('/');
  date += 8 * MINUTE;
  await http.get('/');
  date += 1 * MINUTE;
  const response = await http.get('/');
  expect(response.data).toBe('let in');
  expect(api.sent()).toEqual([undefined, 't1', 't1', 't2']);
  expect(tokens.approved).toEqual(['t1', 't2']);
  expect(explain(response)).toContain('issuer    a token');
});

test('concurrent requests ask for one token, and one of the requests tries it', async () => {
  const api = await service('t1', 't2');
  const tokens = issuer(10 * MINUTE, 10 * MINUTE);
  const http = client(api.url, { providers: [tokens] });
  await http.get('/');
  date += 9 * MINUTE;
  const responses = await Promise.all(Array.from({ length: 8 }, () => http.get('/')));
  expect(responses.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(tokens.asked).toHaveLength(2);
  expect(api.sent()).toEqual([undefined, 't1', ...Array(8).fill('t2')]);
});

test('a wrong token in place of the expired token is tried by one request', async () => {
  const api = await service('t1');
  const tokens = issuer(10 * MINUTE, 10 * MINUTE);
  const http = client(api.url, { providers: [tokens] }, { validateStatus: null });
  await http.get('/');
  date += 9 * MINUTE;
  const responses = await Promise.all(Array.from({ length: 4 }, () => http.get('/')));
  expect(responses.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  expect(api.sent().filter((token) => token === 't2')).toHaveLength(1);
});

test('without another token, the old token is used until it expires, and then no more', async () => {
  const api = await service('t1');
  const tokens = issuer(10 * MINUTE);
  const http = client(api.url, { providers: [tokens] }, { validateStatus: null });
  await http.get('/');
  date += 9.5 * MINUTE;
  expect((await http.get('/')).status).toBe(200);
  expect((await http.get('/')).status).toBe(200);
  expect(tokens.asked).toHaveLength(2);
  date += MINUTE;
  expect((await http.get('/')).status).toBe(401);
  expect(api.sent()).toEqual([undefined, 't1', 't1', 't1', undefined]);
});

test.each([
  ['after a night of sleep', 8 * 60 * MINUTE, ['t1', 't2']],
  ['when the clock is set back', -8 * 60 * MINUTE, ['t1', 't1']],
])('%s, the date decides, and not how long the program ran', async (_, jump, tokens) => {
  const api = await service('t1', 't2');
  const http = client(api.url, { providers: [issuer(10 * MINUTE, 10 * MINUTE)] });
  await http.get('/');
  date += jump;
  await http.get('/');
  expect(api.sent()).toEqual([undefined, ...tokens]);
});

test('when the clock was wrong and the server says so, the token is refused and the next one is asked for', async () => {
  const api = await service('t2');
  const tokens = issuer(10 * MINUTE, 10 * MINUTE);
  date -= 60 * MINUTE;
  expect((await client(api.url, { providers: [tokens] }).get('/')).status).toBe(200);
  expect(api.sent()).toEqual([undefined, 't1', 't2']);
});

test('in a space that is foretold, the next token is asked for before the send, too', async () => {
  const api = await service('t1', 't2');
  const tokens = issuer(10 * MINUTE, 10 * MINUTE);
  const http = client(api.url, { assume: { [api.url]: 'Bearer' }, providers: [tokens] });
  await http.get('/');
  date += 9 * MINUTE;
  await http.get('/');
  expect(api.sent()).toEqual(['t1', 't2']);
});

test('a token with a lifetime of less than a minute is used until it expires', async () => {
  const api = await service('t1', 't2');
  const tokens = issuer(MINUTE / 2, MINUTE / 2);
  const http = client(api.url, { providers: [tokens] });
  await http.get('/');
  await http.get('/');
  expect(tokens.asked).toHaveLength(1);
  date += MINUTE / 2;
  await http.get('/');
  expect(api.sent()).toEqual([undefined, 't1', 't1', 't2']);
});

test('a token that has already expired is not sent, and the next provider is asked', async () => {
  const api = await service('t0', 't1');
  const tokens = issuer(0);
  const http = client(api.url, { providers: [tokens, staticCredential({ token: 't0' })] });
  const response = await http.get('/');
  expect(api.sent()).toEqual([undefined, 't0']);
  expect(explain(response)).toContain('gave a token that has run out');
});

test('without preemption, a token that is about to expire is replaced at the 401', async () => {
  const api = await service('t1', 't2');
  const tokens = issuer(10 * MINUTE, 10 * MINUTE);
  const http = client(api.url, { providers: [tokens], preemptive: false });
  await http.get('/');
  date += 9 * MINUTE;
  await http.get('/');
  expect(api.sent()).toEqual([undefined, 't1', undefined, 't2']);
});

test('a caller who aborts while a token is asked for sends nothing, and delays no other request', async () => {
  const api = await service('t1', 't2');
  const leaving = new AbortController();
  const waiting: Array<() => void> = [];
  let given = 0;
  const slow: Provider = {
    name: 'slow',
    get: async () => {
      given += 1;
      if (given === 2) await new Promise<void>((resolve) => waiting.push(resolve));
      return { token: `t${Math.min(given, 2)}`, expires: date + 10 * MINUTE };
    },
  };
  const http = client(api.url, { providers: [slow] });
  await http.get('/');
  date += 9 * MINUTE;
  const left = http.get('/', { signal: leaving.signal }).catch((error: { code: string }) => error.code);
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  leaving.abort();
  expect(await left).toBe('ERR_CANCELED');
  expect((await http.get('/')).status).toBe(200);
  expect(api.sent()).toEqual([undefined, 't1', 't2']);
});

test('a provider sees the challenge that it is asked for, and the challenge that refused its last credential', async () => {
  const api = await service('t2');
  const tokens = issuer(MINUTE * 10, MINUTE * 10);
  const rejected: Request[] = [];
  const reject = (request: Request) => void rejected.push(request);
  await client(api.url, { providers: [{ ...tokens, reject }, tokens] }).get('/');
  const plain = { scheme: 'bearer', params: { realm: 'api' } };
  const refusal = { scheme: 'bearer', params: { realm: 'api', error: 'invalid_token' } };
  expect(tokens.asked.map(({ challenge }) => challenge)).toEqual([plain, refusal]);
  expect(tokens.asked.map((request) => request.refusal)).toEqual([undefined, refusal]);
  expect(rejected.map((request) => request.refusal)).toEqual([refusal]);
});
