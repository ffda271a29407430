/** SEC-12, SEC-27: no command prints a secret, wherever it came from and however it ends. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainServer, server } from '../support/stage.js';
import { cli, folder } from './run.js';

const SECRET = 's3cr3t';
const ENCODED = [SECRET, Buffer.from(`alice:${SECRET}`).toString('base64'), '%733cr3t'];

const GUARDED = { scheme: 'digest' } as const;
const inUrl = (url: string) => url.replace('//', `//alice:%733cr3t@`);
const inQuery = (url: string) => `${url}/?token=${SECRET}#${SECRET}`;
const ENV = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: SECRET, AXIOS_CHALLENGE_TOKEN: SECRET };

type Row = [what: string, args: (url: string) => string[], variables?: NodeJS.ProcessEnv, input?: string];

const ROWS: Row[] = [
  ['get -v, the URL', (url) => ['get', '-v', inUrl(url)]],
  ['get, the URL', (url) => ['get', inUrl(url)]],
  ['get, the query', (url) => ['get', '-v', inQuery(url)]],
  ['get -v, the environment', (url) => ['get', '-v', url], ENV],
  ['get, a URL that cannot be parsed', () => ['get', `http://alice:${SECRET}@[files`]],
  ['get, another kind of URL', () => ['get', `ftp://alice:${SECRET}@files.example`]],
  ['get, nobody listens', () => ['get', `http://alice:${SECRET}@127.0.0.1:1/?${SECRET}`]],
  ['get, --user with a password', (url) => ['get', '-u', `alice:${SECRET}`, url]],
  ['get, a header', (url) => ['get', '-v', '-H', `Authorization: Bearer ${SECRET}`, url]],
  ['get, a header that is none', (url) => ['get', '-H', `Authorization Bearer ${SECRET}`, url]],
  ['get, an option that is none', (url) => ['get', `--password=${SECRET}`, url]],
  ['get, too many arguments', (url) => ['get', url, SECRET]],
  ['an unknown command', () => [`http://alice:${SECRET}@files.example`]],
  ['request, the body', (url) => ['request', '-v', '-d', SECRET, url]],
  ['probe', (url) => ['probe', url], ENV],
  ['probe --json', (url) => ['probe', '--json', inUrl(url)]],
  ['login, the environment', (url) => ['login', url], ENV],
  ['login, stdin', (url) => ['login', '-u', 'alice', '--password-stdin', url], {}, SECRET],
  ['login, a token on stdin', (url) => ['login', '--token-stdin', url], {}, SECRET],
  ['login at an issuer', (url) => ['login', '--oauth', '--issuer', 'http://127.0.0.1:1', '--client-id', 'x', url], ENV],
  ['login, the URL', (url) => ['login', inUrl(url)]],
  ['logout', (url) => ['logout', inUrl(url)]],
  ['status', (url) => ['status', inUrl(url)]],
  ['doctor', () => ['doctor'], ENV],
];

/** One that accepts the secret, one that refuses it, one that breaks off. */
const SERVERS = [
  async () => (await server({ users: { alice: SECRET }, tokens: [SECRET], protect: GUARDED })).url,
  async () => (await server({ protect: [{ scheme: 'basic' }, { scheme: 'bearer' }] })).url,
  async () => (await plainServer((_, response) => void response.destroy())).url,
] as const;

test.each(ROWS)('%s', async (_, args, variables = {}, input = '') => {
  const home = folder();
  writeFileSync(join(home, '.netrc'), `machine 127.0.0.1 login alice password ${SECRET}\n`, { mode: 0o600 });
  // A command line that names no server ends the same before all of them.
  const servers = args('http://a').join() === args('http://b').join() ? SERVERS.slice(0, 1) : SERVERS;
  const runs = servers.map(async (urlOf) => cli(args(await urlOf()), { HOME: home, ...variables }, input));
  for (const { stdout, stderr, status } of await Promise.all(runs)) {
    // The strict server repeats the query in the body, which is data.
    const printed = stdout.replace(/"url":"[^"]*"/, '') + stderr;
    for (const form of ENCODED) expect(printed).not.toContain(form);
    expect(status).not.toBeNull();
  }
});
