import { randomBytes } from 'node:crypto';
import { type AxiosError, isAxiosError } from 'axios';
import { clientFor } from '../support/servers/client.js';
import { curlVerdicts } from '../support/servers/curl.js';
import { meet } from '../support/servers/meet.js';
import { nginx } from '../support/servers/nginx.js';
import { alice, juergen, mistyped } from '../support/servers/passwords.js';
import { needs } from '../support/servers/process.js';

needs('nginx', 'nginx-light')('nginx', () => {
  const { server, wire } = meet(nginx);

  needs('curl', 'curl')('as curl sees it', () => {
    test.each([alice, juergen])('lets $username in with the right password only', async (person) => {
      const verdicts = await curlVerdicts(`${server.url}/basic/hello.txt`, 'basic', person);
      expect(verdicts).toEqual({ without: 401, wrong: 401, right: 200 });
    });
  });

  test.each([alice, juergen])('a challenge is answered as $username', async (person) => {
    const { status, data } = await clientFor(server.url, person).get(`${server.url}/basic/hello.txt`);

    expect([status, data]).toEqual([200, 'hello from basic\n']);
    expect(wire.statuses).toEqual([401, 200]);
    expect(wire.sends[0]?.challenge).toBe('Basic realm="Basic Realm"');
  });

  test('a wrong password gives back the 401 of the server', async () => {
    const error: AxiosError = await clientFor(server.url, mistyped)
      .get(`${server.url}/basic/hello.txt`)
      .catch((reason) => reason);

    expect(isAxiosError(error)).toBe(true);
    expect(error.response?.status).toBe(401);
    expect(error.response?.data).toContain('401 Authorization Required');
    expect(wire.statuses).toEqual([401, 401]);
  });

  test.each([
    { target: '/basic/a%20b.txt?x=%C3%A4&y=1+2', content: 'a space\n' },
    { target: '/basic/ä.txt?ö=ü', content: 'an umlaut\n' },
  ])('$target is found behind the challenge', async ({ target, content }) => {
    const { data } = await clientFor(server.url, alice).get(`${server.url}${target}`);

    expect(data).toBe(content);
    expect(wire.statuses).toEqual([401, 200]);
  });

  test('one challenge serves the whole directory', async () => {
    const client = clientFor(server.url, alice);
    await client.get(`${server.url}/basic/hello.txt`);
    await client.get(`${server.url}/basic/a%20b.txt`);
    await client.get(`${server.url}/basic/%C3%A4.txt`);

    expect(wire.statuses).toEqual([401, 200, 200, 200]);
  });

  test.each([
    { what: 'every byte', body: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)) },
    { what: 'two megabytes', body: randomBytes(2 ** 21) },
  ])('PUT of $what is stored byte for byte', async ({ body }) => {
    const url = `${server.url}/basic/stored ${body.length}.bin`;
    const put = await clientFor(server.url, alice).put(url, body);
    const { data } = await clientFor(server.url, alice).get<Buffer>(url, { responseType: 'arraybuffer' });

    expect(put.status).toBe(201);
    expect(body.equals(data)).toBe(true);
    expect(wire.statuses).toEqual([401, 201, 401, 200]);
  });
});
