/** Apache with gss-ntlmssp judges NTLM: who is let in, and that a connection is let in by itself. */

import { basic, digest } from '../../src/index.js';
import { ntlm } from '../../src/ntlm.js';
import { hand, Line } from '../support/ntlm-hand.js';
import { apacheNtlm, GSS_NTLMSSP, GSSAPI_MODULE, LAB } from '../support/servers/apache-ntlm.js';
import { clientFor } from '../support/servers/client.js';
import { meet } from '../support/servers/meet.js';
import { needs } from '../support/servers/process.js';

const both = (name: string, body: () => void) =>
  needs(...GSSAPI_MODULE)(name, () => needs(...GSS_NTLMSSP)('with gss-ntlmssp', body));

both('Apache', () => {
  const { server, wire } = meet(apacheNtlm);

  const as = (credential: { username: string; password: string }) =>
    clientFor(server.url, credential, { schemes: [ntlm({ origins: [server.url] }), digest(), basic()] });

  test.each([LAB.alice, LAB.bob])('$username gets the file, and then each file with one send', async (credential) => {
    const client = as(credential);
    for (let i = 0; i < 3; i += 1) {
      const { data } = await client.get(`${server.url}/ntlm/hello.txt`);
      expect(data).toBe('hello from ntlm\n');
    }
    expect(wire.statuses).toEqual([401, 401, 200, 200, 200]);
    expect(wire.sends.map(({ authorization = '' }) => authorization.slice(0, 5))).toEqual([
      '',
      'NTLM ',
      'NTLM ',
      '',
      '',
    ]);
  });

  test('a body of 100 kB arrives once, whole', async () => {
    const body = Buffer.alloc(100_000, 'ä');
    const { data } = await as(LAB.alice).post(`${server.url}/ntlm/echo.cgi`, body, { responseType: 'arraybuffer' });
    expect(body.equals(data)).toBe(true);
  });

  test('a wrong password is sent once, and the 401 is the caller’s', async () => {
    const client = as({ ...LAB.alice, password: 'wonderland' });
    for (let i = 0; i < 3; i += 1)
      await expect(client.get(`${server.url}/ntlm/hello.txt`)).rejects.toMatchObject({ response: { status: 401 } });
    expect(wire.statuses).toEqual([401, 401, 401, 401, 401]);
    expect(wire.sends.filter(({ authorization }) => authorization).length).toBe(2);
  });

  test('many at once, of two users', async () => {
    const clients = [as(LAB.alice), as(LAB.bob)];
    const all = clients.flatMap((client) =>
      Array.from({ length: 20 }, () => client.get(`${server.url}/ntlm/a%20b.txt`)),
    );
    expect((await Promise.all(all)).map(({ data }) => data)).toEqual(Array(40).fill('a space\n'));
  });

  test('a connection that Apache has closed meanwhile is no loss', async () => {
    const client = as(LAB.alice);
    await client.get(`${server.url}/ntlm/hello.txt`);
    await server.restart();
    expect((await client.get(`${server.url}/ntlm/hello.txt`)).status).toBe(200);
  });

  /** Both messages by hand, on one connection. */
  async function knock(credential: { username: string; password: string }) {
    const line = new Line(`${server.url}/ntlm/hello.txt`);
    const { first, last } = hand(line.url, credential);
    const asked = await line.say(await first());
    const { status } = await line.say(await last(asked.challenge));
    const after = await line.say();
    line.close();
    return [status, after.status];
  }

  test('our messages open a connection, which then needs no authorization', async () => {
    expect(await knock(LAB.alice)).toEqual([200, 200]);
    expect(await knock(LAB.bob)).toEqual([200, 200]);
  });

  test('those of a wrong password do not', async () => {
    expect(await knock({ ...LAB.alice, password: 'wonderland' })).toEqual([401, 401]);
  });
});
