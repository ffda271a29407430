/** The command line against Apache. */

import { apache } from '../support/servers/apache.js';
import { alice, mistyped } from '../support/servers/passwords.js';
import { needs, type RunningServer } from '../support/servers/process.js';
import { cli } from './run.js';

const variablesOf = ({ username, password }: typeof alice) => ({
  AXIOS_CHALLENGE_USERNAME: username,
  AXIOS_CHALLENGE_PASSWORD: password,
});

needs('apache2', 'apache2')('Apache', () => {
  let httpd: RunningServer;
  beforeAll(async () => {
    httpd = await apache();
  });
  afterAll(() => httpd.close());

  test.each(['/basic/', '/basic-quoted/', '/digest/'])(
    'get %s succeeds, and with a mistyped password it fails',
    async (path) => {
      const right = await cli(['get', `${httpd.url}${path}hello.txt`], variablesOf(alice));
      expect({ status: right.status, stderr: right.stderr }).toEqual({ status: 0, stderr: '' });
      expect(right.stdout).toBe(`hello from ${path.replaceAll('/', '')}\n`);
      const wrong = await cli(['get', `${httpd.url}${path}hello.txt`], variablesOf(mistyped));
      expect(wrong).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('ERR_AUTH_REFUSED') });
    },
  );

  test('request sends a body again, byte for byte', async () => {
    const args = ['request', '-d', '@-', `${httpd.url}/digest/echo.cgi`];
    const { status, stdout } = await cli(args, variablesOf(alice), 'the order');
    expect(status).toBe(0);
    expect(stdout).toContain('the order');
  });

  test('probe reads its challenge', async () => {
    const { status, stdout } = await cli(['probe', `${httpd.url}/digest/`], variablesOf(alice));
    expect(status).toBe(0);
    expect(stdout).toMatch(/Digest MD5 +would be answered\n +realm +"Digest Realm"/);
    expect(stdout).toContain('as alice (env)');
  });
});
