/** curl, which shares nothing with us, gets in; and with a wrong password it does not. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  type ChallengeServerOptions,
  challengeServer,
  type Protection,
} from '../../../src/testing/challenge-server.js';
import { selfSigned } from '../../support/tls.js';

const run = promisify(execFile);

async function curl(options: ChallengeServerOptions, args: string[], target = '/a%20b?c=d') {
  const server = await challengeServer(options);
  try {
    const { stdout } = await run('curl', ['-sS', ...args, `${server.url}${target}`]);
    return { statuses: server.requests.map(({ status }) => status), last: server.requests.at(-1), stdout };
  } finally {
    await server.close();
  }
}

const ways: [string, string, Protection, object?][] = [
  ['Basic', '--basic', { scheme: 'basic', realm: 'Files' }],
  ['Digest, no algorithm', '--digest', { scheme: 'digest', opaque: 'o' }],
  ['Digest MD5', '--digest', { scheme: 'digest', algorithm: 'MD5' }],
  ['Digest MD5-sess', '--digest', { scheme: 'digest', algorithm: 'MD5-sess' }],
  ['Digest SHA-256', '--digest', { scheme: 'digest', algorithm: 'SHA-256' }],
  ['Digest SHA-256-sess', '--digest', { scheme: 'digest', algorithm: 'SHA-256-sess' }],
  ['Digest auth-int beside auth', '--digest', { scheme: 'digest', algorithm: 'SHA-256', qop: 'auth,auth-int' }],
  ['Digest as in RFC 2069', '--digest', { scheme: 'digest', qop: null }],
  ['Digest with an odd realm', '--digest', { scheme: 'digest', algorithm: 'SHA-256', realm: 'a "b" \\c' }],
  ['Digest with a realm in UTF-8', '--digest', { scheme: 'digest', algorithm: 'SHA-256', realm: 'Zürich €' }],
  ['any, offered Digest', '--anyauth', { scheme: 'digest', algorithm: 'SHA-256' }],
  ['any, offered Basic', '--anyauth', { scheme: 'basic' }],
];

describe('curl', () => {
  test.each(ways)('%s: gets in', async (_name, flag, protect) => {
    const { statuses, last, stdout } = await curl({ protect }, [flag, '-u', 'alice:wonderland']);
    expect(statuses.at(-1)).toBe(200);
    expect(last?.violation).toBeUndefined();
    expect(JSON.parse(stdout)).toMatchObject({ authenticated: true, user: 'alice', url: '/a%20b?c=d' });
  });

  test.each(ways)('%s: does not get in with a wrong password', async (_name, flag, protect) => {
    const { statuses, last } = await curl({ protect }, [flag, '-u', 'alice:wunderland']);
    expect(statuses.at(-1)).toBe(401);
    expect(last).toMatchObject({ user: 'alice' });
    expect(last?.stale).toBeUndefined();
  });

  test('chooses among several challenges, each in its own field line', async () => {
    const protect: Protection[] = [{ scheme: 'basic' }, { scheme: 'digest', algorithm: 'SHA-256' }];
    const { last, statuses } = await curl({ protect }, ['--anyauth', '-u', 'alice:wonderland']);
    expect(statuses).toEqual([401, 200]);
    expect(last?.scheme).toBe('digest');
  });

  test('hashes the user name', async () => {
    const protect: Protection = { scheme: 'digest', algorithm: 'SHA-256', userhash: true, qop: 'auth' };
    const { last } = await curl({ protect, users: { Jäsøn: 'pä' } }, ['--digest', '-u', 'Jäsøn:pä']);
    expect(last?.headers.authorization).toMatch(/username="[0-9a-f]{64}".*userhash=true/);
    expect(last).toMatchObject({ status: 200, user: 'Jäsøn' });
  });

  test('sends a body twice', async () => {
    const args = ['--digest', '-u', 'alice:wonderland', '--data-binary', 'x'.repeat(100_000)];
    const { stdout, last } = await curl({ protect: { scheme: 'digest', algorithm: 'MD5' } }, args);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'POST', bytes: 100_000 });
    expect(last?.body.equals(Buffer.from('x'.repeat(100_000)))).toBe(true);
  });

  test('sends a bearer token', async () => {
    const options: ChallengeServerOptions = { protect: { scheme: 'bearer' }, tokens: ['a.b-c'] };
    expect((await curl(options, ['--oauth2-bearer', 'a.b-c'])).statuses).toEqual([200]);
    expect((await curl(options, ['--oauth2-bearer', 'a.b-d'])).statuses).toEqual([401]);
  });

  test('goes through it as a proxy, in absolute-form', async () => {
    const server = await challengeServer({ status: 407, protect: { '/in': { scheme: 'basic', realm: 'Proxy' } } });
    const args = ['-sS', '-x', server.url, '--proxy-anyauth', '-U', 'alice:wonderland', 'http://else.example/in/a?b'];
    const { stdout } = await run('curl', args);
    expect(JSON.parse(stdout)).toMatchObject({ authenticated: true, url: 'http://else.example/in/a?b' });
    expect(server.requests.map(({ status }) => status)).toEqual([407, 200]);
    await server.close();
  });

  test('is told that the uri at a proxy has to be the absolute-form (RFC 7616 §3.4)', async () => {
    const server = await challengeServer({ status: 407 });
    const args = ['-sS', '-x', server.url, '--proxy-digest', '-U', 'alice:wonderland', 'http://else.example/a'];
    expect((await run('curl', args)).stdout).toBe('digest: uri is not the request-target\n');
    await server.close();
  });

  test('speaks TLS with it', async () => {
    const { statuses } = await curl({ tls: selfSigned() }, ['-k', '--digest', '-u', 'alice:wonderland']);
    expect(statuses).toEqual([401, 200]);
  });
});
