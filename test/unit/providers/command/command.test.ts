import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { CredentialRequest } from '../../../../src/model.js';
import { type CommandOptions, command } from '../../../../src/providers/command/command.js';
import { ask, origin } from '../../../support/credential-request.js';

const alice = { username: 'alice', password: 's3cret' };
const named = { username: 'alice' };
const bearer = { scheme: 'bearer' };
const other = 'https://other.example';

const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A shell script that does this. */
function script(name: string, body: string, mode = 0o700): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, mode);
  return path;
}

/** A program that prints this text. */
function printer(text: string): readonly string[] {
  return ['printf', '%s', text];
}

/** What a shell script that is given these arguments printed, as the password of alice. */
async function seen(
  body: string,
  args: readonly string[],
  options: CommandOptions = {},
  request: Partial<CredentialRequest> = {},
): Promise<string | undefined> {
  const provider = command(['sh', '-c', body, 'sh', ...args], { format: 'secret', username: 'alice', ...options });
  return ((await provider.get(ask(request))) as typeof alice | undefined)?.password;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever is thrown
async function trouble(argv: readonly string[], options: CommandOptions = {}, request = {}): Promise<any> {
  return Promise.resolve(command(argv, options).get(ask(request))).then(
    (given) => expect(given).toBe('a throw'),
    (error) => error,
  );
}

const docker = (url: string, username = 'alice') =>
  JSON.stringify({ ServerURL: url, Username: username, Secret: 's3cret' });

describe('command reads', () => {
  test.each<[string, string, CommandOptions, Partial<CredentialRequest>, object]>([
    ['a user name and a password from JSON', '{ "username": "alice", "password": "s3cret" }', {}, {}, alice],
    ['JSON over several lines', '\n{\n  "username": "alice",\n  "password": "s3cret"\n}\n', {}, {}, alice],
    ['an empty password from JSON', '{"username":"alice","password":""}', {}, {}, { ...alice, password: '' }],
    ['a password of the user name asked for from JSON', '{"password":"s3cret"}', {}, named, alice],
    ['a token from JSON', '{"token":"t0ken"}', {}, bearer, { token: 't0ken' }],
    [
      'a token from JSON with a password in it too',
      '{"token":"t0ken","username":"a","password":"p"}',
      {},
      bearer,
      { token: 't0ken' },
    ],
    ["docker's JSON", docker(origin), {}, {}, alice],
    ["docker's JSON of a host", docker('files.example'), {}, {}, alice],
    ["docker's JSON of a URL with a path", docker(`${origin}:443/v1/`), {}, {}, alice],
    ["docker's JSON without a server", docker(''), {}, {}, alice],
    ["a token from docker's JSON", docker(origin, '<token>'), {}, bearer, { token: 's3cret' }],
    ['a bare password of the user name asked for', 's3cret\n', {}, named, alice],
    ['a bare password of the option username', 's3cret\n', named, {}, alice],
    ['a bare password without a newline', 's3cret', named, {}, alice],
    ['a bare password with a CRLF', 's3cret\r\n', named, {}, alice],
    ['a bare password with spaces', ' s3 cret \n', named, {}, { ...alice, password: ' s3 cret ' }],
    ['the first line of an entry of pass', 's3cret\nlogin: bob\nurl: x\n', named, {}, alice],
    ['a bare password that ends like a key', 'secret=\n', named, {}, { ...alice, password: 'secret=' }],
    ['a bare token', 't0ken\n', {}, bearer, { token: 't0ken' }],
    ['a bare token behind a byte order mark', '\uFEFFt0ken\n', {}, bearer, { token: 't0ken' }],
    ['a bare token although the URL has a user name', 't0ken\n', {}, { ...bearer, ...named }, { token: 't0ken' }],
    [
      'a secret that looks like JSON, if the option format says so',
      '{"x"',
      { ...named, format: 'secret' },
      {},
      { ...alice, password: '{"x"' },
    ],
    [
      'a secret that looks like git, if the option format says so',
      'password=x',
      { ...named, format: 'secret' },
      {},
      { ...alice, password: 'password=x' },
    ],
  ])('%s', async (_, text, options, request, expected) => {
    expect(await command(printer(text), options).get(ask(request))).toEqual(expected);
  });
});

describe('command has no credential, and says why:', () => {
  test.each<[string, string, CommandOptions, Partial<CredentialRequest>, string]>([
    ['no output', '', named, {}, 'printf printed nothing'],
    ['an empty line', '\n', named, {}, 'printf printed nothing'],
    ['an empty first line', '\nsecret\n', { ...named, format: 'secret' }, {}, 'printf printed nothing'],
    ['a password for Bearer', JSON.stringify(alice), {}, bearer, 'printf printed no token'],
    ["docker's password for Bearer", docker(origin), {}, bearer, 'printf printed no token'],
    ['a bare password of a known user for Bearer', 's3cret', named, bearer, 'printf printed no token'],
    ['an empty token', '{"token":""}', {}, bearer, 'printf printed no token'],
    ['a token for Digest', '{"token":"t0ken"}', named, {}, 'printf printed no password'],
    ["docker's token for Digest", docker(origin, '<token>'), named, {}, 'printf printed no password'],
    [
      'a user name that was not asked for',
      JSON.stringify(alice),
      {},
      { username: 'bob' },
      'printf printed another user name',
    ],
    [
      'a user name that is not the option',
      JSON.stringify(alice),
      { username: 'bob' },
      {},
      'printf printed another user name',
    ],
  ])('%s', async (_, text, options, request, reason) => {
    const provider = command(printer(text), options);
    const asked = ask(request);
    expect(await provider.get(asked)).toBeUndefined();
    expect(provider.absence?.(asked)).toBe(reason);
  });

  test("docker's words for an unknown server", async () => {
    const provider = command([script('none', 'echo "credentials not found in native keychain"; exit 1'), 'get']);
    const asked = ask();
    expect(await provider.get(asked)).toBeUndefined();
    expect(provider.absence?.(asked)).toBe('none has no credential for this origin');
  });

  test.each<[string, CommandOptions, Partial<CredentialRequest>, string]>([
    ['another origin than the option', { origin: other }, {}, `is for ${other}, not this origin`],
    ['another port than the option', { origin: `${origin}:8443` }, {}, `is for ${origin}:8443, not this origin`],
    [
      'another origin than the baseURL',
      {},
      { baseOrigin: other },
      `names no origin, so it is for the baseURL, ${other}`,
    ],
    ['a proxy', {}, { proxy: true }, 'names no origin, so it is not for a proxy'],
    ['another user name', {}, { username: 'bob' }, 'is for another user name'],
  ])('%s, without running the program', async (_, options, request, reason) => {
    const provider = command(['/nowhere/program'], { username: 'alice', ...options });
    const asked = ask(request);
    expect(await provider.get(asked)).toBeUndefined();
    expect(provider.absence?.(asked)).toBe(reason);
  });

  test('each request has its own reason', async () => {
    const provider = command(['sh', '-c', 'test "$AXIOS_CHALLENGE_SCHEME" = basic || echo s3cret'], named);
    const [basic, digest] = [ask({ scheme: 'basic' }), ask()];
    expect(await Promise.all([provider.get(basic), provider.get(digest)])).toEqual([undefined, alice]);
    expect([provider.absence?.(basic), provider.absence?.(digest)]).toEqual(['sh printed nothing', undefined]);
  });
});

test.each<[string, CommandOptions, Partial<CredentialRequest>]>([
  ['the origin of the option', { origin: `${origin}:443/any/path` }, { baseOrigin: other }],
  ['the proxy that the option names', { origin }, { proxy: true }],
  ['the origin of the baseURL', {}, { baseOrigin: origin }],
])('command answers %s', async (_, options, request) => {
  expect(await command(printer(JSON.stringify(alice)), options).get(ask(request))).toEqual(alice);
});

describe('command throws ERR_AUTH_PROVIDER, and shows nothing of the output:', () => {
  test.each<[string, readonly string[], CommandOptions, string]>([
    ['an exit status', ['sh', '-c', 'echo s3cret; echo s3cret >&2; exit 3'], {}, 'sh ended with status 3'],
    [
      "docker's words with another status",
      ['sh', '-c', 'echo "credentials not found in native keychain"; exit 2'],
      {},
      'sh ended with status 2',
    ],
    ['a signal', ['sh', '-c', 'echo s3cret; kill -KILL $$'], {}, 'sh was ended by SIGKILL'],
    ['a program that is not there', ['/nowhere/s3cret/program', 's3cret'], {}, 'program is not installed'],
    ['a file that is no program', [script('closed', '', 0o600)], {}, 'closed cannot be executed'],
    ['a program that takes too long', ['sleep', '60'], { timeout: 20 }, 'sleep did not end within 20 ms'],
    ['a program that prints too much', ['sh', '-c', 'yes s3cret'], {}, 'sh printed more than a credential'],
    ['JSON that is none', printer('{ "password": "s3cret"'), {}, 'printed malformed JSON'],
    ['a secret where JSON was agreed', printer('s3cret'), { format: 'json' }, 'printed malformed JSON'],
    ['lines of git', printer('protocol=https\nhost=files.example\npassword=s3cret'), named, 'which git() reads'],
    ['JSON of something else', printer('{"login":"s3cret"}'), {}, 'printed JSON with neither'],
    ['JSON that is a list', printer('[ {"password":"s3cret"}, {} ]'), named, 'printed JSON with neither'],
    ['JSON with a number for a password', printer('{"username":"a","password":1}'), {}, 'printed JSON with neither'],
    ["docker's JSON of another host", printer(docker(other)), {}, 'answered for another origin'],
    [
      "docker's JSON of a host that begins the same",
      printer(docker(`${origin}.evil.example`)),
      {},
      'answered for another origin',
    ],
    ["docker's JSON of another protocol", printer(docker('http://files.example')), {}, 'answered for another origin'],
    ["docker's JSON of no URL", printer(docker('s3cret s3cret')), {}, 'answered for another origin'],
  ])('%s', async (_, argv, options, message) => {
    const error = await trouble(argv, options);
    expect(error).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_PROVIDER' });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^command: /);
    expect(inspect(error, { depth: null }).replace(error.stack, '')).not.toContain('s3cret');
    expect(error.message).not.toContain('s3cret');
  });

  test('a caller that leaves', async () => {
    const leaving = new AbortController();
    const asked = trouble(['sleep', '60'], {}, { signal: leaving.signal });
    leaving.abort();
    expect(await asked).toMatchObject({ code: 'ERR_AUTH_PROVIDER', message: 'command: cancelled' });
  });
});

test('command says how to name the user of a bare password', async () => {
  const error = await trouble(printer('s3cret'));
  expect(error).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_OPTION' });
  expect(error.message).toContain('set the option username');
  expect(error.message).not.toContain('s3cret');
});

describe('command writes into an argument', () => {
  const asked = { origin: `${origin}:8443`, realm: 'My {username} $& Files', username: 'alice' };
  test.each([
    ['the origin', '{origin}', `${origin}:8443`],
    ['the host with its port', 'op://{host}/password', 'op://files.example:8443/password'],
    ['the user name', '{username}', 'alice'],
    ['the realm as it is, once', '{realm}', 'My {username} $& Files'],
    ['a value as often as it is named', '{host}/{host}', 'files.example:8443/files.example:8443'],
    ['nothing for other words in braces', '{{.Data}} {ORIGIN} {password}', '{{.Data}} {ORIGIN} {password}'],
    ['no command for a shell', '; touch {host} `id` $(id)', '; touch files.example:8443 `id` $(id)'],
    ['a value behind its own dash', '--account={username}', '--account=alice'],
  ])('%s', async (_, argument, expected) => {
    expect(await seen('printf %s "$1"', [argument], {}, asked)).toBe(expected);
  });

  test('the user name of the option', async () => {
    expect(await seen('printf %s "$1"', ['{username}'])).toBe('alice');
  });

  test.each<[string, string, Partial<CredentialRequest>, string]>([
    ['a realm with a newline', 'x{realm}', { realm: 'a\nb' }, '{realm} has control characters'],
    ['a realm with a NUL', 'x{realm}', { realm: 'a\0b' }, '{realm} has control characters'],
    ['a realm with an encoded CR', 'x{realm}', { realm: 'a%0Db' }, '{realm} has control characters'],
    ['a realm with an escape sequence', 'x{realm}', { realm: '\u009b2J' }, '{realm} has control characters'],
    ['a realm like an option', '{realm}', { realm: '--output=/etc/passwd' }, '{realm} begins with "-"'],
    ['a user name like an option', '{username}/x', { username: '-o' }, '{username} begins with "-"'],
    ['a host like an option', '{host}', { origin: 'https://-o.example' }, '{host} begins with "-"'],
    ['an unknown user name', '{username}', {}, 'no user name is known'],
    ['the host of a socket path', '{host}', { origin: 'unix:/run/x.sock' }, 'the server is a socket path'],
    ['a user name with a newline, named or not', 'x', { username: 'a\nhost=x' }, 'user name has control characters'],
  ])('and does not run the program with %s', async (_, argument, request, message) => {
    const error = await trouble([script('never', `touch ${join(folder, 'ran')}; echo s3cret`), argument], {}, request);
    expect(error).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_PROVIDER' });
    expect(error.message).toContain(message);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
});

describe('command tells the program', () => {
  const asked = { realm: 'My\n"Files"', scheme: 'basic' };

  test('nothing on stdin', async () => {
    expect(await seen('cat; echo .', [])).toBe('.');
  });

  test("the origin alone, as docker's helpers read it", async () => {
    expect(await seen('cat; printf .', [], { input: 'docker' }, asked)).toBe(`${origin}.`);
  });

  test.each([
    ['ORIGIN', origin],
    ['REALM', 'My\\x0a"Files"'],
    ['SCHEME', 'basic'],
    ['USERNAME', 'alice'],
  ])('AXIOS_CHALLENGE_%s', async (name, value) => {
    expect(await seen(`printenv AXIOS_CHALLENGE_${name}`, [], {}, asked)).toBe(value);
  });

  test('the inherited environment, and no user name of another question', async () => {
    const environment = { PATH: process.env.PATH, MINE: 'kept', AXIOS_CHALLENGE_USERNAME: 'bob' };
    const provider = command(['sh', '-c', 'echo "$MINE$AXIOS_CHALLENGE_USERNAME"'], { environment });
    expect(await provider.get(ask(bearer))).toEqual({ token: 'kept' });
  });
});

test.each<[string, unknown, object]>([
  ['a command line in one string', 'op read x', {}],
  ['no program', [], {}],
  ['an empty program', ['', 'x'], {}],
  ['an argument that is no text', ['op', 1], {}],
  ['a placeholder in the program', ['{realm}'], {}],
  ['an unknown input', ['op'], { input: 'json' }],
  ['an unknown format', ['op'], { format: 'git' }],
  ['no time', ['op'], { timeout: 0 }],
  ['a time that is none', ['op'], { timeout: Number.NaN }],
  ['an origin without a protocol', ['op'], { origin: 'alice:s3cret@files.example' }],
])('command refuses %s', (_, argv, options) => {
  expect(() => command(argv as string[], options as CommandOptions)).toThrow(
    expect.objectContaining({ code: 'ERR_AUTH_OPTION', message: expect.not.stringContaining('s3cret') }),
  );
});

test('command keeps a copy of its arguments, which a later change does not affect', async () => {
  const argv = [...printer(JSON.stringify(alice))];
  const provider = command(argv);
  argv[0] = 'false';
  expect(await provider.get(ask())).toEqual(alice);
});

test('command takes nothing from a polluted prototype', async () => {
  const pollution = { username: 'eve', token: 'evil', Username: 'eve', Secret: 'evil', origin: other, input: 'docker' };
  const provider = () => command(['sh', '-c', 'cat; echo s3cret'], {});
  for (const [name, value] of Object.entries(pollution)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  }
  try {
    expect(await provider().get(Object.assign(Object.create(null), ask(bearer)))).toEqual({ token: 's3cret' });
    expect(await trouble(printer('{"login":"x"}'))).toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
  } finally {
    for (const name of Object.keys(pollution)) delete (Object.prototype as Record<string, unknown>)[name];
  }
});
