import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type AxiosError, isAxiosError } from 'axios';
import { apache } from '../support/servers/apache.js';
import { clientFor } from '../support/servers/client.js';
import { curlStatus, curlVerdicts } from '../support/servers/curl.js';
import { meet } from '../support/servers/meet.js';
import { alice, juergen, mistyped } from '../support/servers/passwords.js';
import { needs } from '../support/servers/process.js';
import { authParam } from '../support/servers/wire.js';

const areas = [
  { area: 'basic', scheme: 'basic', challenge: 'Basic realm="Basic Realm"' },
  { area: 'basic-quoted', scheme: 'basic', challenge: 'Basic realm="Basic \\"quoted\\" Realm"' },
  { area: 'digest', scheme: 'digest', challenge: 'algorithm=MD5, domain="/digest/", qop="auth"' },
  { area: 'short', scheme: 'digest', challenge: 'algorithm=MD5, qop="auth"' },
  { area: 'once', scheme: 'digest', challenge: 'opaque=' },
] as const;

needs('apache2', 'apache2')('Apache', () => {
  const { server, wire } = meet(apache);

  needs('curl', 'curl')('as curl sees it', () => {
    test.each(areas)('lets the right password into /$area/, and no other', async ({ area, scheme }) => {
      const url = `${server.url}/${area}/hello.txt`;
      const verdicts = await Promise.all([alice, juergen].map((person) => curlVerdicts(url, scheme, person)));
      expect(verdicts).toEqual(Array(2).fill({ without: 401, wrong: 401, right: 200 }));
    });

    test('runs the echo script', async () => {
      const post = ['--digest', '-u', `${alice.username}:${alice.password}`, '--data-binary', 'text'];
      expect(await curlStatus(`${server.url}/digest/echo.cgi`, ...post)).toBe(200);
    });
  });

  test.each(areas)('a challenge of /$area/ is answered', async ({ area, challenge }) => {
    const { status, data } = await clientFor(server.url, alice).get(`${server.url}/${area}/hello.txt`);

    expect([status, data]).toEqual([200, `hello from ${area}\n`]);
    expect(wire.statuses).toEqual([401, 200]);
    expect(wire.sends[0]?.challenge).toContain(challenge);
  });

  test.each(areas)('a wrong password for /$area/ gives back the 401 of the server', async ({ area }) => {
    const error: AxiosError = await clientFor(server.url, mistyped)
      .get(`${server.url}/${area}/hello.txt`)
      .catch((reason) => reason);

    expect(isAxiosError(error)).toBe(true);
    expect(error.response?.status).toBe(401);
    expect(error.response?.data).toContain('<title>401 Unauthorized</title>');
    expect(wire.statuses).toEqual([401, 401]);
  });

  test.each(areas)('a name and a password outside ASCII open /$area/', async ({ area }) => {
    const { data } = await clientFor(server.url, juergen).get(`${server.url}/${area}/hello.txt`);

    expect(data).toBe(`hello from ${area}\n`);
    // Apache knows no username* (RFC 7616 §3.4): its challenge is that of RFC 2617, so raw UTF-8 is sent at once.
    expect(wire.statuses).toEqual([401, 200]);
  });

  test.each([
    { target: '/digest/a%20b.txt?x=%C3%A4&y=1+2', content: 'a space\n' },
    { target: '/digest/a b.txt', content: 'a space\n' },
    { target: '/digest/%C3%A4.txt', content: 'an umlaut\n' },
    { target: '/digest/%c3%a4.txt', content: 'an umlaut\n' },
    { target: '/digest/ä.txt?ö=ü', content: 'an umlaut\n' },
    { target: '/digest/h%65llo.txt', content: 'hello from digest\n' },
    { target: '/digest/./hello.txt', content: 'hello from digest\n' },
    { target: '/digest/hello.txt?', content: 'hello from digest\n' },
    { target: `/digest/hello.txt?q="a"&b='c'&d={e}|f`, content: 'hello from digest\n' },
    { target: '/digest/hello.txt?a,b;c=d#fragment', content: 'hello from digest\n' },
  ])('the uri of $target is the request-target as sent', async ({ target, content }) => {
    const { data } = await clientFor(server.url, alice).get(`${server.url}${target}`);

    expect(data).toBe(content);
    expect(wire.authorization).toContain(`uri="${wire.sends.at(-1)?.path}"`);
  });

  test('the uri has the query that axios made of params', async () => {
    const params = { name: 'jürgen & co', list: ['a', 'b'], when: new Date(0) };
    const { status } = await clientFor(server.url, alice).get(`${server.url}/digest/hello.txt`, { params });

    expect(status).toBe(200);
    expect(wire.authorization).toContain(`uri="${wire.sends.at(-1)?.path}"`);
  });

  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  test.each([
    { method: 'POST', what: 'every byte', body: everyByte },
    { method: 'PUT', what: 'every byte', body: everyByte },
    { method: 'PATCH', what: 'text outside ASCII', body: Buffer.from('grüße €') },
    { method: 'POST', what: 'nothing', body: Buffer.alloc(0) },
    { method: 'PUT', what: 'two megabytes', body: randomBytes(2 ** 21) },
  ])('$method of $what arrives byte for byte', async ({ method, body }) => {
    const request = { method, url: `${server.url}/digest/echo.cgi`, data: body, responseType: 'arraybuffer' } as const;
    const { data } = await clientFor(server.url, alice).request<Buffer>(request);

    expect(body.equals(data)).toBe(true);
    expect(wire.statuses).toEqual([401, 200]);
  });

  test('objects arrive as axios encodes them', async () => {
    const client = clientFor(server.url, alice);
    const json = await client.post(`${server.url}/digest/echo.cgi`, { name: 'jürgen' });
    const form = await client.put(`${server.url}/digest/echo.cgi`, new URLSearchParams({ name: 'jürgen' }));

    expect(json.data).toEqual({ name: 'jürgen' });
    expect(form.data).toBe('name=j%C3%BCrgen');
  });

  test('one challenge serves many requests at once, each with a nonce count of its own', async () => {
    const client = clientFor(server.url, alice);
    await client.get(`${server.url}/digest/hello.txt`);
    await Promise.all(Array.from({ length: 20 }, () => client.get(`${server.url}/digest/a%20b.txt`)));

    expect(wire.statuses).toEqual([401, ...Array(21).fill(200)]);
    expect(new Set(wire.sends.slice(1).map((send) => authParam(send.authorization, 'nc'))).size).toBe(21);
  });

  test.each(['short', 'once'])('/%s/ gives a nextnonce with each response, and it is used', async (area) => {
    const client = clientFor(server.url, alice);
    for (let request = 0; request < 5; request++) await client.get(`${server.url}/${area}/hello.txt`);

    expect(wire.statuses).toEqual([401, 200, 200, 200, 200, 200]);
    const given = wire.sends.slice(1, -1).map((send) => authParam(send.authenticationInfo, 'nextnonce'));
    const used = wire.sends.slice(2).map((send) => authParam(send.authorization, 'nonce'));
    expect(used).toEqual(given);
  });

  test('a nonce that has expired is stale, and answered again', async () => {
    const client = clientFor(server.url, alice);
    const url = `${server.url}/short/hello.txt`;
    await client.get(url);
    await untilStale(url, wire.authorization);
    wire.sends = [];

    expect((await client.get(url)).data).toBe('hello from short\n');
    expect(wire.statuses).toEqual([401, 200]);
    expect(wire.sends[0]?.challenge).toContain('stale=true');
  });

  test('a server that was restarted calls its old nonces stale, and is answered again', async () => {
    const client = clientFor(server.url, alice);
    await client.get(`${server.url}/digest/hello.txt`);
    await server.restart();
    wire.sends = [];

    expect((await client.get(`${server.url}/digest/hello.txt`)).data).toBe('hello from digest\n');
    expect(wire.statuses).toEqual([401, 200]);
    expect(wire.sends[0]?.challenge).toContain('stale=true');
  });

  test('Authentication-Info proves that Apache knows the password', async () => {
    const client = clientFor(server.url, alice, { mutual: 'require' });
    const got = await client.get(`${server.url}/digest/hello.txt`);
    const echoed = await client.post(`${server.url}/digest/echo.cgi`, 'text');

    expect([got.status, echoed.data]).toEqual([200, 'text']);
    expect(wire.sends.at(-1)?.authenticationInfo).toContain('rspauth=');
  });
});

/** Until the nonce of an Authorization has expired; the nextnonce given beside it is milliseconds younger. */
async function untilStale(url: string, authorization: string): Promise<void> {
  for (let sightings = 0; sightings < 2; await wait(50)) {
    const { headers } = await fetch(url, { headers: { authorization } });
    if (headers.get('www-authenticate')?.includes('stale=true')) sightings++;
  }
}
