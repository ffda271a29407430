import axios, { type AxiosAdapter, type AxiosError, type AxiosResponse, isAxiosError } from 'axios';
import { explain } from '../../src/index.js';
import { clientFor } from '../support/servers/client.js';
import { curlStatus, curlVerdicts } from '../support/servers/curl.js';
import { HTTPBIN, httpbin } from '../support/servers/httpbin.js';
import { meet } from '../support/servers/meet.js';
import { alice, juergen, mistyped } from '../support/servers/passwords.js';
import { needs } from '../support/servers/process.js';
import { authParam } from '../support/servers/wire.js';

const ALICE = 'alice/wonder%20land';
const JUERGEN = encodeURI(`${juergen.username}/${juergen.password}`);
// httpbin compares the uri with the path it has decoded: no percent-encoding in its Digest URLs.
const bob = { username: 'bob', password: 'builder' };
const token = '7f3c.9A_~+/==';

const digests = [
  { path: 'auth/bob/builder', qop: 'auth', algorithm: 'MD5' },
  { path: 'auth/bob/builder/SHA-256', qop: 'auth', algorithm: 'SHA-256' },
  { path: 'auth-int/bob/builder', qop: 'auth-int', algorithm: 'MD5' },
  { path: 'auth-int/bob/builder/SHA-256', qop: 'auth-int', algorithm: 'SHA-256' },
  { path: 'either/bob/builder', qop: 'auth', algorithm: 'MD5' },
] as const;

needs(HTTPBIN, 'python3-httpbin')('httpbin', () => {
  const { server, wire } = meet(httpbin);

  needs('curl', 'curl')('as curl sees it', () => {
    test.each(digests)('lets the right password into /digest-auth/$path, and no other', async ({ path }) => {
      const verdicts = await curlVerdicts(`${server.url}/digest-auth/${path}`, 'digest', bob);
      expect(verdicts).toEqual({ without: 401, wrong: 401, right: 200 });
    });

    test.each([
      { path: `basic-auth/${ALICE}`, person: alice, refusal: 401 },
      { path: `basic-auth/${JUERGEN}`, person: juergen, refusal: 401 },
      { path: `hidden-basic-auth/${ALICE}`, person: alice, refusal: 404 },
    ])('lets the right password into /$path, and no other', async ({ path, person, refusal }) => {
      const verdicts = await curlVerdicts(`${server.url}/${path}`, 'basic', person);
      expect(verdicts).toEqual({ without: refusal, wrong: refusal, right: 200 });
    });

    test('lets a bearer in', async () => {
      expect(await curlStatus(`${server.url}/bearer`)).toBe(401);
      expect(await curlStatus(`${server.url}/bearer`, '-H', `Authorization: Bearer ${token}`)).toBe(200);
    });
  });

  test.each([
    { path: ALICE, person: alice },
    { path: JUERGEN, person: juergen },
  ])('/basic-auth/$path is answered', async ({ path, person }) => {
    const { data } = await clientFor(server.url, person).get(`${server.url}/basic-auth/${path}`);

    expect(data).toEqual({ authenticated: true, user: person.username });
    expect(wire.statuses).toEqual([401, 200]);
  });

  test.each(digests)('/digest-auth/$path is answered with qop $qop', async ({ path, qop, algorithm }) => {
    const { data } = await clientFor(server.url, bob).get(`${server.url}/digest-auth/${path}`);

    expect(data).toEqual({ authenticated: true, user: 'bob' });
    expect(wire.statuses).toEqual([401, 200]);
    expect(authParam(wire.authorization, 'qop')).toBe(qop);
    expect(authParam(wire.authorization, 'algorithm')).toBe(algorithm);
  });

  test.each([
    { what: 'text', body: 'some text' },
    { what: 'text outside ASCII', body: 'grüße €' },
    { what: 'every byte', body: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)) },
  ])('auth-int covers a body of $what', async ({ body }) => {
    const { data } = await clientFor(server.url, bob).request({
      method: 'GET', // the only one httpbin has here
      url: `${server.url}/digest-auth/auth-int/bob/builder/SHA-256`,
      headers: { 'Content-Type': 'application/octet-stream' },
      data: body,
    });

    expect(data).toEqual({ authenticated: true, user: 'bob' });
    expect(wire.statuses).toEqual([401, 200]);
  });

  test.each([
    { path: `basic-auth/${ALICE}`, person: mistyped },
    { path: 'digest-auth/auth/bob/builder', person: { ...bob, password: 'Builder' } },
    { path: 'digest-auth/auth-int/bob/builder/SHA-256', person: { ...bob, password: '' } },
  ])('a wrong password for /$path gives back the 401 of the server', async ({ path, person }) => {
    const error = await failure(clientFor(server.url, person).get(`${server.url}/${path}`));

    expect(error.response?.status).toBe(401);
    expect(wire.statuses).toEqual([401, 401]);
  });

  test('SHA-512 is no algorithm of RFC 7616, and not answered', async () => {
    const error = await failure(clientFor(server.url, bob).get(`${server.url}/digest-auth/auth/bob/builder/SHA-512`));

    expect(error.response?.status).toBe(401);
    expect(wire.statuses).toEqual([401]);
    expect(explain(error)).toContain('SHA-512');
  });

  test('a 404 that hides a login is not answered', async () => {
    const error = await failure(clientFor(server.url, alice).get(`${server.url}/hidden-basic-auth/${ALICE}`));

    expect(error.response?.status).toBe(404);
    expect(wire.statuses).toEqual([404]);
    expect(wire.authorization).toBe('');
  });

  test('config.auth opens a 404 that hides a login, as axios alone would', async () => {
    const { data } = await clientFor(server.url, bob).get(`${server.url}/hidden-basic-auth/${ALICE}`, { auth: alice });

    expect(data).toEqual({ authenticated: true, user: 'alice' });
    expect(wire.statuses).toEqual([200]);
  });

  test('config.auth answers a Digest challenge', async () => {
    const { data } = await clientFor(server.url, alice).get(`${server.url}/digest-auth/auth/bob/builder`, {
      auth: bob,
    });

    expect(data).toEqual({ authenticated: true, user: 'bob' });
    expect(wire.statuses).toEqual([401, 200]);
  });

  test('a bearer token answers a bare Bearer challenge', async () => {
    const { data } = await clientFor(server.url, { token }).get(`${server.url}/bearer`);

    expect(data).toEqual({ authenticated: true, token });
    expect(wire.statuses).toEqual([401, 200]);
    expect(wire.sends[0]?.challenge).toBe('Bearer');
  });

  test('a nonce good for one request is stale for the next, and answered again', async () => {
    const client = clientFor(server.url, bob, { adapter: withCookies() });
    const url = `${server.url}/digest-auth/auth/bob/builder/MD5/1`;
    await client.get(url);

    expect((await client.get(url)).data).toEqual({ authenticated: true, user: 'bob' });
    expect(wire.statuses).toEqual([401, 200, 401, 200]);
    expect(wire.sends[2]?.challenge).toContain('stale=TRUE');
  });

  test('a server that calls every nonce stale gets few requests, and its 401 is given back', async () => {
    const client = clientFor(server.url, bob);
    const headers = { Cookie: 'stale_after=0' };
    const error = await failure(client.get(`${server.url}/digest-auth/auth/bob/builder/MD5/0`, { headers }));

    expect(error.response?.status).toBe(401);
    expect(wire.sends.length).toBeLessThanOrEqual(5);
    expect(wire.sends.at(-1)?.challenge).toContain('stale=TRUE');
  });
});

/** The error of a request that must fail as axios fails. */
async function failure(request: Promise<AxiosResponse>): Promise<AxiosError> {
  const error: unknown = await request.catch((reason: unknown) => reason);
  if (!isAxiosError(error)) throw new Error('not an error of axios', { cause: error });
  return error;
}

/** An adapter with a cookie jar, where httpbin keeps what it knows of a nonce. */
function withCookies(): AxiosAdapter {
  const jar = new Map<string, string>();
  const send = axios.getAdapter('http');
  const keep = (response?: AxiosResponse) => {
    for (const cookie of response?.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
  };
  return async (config) => {
    config.headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await send(config).catch((error: AxiosError) => {
      keep(error.response);
      throw error;
    });
    keep(response);
    return response;
  };
}
