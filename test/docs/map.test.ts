/** The README leads to every page, every link leads somewhere, and the tables are complete. */

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import * as door from '../../src/index.js';
import * as protocol from '../../src/protocol.js';
import { pages, textOf } from '../support/docs.js';
import { ROOT } from '../support/program.js';

const everything = pages().map(textOf).join('\n');

test.each(pages().filter((page) => page !== 'README.md'))('the README leads to %s', (page) => {
  expect(textOf('README.md')).toContain(`](${page})`);
});

const links = pages().flatMap((page) =>
  [...textOf(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link]) => [page, link as string] as const),
);

test.each(links)('%s: the link to %s leads somewhere', (page, link) => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  expect(existsSync(join(ROOT, target))).toBe(true);
  if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

const functions = Object.keys({ ...door, ...protocol }).filter((name) => /^[a-z]/.test(name));

test.each(functions)('%s() is on a page', (name) => {
  expect(everything).toMatch(new RegExp(`\\b${name}\\b[(\`]`));
});

/** The members of the interface in the source. */
function optionsOf(name: string, file: string): string[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022);
  const found = source.statements.filter(ts.isInterfaceDeclaration).find((one) => one.name.text === name);
  return (found?.members ?? []).map((member) => member.name?.getText(source) ?? '');
}

const TABLES = [
  ['AuthOptions', 'src/axios/options/options.ts', 'docs/options.md'],
  ['ChallengeOptions', 'src/axios/options/options.ts', 'docs/options.md'],
  ['AuthHandle', 'src/axios/install.ts', 'docs/options.md'],
] as const;

test.each(TABLES)('every member of %s (%s) is in a table of %s', (name, file, page) => {
  const members = optionsOf(name, file);
  expect(members.length).toBeGreaterThan(0);
  const rows = [...textOf(page).matchAll(/^\| `(\w+)\b.*?` \|/gm)].map(([, member]) => member);
  expect(rows).toEqual(expect.arrayContaining(members));
});

const PROVIDERS = [
  ['env', 'EnvOptions', 'src/providers/env/env.ts'],
  ['keychain', 'KeychainOptions', 'src/providers/keychain/settings.ts'],
  ['prompt', 'TerminalOptions', 'src/providers/terminal/terminal.ts'],
  ['netrc', 'NetrcOptions', 'src/providers/netrc/netrc.ts'],
  ['git', 'GitOptions', 'src/providers/git/git.ts'],
  ['command', 'CommandOptions', 'src/providers/command/settings.ts'],
  ['oauth', 'OAuthOptions', 'src/oauth/options.ts'],
  ['staticCredential', 'StaticCredentialOptions', 'src/providers/static.ts'],
] as const;

test.each(PROVIDERS)('docs/providers.md names the options of %s()', (provider, name, file) => {
  const [, row = ''] = new RegExp(`^\\| \`${provider}\\((.*?)\\)\``, 'm').exec(textOf('docs/providers.md')) ?? [];
  // Another environment than the process's is for tests.
  const options = optionsOf(name, file).filter((option) => option !== 'environment');
  expect(options.length).toBeGreaterThan(0);
  expect(row.match(/\w+/g)).toEqual(expect.arrayContaining(options));
});

test('the plugins on docs/clients.md are those that are met in test/interop/plugins', () => {
  const met = readdirSync(join(ROOT, 'test/interop/plugins')).filter((name) => name.endsWith('.test.ts'));
  const rows = [...textOf('docs/clients.md').matchAll(/^\| axios-([\w-]+) \|/gm)].map(([, name]) => name as string);
  const short = rows.map((name) => name.replace(/-(interceptor|support)$/, ''));
  expect(short.sort()).toEqual(met.map((name) => name.replace('.test.ts', '')).sort());
});
