/** Every block of docs/recipes.md runs, with stand-ins for programs that need an account. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as door from '../../src/index.js';
import type { ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { program, ROOT } from '../support/program.js';
import { needs } from '../support/servers/process.js';
import { afterwards, server } from '../support/stage.js';

const text = readFileSync(join(ROOT, 'docs/recipes.md'), 'utf8');

/** The blocks of one language, each with the heading above it. */
const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(({ index, 1: language, 2: code }) => ({
  heading: /.*^#+ (.*?)$/ms.exec(text.slice(0, index))?.[1] as string,
  language: language as string,
  code: code as string,
}));

const inLanguage = (wanted: string) => blocks.filter(({ language }) => language === wanted);

/**
 * Programs that answer as the real ones do: on stdout, with the newline or without that each of them writes, and with
 * another status for every other question. What they are asked with stands in `$ASKED`.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  op: `[ "$*" = 'read op://Private/files/password' ] || { echo "[ERROR] isn't an item" >&2; exit 1; }
echo wonderland`,
  pass: `[ "$*" = 'show web/files' ] || { echo "Error: not in the password store." >&2; exit 1; }
printf 'wonderland\\nlogin: bob\\nurl: https://files.example\\n'`,
  // Without a terminal it writes no newline behind a field.
  vault: `[ "$1 $2 $3 $5" = 'kv get -mount=secret files' ] || { echo 'No value found' >&2; exit 2; }
case $4 in -field=password) printf wonderland;; -field=token) printf t0ken;; *) exit 1;; esac`,
  'docker-credential-secretservice': `read -r server
[ "$1 $server" = "get $SERVER" ] || { echo 'credentials not found in native keychain'; exit 1; }
printf '{"ServerURL":"%s","Username":"alice","Secret":"wonderland"}' "$server"`,
  'ssh-askpass': `[ "$*" = "Password of alice for \${SERVER#*://}:" ] || exit 1
echo wonderland`,
};

interface Place {
  readonly home: string;
  readonly variables: NodeJS.ProcessEnv;
}

/** A home with nothing in it, and the stand-ins on the path. */
async function place(url: string): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'recipes-'));
  afterwards(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, 'bin'));
  for (const [name, body] of Object.entries(STAND_INS)) {
    const script = `#!/bin/sh\necho "${name} $*" >> "$ASKED"\n${body}\n`;
    await writeFile(join(home, 'bin', name), script, { mode: 0o755 });
  }
  const path = `${join(home, 'bin')}:${process.env.PATH}`;
  const own = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  return {
    home,
    variables: { ...own, PATH: path, SERVER: url, ASKED: join(home, 'asked'), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/' },
  };
}

const placed = (code: string, url: string) =>
  code.replace(/https:\/\/(\w+@)?files\.example/g, (_, user = '') => url.replace('//', `//${user}`));

/** The block as a program that fetches one page. */
async function run(code: string, url: string, { variables }: Place) {
  const folder = await mkdtemp(join(ROOT, '.readme-'));
  afterwards(() => rm(folder, { recursive: true }));
  const names = Object.keys(door).filter((name) => code.includes(`${name}(`));
  const whole = `import axios from 'axios';
import { ${[...names, 'explain'].join(', ')} } from 'axios-challenge';
const client = axios.create({ baseURL: '${url}' });
${placed(code, url)}
console.log(explain(await client.get('/report', { validateStatus: null })));
`;
  await writeFile(join(folder, 'program.ts'), whole);
  return program(join(folder, 'program.ts'), [], { ...variables, AXIOS_CHALLENGE_NO_PROMPT: '1' });
}

const PROGRAMS = inLanguage('ts').filter(({ heading }) => !heading.startsWith('git'));

test.each(PROGRAMS.map(({ heading, code }) => [heading, code] as const))(
  '%s: the server lets it in',
  async (_, code) => {
    const isToken = code.includes('field=token');
    const options: ChallengeServerOptions = isToken ? { tokens: ['t0ken'], protect: { scheme: 'bearer' } } : {};
    const { url } = await server(options);
    const here = await place(url);
    const { stdout, stderr } = await run(code, url, here);
    expect({ stderr, stdout }).toEqual({ stderr: '', stdout: expect.stringMatching(/-> {2}200/) });
    expect(stdout).not.toMatch(/wonderland|t0ken/);
    // A store hears of what a person typed, and of nothing else.
    if (code.includes('interactive')) expect(stdout).toMatch(/keychain +told that alice was accepted/);
    const [asked] = /(?<=command\(\[')[\w-]+/.exec(code) ?? [];
    expect(readFileSync(join(here.home, 'asked'), 'utf8')).toMatch(new RegExp(`^${asked} [^\\n]*\\n$`));
  },
);

test('every stand-in is in a recipe', () => {
  const used = PROGRAMS.map(({ code }) => /(?<=command\(\[')[\w-]+/.exec(code)?.[0]);
  expect([...new Set(used)].sort()).toEqual(Object.keys(STAND_INS).sort());
});

needs('git', 'git')("git's helpers", () => {
  const [recipe] = inLanguage('ts').filter(({ heading }) => heading.startsWith('git'));
  const [byHand] = inLanguage('sh');

  test('find what the command lines have put there', async () => {
    const { url } = await server();
    const here = await place(url);
    afterwards(() => execFileSync('git', ['credential-cache', 'exit'], { env: { ...process.env, ...here.variables } }));
    const env = { ...process.env, ...here.variables, PASSWORD: 'wonderland' };
    execFileSync('bash', ['-euo', 'pipefail', '-c', placed(byHand?.code as string, url)], { env });
    const { stdout } = await run(recipe?.code as string, url, here);
    expect(stdout).toMatch(/git +alice/);
    expect(stdout).toMatch(/-> {2}200/);
  });
});

describe('secrets in containers', () => {
  const FILE = /AXIOS_CHALLENGE_PASSWORD_FILE(?::|\s+value:) (\S+)/;

  /** What env() says of a file that is mounted with this mode. */
  async function givenAt(mode: number) {
    const folder = await mkdtemp(join(tmpdir(), 'recipes-'));
    afterwards(() => rm(folder, { recursive: true }));
    const file = join(folder, 'password');
    await writeFile(file, 'wonderland\n');
    await chmod(file, mode);
    const environment = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD_FILE: file };
    const request = { origin: 'https://files.example', realm: '', scheme: 'digest', proxy: false, url: '', refused: 0 };
    return door.env({ environment }).get(request);
  }

  test.each(inLanguage('yaml').map(({ code }) => [/kind: Pod/.test(code) ? 'Kubernetes' : 'Compose', code] as const))(
    '%s mounts the file with a mode that env() takes, where the variable says',
    async (_, code) => {
      const [, digits] = /[mM]ode: 0o?(\d+)/.exec(code) ?? [];
      expect(await givenAt(Number.parseInt(digits as string, 8))).toEqual({
        username: 'alice',
        password: 'wonderland',
      });
      expect(FILE.exec(code)?.[1]).toMatch(/^\/run\/secrets\/files[_/]password$/);
    },
  );

  test.each([...text.matchAll(/\((0\d{3}) and (0\d{3})\)/g)].flatMap(([, one, other]) => [one, other]))(
    'a file with the usual mode %s is refused',
    async (digits) => {
      await expect(givenAt(Number.parseInt(digits as string, 8))).rejects.toThrow('every user can read');
    },
  );
});

test('nothing on the page is left out', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['ts', 'sh', 'yaml']));
  expect(inLanguage('sh')).toHaveLength(1);
  expect(inLanguage('ts').length).toBe(PROGRAMS.length + 1);
});
