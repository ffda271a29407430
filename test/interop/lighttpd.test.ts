import { randomBytes } from 'node:crypto';
import { type AxiosError, isAxiosError } from 'axios';
import { clientFor } from '../support/servers/client.js';
import { curlStatus, curlVerdicts } from '../support/servers/curl.js';
import { lighttpd } from '../support/servers/lighttpd.js';
import { meet } from '../support/servers/meet.js';
import { alice, juergen, mistyped } from '../support/servers/passwords.js';
import { needs } from '../support/servers/process.js';

const areas = [
  { area: 'basic', scheme: 'basic', challenge: 'Basic realm="Lighttpd Realm", charset="UTF-8"', answer: /^Basic / },
  { area: 'digest-md5', scheme: 'digest', challenge: 'algorithm=MD5', answer: /^Digest .*algorithm=MD5/ },
  { area: 'digest-sha256', scheme: 'digest', challenge: 'algorithm=SHA-256', answer: /^Digest .*algorithm=SHA-256/ },
  { area: 'digest-both', scheme: 'digest', challenge: 'algorithm=MD5', answer: /^Digest .*algorithm=SHA-256/ },
  {
    area: 'digest-userhash',
    scheme: 'digest',
    challenge: 'userhash=true',
    answer: /username="[0-9a-f]{64}".*userhash=true/,
  },
] as const;

needs('lighttpd', 'lighttpd')('lighttpd', () => {
  const { server, wire } = meet(lighttpd);

  needs('curl', 'curl')('as curl sees it', () => {
    test.each(areas)('lets the right password into /$area/, and no other', async ({ area, scheme }) => {
      const url = `${server.url}/${area}/hello.txt`;
      const verdicts = await Promise.all([alice, juergen].map((person) => curlVerdicts(url, scheme, person)));
      expect(verdicts).toEqual(Array(2).fill({ without: 401, wrong: 401, right: 200 }));
    });

    test('runs the echo script', async () => {
      const post = ['--digest', '-u', `${alice.username}:${alice.password}`, '--data-binary', 'text'];
      expect(await curlStatus(`${server.url}/digest-sha256/echo.cgi`, ...post)).toBe(200);
    });
  });

  test.each(areas)('a challenge of /$area/ is answered', async ({ area, challenge, answer }) => {
    const { status, data } = await clientFor(server.url, alice).get(`${server.url}/${area}/hello.txt`);

    expect([status, data]).toEqual([200, `hello from ${area}\n`]);
    expect(wire.statuses).toEqual([401, 200]);
    expect(wire.sends[0]?.challenge).toContain(challenge);
    expect(wire.authorization).toMatch(answer);
  });

  test.each(areas)('a wrong password for /$area/ gives back the 401 of the server', async ({ area }) => {
    const error: AxiosError = await clientFor(server.url, mistyped)
      .get(`${server.url}/${area}/hello.txt`)
      .catch((reason) => reason);

    expect(isAxiosError(error)).toBe(true);
    expect(error.response?.status).toBe(401);
    expect(error.response?.data).toContain('<h1>401 Unauthorized</h1>');
    expect(wire.statuses).toEqual([401, 401]);
  });

  test.each(areas)('a name and a password outside ASCII open /$area/', async ({ area }) => {
    const { data } = await clientFor(server.url, juergen).get(`${server.url}/${area}/hello.txt`);

    expect(data).toBe(`hello from ${area}\n`);
    expect(wire.statuses).toEqual([401, 200]);
  });

  test.each(areas)('one challenge of /$area/ serves many requests', async ({ area }) => {
    const client = clientFor(server.url, alice);
    for (let request = 0; request < 5; request++) await client.get(`${server.url}/${area}/hello.txt`);

    expect(wire.statuses).toEqual([401, 200, 200, 200, 200, 200]);
  });

  test.each([
    { target: '/digest-sha256/a%20b.txt?x=%C3%A4&y=1+2', content: 'a space\n' },
    { target: '/digest-sha256/a b.txt', content: 'a space\n' },
    { target: '/digest-sha256/%C3%A4.txt', content: 'an umlaut\n' },
    { target: '/digest-sha256/ä.txt?ö=ü', content: 'an umlaut\n' },
    { target: '/digest-sha256/h%65llo.txt', content: 'hello from digest-sha256\n' },
    { target: '/digest-sha256/./hello.txt', content: 'hello from digest-sha256\n' },
    { target: '/digest-sha256/hello.txt?', content: 'hello from digest-sha256\n' },
  ])('the uri of $target is the request-target as sent', async ({ target, content }) => {
    const { data } = await clientFor(server.url, alice).get(`${server.url}${target}`);

    expect(data).toBe(content);
    expect(wire.authorization).toContain(`uri="${wire.sends.at(-1)?.path}"`);
  });

  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  test.each([
    { method: 'POST', what: 'every byte', body: everyByte },
    { method: 'PUT', what: 'every byte', body: everyByte },
    { method: 'PATCH', what: 'text outside ASCII', body: Buffer.from('grüße €') },
    { method: 'PUT', what: 'two megabytes', body: randomBytes(2 ** 21) },
  ])('$method of $what arrives byte for byte', async ({ method, body }) => {
    const url = `${server.url}/digest-sha256/echo.cgi`;
    const request = { method, url, data: body, responseType: 'arraybuffer' } as const;
    const { data } = await clientFor(server.url, alice).request<Buffer>(request);

    expect(body.equals(data)).toBe(true);
    expect(wire.statuses).toEqual([401, 200]);
  });
});
