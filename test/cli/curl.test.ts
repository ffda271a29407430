/** The options of curl mean what they mean to curl: the same request, the same output. */

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { ReceivedRequest } from '../../src/testing/challenge-server.js';
import { needs } from '../support/servers/process.js';
import { afterwards, plainServer, server } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';
import { ALICE, cli, folder, shell } from './run.js';

/** curl without the configuration of this machine, as in a folder of its own. */
function curl(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<{ status: number; stdout: string }> {
  const env = { PATH: process.env.PATH, ...variables };
  return new Promise((resolve) => {
    execFile('curl', ['-q', '-sS', '--noproxy', '', ...args], { env }, (error, stdout) => {
      resolve({ status: error ? Number(error.code) : 0, stdout });
    });
  });
}

/** What a request says of its body, whatever the boundary of a form is. */
async function sent({ method, url, headers, body }: ReceivedRequest) {
  const type = headers['content-type'];
  if (!type?.startsWith('multipart/')) return { method, url, body: body.toString(), type };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const parts = [...form].map(async ([name, value]) =>
    typeof value === 'string' ? [name, value] : [name, value.name, value.type, await value.text()],
  );
  return { method, url, body: await Promise.all(parts), type: 'multipart/form-data' };
}

const LOGIN = ['--anyauth', '-u', 'alice:wonderland'];

needs('curl', 'curl')('as curl does it', () => {
  /** FILE stands for the path of a file. */
  const BODIES: Array<[what: string, args: string[]]> = [
    ['nothing but a URL', []],
    ['-d several times', ['-d', 'a=1', '-d', 'b=2']],
    ['--data-raw', ['--data-raw', '@x']],
    ['--data-binary @FILE', ['--data-binary', '@FILE']],
    ['--data-urlencode', ['--data-urlencode', 'name=a b&c', '--data-urlencode', "=é!*'()", '-d', 'x=1']],
    ['--data-urlencode NAME@FILE', ['--data-urlencode', 'name@FILE', '--data-urlencode', 'plain text']],
    ['--json', ['--json', '{"a":1}']],
    ['-F', ['-F', 'a=1', '-F', 'cups=@FILE;type=text/plain', '-F', 'text=<FILE']],
    ['-X with -d', ['-X', 'PUT', '-d', 'a=1']],
    ['-XDELETE', ['-XDELETE']],
    ['--request', ['--request', 'PATCH', '-d', 'x']],
  ];

  test.each(BODIES)('%s: the same request', async (_, args) => {
    const guarded = await server();
    const file = join(folder(), 'cups of tea.txt');
    writeFileSync(file, 'cups=2 & more');
    const own = args.map((arg) => arg.replace('FILE', file));
    expect((await curl([...own, ...LOGIN, `${guarded.url}/orders?x=1`])).status).toBe(0);
    const expected = await sent(guarded.requests.at(-1) as ReceivedRequest);
    guarded.requests.length = 0;
    const { status, stderr } = await cli([...own, ...LOGIN, `${guarded.url}/orders?x=1`]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(await sent(guarded.requests.at(-1) as ReceivedRequest)).toEqual(expected);
  });

  test.each([
    ['/', '/report%20x.txt'],
    ['/named', '/named'],
  ])('-T to %s: the same request', async (path, target) => {
    const guarded = await server();
    const file = join(folder(), 'report x.txt');
    writeFileSync(file, 'two\nlines\n');
    const args = ['-T', file, ...LOGIN, `${guarded.url}${path}`];
    expect((await curl(args)).status).toBe(0);
    expect((await cli(args)).status).toBe(0);
    const accepted = guarded.requests.filter(({ status }) => status === 200);
    expect(accepted.map(({ method, url, body }) => [method, url, body.toString()])).toEqual(
      Array(2).fill(['PUT', target, 'two\nlines\n']),
    );
  });

  test.each([
    ['-A', ['-A', 'me/1'], 'user-agent'],
    ['--compressed', ['--compressed'], 'accept-encoding'],
    ['-H', ['-H', 'X-One: 1'], 'x-one'],
  ])('%s: the same field', async (_, args, name) => {
    const { url, requests } = await plainServer((_request, response) => void response.end());
    await curl([...args, url]);
    await cli([...args, url]);
    const [of, own] = requests.map(({ headers }) => String(headers[name]));
    if (name === 'accept-encoding') expect(own).toContain('gzip');
    else expect(own).toBe(of);
  });

  const HEADS = [
    ['-i', ['-i']],
    ['-I', ['-I']],
    ['-D -', ['-D', '-']],
    ['-i and -L', ['-i', '-L']],
  ] as const;
  test.each(HEADS)('%s: status line and fields, then the body', async (_, args) => {
    const { url } = await plainServer((request, response) => {
      response.setHeader('Date', 'today').setHeader('Connection', 'close').setHeader('Set-Cookie', ['a=1', 'B=é']);
      response.end(request.method === 'HEAD' ? undefined : 'the body');
    });
    const [expected, own] = [await curl([...args, url]), await cli([...args, url])];
    expect(own).toMatchObject({ status: 0, stderr: '' });
    const plain = (text: string) => text.replace(/^(Transfer-Encoding|Content-Length).*\r\n/gim, '');
    expect(plain(own.bytes.toString('utf8'))).toBe(plain(expected.stdout));
  });

  test('-I of a 401 shows its challenges as they came', async () => {
    const { url } = await server({ protect: { raw: ['Basic realm="a"', 'NTLM'] } });
    const { status, stdout, stderr } = await cli(['-I', url]);
    expect(status).toBe(3);
    const challenges = (text: string) => text.split('\r\n').filter((line) => /^WWW-Authenticate/i.test(line));
    expect(challenges(stdout)).toEqual(['WWW-Authenticate: Basic realm="a"', 'WWW-Authenticate: NTLM']);
    expect(challenges(stdout)).toEqual(challenges((await curl(['-I', url])).stdout));
    expect(stderr).toContain('ERR_AUTH_NONE');
  });

  test('-i of an error shows its body, and -f does not', async () => {
    const { url } = await plainServer((_, response) => void response.writeHead(404).end('not here'));
    expect(await cli(['-i', url])).toMatchObject({
      status: 4,
      stdout: expect.stringMatching(/^HTTP\/1.1 404.*not here$/s),
    });
    expect(await cli(['-i', '-f', url])).toMatchObject({ status: 4, stdout: '' });
  });

  test('-D FILE, and -O', async () => {
    const { url } = await plainServer((_, response) => void response.setHeader('X-One', '1').end('the body'));
    const place = folder();
    const line = `axios-challenge -sS -D head -O '${url}/a/report.txt?x' && cat head report.txt`;
    const { status, stdout } = await shell(`cd '${place}' && ${line}`, {});
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^HTTP\/1.1 200 OK\r\nX-One: 1[\s\S]*the body$/),
    });
    expect(readdirSync(place).sort()).toEqual(['head', 'report.txt']);
  });

  test.each([
    ['--basic', 'basic', [{ scheme: 'basic' }, { scheme: 'digest' }]],
    ['--digest', 'digest', [{ scheme: 'basic' }, { scheme: 'digest' }]],
    ['--anyauth', 'digest', [{ scheme: 'basic' }, { scheme: 'digest' }]],
  ] as const)('%s answers with %s', async (flag, scheme, protect) => {
    const guarded = await server({ protect });
    for (const { status } of [
      await curl([flag, '-u', 'alice:wonderland', guarded.url]),
      await cli([flag, '-u', 'alice:wonderland', guarded.url]),
    ])
      expect(status).toBe(0);
    const schemes = guarded.requests.map(({ headers }) => headers.authorization?.split(' ')[0]?.toLowerCase());
    expect(schemes.filter(Boolean).at(-1)).toBe(scheme);
    expect(new Set(schemes.slice(-2))).toEqual(new Set([undefined, scheme]));
  });

  test('--oauth2-bearer gives the token, and no person is asked', async () => {
    const guarded = await server({ tokens: ['t0k3n'], protect: { scheme: 'bearer' } });
    expect((await curl(['--oauth2-bearer', 't0k3n', guarded.url])).status).toBe(0);
    expect(await cli(['--oauth2-bearer', 't0k3n', guarded.url])).toMatchObject({ status: 0, stderr: '' });
  });

  test('--netrc-file names the file', async () => {
    const file = join(folder(), 'own');
    writeFileSync(file, 'machine 127.0.0.1 login alice password wonderland\n', { mode: 0o600 });
    const { url } = await server();
    expect((await curl(['--anyauth', '--netrc-file', file, url])).status).toBe(0);
    expect((await cli(['--netrc-file', file, url])).status).toBe(0);
  });

  test.each([
    ['a proxy that is open', '', 0],
    ['a proxy with a password', 'alice:wonderland@', 0],
    ['a proxy with a wrong password', 'alice:wrong@', 3],
  ])('-x: %s', async (_, userinfo, status) => {
    const proxy = await server(userinfo === '' ? { protect: {} } : { status: 407, protect: { scheme: 'basic' } });
    const address = proxy.url.replace('//', `//${userinfo}`);
    const args = ['-x', address, 'http://files.example/report'];
    const expected = await curl([...args, '--proxy-anyauth', '-o', '/dev/null', '-w', '%{http_code}']);
    const own = await cli(args, { NO_PROXY: '' });
    expect(own.status).toBe(status);
    expect(expected.stdout).toBe(status === 0 ? '200' : '407');
    expect(proxy.requests.at(-1)?.url).toBe('http://files.example/report');
  });

  test('--cacert trusts the authority, -k trusts any server and says so once', async () => {
    const file = join(folder(), 'ca.pem');
    writeFileSync(file, selfSigned().cert);
    const { url } = await server({ tls: selfSigned(), protect: {} });
    expect((await curl([url])).status).not.toBe(0);
    const refused = await cli([url]);
    expect(refused.status).toBe(5);
    expect(refused.stderr).toMatch(/no authority that is trusted here .*\n {2}what to do: .*NODE_EXTRA_CA_CERTS=/);
    expect((await curl(['--cacert', file, url])).status).toBe(0);
    expect(await cli(['--cacert', file, url])).toMatchObject({ status: 0, stderr: '' });
    expect((await curl(['-k', url])).status).toBe(0);
    const { status, stderr } = await cli(['-k', url]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^warning: with -k [^\n]*\n$/) });
    expect(await cli([url], { NODE_EXTRA_CA_CERTS: file })).toMatchObject({ status: 0, stderr: '' });
  });

  test('--connect-timeout ends a TLS handshake that does not end by itself', async () => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    afterwards(() => mute.close());
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
    expect((await curl(['--connect-timeout', '0.3', url])).status).toBe(28);
    const { status, stderr } = await cli(['--connect-timeout', '0.3', url]);
    expect({ status, stderr }).toEqual({ status: 5, stderr: expect.stringContaining('did not answer in time') });
  });

  test('--retry sends again after a 503', async () => {
    const answers = () => {
      const left = [503, 429, 200];
      const bodies: string[] = [];
      const site = plainServer((request, response) => {
        request.setEncoding('utf8').on('data', (text) => bodies.push(text));
        request.on('end', () => {
          const status = left.shift() ?? 200;
          response.writeHead(status, { 'retry-after': '1' }).end(`${status}`);
        });
      });
      return site.then((started) => ({ ...started, bodies }));
    };
    const [judge, own] = [await answers(), await answers()];
    expect(await curl(['--retry', '2', '-o', join(folder(), 'body'), '-w', '%{http_code}', judge.url])).toEqual({
      status: 0,
      stdout: '200',
    });
    expect(await cli(['--retry', '2', '-d', '@-', own.url], {}, 'cups=2')).toMatchObject({ status: 0, stdout: '200' });
    expect(own.bodies).toEqual(['cups=2', 'cups=2', 'cups=2']);
    expect(own.requests).toHaveLength(judge.requests.length);
  });

  test('--curl prints what curl sends in our place, and sends nothing', async () => {
    const guarded = await server();
    const home = folder();
    writeFileSync(join(home, '.netrc'), 'machine 127.0.0.1 login alice password wonderland\n', { mode: 0o600 });
    const args = ['-n', '-X', 'PUT', '-d', "it's=1", '-A', 'me/1', '-H', 'X-One: a b', `${guarded.url}/orders`];
    const { stdout } = await cli(['--curl', ...args]);
    expect(guarded.requests).toEqual([]);
    const printed = await shell(`${stdout.trim()} -q -s -o /dev/null -w '%{http_code}'`, { HOME: home });
    expect(printed.stdout).toBe('200');
    const expected = await sent(guarded.requests.at(-1) as ReceivedRequest);
    guarded.requests.length = 0;
    await cli(args, { HOME: home });
    expect(await sent(guarded.requests.at(-1) as ReceivedRequest)).toEqual(expected);
  });
});

test('--curl shows no secret', async () => {
  const secrets = [
    '-u',
    'alice:s3cret',
    '-H',
    'Authorization: Bearer s3cret',
    '-H',
    'Cookie: id=s3cret',
    '-x',
    'http://p:and:s3cret@s3cret@127.0.0.1',
    '-H',
    'X-Auth: s3cret',
  ];
  const bodies = ['-d', 'user=alice&password=s3cret', '-d', '{"client_secret": "s3cret"}'];
  const { status, stdout } = await cli(['--curl', ...secrets, ...bodies, 'https://files.example/?access_token=s3cret']);
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.not.stringContaining('s3cret') });
});

test('the User-Agent is our own, unless -A or -H names another', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { url, requests } = await plainServer((_, response) => void response.end());
  await cli([url]);
  await cli(['-H', 'user-agent: other', url]);
  expect(requests.map(({ headers }) => headers['user-agent'])).toEqual([`axios-challenge/${version}`, 'other']);
});

test('-s is silent, and -sS shows the error', async () => {
  const { url } = await server();
  expect(await cli(['-s', url])).toMatchObject({ status: 3, stdout: '', stderr: '' });
  expect(await cli(['-sS', url])).toMatchObject({ status: 3, stderr: expect.stringContaining('ERR_AUTH_NONE') });
  expect(await cli(['-s', url], ALICE)).toMatchObject({ status: 0, stderr: '' });
});

test('a wrong password in -u is tried once, and no other provider is asked', async () => {
  const guarded = await server();
  expect(await cli(['-u', 'alice:mistyped', guarded.url], ALICE)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('ERR_AUTH_REFUSED'),
  });
  expect(guarded.requests).toHaveLength(2);
});
