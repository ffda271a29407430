/** Apache with mod_auth_gssapi and a KDC judge Negotiate, and curl beside our client: tokens, connections, proofs. */

import { execFile } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { cli, folder, shell } from '../cli/run.js';
import { withKerberos } from '../support/kerberos-module.js';
import { apacheGssapi } from '../support/servers/apache-gssapi.js';
import { GSS_NTLMSSP, GSSAPI_MODULE } from '../support/servers/apache-ntlm.js';
import { ACCOUNTS, KDC, kdc, REALM, type Realm } from '../support/servers/kdc.js';
import { needs, type RunningServer } from '../support/servers/process.js';
import { KERBEROS, type TicketStory, withTickets } from '../support/servers/ticket-client.js';
import { afterwards } from '../support/stage.js';

const all = (name: string, body: () => void) =>
  needs(...KDC)(name, () =>
    needs(...GSSAPI_MODULE)('with mod_auth_gssapi', () =>
      needs(KERBEROS, 'libkrb5-dev, and npm --prefix test/kerberos install')('and kerberos', body),
    ),
  );

all('Apache and a KDC', () => {
  let realm: Realm;
  let apache: RunningServer;

  beforeAll(async () => {
    realm = await kdc();
    apache = await apacheGssapi(realm);
    await realm.kinit('alice', 'alice');
    await realm.kinit('bob', 'bob');
  });
  afterAll(async () => {
    await apache?.close();
    await realm?.close();
  });

  const play = (story: Omit<TicketStory, 'origin'> & { origin?: string }, cache = 'alice', more = {}) =>
    withTickets({ origin: apache.url, ...story }, { ...realm.environment(cache), ...more });
  const thrice = (area: string) => Array(3).fill(`/${area}/hello.txt`);
  const N = 'Negotiate';

  /** The statuses that curl gets, each URL once, on one connection. */
  async function curl(area: string, times = 2, cache = 'alice') {
    const urls = Array(times).fill(`${apache.url}/${area}/hello.txt`);
    const env = { ...process.env, ...realm.environment(cache) };
    const { stdout } = await promisify(execFile)(
      'curl',
      ['-q', '-sS', '-i', '--noproxy', '*', '--max-time', '10', '--negotiate', '-u', ':', ...urls],
      { env },
    );
    return [...stdout.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
  }

  test.each<[string, ReadonlyArray<readonly [string, number]>]>([
    [
      'gss',
      [
        ['', 401],
        [N, 200],
        [N, 200],
        [N, 200],
      ],
    ],
    [
      'bound',
      [
        ['', 401],
        [N, 200],
        ['', 200],
        ['', 200],
      ],
    ],
    [
      'nopersist',
      [
        ['', 401],
        [N, 200],
        [N, 200],
        [N, 200],
      ],
    ],
    [
      'any',
      [
        ['', 401],
        [N, 200],
        ['', 200],
        ['', 200],
      ],
    ],
  ])('/%s/: three requests', async (area, sends) => {
    const outcome = await play({ paths: thrice(area) });
    expect(outcome.sends).toEqual(sends);
    expect(outcome.results.map(({ user }) => user)).toEqual(Array(3).fill(`alice@${REALM}`));
  });

  test.each(['gss', 'bound', 'any'])('curl gets /%s/ with the same ticket', async (area) => {
    expect((await curl(area)).filter((status) => status === 200)).toHaveLength(2);
  });

  describe('the command line', () => {
    const variables = (cache: string) => ({ ...realm.environment(cache), ...withKerberos(folder(), KERBEROS) });

    test.each(['gss', 'bound', 'any'])('get --negotiate gets /%s/ with a ticket', async (area) => {
      const args = ['get', '--negotiate', '-u', ':', `${apache.url}/${area}/hello.txt`];
      const { status, stdout, stderr } = await cli(args, variables('alice'));
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `hello from ${area}\n`, stderr: '' });
    });

    test('without a ticket it says how to get one', async () => {
      const { status, stderr } = await cli(['get', '--negotiate', `${apache.url}/gss/hello.txt`], variables('none'));
      expect({ status, stderr }).toEqual({
        status: 3,
        stderr: expect.stringMatching(/what to do: there is no Kerberos ticket: kinit gets one/),
      });
    });

    test('get --negotiate --curl is a command that gets it, too', async () => {
      const { stdout } = await cli(['get', '--negotiate', '--curl', `${apache.url}/gss/hello.txt`]);
      const line = `${stdout.trim()} -q -sS --noproxy '*'`;
      expect(await shell(line, realm.environment('alice'))).toMatchObject({ status: 0, stdout: 'hello from gss\n' });
    });
  });

  test('curl without a ticket does not', async () => {
    expect(await curl('gss', 1, 'none')).toEqual([401]);
  });

  test('twenty at once, and no token is taken twice', async () => {
    const outcome = await play({ paths: Array(20).fill('/gss/hello.txt'), atOnce: true });
    expect(outcome.results.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  test('another ticket is another user; the principal is shown', async () => {
    const outcome = await play({ paths: ['/gss/hello.txt'], principal: `bob@${REALM}` }, 'bob');
    expect(outcome.results[0]).toMatchObject({ status: 200, user: `bob@${REALM}` });
    expect(outcome.results[0]?.text).toContain(`sent as bob@${REALM} (Negotiate)`);
  });

  test('a kinit between two requests: the connection of the first user is not used for the second', async () => {
    await realm.kinit('alice', 'changing');
    const outcome = await play({ paths: thrice('bound'), nextCache: `${realm.folder}/bob` }, 'changing');
    expect(outcome.results.map(({ user }) => user)).toEqual(['alice', 'bob', 'bob'].map((name) => `${name}@${REALM}`));
  });

  test('the right final token is the proof that mutual: require wants', async () => {
    const outcome = await play({ paths: thrice('bound'), mutual: 'require' });
    expect(outcome.results.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(outcome.sends.filter(([scheme]) => scheme === N)).toHaveLength(3);
  });

  test('one flipped bit in the final token: ERR_AUTH_MUTUAL', async () => {
    const forger = createServer(({ url, headers }, response) => {
      const asking = request(`${apache.url}${url}`, { headers }, (answer) => {
        const field = answer.headers['www-authenticate'] ?? '';
        const forged = answer.statusCode === 200 ? { 'www-authenticate': flipped(field) } : {};
        response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...forged });
        answer.pipe(response);
      });
      asking.end();
    });
    await new Promise<void>((resolve) => forger.listen(0, '127.0.0.1', resolve));
    afterwards(() => {
      forger.closeAllConnections();
      forger.close();
    });
    const origin = `http://localhost:${(forger.address() as AddressInfo).port}`;
    const outcome = await play({ origin, paths: ['/gss/hello.txt'] });
    expect(outcome.results[0]).toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  });

  function flipped(field: string): string {
    const bytes = Buffer.from(field.replace(/^Negotiate /, ''), 'base64');
    bytes.writeUInt8((bytes.at(-3) ?? 0) ^ 1, bytes.length - 3);
    return `Negotiate ${bytes.toString('base64')}`;
  }

  const password = { username: `alice@${REALM}`, password: ACCOUNTS.alice };

  test.each<[string, Partial<TicketStory>, string, string]>([
    ['no ticket', {}, 'none', 'there is no Kerberos ticket: kinit gets one'],
    [
      'a principal without one',
      { principal: `bob@${REALM}` },
      'alice',
      `no Kerberos ticket of bob@${REALM}: kinit bob@${REALM}`,
    ],
    ['a ticket that has run out', {}, 'old', 'run out'],
  ])('%s: Basic of the same 401, and the reason', async (_, story, cache, reason) => {
    if (cache === 'old') {
      await realm.kinit('alice', 'old', '-l', '1s');
      await new Promise((resolve) => setTimeout(resolve, 2100));
    }
    const outcome = await play({ paths: ['/both/hello.txt'], password, ...story }, cache);
    expect(outcome.results[0]?.text).toContain(reason);
    expect(outcome.sends).toEqual([
      ['', 401],
      ['Basic', 200],
    ]);
  });

  test('an IP address is no service: the reason names the host', async () => {
    const origin = apache.url.replace('localhost', '127.0.0.1');
    const outcome = await play({ origin, paths: ['/gss/hello.txt'] });
    expect(outcome.results[0]?.text).toContain('Kerberos knows no service HTTP@127.0.0.1: use the host name');
    expect(outcome.sends).toEqual([['', 401]]);
  });

  needs(...GSS_NTLMSSP)('with gss-ntlmssp', () => {
    test('NTLM inside SPNEGO: two messages, and then the connection', async () => {
      const { writeFile } = await import('node:fs/promises');
      await writeFile(`${realm.folder}/client.ntlm`, 'LAB:alice:wonderland\n');
      const outcome = await play({ paths: thrice('any') }, 'none', { NTLM_USER_FILE: `${realm.folder}/client.ntlm` });
      expect(outcome.sends).toEqual([
        ['', 401],
        [N, 401],
        [N, 200],
        ['', 200],
        ['', 200],
      ]);
      expect(outcome.results[0]?.text).toContain('NTLM inside');
    });
  });
});
