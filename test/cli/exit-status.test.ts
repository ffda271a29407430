/** How the command line ends, as scripts see it. */

import { once } from 'node:events';
import { plainServer, server } from '../support/stage.js';
import { ALICE, cli, start } from './run.js';

const STACK = /^\s+at .*:\d+/m;

/** The strict server with a page that is open, one that is missing, and one that breaks off. */
function site() {
  return server({
    protect: { '/guarded': { scheme: 'digest' } },
    onRequest: ({ url }, response) => {
      if (url === '/missing')
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"\u001b[2J"}');
      if (url === '/broken') response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy());
      if (url === '/locked') response.writeHead(407, { 'proxy-authenticate': 'Basic realm="p"' }).end();
      return url === '/missing' || url === '/broken' || url === '/locked';
    },
  });
}

type Row = [what: string, args: string[], status: number, stderr: RegExp, variables?: NodeJS.ProcessEnv];

// `/path` stands for a URL of the server.
const ROWS: readonly Row[] = [
  ['a page that is open', ['get', '/open'], 0, /^$/],
  ['a challenge that is answered', ['get', '/guarded'], 0, /^$/, ALICE],
  ['nobody has a credential', ['get', '/guarded'], 3, /\(ERR_AUTH_NONE\)\n.*set AXIOS_CHALLENGE_USERNAME/],
  ['nobody has it, drawn', ['get', '-v', '/guarded'], 3, /AXIOS_CHALLENGE_USERNAME is not set.*\(ERR_AUTH_NONE\)/s],
  [
    'a wrong password',
    ['get', '/guarded'],
    3,
    /^GET \S+ {2}-> {2}401\n.*server refused.*ERR_AUTH_REFUSED\)\n {2}what to do: check the user name.*\n$/,
    { ...ALICE, AXIOS_CHALLENGE_PASSWORD: 'wrong' },
  ],
  ['a 401 with the drawing', ['get', '-v', '/guarded'], 3, /client.*gave back the server's own 401: no provider/s],
  ['a proxy that asks', ['get', '/locked'], 3, /407/],
  ['another error', ['get', '/missing'], 4, /^GET \S+\/missing {2}-> {2}404 Not Found\n\{"error":"\\x1b\[2J"\}\n$/],
  ['a body that breaks off', ['get', '/broken'], 5, /closed the connection|aborted/],
  [
    'a port on which nothing is listening',
    ['get', 'http://127.0.0.1:1/'],
    5,
    /connection refused: nothing is listening on that port/,
  ],
  [
    'an unknown host name',
    ['get', 'http://no-such-host.invalid/'],
    5,
    /the host name no-such-host\.invalid cannot be resolved/,
  ],
  ['a URL alone', ['/open'], 0, /^$/],
  ['options and a URL', ['-s', '/open'], 0, /^$/],
  ['an unknown command', ['fetch'], 2, /unknown command \(see/],
  ['a misspelt command', ['doktor'], 2, /unknown command: did you mean doctor\? \(see/],
  ['a command that Object.prototype has', ['constructor'], 2, /unknown command/],
  ['no URL', ['get'], 2, /a URL is missing/],
  ['two URLs', ['get', '/open', '/open'], 2, /too many arguments/],
  ['an unknown option', ['get', '--frobnicate', '/open'], 2, /unknown option '--frobnicate' \(see/],
  ['a misspelt option', ['get', '--ouput=x', '/open'], 2, /unknown option '--ouput': did you mean --output\? \(see/],
  ['an option without its value', ['get', '/open', '-o'], 2, /argument missing/],
  ['a value given twice', ['get', '-o', 'a', '-o', 'b', '/open'], 2, /--output is given twice/],
  ['two kinds of body', ['get', '-d', 'a', '-F', 'b=c', '/open'], 2, /only one of --data, --form/],
  ['two output files', ['get', '-O', '-o', 'b', '/open'], 2, /--output and --remote-name exclude each other/],
  ['-O without a file name', ['get', '-O', 'http://127.0.0.1/'], 2, /needs a URL that ends with a file name/],
  ['a count that is not a number', ['get', '--retry', 'some', '/open'], 2, /--retry must be a number/],
  ['a malformed form part', ['get', '-F', 'x', '/open'], 2, /form part 1 is not of the form NAME=VALUE/],
  ['a URL without a scheme', ['get', 'files.example'], 2, /invalid URL: it must begin with http/],
  ['another kind of URL', ['get', 'file:///etc/passwd'], 2, /invalid URL: it must begin with http/],
  ['a malformed header', ['get', '-H', 'nonsense', '/open'], 2, /header 1 is not of the form/],
  ['a method that asks for a tunnel', ['request', '-X', 'CONNECT', '/open'], 2, /invalid HTTP method/],
  ['a time that is not a number', ['get', '-m', 'soon', '/open'], 2, /must be a number of seconds/],
  ['two passwords', ['get', '-u', 'a:b', 'http://a:c@127.0.0.1/'], 2, /two passwords are given/],
  ['two accounts', ['get', '-u', 'a', 'http://b@127.0.0.1/'], 2, /different accounts/],
  ['a file that is not there', ['request', '-d', '@/nonexistent', '/open'], 1, /cannot be read \(ENOENT\)/],
  ['a folder that is not there', ['get', '-o', '/nonexistent/x', '/open'], 1, /cannot be written \(ENOENT\)/],
  ['a URL for doctor', ['doctor', '/open'], 2, /too many arguments/],
];

test.each<Row>(ROWS)('%s', async (_, args, status, stderr, variables = {}) => {
  const { url } = await site();
  const ended = await cli(
    args.map((arg) => (/^\/[a-z]+$/.test(arg) ? url + arg : arg)),
    variables,
  );
  expect({ status: ended.status, stderr: ended.stderr }).toEqual({ status, stderr: expect.stringMatching(stderr) });
  expect(ended.stderr).not.toMatch(STACK);
  if (status !== 0 && status !== 5) expect(ended.stdout).toBe('');
});

test('a server that does not answer within --max-time', async () => {
  const { url } = await plainServer(() => {});
  const { status, stderr } = await cli(['get', '-m', '0.2', url]);
  expect({ status, stderr }).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('--max-time is over'),
  });
});

test('a body that does not end within --max-time', async () => {
  const { url } = await plainServer((_, response) => void response.write('for ever'));
  const { status, stdout, stderr } = await cli(['get', '-m', '0.3', url]);
  expect({ status, stdout }).toEqual({ status: 5, stdout: 'for ever' });
  expect(stderr).toContain('--max-time is over');
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends it at once and without a word', async (signal, expected) => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const { url } = await plainServer(() => arrive());
  const { child, ended } = start(['get', url]);
  await arrived;
  child.kill(signal);
  expect(await ended).toMatchObject({ status: expected, stdout: '', stderr: '' });
});

test('a reader that closes the pipe, as in "| head", ends the program without a message', async () => {
  const line = `${'x'.repeat(99)}\n`;
  const { url } = await plainServer((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(line));
    };
    response.on('drain', more);
    more();
  });
  const { child, ended } = start(['get', url]);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await ended).toMatchObject({ status: 141, stderr: '' });
});

test('a full disk is reported', async () => {
  const { url } = await server({ protect: { '/other': { scheme: 'basic' } } });
  const { status, stderr } = await cli(['get', '-o', '/dev/full', url]);
  expect({ status, stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('/dev/full cannot be written (ENOSPC)'),
  });
});
