/** `--ntlm` and `--negotiate`: who is answered with them, and who is not. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { withKerberos } from '../support/kerberos-module.js';
import { negotiateJudge } from '../support/negotiate-judge.js';
import { atTerminal, needsPty } from '../support/pty.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { plainServer, server } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';
import { ALICE, CLI, cli, environment, folder } from './run.js';

const NTLM = { scheme: 'ntlm' } as const;
const DIGEST = { scheme: 'digest', algorithm: 'MD5' } as const;
const BASIC = { scheme: 'basic' } as const;

const tickets = () => withKerberos(folder());

/** The scheme and the status of each request. */
const seen = ({ requests }: ChallengeServer) => requests.map(({ scheme, status }) => [scheme, status]);

const HANDSHAKE = [
  [undefined, 401],
  ['ntlm', 401],
  ['ntlm', 200],
];

describe('--ntlm', () => {
  test.each([
    ['the environment', [], ALICE],
    ['--user, with the domain', ['-u', 'LAB\\alice:wonderland'], {}],
  ])('answers with the password of %s', async (_, options, variables) => {
    const guarded = await server({ protect: NTLM });
    const { status, stderr } = await cli(['get', '--ntlm', ...options, guarded.url], variables);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(seen(guarded)).toEqual(HANDSHAKE);
  });

  test('sends a body with the last message', async () => {
    const guarded = await server({ protect: NTLM });
    expect(await cli(['request', '--ntlm', '-d', '@-', guarded.url], ALICE, 'cups=2')).toMatchObject({ status: 0 });
    expect(guarded.requests.map(({ body }) => body.toString())).toEqual(['cups=2', '', 'cups=2']);
  });

  test.each([
    ['Digest before NTLM', [BASIC, NTLM, DIGEST], [], 'digest'],
    ['NTLM before Basic', [BASIC, NTLM], [], 'ntlm'],
    ['with --basic: NTLM and Basic alone', [BASIC, NTLM, DIGEST], ['--basic'], 'ntlm'],
  ] as const)('%s', async (_, protect, options, scheme) => {
    const guarded = await server({ protect });
    expect((await cli(['get', '--ntlm', ...options, guarded.url], ALICE)).status).toBe(0);
    expect(seen(guarded).at(-1)).toEqual([scheme, 200]);
  });

  test('is for the origin of the URL alone', async () => {
    const other = await server({ protect: NTLM });
    const { url } = await plainServer((_, response) => void response.writeHead(302, { Location: other.url }).end());
    expect(await cli(['get', '--ntlm', '-u', 'alice:wonderland', url])).toMatchObject({ status: 3 });
    expect(seen(other)).toEqual([[undefined, 401]]);
  });

  test('without it the 401 stays, and the advice names it', async () => {
    const guarded = await server({ protect: NTLM });
    const { status, stderr } = await cli(['get', guarded.url], ALICE);
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining('use --ntlm, with a password\n') });
    expect(seen(guarded)).toEqual([[undefined, 401]]);
  });

  needsSecretService('login', () => {
    test('the advice leads to a password in the keychain', async () => {
      const { variables } = await secretService();
      const { url } = await server({ protect: NTLM });
      const { stderr } = await cli(['get', '--ntlm', url], variables);
      const [, line = ''] = /axios-challenge (login --ntlm \S+),/.exec(stderr) ?? [];
      const stored = await cli([...line.split(' '), '-u', 'alice', '--password-stdin'], variables, 'wonderland');
      expect(stored).toMatchObject({ status: 0, stderr: expect.stringContaining(`stored: alice for ${url}`) });
      expect(await cli(['get', '--ntlm', url], variables)).toMatchObject({ status: 0, stderr: '' });
    });
  });

  test('login takes it with a password alone', async () => {
    const line = ['login', '--ntlm', '--oauth', '--client-id', 'cli', 'https://files.example'];
    expect(await cli(line)).toMatchObject({ status: 2, stderr: expect.stringContaining('exclude each other') });
  });
});

describe('--ntlm and a proxy', () => {
  const withProxy = (proxy: ChallengeServer, host = '127.0.0.1') =>
    proxy.url.replace('//127.0.0.1', `//alice:wonderland@${host}`);

  test.each([
    ['-x', (proxy: string) => [['-x', proxy], {}] as const],
    ['the environment', (proxy: string) => [[], { http_proxy: proxy }] as const],
  ])('of %s is answered, and without --ntlm it is not', async (_, given) => {
    const proxy = await server({ status: 407, protect: NTLM });
    const [options, variables] = given(withProxy(proxy));
    const line = [...options, 'http://127.0.0.1:9/report'];
    expect(await cli(['get', '--ntlm', ...line], { NO_PROXY: '', ...variables })).toMatchObject({ status: 0 });
    expect(proxy.requests.at(-1)).toMatchObject({ scheme: 'ntlm', status: 200, url: 'http://127.0.0.1:9/report' });
    const refused = await cli(['get', ...line], { NO_PROXY: '', ...variables });
    expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining('use --ntlm, with a password') });
  });

  /** A request with a body that needs a tunnel, to an origin with an authority of its own. */
  async function tunnelled() {
    const proxy = await server({ status: 407, protect: NTLM });
    const origin = await server({ tls: selfSigned(), protect: NTLM });
    const file = join(folder(), 'ca.pem');
    writeFileSync(file, selfSigned().cert);
    const options = ['--ntlm', '--cacert', file, '-x', withProxy(proxy), '-d', 'cups=2'];
    return { origin, args: ['get', ...options, origin.url], variables: { ...ALICE, NO_PROXY: '' } };
  }

  test('in a tunnel', async () => {
    const { origin, args, variables } = await tunnelled();
    const { status, stderr } = await cli(args, variables);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(origin.requests.at(-1)).toMatchObject({ scheme: 'ntlm', status: 200 });
    expect(origin.requests.at(-1)?.body.toString()).toBe('cups=2');
  });

  needsPty('at a terminal', () => {
    test('in a tunnel, where the progress of an upload could be shown', async () => {
      const { origin, args, variables } = await tunnelled();
      expect((await atTerminal(CLI, args, ['stdout'], environment(variables)).left()).status).toBe(0);
      expect(origin.requests.at(-1)).toMatchObject({ scheme: 'ntlm', status: 200 });
    });
  });

  /** The variables of a process for which every name is this machine's, with alice's password for one of them. */
  function beyond(proxy: ChallengeServer) {
    const file = join(folder(), 'names.mjs');
    writeFileSync(
      file,
      `import dns from 'node:dns';
dns.lookup = (_, { all }, done) =>
  all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
`,
    );
    const url = proxy.url.replace('127.0.0.1', 'proxy.example');
    return { url, variables: { ...ALICE, AXIOS_CHALLENGE_URL: url, NODE_OPTIONS: `--import ${file}` } };
  }

  test.each([
    ['NTLM', NTLM, 'ntlm'],
    ['Basic', BASIC, 'basic'],
  ] as const)('beyond this machine gets %s in the clear with --allow-insecure alone', async (_, protect, scheme) => {
    const proxy = await server({ status: 407, protect });
    const { url, variables } = beyond(proxy);
    const line = ['--ntlm', '-x', url, 'http://files.example/report'];
    const { status, stderr } = await cli(['get', ...line], variables);
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining('ERR_AUTH_INSECURE') });
    expect(seen(proxy)).toEqual([[undefined, 407]]);
    await cli(['get', '--allow-insecure', ...line], variables);
    expect(proxy.requests.at(-1)).toMatchObject({ scheme, user: 'alice' });
  });
});

describe('--negotiate', () => {
  test('sends a token of the ticket, for the host of the URL', async () => {
    const judge = await negotiateJudge();
    const { status, stdout, stderr } = await cli(['get', '--negotiate', judge.url], { ...ALICE, ...tickets() });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'come in', stderr: '' });
    expect(judge.judged.at(-1)).toMatchObject({ message: 1, service: 'HTTP@127.0.0.1' });
  });

  test('-u : means the ticket, as to curl', async () => {
    const judge = await negotiateJudge();
    expect((await cli(['get', '--negotiate', '-u', ':', judge.url], tickets())).status).toBe(0);
    expect(await cli(['get', '-u', ':', judge.url])).toMatchObject({ status: 2 });
  });

  test('Negotiate before Digest and NTLM, with --ntlm as well', async () => {
    const judge = await negotiateJudge({ beside: ['NTLM', 'Digest realm="x", nonce="n", qop="auth"'] });
    const args = ['get', '--ntlm', '--negotiate', judge.url];
    expect((await cli(args, { ...ALICE, ...tickets() })).status).toBe(0);
    expect(judge.messages()).toEqual([0, 1]);
  });

  test('is for the origin of the URL alone', async () => {
    const judge = await negotiateJudge();
    const { url } = await plainServer((_, response) => void response.writeHead(302, { Location: judge.url }).end());
    expect(await cli(['get', '--negotiate', url], tickets())).toMatchObject({ status: 3 });
    expect(judge.messages()).toEqual([0]);
  });

  test('without the package it says so, and that is all', async () => {
    const judge = await negotiateJudge();
    const { status, stderr } = await cli(['get', '--negotiate', judge.url], ALICE);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^ {2}what to do: kerberos is not installed \(npm install kerberos\)\n$/m);
  });

  test('without the package the next challenge is answered; if it cannot be, both are told', async () => {
    const guarded = await server({ protect: [{ raw: 'Negotiate' }, DIGEST] });
    expect(await cli(['get', '--negotiate', guarded.url], ALICE)).toMatchObject({ status: 0, stderr: '' });
    const { stderr } = await cli(['get', '--negotiate', guarded.url]);
    expect(stderr).toMatch(
      /store a password with .*; for Negotiate: kerberos is not installed \(npm install kerberos\)\n/,
    );
  });

  test('without it the 401 stays, and the advice names it', async () => {
    const judge = await negotiateJudge();
    const { status, stderr } = await cli(['get', judge.url], { ...ALICE, ...tickets() });
    const advice = 'use get --negotiate, with a Kerberos ticket\n';
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining(advice) });
    expect(judge.messages()).toEqual([0]);
  });

  test('--curl keeps both options, and names no user', async () => {
    const { stdout } = await cli(['get', '--curl', '--ntlm', '--negotiate', 'https://files.example']);
    expect(stdout).toBe('curl --anyauth --user : --ntlm --negotiate --location https://files.example/\n');
  });
});
