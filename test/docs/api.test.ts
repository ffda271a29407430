/** docs/api is what the comments of the source say, and they say enough. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JSONOutput } from 'typedoc';
import { blocksOf } from '../support/docs.js';
import { faultsIn } from '../support/docs-compile.js';
import { ROOT } from '../support/program.js';

const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-api-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TYPEDOC = join(ROOT, 'node_modules/typedoc/bin/typedoc');
const json = join(folder, 'model.json');
execFileSync(process.execPath, [TYPEDOC, '--out', join(folder, 'api'), '--json', json], { cwd: ROOT });

const pagesIn = (path: string) =>
  (readdirSync(path, { recursive: true }) as string[]).filter((name) => name.endsWith('.md')).sort();
const written = pagesIn(join(folder, 'api'));

test('docs/api has the pages that are written now', () => {
  expect(written.length).toBeGreaterThan(3);
  expect(pagesIn(join(ROOT, 'docs/api'))).toEqual(written);
});

test.each(written)('docs/api/%s is up to date (if not: npm run docs:api)', (page) => {
  const kept = join(ROOT, 'docs/api', page);
  expect(existsSync(kept) && readFileSync(kept, 'utf8')).toBe(readFileSync(join(folder, 'api', page), 'utf8'));
});

const FUNCTION = 64;
const REFERENCE = 4_194_304;

type Reflection = JSONOutput.DeclarationReflection;
const model: JSONOutput.ProjectReflection = JSON.parse(readFileSync(json, 'utf8'));

/** Each public name, and with it `Name.member` of each interface and class. */
const names = (model.children ?? []).flatMap(({ children = [] }) =>
  children.filter(({ kind }) => kind !== REFERENCE).flatMap((one) => [[one.name, one] as const, ...membersOf(one)]),
);
const functions = names.filter(([, { kind }]) => kind === FUNCTION);

function membersOf(reflection: Reflection): (readonly [string, Reflection])[] {
  if (reflection.kind === FUNCTION) return [];
  const isOwn = ({ name, flags }: Reflection) => name !== 'constructor' && !flags?.isInherited;
  return (reflection.children ?? []).filter(isOwn).map((child) => [`${reflection.name}.${child.name}`, child] as const);
}

function commentsOf({ comment, signatures }: Reflection): JSONOutput.Comment[] {
  return [comment, ...(signatures ?? []).map((signature) => signature.comment)].filter((one) => one !== undefined);
}

const textIn = (parts: readonly JSONOutput.CommentDisplayPart[] = []) => parts.map(({ text }) => text).join('');
const summaryOf = (reflection: Reflection) =>
  commentsOf(reflection)
    .map(({ summary }) => textIn(summary))
    .join('');
const tagOf = (reflection: Reflection, tag: `@${string}`) =>
  commentsOf(reflection).flatMap(({ blockTags = [] }) =>
    blockTags.filter((one) => one.tag === tag).map((one) => textIn(one.content)),
  );

test('there are names to look at', () => {
  expect(functions.map(([name]) => name)).toEqual(
    expect.arrayContaining(['installAuth', 'parseChallenges', 'challengeServer']),
  );
  expect(names.length).toBeGreaterThan(150);
});

test.each(names)('%s says what it is', (_, reflection) => {
  expect(summaryOf(reflection)).not.toBe('');
});

test.each(functions)('%s says what it takes, what it returns, and how it is used', (_, reflection) => {
  for (const { parameters = [] } of reflection.signatures ?? [])
    for (const { name, comment } of parameters)
      expect([name, textIn(comment?.summary)]).toEqual([name, expect.stringMatching(/./)]);
  expect(tagOf(reflection, '@returns')).toEqual([expect.stringMatching(/./)]);
  expect(tagOf(reflection, '@example')).toEqual([expect.stringMatching(/./)]);
});

/** The union of the source, which is gone when it runs. */
const CODES = [...readFileSync(join(ROOT, 'src/errors.ts'), 'utf8').matchAll(/^ {2}\| '(\w+)'/gm)].map(
  ([, code]) => code,
);

test.each(functions)('%s says what it throws, by code, or that it throws nothing', (_, reflection) => {
  const thrown = tagOf(reflection, '@throws');
  if (thrown.length === 0) expect(summaryOf(reflection)).toMatch(/Never throws|Throws nothing/);
  const codes = thrown.join().match(/ERR_AUTH_\w+/g) ?? [];
  expect(codes.length > 0 || thrown.every((text) => text.startsWith('TypeError'))).toBe(true);
  expect(CODES).toEqual(expect.arrayContaining(codes));
});

const TIMES = names.filter(([name]) => /\.(timeout|milliseconds|at|began|nonceLifetime)$/.test(name));

test.each(TIMES)('%s names its unit', (_, reflection) => {
  expect(summaryOf(reflection)).toMatch(/millisecond/i);
});

const PROTOCOL = /^(parse|format|basicA|digestA|verify|inProtection|basic$|bearer$|digest$|installAuth$)/;

test.each(functions.filter(([name]) => PROTOCOL.test(name)))('%s names the RFC', (_, reflection) => {
  expect(tagOf(reflection, '@see').join()).toMatch(/RFC \d{4}/);
});

const examples = written.flatMap((page) => blocksOf(`docs/api/${page}`)).filter(({ language }) => language === 'ts');
const faults = faultsIn(examples);

test.each(examples.map((block) => [`${block.page}:${block.line}`, block] as const))(
  'the example in %s compiles',
  (_, block) => {
    expect(faults.get(block)).toEqual([]);
  },
);
