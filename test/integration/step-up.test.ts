/** A token that is right and grants too little: who is asked for one that grants more, and how often. */

import { type CredentialRequest, explain, type Provider, staticCredential, trace } from '../../src/index.js';
import { client, plainServer, spy, until } from '../support/stage.js';

/** A server whose paths are scopes: `/a+b`. A token is the list of its scopes: `t-a-b`. */
async function service({ status = 403, error = 'insufficient_scope', more = '' } = {}) {
  const api = await plainServer((request, response) => {
    const wanted = (request.url as string).slice(1).split('+').filter(Boolean);
    const token = request.headers.authorization?.replace('Bearer ', '');
    const granted = token?.split('-') ?? [];
    const say = (code: number, field: string) => response.writeHead(code, { 'WWW-Authenticate': field }).end('"no"');
    if (token === undefined || !token.startsWith('t')) return say(401, 'Bearer realm="api", scope="a"');
    if (wanted.every((scope) => granted.includes(scope))) return response.end('"let in"');
    return say(status, `Bearer realm="api", error="${error}", scope="${wanted.join(' ')}"${more}`);
  });
  return { ...api, sent: () => api.requests.map(({ headers }) => headers.authorization?.slice(7)) };
}

type Issuer = Provider & { readonly asked: CredentialRequest[]; readonly told: string[] };

/** Gives a token for each scope that a challenge names. */
function issuer(members: Partial<Provider> = {}, granted = (scope: string) => scope): Issuer {
  const [asked, told]: [CredentialRequest[], string[]] = [[], []];
  return {
    name: 'issuer',
    stepUp: true,
    asked,
    told,
    get: (request) => {
      asked.push(request);
      return { token: ['t', ...granted(request.challenge?.params.scope ?? '').split(' ')].join('-') };
    },
    approve: (_, credential) => void told.push(`approve ${(credential as { token: string }).token}`),
    reject: (_, credential) => void told.push(`reject ${(credential as { token: string }).token}`),
    ...members,
  };
}

const quiet = { validateStatus: null };

test('a 403 that names a scope has a provider asked for the union, and the old token is not rejected', async () => {
  const api = await service();
  const tokens = issuer();
  const http = client(api.url, { providers: [tokens] });
  const response = await http.get('/b');
  expect(response.data).toBe('let in');
  expect(api.sent()).toEqual([undefined, 't-a', 't-a-b']);
  const refusal = { scheme: 'bearer', params: { realm: 'api', error: 'insufficient_scope', scope: 'b' } };
  expect(tokens.asked[1]).toMatchObject({ refusal, refused: 0, realm: 'api' });
  expect(tokens.asked[1]?.challenge).toEqual({ ...refusal, params: { ...refusal.params, scope: 'a b' } });
  expect(tokens.told).toEqual(['approve t-a-b']);
  expect(explain(response)).toMatch(/sent with a token \(Bearer\) +403 {2}the token lacks the scope "b" {2}Bearer/);
  for (const path of ['/a', '/b']) expect((await http.get(path)).status).toBe(200);
  expect(api.sent()).toHaveLength(5);
});

test('requests at once step up once', async () => {
  const api = await service();
  const tokens = issuer();
  const http = client(api.url, { providers: [tokens] });
  await http.get('/a');
  const responses = await Promise.all(Array.from({ length: 8 }, () => http.get('/b')));
  expect(responses.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(tokens.asked).toHaveLength(2);
});

test('a login that is too weak is asked for again', async () => {
  const api = await service({
    status: 401,
    error: 'insufficient_user_authentication',
    more: ', acr_values="gold", max_age="60"',
  });
  const tokens = issuer();
  const response = await client(api.url, { providers: [tokens] }).get('/b');
  expect(response.data).toBe('let in');
  expect(tokens.asked[1]).toMatchObject({
    challenge: { params: { scope: 'a b', acr_values: 'gold', max_age: '60' } },
    refusal: { params: { error: 'insufficient_user_authentication' } },
  });
  expect(tokens.told).toEqual(['approve t-a-b']);
});

test('a body goes again as it does after a 401', async () => {
  const api = await service();
  const http = client(api.url, { providers: [issuer()] });
  expect((await http.post('/b', { some: 'json' })).data).toBe('let in');
  const { Readable } = await import('node:stream');
  const config = { ...quiet, challenge: { bufferBody: 0 } };
  const response = await http.post('/c', Readable.from(['a stream']), config);
  expect(response.status).toBe(403);
  expect(explain(response)).toContain('ERR_AUTH_BODY');
});

test.each<[string, Provider, number]>([
  ['one that says nothing of it', { ...issuer(), stepUp: undefined as never }, 1],
  ['a fixed token', staticCredential({ token: 't-a' }), 0],
])("%s is not asked again: the 403 is the caller's at once, and explain says what is missing", async (_, provider) => {
  const api = await service();
  const response = await client(api.url, { providers: [provider] }, quiet).get('/b');
  expect([response.status, response.data]).toEqual([403, 'no']);
  expect(api.sent()).toEqual([undefined, 't-a']);
  const text = explain(response);
  expect(text).toContain('gave back the server\'s own 403: the token lacks the scope "b" (ERR_AUTH_REFUSED)');
  expect(text).toContain('what to do: get a token with that scope');
  expect(trace(response)?.events.at(-1)).toMatchObject({ type: 'end', status: 403, code: 'ERR_AUTH_REFUSED' });
});

test('a token that was let in before keeps its place after such a 403', async () => {
  const api = await service();
  const http = client(api.url, { providers: [staticCredential({ token: 't-a' })] }, quiet);
  for (const path of ['/a', '/b', '/a']) await http.get(path);
  expect(api.sent()).toEqual([undefined, 't-a', 't-a', 't-a']);
});

test('the same token again is not sent, and explain says so', async () => {
  const api = await service();
  const tokens = issuer({}, () => 'a');
  const response = await client(api.url, { providers: [tokens] }, quiet).get('/b');
  expect(response.status).toBe(403);
  expect(tokens.asked).toHaveLength(2);
  expect(tokens.told).toEqual([]);
  expect(explain(response)).toContain('gave the token that grants too little');
  expect(explain(response)).toContain('no provider has one that grants more');
});

test('a person is asked only where a provider asks people, and after the others', async () => {
  const api = await service();
  const asked: string[] = [];
  const silent = issuer({ name: 'silent', get: () => void asked.push('silent') as undefined });
  const person = issuer({ name: 'person', interactive: true });
  const response = await client(api.url, { providers: [person, silent] }).get('/b');
  expect(response.status).toBe(200);
  expect(asked).toEqual(['silent', 'silent']);
  expect(person.asked).toHaveLength(2);
});

test('a caller who leaves while more is asked for gets no response', async () => {
  const api = await service();
  const leaving = new AbortController();
  const tokens = issuer();
  const { get } = tokens;
  tokens.get = (request) => {
    const given = get(request);
    return tokens.asked.length > 1 ? new Promise(() => {}) : given;
  };
  const left = client(api.url, { providers: [tokens] })
    .get('/b', { signal: leaving.signal })
    .catch(({ code }) => code);
  await until(() => tokens.asked.length > 1);
  leaving.abort();
  expect(await left).toBe('ERR_CANCELED');
});

test('a 403 without such a challenge, and one that answers no token, are no business of ours', async () => {
  const api = await plainServer(({ headers }, response) => {
    const isKnown = headers.authorization !== undefined;
    response.writeHead(403, isKnown ? {} : { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }).end();
  });
  const provider = spy({ token: 't' });
  const http = client(api.url, { providers: [{ ...provider, stepUp: true }] }, quiet);
  expect((await http.get('/')).status).toBe(403);
  const assume = { [api.url]: 'Bearer' };
  expect((await http.get('/', { challenge: { assume } })).status).toBe(403);
  expect(api.requests).toHaveLength(2);
  expect(provider.asked).toHaveLength(1);
});
