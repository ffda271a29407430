/** What `explain` tells a person, for each way in which an exchange can end (DESIGN, sections 5 and 9). */

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import {
  AuthError,
  type AuthEvent,
  type AuthOptions,
  basic as basicScheme,
  type Credential,
  explain,
  installAuth,
  type Provider,
  type Scheme,
  staticCredential,
} from '../../src/index.js';
import type { ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { alice, bare, client, refused, server, spy } from '../support/stage.js';
import { withoutTimes } from '../support/times.js';

interface Story {
  readonly guard?: ChallengeServerOptions;
  readonly options?: AuthOptions;
  readonly config?: AxiosRequestConfig;
  /** What happened before. */
  readonly before?: (client: AxiosInstance) => Promise<unknown>;
  /** Of http://files.example and http://other.example. */
  readonly tells: string;
}

const holding = (credential: Credential): Provider => staticCredential(credential);
const everywhere: Provider = { name: 'anywhere', get: () => alice };
const notebook: Provider = { name: 'notebook', get: () => undefined, absence: () => 'has no page for it' };
const vault: Provider = {
  name: 'vault',
  get: () => {
    throw new AuthError('ERR_AUTH_PROVIDER', 'the vault is sealed');
  },
};
const wrong = { username: 'alice', password: 'through the looking-glass' };
const basic = { scheme: 'basic', realm: 'Files' } as const;
const digest = { scheme: 'digest', realm: 'Files', algorithm: 'SHA-256' } as const;
const BY_NAME = 'http://files.test';
/** The server's own origin, with https in place of http. */
const SPOKEN_BY_TLS = 'https://same.test';

const problem = (response: ServerResponse) =>
  response
    .writeHead(401, { 'www-authenticate': 'NTLM', 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ title: 'Locked\u001b[2J', detail: 'Ask the desk.', status: 401 }));

const STORIES: Readonly<Record<string, Story>> = {
  'the server gives its reason in the challenge': {
    guard: {
      protect: {
        raw: 'Bearer realm="Files", error="invalid_token", error_description="It has expired", error_uri="https://help.example/401", scope="read"',
      },
    },
    options: { providers: [holding({ token: 't0ken' })] },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Bearer   realm "Files"
     static    a token
     chose Bearer
  2  sent with a token (Bearer)                       401  refused (not stale)  Bearer   realm "Files"
     static    gave what the server has refused already
  gave back the server's own 401: the server refused the credential, and no provider has another (ERR_AUTH_REFUSED)
  the server says: invalid_token: It has expired (see https://help.example/401; scope read)
  what to do: get a new token: it may have expired, or lack the audience or the scope that the server wants`,
  },
  'the server gives its reason in a problem document': {
    guard: { onRequest: (_, response) => Boolean(problem(response)) },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  NTLM
     chose none (passed over: NTLM, no scheme of this client answers it)
  gave back the server's own 401: none of its challenges can be answered (ERR_AUTH_CHALLENGE)
  the server says: Locked\\x1b[2J: Ask the desk.
  what to do: ask for Digest, Basic or Bearer on the server, or give \`schemes\` one that answers it`,
  },
  'https to a port that speaks http': {
    config: { baseURL: SPOKEN_BY_TLS },
    tells: `
GET https://files.example/report  ->  EPROTO
  1  sent without credentials                         no response
  ended without a response: the TLS handshake failed: what listens on that port may not speak TLS (EPROTO)
  what to do: check the port, or use http:// if the server speaks no TLS`,
  },
  'nobody asks': {
    guard: { protect: {} },
    tells: `
GET http://files.example/report  ->  200
  1  sent without credentials                         200`,
  },
  'the strongest challenge is answered': {
    guard: { protect: [digest, { ...digest, algorithm: 'MD5' }, basic] },
    options: { providers: [notebook, holding(alice)] },
    tells: `
GET http://files.example/report  ->  200
  1  sent without credentials                         401  Digest SHA-256, Digest MD5, Basic   realm "Files"
     notebook  has no page for it
     static    alice
     chose Digest SHA-256 (passed over: Digest MD5, weaker; Basic, weaker)
  2  sent as alice (Digest SHA-256, nc 1)             200`,
  },
  'authorized at once': {
    before: (client) => client.get('/report'),
    tells: `
GET http://files.example/report  ->  200
  1  sent as alice (Digest SHA-256, nc 2, at once)    200`,
  },
  'the response is an error of another kind': {
    guard: { protect: digest, onAuthenticated: (_, response) => void response.writeHead(403).end() },
    tells: `
GET http://files.example/report  ->  403
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
     static    alice
     chose Digest SHA-256
  2  sent as alice (Digest SHA-256, nc 1)             403  says nothing about the credential`,
  },
  'the caller set Authorization': {
    config: { headers: { Authorization: 'Basic bm86bm8=' } },
    tells: `
GET http://files.example/report  ->  401
  1  sent with the caller's own authorization         401
  gave back the server's own 401: the caller set Authorization, so its 401 was left alone`,
  },
  'challenge: false': {
    config: { challenge: false },
    tells: `
no record: the request had challenge: false, so that a 401 was left alone`,
  },
  'the challenge is malformed': {
    guard: { protect: { raw: 'Digest realm="unterminated' } },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401
  gave back the server's own 401: its challenge cannot be read (ERR_AUTH_CHALLENGE)
  what to do: ask for Digest, Basic or Bearer on the server, or give \`schemes\` one that answers it`,
  },
  'there is no challenge': {
    guard: { onRequest: (_, response) => Boolean(response.writeHead(401).end()) },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401
  gave back the server's own 401: it came without a challenge (ERR_AUTH_CHALLENGE)
  what to do: the server names no auth-scheme: have it send WWW-Authenticate, or say in \`assume\` what it means`,
  },
  'no scheme answers': {
    guard: { protect: { raw: ['Negotiate', 'Digest realm="x", nonce="y", algorithm=SHA'] } },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Negotiate, Digest "SHA"
     chose none (passed over: Negotiate, no scheme of this client answers it; Digest "SHA", the algorithm "SHA" is not supported)
  gave back the server's own 401: none of its challenges can be answered (ERR_AUTH_CHALLENGE)
  what to do: ask for Digest, Basic or Bearer on the server, or give \`schemes\` one that answers it`,
  },
  'the password would travel in the clear': {
    guard: { protect: basic },
    config: { baseURL: BY_NAME },
    tells: `
GET http://files.test/report  ->  401
  1  sent without credentials                         401  Basic   realm "Files"
     chose none (passed over: Basic, it would travel in the clear)
  gave back the server's own 401: Basic would send the password in the clear to http://files.test (ERR_AUTH_INSECURE)
  what to do: use https, or name the origin in \`allowInsecure\``,
  },
  'it may': {
    guard: { protect: basic },
    config: { baseURL: BY_NAME },
    options: { allowInsecure: true, providers: [everywhere] },
    tells: `
GET http://files.test/report  ->  200
  1  sent without credentials                         401  Basic   realm "Files"
     anywhere  alice
     chose Basic (allowInsecure, though it would travel in the clear)
  2  sent as alice (Basic)                            200`,
  },
  'the server offers less than before': {
    guard: { protect: { '/': basic, '/strong': digest } },
    before: (client) => client.get('/strong'),
    tells: `
GET http://files.example/report  ->  401
  1  sent as alice (Digest SHA-256, nc 2, at once)    401  it is about something else  Basic   realm "Files"
     chose none (passed over: Basic, it is weaker than before)
  gave back the server's own 401: Basic is weaker than Digest SHA-256, which this space offered before (ERR_AUTH_DOWNGRADE)
  what to do: find out who takes the stronger challenge away; \`allowInsecure\` for the origin permits it`,
  },
  'the body is used up': {
    config: { method: 'post', data: Readable.from(['once']), maxRedirects: 0, challenge: { bufferBody: 0 } },
    tells: `
POST http://files.example/report  ->  401
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
  gave back the server's own 401: the body is a stream, which can be read once (ERR_AUTH_BODY)
  what to do: give it by a function (\`challenge: { body }\`), let \`bufferBody\` keep it, or log in before with \`prime()\``,
  },
  'nobody has a credential': {
    options: { providers: [notebook] },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
     notebook  has no page for it
  gave back the server's own 401: no provider has a credential (ERR_AUTH_NONE)
  what to do: see what each provider says, or add one to \`providers\` that has a password for http://files.example`,
  },
  'providers are broken, or give what is no use': {
    guard: { protect: basic },
    options: { providers: [vault, holding({ username: 'a:b', password: 'x' }), holding({ token: 't0ken' })] },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Basic   realm "Files"
     vault     the vault is sealed
     static    the user name holds a ":", which Basic cannot carry (RFC 7617 §2)
     static    is a token, not a password
  gave back the server's own 401: no provider has a credential (ERR_AUTH_NONE)
  what to do: see what each provider says, or add one to \`providers\` that has a password for http://files.example`,
  },
  'the credential is refused': {
    options: { providers: [holding(wrong), notebook] },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
     static    alice
     chose Digest SHA-256
  2  sent as alice (Digest SHA-256, nc 1)             401  refused (not stale)  Digest SHA-256   realm "Files"
     static    gave what the server has refused already
     notebook  has no page for it
  gave back the server's own 401: the server refused the credential, and no provider has another (ERR_AUTH_REFUSED)
  what to do: check the user name and the password that static gave; a refused credential is not sent again for a while`,
  },
  'no more credentials may be tried': {
    options: { maxCredentials: 1, providers: [holding(wrong), holding(alice)] },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
     static    alice
     chose Digest SHA-256
  2  sent as alice (Digest SHA-256, nc 1)             401  refused (not stale)  Digest SHA-256   realm "Files"
  gave back the server's own 401: 1 refused, and no more may be tried (maxCredentials) (ERR_AUTH_REFUSED)
  what to do: check the user name and the password that static gave; a refused credential is not sent again for a while`,
  },
  'every nonce is stale': {
    guard: { protect: { ...digest, alwaysStale: true } },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
     static    alice
     chose Digest SHA-256
  2  sent as alice (Digest SHA-256, nc 1)             401  the nonce is stale  Digest SHA-256   realm "Files"
     chose Digest SHA-256
  3  sent as alice (Digest SHA-256, nc 1)             401  the nonce is stale  Digest SHA-256   realm "Files"
     chose Digest SHA-256
  4  sent as alice (Digest SHA-256, nc 1)             401  the nonce is stale  Digest SHA-256   realm "Files"
     chose Digest SHA-256
  5  sent as alice (Digest SHA-256, nc 1)             401  the nonce is stale  Digest SHA-256   realm "Files"
  gave back the server's own 401: the server called 4 nonces stale (ERR_AUTH_STALE)
  what to do: the nonces of the server expire before they can be used: its administrator can tell why`,
  },
  'the server proves nothing': {
    guard: { protect: { ...digest, rspauth: 'wrong' } },
    tells: `
GET http://files.example/report  ->  200
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
     static    alice
     chose Digest SHA-256
  2  sent as alice (Digest SHA-256, nc 1)             200
  failed the request: the server sent a wrong rspauth (ERR_AUTH_MUTUAL)
  what to do: do not trust what came, or ask for less proof with \`mutual\``,
  },
  'a scheme lets no server prove anything': {
    guard: { protect: basic },
    options: { mutual: 'require' },
    tells: `
GET http://files.example/report  ->  401
  1  sent without credentials                         401  Basic   realm "Files"
     chose none (passed over: Basic, it lets no server prove itself)
  gave back the server's own 401: Basic lets no server prove itself, and mutual: 'require' asks for it (ERR_AUTH_MUTUAL)
  what to do: do not trust what came, or ask for less proof with \`mutual\``,
  },
  'config.auth is refused': {
    guard: { protect: basic },
    config: { auth: wrong },
    tells: `
GET http://files.example/report  ->  401
  1  sent with the caller's own authorization         401  Basic   realm "Files"
     chose none (passed over: Basic, the credential was refused)
  gave back the server's own 401: the credential that the caller gave was refused: of config.auth, of config.proxy.auth, or of the URL (ERR_AUTH_REFUSED)
  what to do: check the user name and the password; a refused credential is not sent again for a while`,
  },
  'nobody listens': {
    config: { baseURL: 'http://127.0.0.1:1' },
    tells: `
GET http://127.0.0.1:1/report  ->  ECONNREFUSED
  1  sent without credentials                         no response
  ended without a response: connection refused: nothing is listening on that port (ECONNREFUSED)`,
  },
};

/** The story's own names for what differs from run to run. */
function told(outcome: unknown, origin: string, other = 'http://other.example'): string {
  const { port } = new URL(origin);
  const text = withoutTimes(explain(outcome))
    .replaceAll(origin, 'http://files.example')
    .replaceAll(`${BY_NAME}:${port}`, BY_NAME);
  return `\n${text.replaceAll(other, 'http://other.example')}`;
}

test.each(Object.entries(STORIES))('%s', async (_, { guard = { protect: digest }, options, config, before, tells }) => {
  const guarded = await server(guard);
  const client = bare(guarded.url, { lookup: async () => ['127.0.0.1', 4] });
  installAuth(client, { providers: [holding(alice)], ...options });
  await before?.(client);
  if (config?.baseURL === SPOKEN_BY_TLS) {
    const secure = guarded.url.replace('http:', 'https:');
    const outcome = await client.get(`${secure}/report`).catch((error: unknown) => error);
    return expect(told(outcome, secure).replaceAll('http://files', 'https://files')).toBe(tells);
  }
  const base = config?.baseURL === BY_NAME ? { baseURL: `${BY_NAME}:${new URL(guarded.url).port}` } : {};
  const outcome = await client.request({ url: '/report', ...config, ...base }).catch((error: unknown) => error);
  expect(told(outcome, guarded.url)).toBe(tells);
});

test('the caller aborts while a person is asked', async () => {
  const guarded = await server({ protect: digest });
  const leave = new AbortController();
  const slow: Provider = {
    name: 'slow',
    get: () => {
      leave.abort();
      return new Promise<never>(() => {});
    },
  };
  const client = bare(guarded.url);
  installAuth(client, { providers: [slow] });
  const outcome = await client.get('/report', { signal: leave.signal }).catch((error: unknown) => error);
  expect(told(outcome, guarded.url)).toBe(`
GET http://files.example/report  ->  ERR_CANCELED
  1  sent without credentials                         401  Digest SHA-256   realm "Files"
     slow      nobody waits for it any more
  ended without a response: the caller canceled the request (ERR_CANCELED)`);
});

test('another origin sends a challenge', async () => {
  const other = await server({ protect: basic });
  const guarded = await server({
    onRequest: (_, response) => Boolean(response.writeHead(302, { Location: `${other.url}/in` }).end()),
  });
  const client = bare(guarded.url);
  installAuth(client, { providers: [everywhere] });
  const outcome = await client.get('/report').catch((error: unknown) => error);
  expect(told(outcome, guarded.url, other.url)).toBe(`
GET http://files.example/report  ->  401
  1  sent without credentials                         401
  gave back the server's own 401: the challenge came from http://other.example, and the request was for http://files.example (ERR_AUTH_ORIGIN)
  what to do: address that origin yourself, or name it in \`trustOrigins\``);
});

test('a response does not tell which URL sent the challenge', async () => {
  const guarded = await server({ protect: basic });
  const client = bare(guarded.url, {
    adapter: (config: InternalAxiosRequestConfig) => axios.getAdapter('fetch')(config),
  });
  installAuth(client, { providers: [everywhere] });
  const outcome = await client.get('/report').catch((error: unknown) => error);
  expect(told(outcome, guarded.url)).toBe(`
GET http://files.example/report  ->  401
  1  sent without credentials                         401
  gave back the server's own 401: the client does not tell who answered (ERR_AUTH_ORIGIN)
  what to do: address that origin yourself, or name it in \`trustOrigins\``);
});

test('a request that waits for the lookup of another request records what the providers said', async () => {
  const guarded = await server({ protect: digest });
  const client = bare(guarded.url);
  let answer: () => void = () => {};
  const slow: Provider = {
    ...notebook,
    get: () =>
      new Promise((resolve) => {
        answer = () => resolve(undefined);
      }),
  };
  let challenged = 0;
  const onEvent = ({ type }: AuthEvent) => {
    challenged += type === 'challenged' ? 1 : 0;
    if (challenged === 2) setImmediate(answer);
  };
  installAuth(client, { providers: [slow], onEvent });
  const outcomes = await Promise.all(
    ['/report', '/report'].map((url) => client.get(url).catch((error: unknown) => error)),
  );
  const lines = outcomes.map((outcome) => told(outcome, guarded.url).split('\n')[3]).sort();
  expect(lines).toEqual([
    '     notebook  has no page for it',
    '     notebook  has no page for it (asked by another request)',
  ]);
});

test('an error without a request says what to do, too', () => {
  expect(explain(new AuthError('ERR_AUTH_INSTALLED', 'installAuth was called on this client before'))).toBe(
    'installAuth was called on this client before (ERR_AUTH_INSTALLED)\n' +
      '  what to do: keep the first handle, or eject() it before the next installAuth',
  );
});

test('a response of a client without the plugin has no record', async () => {
  const guarded = await server();
  const outcome = await bare(guarded.url)
    .get('/')
    .catch((error: unknown) => error);
  expect(explain(outcome)).toBe('no record: the request did not pass through a client with installAuth');
});

test('explain() says that the provider of a token was told', async () => {
  const guarded = await server({ tokens: ['abc'], protect: { scheme: 'bearer' } });
  const response = await client(guarded.url, { providers: [spy({ token: 'abc' })] }).get('/');
  expect(explain(response)).toContain('told that the token was accepted');
});

test('a realm that is not UTF-8 is shown as it is', async () => {
  const { url } = await server({ protect: { raw: 'Basic realm="Caf\u00e9"' } });
  expect(explain(await refused(client(url, { providers: [] }).get('/')))).toContain('realm "Café"');
});

test('a long auth-scheme is cut short', async () => {
  const { url } = await server({ protect: { raw: `${'x'.repeat(40)} realm="r"` } });
  expect(explain(await refused(client(url).get('/')))).toContain(`X${'x'.repeat(30)}…`);
});

test('a mistake of the program itself shows its stack first', async () => {
  const mistake = await Promise.resolve()
    .then(() => (undefined as unknown as { readonly name: string }).name)
    .catch((error: unknown) => error);
  expect(explain(mistake)).toMatch(/^TypeError: .*undefined.*\n\s+at [\s\S]*\nno record: /);
});

test('a fault inside a scheme is not called a missing response', async () => {
  const guarded = await server({ protect: basic });
  const client = bare(guarded.url);
  const faulty: Scheme = {
    ...basicScheme(),
    read: () => {
      throw new RangeError('the scheme is at fault');
    },
  };
  installAuth(client, { schemes: [faulty] });
  const outcome = await client.get('/report').catch((error: unknown) => error);
  expect(told(outcome, guarded.url)).toBe(`
GET http://files.example/report  ->  RangeError
  1  sent without credentials                         401
  failed: a fault in the program, in a scheme or in a provider (RangeError)`);
});

test('explain() breaks no line within a word at a terminal', async () => {
  const { isTTY, columns } = process.stderr;
  Object.assign(process.stderr, { isTTY: true, columns: 40 });
  try {
    const guarded = await server({ protect: digest });
    const client = bare(guarded.url);
    installAuth(client, { providers: [notebook] });
    const outcome = await client.get('/report').catch((error: unknown) => error);
    const rows = explain(outcome).split('\n');
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThan(40);
    expect(rows.join(' ').replace(/\s+/g, ' ')).toContain(
      'no provider has a credential (ERR_AUTH_NONE) what to do: see what each provider says',
    );
  } finally {
    Object.assign(process.stderr, { isTTY, columns });
  }
});
