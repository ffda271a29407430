/** Every code block of the documentation is compiled, and runs as its reader would run it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChallengeServer, ChallengeServerOptions, ReceivedRequest } from '../../src/testing/challenge-server.js';
import { type Block, blocksOf, pages, runs } from '../support/docs.js';
import { faultsIn, syntaxFaultsIn } from '../support/docs-compile.js';
import { needsIssuer, tokenExample } from '../support/docs-issuer.js';
import { ALICE, runProgram, runShell } from '../support/docs-run.js';
import { type Ended, ROOT } from '../support/program.js';
import { proxyServer } from '../support/proxy.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { server } from '../support/stage.js';

/** Where the reader of a page is: by default with alice's credential in the environment, and without a keychain. */
interface Setting {
  /** The environment of programs, and of command lines. */
  readonly programs?: NodeJS.ProcessEnv;
  readonly lines?: NodeJS.ProcessEnv;
  /** Alice's password in the keychain; empty: there is none yet. */
  readonly keychain?: string;
  readonly server?: ChallengeServerOptions;
  /** The test that takes the blocks of these languages: parts of programs, files, what a person sees. */
  readonly elsewhere?: readonly [test: string, ...languages: string[]];
}

const FILES = { realm: 'Files', scheme: 'digest', algorithm: 'SHA-256' } as const;

const SETTINGS: Readonly<Record<string, Setting>> = {
  'docs/command-line.md': { keychain: '', elsewhere: ['test/cli/docs.test.ts', 'text'] },
  'docs/interactive-clis.md': { elsewhere: ['test/docs/interactive.test.ts', 'text'] },
  'docs/keychain.md': { keychain: 'wonderland', programs: {}, lines: {} },
  'docs/options.md': { server: { tokens: ['t0k3n'], protect: [FILES, { scheme: 'bearer' }] } },
  'docs/migrating.md': { server: { tokens: ['t0k3n'], protect: [FILES, { scheme: 'bearer' }] } },
  'docs/questions.md': { server: { tokens: ['t0k3n'], protect: [FILES, { scheme: 'bearer' }] } },
  'docs/negotiate.md': { server: { protect: { '/': [FILES, { raw: 'Negotiate' }] } } },
  'docs/ntlm.md': { server: { protect: { scheme: 'ntlm' } } },
  'docs/recipes.md': { elsewhere: ['test/docs/recipes.test.ts', 'ts', 'sh', 'yaml'] },
  'docs/replay.md': { elsewhere: ['test/docs/replay.test.ts', 'ts'] },
  'docs/testing.md': { elsewhere: ['test/docs/testing.test.ts', 'ts', 'text'] },
  'docs/scripts-and-ci.md': { lines: {} },
};

const settingOf = ({ page }: Pick<Block, 'page'>): Setting => SETTINGS[page] ?? {};
const isElsewhere = (block: Pick<Block, 'page' | 'language'>) =>
  settingOf(block).elsewhere?.slice(1).includes(block.language) ?? false;
const isNpm = ({ code }: Block) => /^npm /.test(code);

const blocks = pages().flatMap(blocksOf);
const inLanguage = (wanted: string) => blocks.filter(({ language }) => language === wanted);
const here = blocks.filter((block) => runs(block) && !isElsewhere(block) && !isNpm(block));

const named = (block: Block) => [`${block.page}:${block.line}`, block] as const;

describe('compiled', () => {
  const faults = faultsIn(inLanguage('ts'));

  test.each(inLanguage('ts').map(named))('%s', (_, block) => {
    expect(faults.get(block)).toEqual([]);
  });

  // These are of packages that this one takes the place of, and that are not installed.
  test.each(inLanguage('js').map(named))('%s is JavaScript', (_, block) => {
    expect(syntaxFaultsIn(block)).toEqual([]);
  });
});

const withKeychain = (block: Block) => settingOf(block).keychain !== undefined;

describe('run', () => {
  test.each(here.filter((block) => !withKeychain(block)).map(named))('%s', (_, block) => expectToRun(block));
});

needsSecretService('run with a keychain', () => {
  test.each(here.filter(withKeychain).map(named))('%s', (_, block) => expectToRun(block));
});

/** A program that gets its token from an issuer ends well, and the server has taken the token. */
async function expectTokens({ code, output }: Block): Promise<void> {
  const { hosts, variables, letIn } = await tokenExample(code);
  const ended = await runProgram(code, hosts, variables);
  expect(ended).toMatchObject({ status: 0, stderr: expect.not.stringMatching(/axios-challenge:|Error/) });
  if (output !== undefined) expect(ended.stdout).toBe(output);
  expect(letIn()).toBeGreaterThan(0);
}

async function expectToRun(block: Block): Promise<void> {
  if (block.language === 'ts' && needsIssuer(block.code)) return expectTokens(block);
  const guarded = await server(settingOf(block).server ?? { protect: FILES });
  const ended = await run(block, guarded);
  if (block.output !== undefined && !isElsewhere({ ...block, language: 'text' })) {
    const { stdout, stderr } = ended;
    expect([stdout, stderr, `${stdout}${stderr}`]).toContain(block.output);
    return;
  }
  expect(ended).toMatchObject({ status: 0, stderr: expect.not.stringMatching(/axios-challenge:|Error/) });
  if (block.language === 'ts') expect(guarded.requests.some(isLetIn)).toBe(true);
}

async function run({ code, ...block }: Block, guarded: ChallengeServer): Promise<Ended> {
  const { programs = ALICE, lines = ALICE } = settingOf(block);
  const keychain = await keychainOf(block, guarded);
  const proxy = code.includes('proxy.example') && (await proxyServer());
  const hosts = { files: guarded.url, ...(proxy && { proxy: proxy.url }) };
  if (block.language === 'ts') return runProgram(code, hosts, { ...programs, ...keychain });
  const main = blocks.find(({ page, language }) => page === block.page && language === 'ts')?.code;
  return runShell(code, hosts, main, { ...lines, ...keychain });
}

async function keychainOf(block: Pick<Block, 'page'>, { url }: ChallengeServer): Promise<NodeJS.ProcessEnv> {
  const { keychain } = settingOf(block);
  if (keychain === undefined) return {};
  const store = await secretService();
  if (keychain !== '') await store.store(`axios-challenge:${url}`, 'alice', keychain);
  return store.variables;
}

const isLetIn = ({ status, user, scheme }: ReceivedRequest) =>
  status === 200 && (user === 'alice' || scheme === 'bearer');

test('what npm is told is what CI tells it, or a script of the package', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const isScript = (line: string) => Object.hasOwn(scripts, /^npm run ([\w:]+)/.exec(line)?.[1] ?? '');
  const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8')
    .replace('--silent --no-audit --no-fund ', '')
    .replace('./axios-challenge-*.tgz', 'axios-challenge')
    .replace('npm test -- --coverage', 'npm test')
    .split('\n')
    .map((line) => line.trim());
  const told = blocks.filter(isNpm).flatMap(({ code }) => code.trim().split('\n'));
  expect(told.length).toBeGreaterThan(1);
  expect(told.filter((line) => !isScript(line) && !ci.includes(line.replace(/ +#.*$/, '')))).toEqual([]);
});

test('every block is looked at', () => {
  const outputs = new Set(blocks.map(({ output }) => output));
  const seen = (block: Block) =>
    runs(block) || block.language === 'js' || outputs.has(block.code) || isElsewhere(block);
  expect(blocks.filter((block) => !seen(block)).map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

test.each(Object.entries(SETTINGS).filter(([page]) => pages().includes(page)))(
  '%s: what is run elsewhere is',
  (page, { elsewhere }) => {
    if (elsewhere) expect(readFileSync(join(ROOT, elsewhere[0]), 'utf8')).toContain(page);
  },
);
